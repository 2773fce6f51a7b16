// One relayed request: its deadlines, the credit that it passes on, and its end in the middle of everything.

#include "lifecycle.h"
#include "linktest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestRelayTask final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void firstByteDeadline();
    void idleDeadline();
    void everyPieceRestartsTheIdleDeadline();
    void slowClientIsNotTheBackendsFault();
    void endedTaskHasNoDeadline();

    void consumedBytesAreGranted();
    void consumedAfterTheEndIsIgnored();

    void destroyedTaskIsCancelled();
    void sinkDestroysItsTask_data();
    void sinkDestroysItsTask();
    void sinkDestroysItsTaskWhenRefused();
};

void TestRelayTask::firstByteDeadline()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_clock->advance(600s - 1ms);
    QVERIFY(recorder.calls.isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(recorder.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(recorder.errorCode() == ErrorCode::BackendTimeout);
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == id);
}

void TestRelayTask::idleDeadline()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_clock->advance(300s - 1ms);
    QVERIFY(!recorder.error);
    m_clock->advance(1ms);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendTimeout);
    QVERIFY(m_publisher->next<channel::Cancel>());
}

void TestRelayTask::everyPieceRestartsTheIdleDeadline()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    for (int i = 0; i < 10; ++i) {
        m_clock->advance(299s);
        m_link->receiveBody(id, "x");
    }
    QVERIFY(!recorder.error);
    m_clock->advance(300s);
    QVERIFY(recorder.error);
}

void TestRelayTask::slowClientIsNotTheBackendsFault()
{
    // The backend may not send while the client has not taken what it got; as long as that makes progress, nobody is
    // idle.
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receiveBody(id, QByteArray(channel::initialCredit, 'x'));
    for (int i = 0; i < 10; ++i) {
        m_clock->advance(299s);
        task->consumed(1);
    }
    QVERIFY(!recorder.error);
    m_clock->advance(300s);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendTimeout);
}

void TestRelayTask::endedTaskHasNoDeadline()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receive(channel::ResponseEnd{id});
    m_clock->advance(24h);
    QVERIFY(!recorder.error);
}

void TestRelayTask::consumedBytesAreGranted()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receiveBody(id, QByteArray(channel::grantThreshold, 'x'));
    task->consumed(channel::grantThreshold);
    const auto window = m_publisher->next<channel::Window>();
    QVERIFY(window);
    QVERIFY(window->task == id);
    QCOMPARE(window->bytes, channel::grantThreshold);
}

void TestRelayTask::consumedAfterTheEndIsIgnored()
{
    AnswerRecorder recorder;
    const auto [task, id] = dispatch(recorder);
    m_link->receive(channel::ResponseHead{id, 200, {}});
    m_link->receiveBody(id, QByteArray(channel::grantThreshold, 'x'));
    m_link->receive(channel::ResponseEnd{id});
    task->consumed(channel::grantThreshold);
    m_clock->advance(24h);
    QVERIFY(!recorder.error);
    QCoreApplication::processEvents();
    QCOMPARE(m_publisher->count<channel::Window>(), 0);
}

void TestRelayTask::destroyedTaskIsCancelled()
{
    AnswerRecorder recorder;
    auto [task, id] = dispatch(recorder);
    task.reset();
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == id);
    QVERIFY(recorder.calls.isEmpty());
}

void TestRelayTask::sinkDestroysItsTask_data()
{
    QTest::addColumn<QString>("call");
    for (const char *call : {"head", "body", "ended", "failed", "failed by a deadline", "failed by a lost publisher"})
        QTest::newRow(call) << QString::fromLatin1(call);
}

void TestRelayTask::sinkDestroysItsTask()
{
    QFETCH(QString, call);
    AnswerRecorder recorder;
    auto [started, id] = dispatch(recorder);
    TaskPointer task = std::move(started);
    recorder.reaction = [&](const QString &now) {
        if (call.startsWith(now))
            task.reset();
    };
    if (call == QLatin1String("failed by a deadline")) {
        m_clock->advance(600s);
    } else if (call == QLatin1String("failed by a lost publisher")) {
        losePublisher();
        m_clock->advance(RelaySettings().scheduler.reconnectGrace);
    } else if (call == QLatin1String("failed")) {
        m_link->receive(channel::TaskError{id, {}, {}});
    } else {
        m_link->receive(channel::ResponseHead{id, 200, {}});
        m_link->receiveBody(id, "x");
        m_link->receive(channel::ResponseEnd{id});
    }
    QVERIFY(!task);
    QVERIFY(call.startsWith(recorder.calls.constLast()));
}

void TestRelayTask::sinkDestroysItsTaskWhenRefused()
{
    m_llm.maxConcurrency = 1;
    set(m_llm);
    AnswerRecorder recorders[2];
    const auto running = dispatch(recorders[0]);
    auto waiter = submit(recorders[1]);
    recorders[1].reaction = [&](const QString &) { waiter.value().reset(); };
    domain::deactivate(m_llm, domain::StatusReason::Paused, m_clock->wallNow());
    set(m_llm);
    QVERIFY(!waiter.value());
}

QTEST_GUILESS_MAIN(TestRelayTask)
#include "tst_relaytask.moc"
