// Requests to a hibernating Llm: one wake for all of them, in what order they go on, who may leave, and requests that
// find their backend asleep.

#include "relaywaketest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;
using domain::LlmStatus;

class TestRelayWake final : public RelayWakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void firstRequestWakes();
    void oneWakeForAllInOrder();
    void activeReportEndsTheWaitToo();
    void statusFollowsTheProgress();
    void historyMakesTheEstimate();
    void waitersLeaveAndTheWakeGoesOn();
    void waitersAreBounded();
    void queueDeadlineStartsWithTheEndOfTheWake();
    void requestThatFindsItsBackendAsleepWaitsAgain();
    void itDoesSoOnlyThreeTimes();
    void whatMayHaveReachedTheBackendIsNotSentAgain();
    void waitersOfAnLlmThatFallsAsleepWakeIt();
};

void TestRelayWake::firstRequestWakes()
{
    const Waiter waiter = wait();
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    QCOMPARE(wake->llm, m_llm.name);
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    succeed(wake->task);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->answer(infer->task, 200, "{}");
    QVERIFY(!m_relay->wakeStatus(m_llm.id));
    QVERIFY(waiter.first->calls.isEmpty());
    // An active Llm is not woken.
    const Waiter next = wait();
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestRelayWake::oneWakeForAllInOrder()
{
    m_llm.maxConcurrency = 1;
    set(m_llm);
    std::vector<Waiter> waiters;
    for (int i = 0; i < 50; ++i)
        waiters.push_back(wait());
    QCOMPARE(m_relay->waiting(m_llm.id), 50);
    succeed(nextWake());
    for (const Waiter &waiter : waiters) {
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        QCOMPARE(m_publisher->count<channel::Infer>(), 0);
        m_link->receive(channel::ResponseHead{infer->task, 200, {}});
        m_link->receive(channel::ResponseEnd{infer->task});
        QVERIFY(waiter.first->hasEnded());
    }
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestRelayWake::activeReportEndsTheWaitToo()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    report(ReportedState::Active);
    QVERIFY(m_publisher->next<channel::Infer>());
    // A result that comes late, even a bad one, harms nobody.
    fail(wake);
    QVERIFY(!m_relay->wakeStatus(m_llm.id));
    QVERIFY(!waiter.first->error);
}

void TestRelayWake::statusFollowsTheProgress()
{
    QVERIFY(!m_relay->wakeStatus(m_llm.id));
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    m_clock->advance(3s);
    auto status = m_relay->wakeStatus(m_llm.id);
    QVERIFY(status);
    QVERIFY(status->phase == channel::WakePhase::Recipe);
    QVERIFY(status->elapsed == 3s && status->limit == 90s && !status->estimate);
    m_link->receive(channel::WakeProgress{wake, channel::WakePhase::Polling, 40, 75});
    m_clock->advance(2s);
    status = m_relay->wakeStatus(m_llm.id);
    QVERIFY(status->phase == channel::WakePhase::Polling);
    QVERIFY(status->elapsed == 42s && status->limit == 75s);
}

void TestRelayWake::historyMakesTheEstimate()
{
    for (const Duration duration : {30s, 10s, 20s}) {
        const Waiter waiter = wait();
        QVERIFY(!m_relay->wakeStatus(m_llm.id)->estimate);
        succeed(nextWake(), duration);
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        m_link->receive(channel::ResponseHead{infer->task, 200, {}});
        m_link->receive(channel::ResponseEnd{infer->task});
        report(ReportedState::Hibernating);
    }
    const Waiter waiter = wait();
    QVERIFY(m_relay->wakeStatus(m_llm.id)->estimate == 20s);
    fail(nextWake());
    QCOMPARE(m_relay->wakeHistory(m_llm.id).recent().size(), 3);
}

void TestRelayWake::waitersLeaveAndTheWakeGoesOn()
{
    Waiter first = wait();
    Waiter second = wait();
    const Waiter third = wait();
    const TaskId wake = nextWake();
    first.second.reset();
    QCOMPARE(m_relay->waiting(m_llm.id), 2);
    second.second.reset();
    succeed(wake);
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);

    report(ReportedState::Hibernating);
    Waiter last = wait();
    const TaskId unattended = nextWake();
    last.second.reset();
    QVERIFY(m_relay->wakeStatus(m_llm.id));
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
    succeed(unattended);
    QVERIFY(m_registry->findLlm(m_llm.id)->status == LlmStatus::Active);
}

void TestRelayWake::waitersAreBounded()
{
    std::vector<Waiter> waiters;
    for (int i = 0; i < maxWaiting; ++i)
        waiters.push_back(wait());
    QVERIFY(waiters.back().second);
    AnswerRecorder recorder;
    const auto refused = submit(recorder);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::QueueFull);
}

void TestRelayWake::queueDeadlineStartsWithTheEndOfTheWake()
{
    m_llm.maxConcurrency = 1;
    m_llm.wake = domain::WakeInfo{domain::WakeKind::Command, 300s, 300s};
    set(m_llm);
    const Waiter first = wait();
    const Waiter second = wait();
    const TaskId wake = nextWake();
    m_clock->advance(500s);
    QVERIFY(!second.first->error);
    succeed(wake);
    QVERIFY(m_publisher->next<channel::Infer>());
    m_clock->advance(RelaySettings().scheduler.maxWait - 1ms);
    QVERIFY(!second.first->error);
    m_clock->advance(1ms);
    QVERIFY(second.first->errorCode() == ErrorCode::QueueTimeout);
}

void TestRelayWake::requestThatFindsItsBackendAsleepWaitsAgain()
{
    report(ReportedState::Active);
    const Waiter waiter = wait();
    const auto first = m_publisher->next<channel::Infer>();
    QVERIFY(first);
    QCOMPARE(first->attempt, 1);
    // The publisher's word that the backend sleeps comes before the error.
    report(ReportedState::Hibernating);
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
    m_link->receive(channel::TaskError{first->task, QStringLiteral("backend_asleep"), QStringLiteral("asleep")});
    QCOMPARE(waiter.first->calls, QStringList{QStringLiteral("delayed")});
    succeed(nextWake());
    const auto second = m_publisher->next<channel::Infer>();
    QVERIFY(second);
    QCOMPARE(second->attempt, 2);
    m_link->receive(channel::ResponseHead{second->task, 200, {}});
    m_link->receive(channel::ResponseEnd{second->task});
    QVERIFY(waiter.first->hasEnded());
}

void TestRelayWake::itDoesSoOnlyThreeTimes()
{
    report(ReportedState::Active);
    const Waiter waiter = wait();
    for (int attempt = 1; attempt <= 3; ++attempt) {
        QVERIFY(!waiter.first->error);
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        report(ReportedState::Hibernating);
        m_link->receive(channel::TaskError{infer->task, QStringLiteral("backend_asleep"), {}});
        if (attempt < 3)
            succeed(nextWake());
    }
    QVERIFY(waiter.first->errorCode() == ErrorCode::BackendUnreachable);
}

void TestRelayWake::whatMayHaveReachedTheBackendIsNotSentAgain()
{
    report(ReportedState::Active);
    const Waiter waiters[] = {wait(), wait()};
    const auto first = m_publisher->next<channel::Infer>();
    const auto second = m_publisher->next<channel::Infer>();
    QVERIFY(first && second);
    // Refused by the publisher, but of an Llm that is active all the same.
    m_link->receive(channel::TaskError{first->task, QStringLiteral("backend_asleep"), {}});
    QVERIFY(waiters[0].first->errorCode() == ErrorCode::BackendUnreachable);
    // The connection broke, which also happens when a backend goes down in the middle of its work.
    report(ReportedState::Hibernating);
    m_link->receive(channel::TaskError{second->task, QStringLiteral("backend_unreachable"), {}});
    QVERIFY(waiters[1].first->errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestRelayWake::waitersOfAnLlmThatFallsAsleepWakeIt()
{
    m_llm.maxConcurrency = 1;
    report(ReportedState::Active);
    const Waiter running = wait();
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    const Waiter waiting = wait();
    report(ReportedState::Hibernating);
    const TaskId wake = nextWake();
    // A slot that becomes free is no use while the backend sleeps.
    m_link->receive(channel::TaskError{infer->task, QStringLiteral("backend_error"), {}});
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    succeed(wake);
    QVERIFY(m_publisher->next<channel::Infer>());
    QVERIFY(!waiting.first->error);
}

QTEST_GUILESS_MAIN(TestRelayWake)
#include "tst_relaywake.moc"
