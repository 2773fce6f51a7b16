// Publishers, sockets and servers that go away in the middle of a wake, and what lives on beyond their end.

#include "tcpproxy.h"
#include "waketest.h"

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWakeLoss final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void failsAllWhenThePublisherDies();
    void joinsTheRunAfterACut();
    void goesOnWhenThePublisherComesBackUnnoticed();
    void keepsWaitersBeyondASecondLoss();
    void failsAllWhenTheServerStops();
    void joinsTheRunAfterARestartOfTheServer();
    void leavesTheBackendWhenThePublisherStops_data();
    void leavesTheBackendWhenThePublisherStops();
    void endsWhatItHasStartedWhenThePublisherStopsInMidWake();

private:
    /// Starts with a wake that goes on until the test starts the backend, and the publisher behind `m_proxy`.
    bool startBehindAProxy();
    bool comesUp();

    std::unique_ptr<TcpProxy> m_proxy;
};

bool TestWakeLoss::startBehindAProxy()
{
    makeStack(notedWakeSettings());
    // The proxy has to know the server's port.
    if (!m_stack->makeKeys() || !m_stack->startServer())
        return false;
    m_proxy = std::make_unique<TcpProxy>(m_stack->serverUrl());
    m_stack->settings().publisher[QStringLiteral("server")] = m_proxy->url().toString();
    m_stack->startPublisher();
    return m_stack->waitUntilLlmIs("hibernating");
}

/// Starts the backend; whether a request is then served by the one wake that there was.
bool TestWakeLoss::comesUp()
{
    return m_stack->startBackend() && isServed() && m_stack->wakeRuns() == 1;
}

void TestWakeLoss::failsAllWhenThePublisherDies()
{
    QVERIFY(startAsleep(notedWakeSettings()));
    const auto calls = mixedCalls(20);
    QTRY_COMPARE(waiting(), 20);
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    m_stack->publisher().kill();
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd(2s));
        QVERIFY(call->isComplete());
        QCOMPARE(call->status(), 502);
        QCOMPARE(call->errorCode(), QStringLiteral("publisher_lost"));
    }
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 1s));
    QVERIFY(!isWaking());
    QCOMPARE(waiting(), 0);

    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("hibernating"));
    const auto again = whole();
    QTRY_COMPARE(m_stack->wakeRuns(), 2);
    QVERIFY(m_stack->startBackend());
    QVERIFY(again->waitForEnd() && isWellAnswered(*again));
}

void TestWakeLoss::joinsTheRunAfterACut()
{
    QVERIFY(startBehindAProxy());
    const auto calls = mixedCalls(4);
    QTRY_COMPARE(waiting(), 4);
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    m_proxy->cut();
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd(2s));
        QCOMPARE(call->status(), 502);
        QCOMPARE(call->errorCode(), QStringLiteral("publisher_lost"));
    }
    QVERIFY(m_stack->waitUntilLlmIs("hibernating"));
    QCOMPARE(m_proxy->connections(), 2);
    const auto again = whole();
    QTRY_VERIFY(isWaking());
    QCOMPARE(m_stack->wakeRuns(), 1);
    QVERIFY(comesUp());
    QVERIFY(again->waitForEnd() && isWellAnswered(*again));
}

void TestWakeLoss::goesOnWhenThePublisherComesBackUnnoticed()
{
    QVERIFY(startBehindAProxy());
    const auto calls = mixedCalls(4);
    QTRY_COMPARE(waiting(), 4);
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    // The server learns of the loss from the publisher's next register, and has nobody to disappoint.
    m_proxy->cutNearSide();
    QTRY_COMPARE(m_proxy->connections(), 2);
    QTRY_COMPARE(m_stack->sessions().first()[QLatin1String("epoch")].toInt(), 2);
    QCOMPARE(waiting(), 4);
    QVERIFY(isWaking());
    QVERIFY(comesUp());
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd());
        QVERIFY2(isWellAnswered(*call), call->body().constData());
    }
}

void TestWakeLoss::keepsWaitersBeyondASecondLoss()
{
    QVERIFY(startBehindAProxy());
    const auto calls = mixedCalls(2);
    QTRY_COMPARE(waiting(), 2);
    for (int epoch = 2; epoch <= 4; ++epoch) {
        m_proxy->cutNearSide();
        QTRY_COMPARE(m_stack->sessions().first()[QLatin1String("epoch")].toInt(), epoch);
        QTRY_VERIFY(isWaking());
    }
    QCOMPARE(waiting(), 2);
    QVERIFY(comesUp());
    for (const auto &call : calls)
        QVERIFY(call->waitForEnd() && isWellAnswered(*call));
}

void TestWakeLoss::failsAllWhenTheServerStops()
{
    StackSettings settings = notedWakeSettings();
    settings.server = {{QStringLiteral("wake.graceSeconds"), QStringLiteral("0.2")}};
    QVERIFY(startAsleep(settings));
    const auto streamed = stream();
    QVERIFY(streamed->waitForHead());
    const auto proper = whole();
    QTRY_COMPARE(waiting(), 2);

    m_stack->server().signal(SIGTERM);
    QVERIFY(proper->waitForEnd(2s));
    QVERIFY(proper->isComplete());
    QCOMPARE(proper->status(), 503);
    QCOMPARE(proper->errorCode(), QStringLiteral("shutting_down"));
    QVERIFY(streamed->waitForEnd(2s));
    QVERIFY(!streamed->isComplete() && !streamed->saysDone());
    QCOMPARE(streamed->events().last().json()[QLatin1String("error")][QLatin1String("code")].toString(),
             QStringLiteral("shutting_down"));
    QVERIFY(m_stack->server().waitForExit(5s));
    QCOMPARE(m_stack->server().exitCode(), 0);
}

void TestWakeLoss::joinsTheRunAfterARestartOfTheServer()
{
    QVERIFY(startAsleep(notedWakeSettings()));
    const auto lost = whole();
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    m_stack->server().kill();
    QVERIFY(lost->waitForEnd(2s));
    QVERIFY(!lost->isComplete());

    QVERIFY(m_stack->startServer());
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 5s));
    const auto again = whole();
    QTRY_VERIFY(isWaking());
    QVERIFY(comesUp());
    QVERIFY(again->waitForEnd() && isWellAnswered(*again));
}

void TestWakeLoss::leavesTheBackendWhenThePublisherStops_data()
{
    QTest::addColumn<WakeType>("type");
    QTest::addColumn<int>("signal");
    QTest::newRow("background, stopped") << WakeType::Background << SIGTERM;
    QTest::newRow("background, killed") << WakeType::Background << SIGKILL;
    QTest::newRow("foreground, stopped") << WakeType::Foreground << SIGTERM;
    QTest::newRow("foreground, killed") << WakeType::Foreground << SIGKILL;
}

void TestWakeLoss::leavesTheBackendWhenThePublisherStops()
{
    QFETCH(WakeType, type);
    QFETCH(int, signal);
    QVERIFY(startAsleep(wakeSettings(type)));
    QVERIFY(isServed());
    m_stack->publisher().signal(signal);
    QVERIFY(m_stack->publisher().waitForExit());
    if (signal == SIGTERM)
        QCOMPARE(m_stack->publisher().exitCode(), 0);
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 2s));
    QCOMPARE(m_stack->askBackend({.target = "/v1/models"})->status(), 200);

    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 1);
}

void TestWakeLoss::endsWhatItHasStartedWhenThePublisherStopsInMidWake()
{
    StackSettings settings = wakeSettings(WakeType::Foreground, {QStringLiteral("--boot-fails")});
    settings.publisher[QStringLiteral("shutdown.drainSeconds")] = QStringLiteral("0");
    QVERIFY(startAsleep(settings));
    const auto call = whole();
    QTRY_VERIFY(!m_stack->strangers().isEmpty());
    QTRY_VERIFY(isWaking());
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(m_stack->publisher().waitForExit(5s));
    QCOMPARE(m_stack->publisher().exitCode(), 0);
    QVERIFY(call->waitForEnd(2s));
    QCOMPARE(call->status(), 502);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_lost"));
    QTRY_VERIFY_WITH_TIMEOUT(m_stack->strangers().isEmpty(), 2000);
}

QTEST_GUILESS_MAIN(TestWakeLoss)
#include "tst_wakeloss.moc"
