// The tasks of one control channel: what goes out, what comes back, whose it is, and the end of the channel.

#include "linktest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using channel::initialCredit;

namespace {

/// What a publisher does to a task in a row of test data.
using Deed = std::function<void(PublisherLink &, TaskId)>;

} // namespace

class TestPublisherLink final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void sendsTheRequest();
    void tasksAreNumberedUpward();
    void forwardsTheAnswerInOrder();
    void tasksDoNotMix();
    void taskErrors_data();
    void taskErrors();
    void endWithoutAHeadIsAFailure();
    void framesOfUnknownTasksAreDroppedAndCounted();
    void lateFramesAreDroppedAndCounted();
    void violations_data();
    void violations();
    void brokenPublisherIsNotHeardAnyMore();
    void lostLinkFailsAllTasksOnce();
    void observerCancelsAnotherTaskWhenTheLinkIsLost();
};

void TestPublisherLink::sendsTheRequest()
{
    AnswerRecorder &recorder = makeRecorder();
    InferRequest request = makeRequest(m_llm.name, R"({"model":"m","n":1})");
    request.query = "a=b";
    const TaskId task = m_link->start(m_llm, request, 1, m_slots.take(), recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    const QByteArray body = R"({"model":"backend/model","n":1})";
    QVERIFY(infer->task == task);
    QCOMPARE(infer->llm, m_llm.name);
    QCOMPARE(infer->path, request.path);
    QCOMPARE(infer->query, request.query);
    QVERIFY(infer->headers == request.fields);
    QCOMPARE(infer->size, body.size());
    QCOMPARE(infer->attempt, 1);
    QTRY_COMPARE(m_publisher->body(task), body);
    QCOMPARE(m_link->taskCount(), 1);
    m_link->cancel(task);
}

void TestPublisherLink::tasksAreNumberedUpward()
{
    AnswerRecorder *const recorders[] = {&makeRecorder(), &makeRecorder()};
    const TaskId first = start(*recorders[0]);
    m_link->receive(channel::TaskError{first, QStringLiteral("backend_error"), {}});
    QVERIFY(start(*recorders[1]) > first);
    m_link.reset();
}

void TestPublisherLink::forwardsTheAnswerInOrder()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    const HttpFields fields{{"content-type", "text/event-stream"}};
    m_link->receive(channel::ResponseHead{task, 201, fields});
    QByteArray sent;
    for (int i = 0; i < 100; ++i) {
        const QByteArray piece = "data: " + QByteArray::number(i) + "\n\n";
        m_link->receiveBody(task, piece);
        sent += piece;
    }
    m_link->receive(channel::ResponseEnd{task});
    QCOMPARE(recorder.calls, (QStringList{QStringLiteral("head"), QStringLiteral("body"), QStringLiteral("ended")}));
    QCOMPARE(recorder.status, 201);
    QVERIFY(recorder.fields == fields);
    QCOMPARE(recorder.body, sent);
    QCOMPARE(m_link->taskCount(), 0);
    QCOMPARE(running(), 0);
}

void TestPublisherLink::tasksDoNotMix()
{
    AnswerRecorder *const recorders[] = {&makeRecorder(), &makeRecorder()};
    const TaskId tasks[] = {start(*recorders[0]), start(*recorders[1])};
    for (const TaskId task : tasks)
        m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receiveBody(tasks[1], "b");
    m_link->receiveBody(tasks[0], "a");
    m_link->receive(channel::TaskError{tasks[1], QStringLiteral("backend_error"), {}});
    m_link->receiveBody(tasks[0], "a");
    m_link->receive(channel::ResponseEnd{tasks[0]});
    QCOMPARE(recorders[0]->body, QByteArray("aa"));
    QVERIFY(recorders[0]->hasEnded());
    QCOMPARE(recorders[1]->body, QByteArray("b"));
    QVERIFY(recorders[1]->error);
}

void TestPublisherLink::taskErrors_data()
{
    QTest::addColumn<QString>("said");
    QTest::addColumn<ErrorCode>("told");

    const auto row = [](const char *said, ErrorCode told) { QTest::newRow(said) << QString::fromLatin1(said) << told; };
    row("backend_unreachable", ErrorCode::BackendUnreachable);
    row("backend_asleep", ErrorCode::BackendAsleep);
    row("backend_timeout", ErrorCode::BackendTimeout);
    row("backend_error", ErrorCode::BackendError);
    row("cancelled_by_owner", ErrorCode::CancelledByOwner);
    row("overloaded", ErrorCode::Overloaded);
    // A publisher cannot make the server say such things about itself.
    row("invalid_api_key", ErrorCode::BackendError);
    row("internal", ErrorCode::BackendError);
    row("storage_unavailable", ErrorCode::BackendError);
    row("from_the_future", ErrorCode::BackendError);
}

void TestPublisherLink::taskErrors()
{
    QFETCH(QString, said);
    QFETCH(ErrorCode, told);
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->receive(channel::TaskError{task, said, QStringLiteral("why")});
    QCOMPARE(recorder.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(recorder.errorCode() == told);
    QCOMPARE(recorder.error->message, QStringLiteral("why"));
    QCOMPARE(running(), 0);
}

void TestPublisherLink::endWithoutAHeadIsAFailure()
{
    AnswerRecorder &recorder = makeRecorder();
    m_link->receive(channel::ResponseEnd{start(recorder)});
    QVERIFY(recorder.error);
    QVERIFY(!recorder.hasEnded());
}

void TestPublisherLink::framesOfUnknownTasksAreDroppedAndCounted()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    const TaskId foreign{4711};
    m_link->receive(channel::ResponseHead{foreign, 200, {}});
    m_link->receiveBody(foreign, "x");
    m_link->receive(channel::Window{foreign, 1});
    m_link->receive(channel::ResponseEnd{foreign});
    m_link->receive(channel::TaskError{foreign, {}, {}});
    m_link->receive(channel::Cancelled{foreign});
    QCOMPARE(m_link->strayCount(), quint64{6});
    QVERIFY(m_violations.isEmpty());
    QVERIFY(recorder.calls.isEmpty());
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receive(channel::ResponseEnd{task});
    QVERIFY(recorder.hasEnded());
}

void TestPublisherLink::lateFramesAreDroppedAndCounted()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receive(channel::ResponseEnd{task});
    const QStringList calls = recorder.calls;
    m_link->receiveBody(task, "late");
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receive(channel::ResponseEnd{task});
    QCOMPARE(recorder.calls, calls);
    QCOMPARE(m_link->strayCount(), quint64{3});
    QVERIFY(m_violations.isEmpty());
}

void TestPublisherLink::violations_data()
{
    QTest::addColumn<Deed>("misbehave");

    QTest::newRow("body before the head")
        << Deed([](PublisherLink &link, TaskId task) { link.receiveBody(task, "x"); });
    QTest::newRow("second head") << Deed([](PublisherLink &link, TaskId task) {
        link.receive(channel::ResponseHead{task, 200, {}});
        link.receive(channel::ResponseHead{task, 200, {}});
    });
    QTest::newRow("more than the credit") << Deed([](PublisherLink &link, TaskId task) {
        link.receive(channel::ResponseHead{task, 200, {}});
        link.receiveBody(task, QByteArray(initialCredit, 'x'));
        link.receiveBody(task, "x");
    });
    QTest::newRow("grant beyond the window") << Deed([](PublisherLink &link, TaskId task) {
        link.receive(channel::Window{task, initialCredit + 1});
    });
}

void TestPublisherLink::violations()
{
    QFETCH(Deed, misbehave);
    AnswerRecorder &recorder = makeRecorder();
    // Large enough that its end still waits, so that a grant concerns it.
    const TaskId task = start(recorder, R"({"model":"m","x":")" + QByteArray(2 * initialCredit, 'x') + "\"}");
    misbehave(*m_link, task);
    QCOMPARE(m_violations.size(), 1);
    m_link.reset();
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
}

void TestPublisherLink::brokenPublisherIsNotHeardAnyMore()
{
    // Otherwise an answer with a hole in it would end as if it were complete.
    AnswerRecorder &recorder = makeRecorder();
    AnswerRecorder &other = makeRecorder();
    const TaskId task = start(recorder);
    const TaskId otherTask = start(other);
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receiveBody(task, QByteArray(initialCredit, 'x'));
    m_link->receiveBody(task, "lost");
    m_link->receive(channel::ResponseEnd{task});
    m_link->receive(channel::ResponseHead{otherTask, 200, {}});
    QVERIFY(!recorder.hasEnded());
    QVERIFY(other.calls.isEmpty());
    m_link.reset();
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
    QVERIFY(other.errorCode() == ErrorCode::PublisherLost);
    QCOMPARE(m_violations.size(), 1);
}

void TestPublisherLink::lostLinkFailsAllTasksOnce()
{
    AnswerRecorder *const recorders[] = {&makeRecorder(), &makeRecorder(), &makeRecorder()};
    for (AnswerRecorder *recorder : recorders)
        start(*recorder);
    m_link.reset();
    for (const AnswerRecorder *recorder : recorders) {
        QCOMPARE(recorder->calls, QStringList{QStringLiteral("failed")});
        QVERIFY(recorder->errorCode() == ErrorCode::PublisherLost);
    }
    QCOMPARE(running(), 0);
}

void TestPublisherLink::observerCancelsAnotherTaskWhenTheLinkIsLost()
{
    // As a controller does that gives up two requests at once. Whichever is told first takes the other with it.
    std::unique_ptr<AnswerRecorder> recorders[] = {std::make_unique<AnswerRecorder>(),
                                                   std::make_unique<AnswerRecorder>()};
    const TaskId tasks[] = {start(*recorders[0]), start(*recorders[1])};
    PublisherLink *const link = m_link.get();
    int told = 0;
    for (size_t i = 0; i < 2; ++i) {
        recorders[i]->reaction = [&, i](const QString &) {
            ++told;
            link->cancel(tasks[1 - i]);
            recorders[1 - i].reset();
        };
    }
    m_link.reset();
    QCOMPARE(told, 1);
}

QTEST_GUILESS_MAIN(TestPublisherLink)
#include "tst_publisherlink.moc"
