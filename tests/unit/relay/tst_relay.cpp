// The relay: which requests it takes, what they wait for in which order, and what becomes of them when the Llm, its
// publisher or the server goes.

#include "lifecycle.h"
#include "linktest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::StatusReason;

namespace {

/// What becomes of an Llm in a row of test data; nothing when it is deleted.
using Change = std::function<void(domain::Llm &)>;

} // namespace

class TestRelay final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void happyPath();
    void inactiveLlmIsRefused_data();
    void inactiveLlmIsRefused();
    void hibernatingLlmWithoutARecipeIsRefused();
    void llmWithoutAChannelIsRefused();
    void detachKeepsANewerLink();

    void requestsOverMaxConcurrencyWaitInOrder();
    void queueIsBounded();
    void queueTimeIsBounded();
    void waiterMayLeave();
    void waitersAreRefusedWhenTheLlmGoes_data();
    void waitersAreRefusedWhenTheLlmGoes();
    void raisedMaxConcurrencyServesWaiters();
    void cancelledTaskHoldsItsSlot();

    void lostPublisherFailsRunningAndNotWaitingTwice();
    void shutdownRefusesWaitersAndNewcomers();
    void countsWhatRunsAndWaits();

private:
    /// The Llm runs one task at a time.
    void makeSingle()
    {
        m_llm.maxConcurrency = 1;
        set(m_llm);
    }
};

void TestRelay::happyPath()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {{"content-type", "application/json"}}});
    m_link->receiveBody(id, "{}");
    m_link->receive(channel::ResponseEnd{id});
    QCOMPARE(recorder.calls, (QStringList{QStringLiteral("head"), QStringLiteral("body"), QStringLiteral("ended")}));
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.body, QByteArray("{}"));
    QCOMPARE(m_relay->running(m_llm.id), 0);
}

void TestRelay::inactiveLlmIsRefused_data()
{
    QTest::addColumn<StatusReason>("reason");
    QTest::addColumn<QString>("message");

    QTest::newRow("withdrawn") << StatusReason::Offline << QStringLiteral("Llm 'm' is inactive; no longer published");
    QTest::newRow("backend down") << StatusReason::BackendDown
                                  << QStringLiteral("Llm 'm' is inactive; its backend does not answer");
    QTest::newRow("paused") << StatusReason::Paused << QStringLiteral("Llm 'm' is inactive; paused by its owner");
    QTest::newRow("draining") << StatusReason::Draining
                              << QStringLiteral(
                                     "Llm 'm' is inactive; its publisher finishes what runs and takes nothing new");
}

void TestRelay::inactiveLlmIsRefused()
{
    QFETCH(StatusReason, reason);
    QFETCH(QString, message);
    domain::deactivate(m_llm, reason, m_clock->wallNow());
    set(m_llm);
    AnswerRecorder recorder;
    const auto task = submit(recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
    QCOMPARE(task.error().message, message);
    QVERIFY(recorder.calls.isEmpty());
}

void TestRelay::hibernatingLlmWithoutARecipeIsRefused()
{
    m_llm.status = domain::LlmStatus::Hibernating;
    set(m_llm);
    AnswerRecorder recorder;
    const auto task = submit(recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::WakeFailed);
}

void TestRelay::llmWithoutAChannelIsRefused()
{
    loseLink();
    AnswerRecorder recorder;
    const auto task = submit(recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
    QVERIFY(!m_relay->isBound(m_llm.providerSessionId));
}

void TestRelay::detachKeepsANewerLink()
{
    const std::unique_ptr<channel::MemoryChannel> olderChannel = std::move(m_channel);
    const std::unique_ptr<PublisherLink> older = std::move(m_link);
    makeLink();
    m_relay->detach(m_llm.providerSessionId, *older);
    AnswerRecorder recorder;
    dispatch(recorder);
}

void TestRelay::requestsOverMaxConcurrencyWaitInOrder()
{
    makeSingle();
    AnswerRecorder recorders[3];
    auto [first, id] = dispatch(recorders[0]);
    const auto second = submit(recorders[1]);
    const auto third = submit(recorders[2]);
    QVERIFY(second && third);
    QCoreApplication::processEvents();
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    for (AnswerRecorder &recorder : recorders) {
        m_link->receive(channel::ResponseHead{id, 200, {}});
        m_link->receive(channel::ResponseEnd{id});
        QVERIFY(recorder.hasEnded());
        if (&recorder == &recorders[2])
            break;
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        id = infer->task;
        QCOMPARE(m_relay->running(m_llm.id), 1);
    }
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestRelay::queueIsBounded()
{
    makeSingle();
    AnswerRecorder recorders[1 + maxWaiting];
    std::vector<TaskPointer> accepted;
    for (AnswerRecorder &recorder : recorders)
        accepted.push_back(submit(recorder).value());
    AnswerRecorder recorder;
    const auto refused = submit(recorder);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::QueueFull);
    QCOMPARE(m_relay->waiting(m_llm.id), maxWaiting);
    QVERIFY(recorder.calls.isEmpty());
}

void TestRelay::queueTimeIsBounded()
{
    makeSingle();
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto task = dispatch(running);
    const auto waiter = submit(waiting);
    m_clock->advance(120s);
    QCOMPARE(waiting.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(waiting.errorCode() == ErrorCode::QueueTimeout);
    QVERIFY(running.calls.isEmpty());
}

void TestRelay::waiterMayLeave()
{
    makeSingle();
    AnswerRecorder recorders[3];
    const auto [task, id] = dispatch(recorders[0]);
    auto leaving = submit(recorders[1]);
    const auto staying = submit(recorders[2]);
    leaving.value().reset();
    QCOMPARE(m_relay->waiting(m_llm.id), 1);
    m_link->receive(channel::TaskError{id, {}, {}});
    QVERIFY(m_publisher->next<channel::Infer>());
    QVERIFY(recorders[1].calls.isEmpty());
    QCOMPARE(m_relay->waiting(m_llm.id), 0);
}

void TestRelay::waitersAreRefusedWhenTheLlmGoes_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<ErrorCode>("code");

    QTest::newRow("inactive") << Change([](domain::Llm &llm) {
        domain::deactivate(llm, StatusReason::BackendDown, llm.updatedAt);
    }) << ErrorCode::PublisherOffline;
    QTest::newRow("asleep for good") << Change([](domain::Llm &llm) { llm.status = domain::LlmStatus::Hibernating; })
                                     << ErrorCode::WakeFailed;
    QTest::newRow("deleted") << Change() << ErrorCode::PublisherOffline;
}

void TestRelay::waitersAreRefusedWhenTheLlmGoes()
{
    makeSingle();
    QFETCH(Change, change);
    QFETCH(ErrorCode, code);
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto [task, id] = dispatch(running);
    const auto waiter = submit(waiting);
    if (change) {
        change(m_llm);
        set(m_llm);
    } else {
        m_registry->removeLlm(m_llm.id);
        m_relay->llmChanged(m_llm.id);
    }
    QCOMPARE(waiting.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(waiting.errorCode() == code);
    // What runs goes on to its end.
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receive(channel::ResponseEnd{id});
    QVERIFY(running.hasEnded());
}

void TestRelay::raisedMaxConcurrencyServesWaiters()
{
    makeSingle();
    AnswerRecorder recorders[2];
    const auto running = dispatch(recorders[0]);
    const auto waiter = submit(recorders[1]);
    m_llm.maxConcurrency = 2;
    set(m_llm);
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_relay->running(m_llm.id), 2);
}

void TestRelay::cancelledTaskHoldsItsSlot()
{
    makeSingle();
    AnswerRecorder recorders[2];
    auto [running, id] = dispatch(recorders[0]);
    const auto waiter = submit(recorders[1]);
    running.reset();
    QVERIFY(m_publisher->next<channel::Cancel>());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    QCOMPARE(m_relay->running(m_llm.id), 1);
    m_link->receive(channel::Cancelled{id});
    QVERIFY(m_publisher->next<channel::Infer>());
}

void TestRelay::lostPublisherFailsRunningAndNotWaitingTwice()
{
    makeSingle();
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto task = dispatch(running);
    const auto waiter = submit(waiting);
    losePublisher();
    QCOMPARE(m_relay->waiting(m_llm.id), 2);
    m_clock->advance(RelaySettings().scheduler.reconnectGrace);
    QCOMPARE(running.calls, (QStringList{QStringLiteral("delayed"), QStringLiteral("failed")}));
    QVERIFY(running.errorCode() == ErrorCode::PublisherLost);
    QCOMPARE(waiting.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(waiting.errorCode() == ErrorCode::PublisherOffline);
    QCOMPARE(m_relay->running(m_llm.id), 0);
    QCOMPARE(m_relay->waiting(m_llm.id), 0);
}

void TestRelay::shutdownRefusesWaitersAndNewcomers()
{
    makeSingle();
    AnswerRecorder recorders[3];
    const auto [task, id] = dispatch(recorders[0]);
    const auto waiter = submit(recorders[1]);
    m_relay->beginShutdown();
    QVERIFY(m_relay->isShuttingDown());
    QVERIFY(recorders[1].errorCode() == ErrorCode::ShuttingDown);
    const auto late = submit(recorders[2]);
    QVERIFY(!late);
    QVERIFY(late.error().code == ErrorCode::ShuttingDown);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receive(channel::ResponseEnd{id});
    QVERIFY(recorders[0].hasEnded());
}

void TestRelay::countsWhatRunsAndWaits()
{
    makeSingle();
    AnswerRecorder recorders[3];
    auto running = dispatch(recorders[0]);
    const auto waiting = submit(recorders[1]);
    QCOMPARE(m_relay->running(m_llm.id), 1);
    QCOMPARE(m_relay->waiting(m_llm.id), 1);
    QCOMPARE(m_relay->running(m_llm.providerSessionId), 1);
    QCOMPARE(m_relay->running(ProviderSessionId(QStringLiteral("nobody"))), 0);
}

QTEST_GUILESS_MAIN(TestRelay)
#include "tst_relay.moc"
