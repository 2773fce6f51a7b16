// Requests to a hibernating Llm: one wake for all of them, in what order they go on, and every way in which a wake
// ends.

#include "lifecycle.h"
#include "linktest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;
using domain::LlmStatus;

class TestRelayWake final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void firstRequestWakes();
    void oneWakeForAllInOrder();
    void activeReportEndsTheWaitToo();
    void statusFollowsTheProgress();
    void historyMakesTheEstimate();

    void failureReachesEveryWaiter_data();
    void failureReachesEveryWaiter();
    void nextRequestTriesAgain();
    void waitersLeaveAndTheWakeGoesOn();
    void waitersAreBounded();
    void queueDeadlineStartsWithTheEndOfTheWake();

    void silentPublisherIsGivenUp();
    void unconfirmedCancelIsAViolation();
    void lostPublisherFailsTheWaiters();
    void newerChannelJoinsTheWake();
    void deadlineOutlivesAReconnect();
    void pausedInMidWakeRefusesTheWaiters();
    void deletedInMidWake();
    void shutdownInMidWake();

    void requestThatFindsItsBackendAsleepWaitsAgain();
    void itDoesSoOnlyThreeTimes();
    void unreachableBackendOfAnActiveLlmIsAnError();
    void waitersOfAnLlmThatFallsAsleepWakeIt();
    void strayResultsAreDropped();

private:
    using Waiter = std::pair<std::unique_ptr<AnswerRecorder>, TaskPointer>;

    void report(ReportedState state)
    {
        domain::applyReport(m_llm, state, m_clock->wallNow());
        set(m_llm);
    }

    /// A request that is accepted.
    Waiter wait()
    {
        auto recorder = std::make_unique<AnswerRecorder>();
        Result<TaskPointer> task = submit(*recorder);
        return {std::move(recorder), task ? std::move(*task) : nullptr};
    }

    TaskId nextWake()
    {
        const auto wake = m_publisher->next<channel::Wake>();
        return wake ? wake->task : TaskId{};
    }

    void succeed(TaskId wake, Duration duration = 1s)
    {
        m_link->receive(channel::WakeResult{.task = wake, .ok = true, .durationMs = duration.count()});
    }

    void fail(TaskId wake, const QString &code = QStringLiteral("wake_failed"))
    {
        m_link->receive(
            channel::WakeResult{.task = wake, .ok = false, .code = code, .message = QStringLiteral("exit status 3")});
    }
};

void TestRelayWake::init()
{
    LinkTest::init();
    m_llm.maxConcurrency = 2;
    m_llm.wake = domain::WakeInfo{domain::WakeKind::Command, 30s, 60s};
    m_relay->onWoken([this](const LlmId &) { report(ReportedState::Active); });
    report(ReportedState::Hibernating);
}

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

void TestRelayWake::failureReachesEveryWaiter_data()
{
    QTest::addColumn<channel::Message>("message");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("text");
    const auto result = [](const QString &code) {
        return channel::Message(
            channel::WakeResult{.task = TaskId{1}, .code = code, .message = QStringLiteral("The cause.")});
    };
    const QString told = QStringLiteral("Llm 'm' could not be woken: The cause.");
    QTest::newRow("failed") << result(QStringLiteral("wake_failed")) << ErrorCode::WakeFailed << told;
    QTest::newRow("timeout") << result(QStringLiteral("wake_timeout")) << ErrorCode::WakeTimeout << told;
    QTest::newRow("any other code") << result(QStringLiteral("invalid_api_key")) << ErrorCode::WakeFailed << told;
    QTest::newRow("task error") << channel::Message(channel::TaskError{TaskId{1}, QStringLiteral("publisher_lost"),
                                                                       QStringLiteral("The cause.")})
                                << ErrorCode::PublisherLost << told;
    QTest::newRow("cancelled") << channel::Message(channel::Cancelled{TaskId{1}}) << ErrorCode::WakeFailed
                               << QStringLiteral("Llm 'm' could not be woken: The publisher has cancelled the wake.");
}

void TestRelayWake::failureReachesEveryWaiter()
{
    QFETCH(channel::Message, message);
    QFETCH(ErrorCode, code);
    QFETCH(QString, text);
    const Waiter waiters[] = {wait(), wait(), wait()};
    QVERIFY(nextWake() == TaskId{1});
    if (const auto *result = std::get_if<channel::WakeResult>(&message))
        m_link->receive(*result);
    else if (const auto *error = std::get_if<channel::TaskError>(&message))
        m_link->receive(*error);
    else
        m_link->receive(std::get<channel::Cancelled>(message));
    for (const Waiter &waiter : waiters) {
        QCOMPARE(waiter.first->calls, QStringList{QStringLiteral("failed")});
        QVERIFY(waiter.first->errorCode() == code);
        QCOMPARE(waiter.first->error->message, text);
    }
    QVERIFY(m_registry->findLlm(m_llm.id)->status == LlmStatus::Hibernating);
    QVERIFY(!m_relay->wakeStatus(m_llm.id));
}

void TestRelayWake::nextRequestTriesAgain()
{
    const Waiter first = wait();
    fail(nextWake());
    const Waiter second = wait();
    succeed(nextWake());
    QVERIFY(m_publisher->next<channel::Infer>());
    QVERIFY(!second.first->error);
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
    m_clock->advance(RelaySettings().maxWait - 1ms);
    QVERIFY(!second.first->error);
    m_clock->advance(1ms);
    QVERIFY(second.first->errorCode() == ErrorCode::QueueTimeout);
}

void TestRelayWake::silentPublisherIsGivenUp()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    m_clock->advance(105s - 1ms);
    QVERIFY(!waiter.first->error);
    m_clock->advance(1ms);
    QVERIFY(waiter.first->errorCode() == ErrorCode::WakeTimeout);
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == wake);
    m_link->receive(channel::Cancelled{wake});
    m_clock->advance(1min);
    QVERIFY(m_violations.isEmpty());
    const Waiter next = wait();
    QVERIFY(nextWake() != wake);
}

void TestRelayWake::unconfirmedCancelIsAViolation()
{
    const Waiter waiter = wait();
    m_clock->advance(105s + RelaySettings().cancelConfirm);
    QCOMPARE(m_violations.size(), 1);
}

void TestRelayWake::lostPublisherFailsTheWaiters()
{
    const Waiter waiters[] = {wait(), wait()};
    nextWake();
    domain::deactivate(m_llm, domain::StatusReason::Offline, m_clock->wallNow());
    set(m_llm);
    loseLink();
    for (const Waiter &waiter : waiters) {
        QCOMPARE(waiter.first->calls, QStringList{QStringLiteral("failed")});
        QVERIFY(waiter.first->errorCode() == ErrorCode::PublisherLost);
    }
    QVERIFY(!m_relay->wakeStatus(m_llm.id));
    // Back again: the next request joins whatever runs there.
    makeLink();
    report(ReportedState::Hibernating);
    const Waiter next = wait();
    succeed(nextWake());
    QVERIFY(m_publisher->next<channel::Infer>());
}

void TestRelayWake::newerChannelJoinsTheWake()
{
    const Waiter waiter = wait();
    nextWake();
    const std::unique_ptr<channel::MemoryChannel> olderChannel = std::move(m_channel);
    std::unique_ptr<PublisherLink> older = std::move(m_link);
    const std::unique_ptr<FakePublisher> olderPublisher = std::move(m_publisher);
    makeLink();
    older.reset();
    const auto joined = m_publisher->next<channel::Wake>();
    QVERIFY(joined);
    QCOMPARE(joined->llm, m_llm.name);
    QVERIFY(waiter.first->calls.isEmpty());
    succeed(joined->task);
    QVERIFY(m_publisher->next<channel::Infer>());
}

void TestRelayWake::deadlineOutlivesAReconnect()
{
    const Waiter waiter = wait();
    m_clock->advance(100s);
    const std::unique_ptr<channel::MemoryChannel> olderChannel = std::move(m_channel);
    std::unique_ptr<PublisherLink> older = std::move(m_link);
    makeLink();
    older.reset();
    QVERIFY(!waiter.first->error);
    m_clock->advance(5s);
    QVERIFY(waiter.first->errorCode() == ErrorCode::WakeTimeout);
}

void TestRelayWake::pausedInMidWakeRefusesTheWaiters()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    report(ReportedState::Paused);
    QVERIFY(waiter.first->errorCode() == ErrorCode::PublisherOffline);
    fail(wake);
    QCOMPARE(waiter.first->calls.size(), 1);
}

void TestRelayWake::deletedInMidWake()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    m_registry->removeLlm(m_llm.id);
    m_relay->llmChanged(m_llm.id);
    QVERIFY(waiter.first->errorCode() == ErrorCode::PublisherOffline);
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == wake);
    succeed(wake);
    QVERIFY(!m_registry->findLlm(m_llm.id));
}

void TestRelayWake::shutdownInMidWake()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    m_relay->beginShutdown();
    QVERIFY(waiter.first->errorCode() == ErrorCode::ShuttingDown);
    succeed(wake);
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
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
    m_link->receive(channel::TaskError{first->task, QStringLiteral("backend_unreachable"), QStringLiteral("asleep")});
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
        m_link->receive(channel::TaskError{infer->task, QStringLiteral("backend_unreachable"), {}});
        if (attempt < 3)
            succeed(nextWake());
    }
    QVERIFY(waiter.first->errorCode() == ErrorCode::BackendUnreachable);
}

void TestRelayWake::unreachableBackendOfAnActiveLlmIsAnError()
{
    report(ReportedState::Active);
    const Waiter waiter = wait();
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_link->receive(channel::TaskError{infer->task, QStringLiteral("backend_unreachable"), {}});
    QVERIFY(waiter.first->errorCode() == ErrorCode::BackendUnreachable);
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

void TestRelayWake::strayResultsAreDropped()
{
    const quint64 before = m_link->strayCount();
    succeed(TaskId{4711});
    m_link->receive(channel::WakeProgress{TaskId{4711}, channel::WakePhase::Recipe, 1, 2});
    QCOMPARE(m_link->strayCount(), before + 2);
    QVERIFY(m_registry->findLlm(m_llm.id)->status == LlmStatus::Hibernating);
    QVERIFY(m_violations.isEmpty());
}

QTEST_GUILESS_MAIN(TestRelayWake)
#include "tst_relaywake.moc"
