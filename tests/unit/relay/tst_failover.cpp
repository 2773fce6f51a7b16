// Requests whose Llm cannot serve them: who gets them next, how often, and what the client is told in the end.

#include "relaypooltest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestFailover final : public RelayPoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void lostPublisherGoesOnElsewhere();
    void failureGoesOnElsewhere_data();
    void failureGoesOnElsewhere();
    void unableBackendGoesOnElsewhere_data();
    void unableBackendGoesOnElsewhere();
    void unableBackendIsPassedOnWhenNobodyIsFree();
    void finalFailures_data();
    void finalFailures();
    void nothingIsTriedAgainAfterTheHead();
    void attemptsAreBounded();
    void originalErrorIsTold();
    void waitsOfAllAttemptsAreAddedUp();

    void publisherComesBackInTime();
    void publisherComesBackTooLate();
    void newerLinkGetsTheRequestAtOnce();
    void onlyTheOneThatWasLostMayReturn();
    void poolWaitsForALostMember();

    void manyGoOnElsewhereAtOnce();
    void sinksThatActWhenDelayed_data();
    void sinksThatActWhenDelayed();
    void cancelledAttemptHoldsItsSlot();
    void shutdownTellsTheOriginalError();
};

void TestFailover::lostPublisherGoesOnElsewhere()
{
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    QVERIFY(first.nextTask() == TaskId{1});
    Box &second = addBox(QStringLiteral("b"));
    lose(first);
    QCOMPARE(recorder.calls, QStringList{QStringLiteral("delayed")});
    const auto infer = second.publisher->next<channel::Infer>();
    QVERIFY(infer);
    QCOMPARE(infer->attempt, 2);
    second.succeed(infer->task);
    QCOMPARE(recorder.body, QByteArray("b"));
    QVERIFY(recorder.hasEnded());
    QCOMPARE(records().size(), 1);
    QVERIFY(records()[0].outcome == Outcome::Succeeded);
    QCOMPARE(records()[0].attempts, 2);
    QCOMPARE(records()[0].llm, QStringLiteral("b"));
}

void TestFailover::failureGoesOnElsewhere_data()
{
    QTest::addColumn<QByteArray>("code");
    for (const char *code : {"backend_unreachable", "overloaded", "publisher_offline", "publisher_lost",
                             "backend_asleep", "invalid_request"})
        QTest::newRow(code) << QByteArray(code);
}

void TestFailover::failureGoesOnElsewhere()
{
    QFETCH(QByteArray, code);
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    const TaskId failing = first.nextTask();
    Box &second = addBox(QStringLiteral("b"));
    first.fail(failing, code.constData());
    second.succeed(second.nextTask());
    QVERIFY(recorder.hasEnded());
    QVERIFY(!first.hasTask());
}

void TestFailover::unableBackendGoesOnElsewhere_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {429, 502, 503})
        QTest::newRow(QByteArray::number(status).constData()) << status;
}

void TestFailover::unableBackendGoesOnElsewhere()
{
    QFETCH(int, status);
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    const TaskId failing = first.nextTask();
    Box &second = addBox(QStringLiteral("b"));
    first.head(failing, status);
    const auto cancel = first.publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == failing);
    second.succeed(second.nextTask());
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.body, QByteArray("b"));
}

void TestFailover::unableBackendIsPassedOnWhenNobodyIsFree()
{
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorders[2];
    const auto task = submit(m_pool, recorders[0]);
    const TaskId failing = first.nextTask();
    Box &second = addBox(QStringLiteral("b"));
    const auto other = submit(m_pool, recorders[1]);
    const TaskId running = second.nextTask();
    first.head(failing, 503, {{"retry-after", "7"}});
    first.link->receiveBody(failing, "busy");
    first.link->receive(channel::ResponseEnd{failing});
    QCOMPARE(recorders[0].status, 503);
    QCOMPARE(recorders[0].fields.value("retry-after"), QByteArray("7"));
    QCOMPARE(recorders[0].body, QByteArray("busy"));
    QVERIFY(records()[0].outcome == Outcome::Rejected);
    second.succeed(running);
}

void TestFailover::finalFailures_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<ErrorCode>("told");
    QTest::newRow("backend_timeout") << QByteArray("backend_timeout") << ErrorCode::BackendTimeout;
    QTest::newRow("backend_error") << QByteArray("backend_error") << ErrorCode::BackendError;
    QTest::newRow("cancelled_by_owner") << QByteArray("cancelled_by_owner") << ErrorCode::CancelledByOwner;
}

void TestFailover::finalFailures()
{
    QFETCH(QByteArray, code);
    QFETCH(ErrorCode, told);
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    const TaskId failing = first.nextTask();
    const Box &second = addBox(QStringLiteral("b"));
    first.fail(failing, code.constData());
    QCOMPARE(recorder.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(recorder.errorCode() == told);
    QVERIFY(!second.hasTask());
    QVERIFY(records()[0].outcome == Outcome::Failed);
    QVERIFY(records()[0].error == told);
}

void TestFailover::nothingIsTriedAgainAfterTheHead()
{
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    first.head(first.nextTask(), 200);
    const Box &second = addBox(QStringLiteral("b"));
    lose(first);
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
    QVERIFY(!second.hasTask());
    QVERIFY(records()[0].outcome == Outcome::Truncated);
}

void TestFailover::attemptsAreBounded()
{
    AnswerRecorder recorder;
    Box *box = &addBox(QStringLiteral("a"));
    const auto task = submit(m_pool, recorder);
    for (const char *next : {"b", "c", "d"}) {
        const TaskId failing = box->nextTask();
        Box *const other = &addBox(QString::fromLatin1(next));
        box->fail(failing, "backend_unreachable");
        box = other;
    }
    QVERIFY(!box->hasTask());
    QCOMPARE(recorder.calls.count(QStringLiteral("delayed")), 2);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(records()[0].attempts, 3);
}

void TestFailover::originalErrorIsTold()
{
    // The other one is full, and stays so for longer than anybody may wait.
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorders[2];
    const auto task = submit(m_pool, recorders[0]);
    const TaskId failing = first.nextTask();
    addBox(QStringLiteral("b"));
    const auto other = submit(m_pool, recorders[1]);
    first.fail(failing, "backend_unreachable");
    QCOMPARE(recorders[0].calls, QStringList{QStringLiteral("delayed")});
    m_clock->advance(RelaySettings().scheduler.maxWait);
    QVERIFY(recorders[0].errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(recorders[0].error->message, QStringLiteral("The cause."));
}

void TestFailover::waitsOfAllAttemptsAreAddedUp()
{
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorders[3];
    const auto running = submit(m_pool, recorders[0]);
    const auto task = submit(m_pool, recorders[1]);
    const Duration most = RelaySettings().scheduler.maxWait;
    m_clock->advance(most - 5s);
    first.succeed(first.nextTask());
    const TaskId failing = first.nextTask();
    addBox(QStringLiteral("b"));
    const auto other = submit(m_pool, recorders[2]);
    first.fail(failing, "backend_unreachable");
    m_clock->advance(4999ms);
    QCOMPARE(recorders[1].calls, QStringList{QStringLiteral("delayed")});
    m_clock->advance(1ms);
    QVERIFY(recorders[1].errorCode() == ErrorCode::BackendUnreachable);
}

void TestFailover::publisherComesBackInTime()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.pool.clear(); });
    AnswerRecorder recorders[2];
    const auto running = submit(box.llm.id, recorders[0]);
    const auto waiting = submit(box.llm.id, recorders[1]);
    box.nextTask();
    lose(box);
    QCOMPARE(m_relay->waiting(box.llm.id), 2);
    m_clock->advance(5s - 1ms);
    comeBack(box);
    // What was sent already goes before what was not.
    box.succeed(box.nextTask());
    QVERIFY(recorders[0].hasEnded());
    box.succeed(box.nextTask());
    QVERIFY(recorders[1].hasEnded());
}

void TestFailover::publisherComesBackTooLate()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.pool.clear(); });
    AnswerRecorder recorders[3];
    const auto running = submit(box.llm.id, recorders[0]);
    const auto waiting = submit(box.llm.id, recorders[1]);
    box.nextTask();
    lose(box);
    // Who comes now does not wait for it.
    const auto late = submit(box.llm.id, recorders[2]);
    QVERIFY(!late);
    QVERIFY(late.error().code == ErrorCode::PublisherOffline);
    m_clock->advance(5s);
    QVERIFY(recorders[0].errorCode() == ErrorCode::PublisherLost);
    QVERIFY(recorders[1].errorCode() == ErrorCode::PublisherOffline);
    QCOMPARE(m_relay->waiting(), 0);
    QCOMPARE(m_relay->inFlight(), 0);
}

void TestFailover::newerLinkGetsTheRequestAtOnce()
{
    // A newer socket of the session takes over; its rows never become inactive.
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.pool.clear(); });
    AnswerRecorder recorder;
    const auto task = submit(box.llm.id, recorder);
    box.nextTask();
    const auto olderChannel = std::move(box.channel);
    auto older = std::move(box.link);
    const auto olderPublisher = std::move(box.publisher);
    comeBack(box);
    older.reset();
    box.succeed(box.nextTask());
    QVERIFY(recorder.hasEnded());
}

void TestFailover::onlyTheOneThatWasLostMayReturn()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.pool.clear(); });
    AnswerRecorder recorder;
    const auto task = submit(box.llm.id, recorder);
    // Its publisher is there, and says that it cannot be reached: that does not get better by waiting.
    box.fail(box.nextTask(), "backend_unreachable");
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
}

void TestFailover::poolWaitsForALostMember()
{
    Box &box = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    box.nextTask();
    lose(box);
    QVERIFY(!recorder.error);
    // Whoever of the pool comes first.
    Box &other = addBox(QStringLiteral("b"));
    other.succeed(other.nextTask());
    QCOMPARE(recorder.body, QByteArray("b"));
}

void TestFailover::manyGoOnElsewhereAtOnce()
{
    constexpr int count = 20;
    Box &first = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = count; });
    AnswerRecorder recorders[count];
    std::vector<TaskPointer> tasks;
    for (AnswerRecorder &recorder : recorders)
        tasks.push_back(submit(m_pool, recorder).value());
    for (int i = 0; i < count; ++i)
        QVERIFY(first.nextTask() != TaskId{});
    Box &second = addBox(QStringLiteral("b"), [](domain::Llm &llm) { llm.maxConcurrency = count / 2; });
    lose(first);
    QCOMPARE(m_relay->running(second.llm.id), count / 2);
    QCOMPARE(m_relay->waiting(m_pool), count / 2);
    for (int i = 0; i < count; ++i)
        second.succeed(second.nextTask());
    for (const AnswerRecorder &recorder : recorders) {
        QVERIFY(recorder.hasEnded());
        QCOMPARE(recorder.body, QByteArray("b"));
    }
    QCOMPARE(records().size(), count);
}

void TestFailover::sinksThatActWhenDelayed_data()
{
    QTest::addColumn<bool>("headFails");
    QTest::addColumn<bool>("all");
    QTest::newRow("lost, leaves") << false << false;
    QTest::newRow("lost, takes the others along") << false << true;
    QTest::newRow("unable, leaves") << true << false;
    QTest::newRow("unable, takes the others along") << true << true;
}

void TestFailover::sinksThatActWhenDelayed()
{
    QFETCH(bool, headFails);
    QFETCH(bool, all);
    Box &first = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = 3; });
    AnswerRecorder recorders[3];
    std::vector<TaskPointer> tasks;
    for (AnswerRecorder &recorder : recorders)
        tasks.push_back(submit(m_pool, recorder).value());
    const TaskId failing = first.nextTask();
    const Box &second = addBox(QStringLiteral("b"), [](domain::Llm &llm) { llm.maxConcurrency = 3; });
    int delayed = 0;
    for (size_t i = 0; i < tasks.size(); ++i) {
        recorders[i].reaction = [&, i](const QString &call) {
            delayed += call == QLatin1String("delayed");
            if (all)
                tasks.clear();
            else
                tasks[i].reset();
        };
    }
    if (headFails)
        first.head(failing, 503);
    else
        lose(first);
    QCOMPARE(delayed, all || headFails ? 1 : 3);
    QVERIFY(!second.hasTask());
    QCOMPARE(m_relay->running(second.llm.id), 0);
    QCOMPARE(m_relay->waiting(), 0);
    tasks.clear();
    QCOMPARE(m_relay->inFlight(), 0);
    QCOMPARE(records().size(), 3);
}

void TestFailover::cancelledAttemptHoldsItsSlot()
{
    Box &first = addBox(QStringLiteral("a"));
    AnswerRecorder recorders[2];
    const auto task = submit(m_pool, recorders[0]);
    const TaskId failing = first.nextTask();
    Box &second = addBox(QStringLiteral("b"));
    first.head(failing, 503);
    const TaskId running = second.nextTask();
    QCOMPARE(m_relay->running(first.llm.id), 1);
    const auto waiting = submit(first.llm.id, recorders[1]);
    QVERIFY(!first.hasTask());
    second.succeed(running);
    QVERIFY(recorders[0].hasEnded());
    first.link->receive(channel::Cancelled{failing});
    QVERIFY(first.nextTask() != TaskId{});
    QCOMPARE(m_relay->running(first.llm.id), 1);
}

void TestFailover::shutdownTellsTheOriginalError()
{
    Box &box = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    box.nextTask();
    m_relay->beginShutdown();
    lose(box);
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
}

QTEST_GUILESS_MAIN(TestFailover)
#include "tst_failover.moc"
