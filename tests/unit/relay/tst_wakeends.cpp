// Every way in which a wake ends without success, and what becomes of those who wait for it.

#include "lifecycle.h"
#include "relaywaketest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;
using domain::LlmStatus;

class TestWakeEnds final : public RelayWakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void failureReachesEveryWaiter_data();
    void failureReachesEveryWaiter();
    void nextRequestTriesAgain();
    void silentPublisherIsGivenUp();
    void unconfirmedCancelIsAViolation();
    void lostPublisherFailsTheWaiters();
    void newerChannelJoinsTheWake();
    void deadlineOutlivesAReconnect();
    void pausedInMidWakeRefusesTheWaiters();
    void deletedInMidWake();
    void shutdownInMidWake();
    void strayResultsAreDropped();
};

void TestWakeEnds::failureReachesEveryWaiter_data()
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

void TestWakeEnds::failureReachesEveryWaiter()
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

void TestWakeEnds::nextRequestTriesAgain()
{
    const Waiter first = wait();
    fail(nextWake());
    const Waiter second = wait();
    succeed(nextWake());
    QVERIFY(m_publisher->next<channel::Infer>());
    QVERIFY(!second.first->error);
}

void TestWakeEnds::silentPublisherIsGivenUp()
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

void TestWakeEnds::unconfirmedCancelIsAViolation()
{
    const Waiter waiter = wait();
    m_clock->advance(105s + RelaySettings().cancelConfirm);
    QCOMPARE(m_violations.size(), 1);
}

void TestWakeEnds::lostPublisherFailsTheWaiters()
{
    const Waiter waiters[] = {wait(), wait()};
    nextWake();
    losePublisher();
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

void TestWakeEnds::newerChannelJoinsTheWake()
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

void TestWakeEnds::deadlineOutlivesAReconnect()
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

void TestWakeEnds::pausedInMidWakeRefusesTheWaiters()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    report(ReportedState::Paused);
    QVERIFY(waiter.first->errorCode() == ErrorCode::PublisherOffline);
    fail(wake);
    QCOMPARE(waiter.first->calls.size(), 1);
}

void TestWakeEnds::deletedInMidWake()
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

void TestWakeEnds::shutdownInMidWake()
{
    const Waiter waiter = wait();
    const TaskId wake = nextWake();
    m_relay->beginShutdown();
    QVERIFY(waiter.first->errorCode() == ErrorCode::ShuttingDown);
    succeed(wake);
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestWakeEnds::strayResultsAreDropped()
{
    const quint64 before = m_link->strayCount();
    succeed(TaskId{4711});
    m_link->receive(channel::WakeProgress{TaskId{4711}, channel::WakePhase::Recipe, 1, 2});
    QCOMPARE(m_link->strayCount(), before + 2);
    QVERIFY(m_registry->findLlm(m_llm.id)->status == LlmStatus::Hibernating);
    QVERIFY(m_violations.isEmpty());
}

QTEST_GUILESS_MAIN(TestWakeEnds)
#include "tst_wakeends.moc"
