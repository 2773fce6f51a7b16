// Waking through server and control channel, on both engines: what the rows say, and publishers that come and go in
// the middle of a wake.

#include "controltest.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestWaking final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void wakeThenInfer();
    void concurrentRequestsShareOneWake();
    void failedWakeRejectsAllAndTheRowStaysHibernating();
    void inactiveIsNeverWoken_data();
    void inactiveIsNeverWoken();
    void heartbeatsInMidWakeChangeNothing();
    void publisherDiesInMidWake();
    void publisherComesBackInMidWake();
    void newerSocketJoinsTheWake();
    void wakeOfARowThatWasTakenAway();
    void resultOfAnotherPublisherCountsForNothing();
    void serverStopsInMidWake();

private:
    void init() override;

    using Task = std::unique_ptr<relay::RelayTask>;

    Task request(AnswerRecorder &recorder) { return std::move(m_harness->infer(m_name, recorder).value()); }

    void succeed(FakePublisher &publisher, TaskId task)
    {
        publisher.send(channel::WakeResult{.task = task, .ok = true, .durationMs = 1000});
    }

    LlmStatus status() const { return m_harness->llm(m_name).status; }

    std::unique_ptr<FakePublisher> m_publisher;
};

void TestWaking::init()
{
    ControlTest::init();
    if (!QTest::currentTestFailed())
        m_publisher = m_harness->publish({sleepingEntry(m_name)});
}

void TestWaking::wakeThenInfer()
{
    AnswerRecorder recorder;
    const Task task = request(recorder);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    QCOMPARE(wake->llm, m_name);
    QVERIFY(m_publisher->heartbeat({{m_name, ReportedState::Hibernating, 0}}));
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    succeed(*m_publisher, wake->task);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    QVERIFY(status() == LlmStatus::Active);
    m_publisher->answer(infer->task, 200, "{}");
    QTRY_VERIFY(recorder.hasEnded());
}

void TestWaking::concurrentRequestsShareOneWake()
{
    std::vector<AnswerRecorder> recorders(20);
    std::vector<Task> tasks;
    for (AnswerRecorder &recorder : recorders)
        tasks.push_back(request(recorder));
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    succeed(*m_publisher, wake->task);
    for (size_t i = 0; i < recorders.size(); ++i) {
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        m_publisher->answer(infer->task, 200, "{}");
    }
    for (const AnswerRecorder &recorder : recorders)
        QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestWaking::failedWakeRejectsAllAndTheRowStaysHibernating()
{
    AnswerRecorder recorders[3];
    const Task tasks[] = {request(recorders[0]), request(recorders[1]), request(recorders[2])};
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    m_publisher->send(channel::WakeResult{.task = wake->task,
                                          .code = QStringLiteral("wake_failed"),
                                          .message = QStringLiteral("The recipe's command ended with exit status 3.")});
    for (const AnswerRecorder &recorder : recorders) {
        QTRY_VERIFY(recorder.error);
        QVERIFY(recorder.errorCode() == ErrorCode::WakeFailed);
        QVERIFY(recorder.error->message.contains(QLatin1String("exit status 3")));
    }
    QVERIFY(status() == LlmStatus::Hibernating);
    AnswerRecorder again;
    const Task task = request(again);
    QVERIFY(m_publisher->next<channel::Wake>());
}

void TestWaking::inactiveIsNeverWoken_data()
{
    QTest::addColumn<ReportedState>("state");
    QTest::newRow("inactive") << ReportedState::Inactive;
    QTest::newRow("paused") << ReportedState::Paused;
    QTest::newRow("draining") << ReportedState::Draining;
}

void TestWaking::inactiveIsNeverWoken()
{
    QFETCH(ReportedState, state);
    QVERIFY(m_publisher->heartbeat({{m_name, state, 0}}));
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestWaking::heartbeatsInMidWakeChangeNothing()
{
    AnswerRecorder recorder;
    const Task task = request(recorder);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    for (int i = 0; i < 10; ++i) {
        m_clock.advance(5s);
        m_publisher->send(channel::WakeProgress{wake->task, channel::WakePhase::Polling, 5 * i, 90});
        QVERIFY(m_publisher->heartbeat({{m_name, ReportedState::Hibernating, 0}}));
    }
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
    QVERIFY(recorder.calls.isEmpty());
    succeed(*m_publisher, wake->task);
    QVERIFY(m_publisher->next<channel::Infer>());
}

void TestWaking::publisherDiesInMidWake()
{
    AnswerRecorder recorders[2];
    const Task tasks[] = {request(recorders[0]), request(recorders[1])};
    QVERIFY(m_publisher->next<channel::Wake>());
    m_publisher->breakOff();
    for (const AnswerRecorder &recorder : recorders) {
        QTRY_VERIFY(recorder.error);
        QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
    }
    QVERIFY(status() == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(m_name).statusReason == StatusReason::Offline);
}

void TestWaking::publisherComesBackInMidWake()
{
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    AnswerRecorder first;
    const Task lost = request(first);
    QVERIFY(m_publisher->next<channel::Wake>());
    m_publisher->breakOff();
    QTRY_VERIFY(first.error);

    const auto back = m_harness->connect();
    QVERIFY(back->registerLlms({sleepingEntry(m_name)}, session));
    AnswerRecorder second;
    const Task task = request(second);
    const auto wake = back->next<channel::Wake>();
    QVERIFY(wake);
    succeed(*back, wake->task);
    QVERIFY(back->next<channel::Infer>());
}

void TestWaking::newerSocketJoinsTheWake()
{
    const ProviderSessionId session = m_harness->llm(m_name).providerSessionId;
    AnswerRecorder recorder;
    const Task task = request(recorder);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);

    const auto newer = m_harness->connect();
    QVERIFY(newer->registerLlms({sleepingEntry(m_name)}, session));
    const auto joined = newer->next<channel::Wake>();
    QVERIFY(joined);
    // The word of the socket that was replaced does not count any more.
    succeed(*m_publisher, wake->task);
    QVERIFY(newer->heartbeat());
    QVERIFY(status() == LlmStatus::Hibernating);
    QVERIFY(recorder.calls.isEmpty());
    succeed(*newer, joined->task);
    QVERIFY(newer->next<channel::Infer>());
    QCOMPARE(newer->count<channel::Wake>(), 0);
}

void TestWaking::wakeOfARowThatWasTakenAway()
{
    AnswerRecorder recorder;
    const Task task = request(recorder);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    QVERIFY(m_publisher->registerLlms({}));
    QTRY_VERIFY(recorder.error);
    QVERIFY(status() == LlmStatus::Inactive);
    succeed(*m_publisher, wake->task);
    QVERIFY(m_publisher->heartbeat());
    QVERIFY(status() == LlmStatus::Inactive);
}

void TestWaking::resultOfAnotherPublisherCountsForNothing()
{
    const auto other = m_harness->publish({sleepingEntry(QStringLiteral("other"))}, QStringLiteral("bob"));
    AnswerRecorder recorder;
    const Task task = request(recorder);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    // Task numbers belong to a channel.
    succeed(*other, wake->task);
    QVERIFY(other->heartbeat());
    QVERIFY(status() == LlmStatus::Hibernating);
    QVERIFY(recorder.calls.isEmpty());
}

void TestWaking::serverStopsInMidWake()
{
    AnswerRecorder recorder;
    const Task task = request(recorder);
    QVERIFY(m_publisher->next<channel::Wake>());
    m_harness->relay.beginShutdown();
    QVERIFY(recorder.errorCode() == ErrorCode::ShuttingDown);
    m_harness->control.closeAll();
    QVERIFY(m_publisher->closeCode() != 0);
    QCOMPARE(recorder.calls.size(), 1);
}

QTEST_GUILESS_MAIN(TestWaking)
#include "tst_waking.moc"
