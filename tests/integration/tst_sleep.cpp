// Backends that are put to sleep when nobody uses them, and requests that come at the wrong moment.

#include "waketest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSleep final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void sleepsWhenIdleAndWakesAgain_data();
    void sleepsWhenIdleAndWakesAgain();
    void servesThoseWhoRaceTheSleep();
    void neverSleepsUnderARunningStream();
    void staysAsleepWhileItsBackendAnswers();
    void staysActiveWhenTheSleepFails();
};

namespace {

/// 0.6 s.
const QString soon = QStringLiteral("0.01");

} // namespace

void TestSleep::sleepsWhenIdleAndWakesAgain_data()
{
    addWakeTypes();
}

void TestSleep::sleepsWhenIdleAndWakesAgain()
{
    QFETCH(WakeType, type);
    StackSettings settings = wakeSettings(type);
    settings.recipes.idleMinutes = soon;
    QVERIFY(startAsleep(settings));
    for (int round = 1; round <= 2; ++round) {
        QVERIFY(isServed());
        QCOMPARE(m_stack->wakeRuns(), round);
        QVERIFY(m_stack->waitUntilLlmIs("hibernating", 5s));
        QTRY_COMPARE(m_stack->sleepRuns(), round);
        QTRY_VERIFY(m_stack->askBackend({.target = "/v1/models"})->wasRefused());
        QCOMPARE(status(), "hibernating");
    }
}

void TestSleep::servesThoseWhoRaceTheSleep()
{
    StackSettings settings = wakeSettings(WakeType::Background);
    settings.recipes.idleMinutes = soon;
    makeStack(settings);
    // It takes its time to fall asleep.
    m_stack->recipes().writeSleepScript(m_stack->recipes().gate() + m_stack->recipes().endBackend());
    QVERIFY(m_stack->start("hibernating"));
    QVERIFY(isServed());
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 5s));
    QTRY_COMPARE(m_stack->sleepRuns(), 1);

    const auto calls = mixedCalls(4);
    QTRY_COMPARE(waiting(), 4);
    QTRY_VERIFY(isWaking());
    QVERIFY2(m_stack->askBackend({.target = "/v1/models"})->status() == 200, "it is asleep too early");
    QCOMPARE(m_stack->wakeRuns(), 1);
    m_stack->recipes().openGate();
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd());
        QVERIFY2(isWellAnswered(*call), call->body().constData());
    }
    QCOMPARE(m_stack->wakeRuns(), 2);
}

void TestSleep::neverSleepsUnderARunningStream()
{
    StackSettings settings = wakeSettings(WakeType::Http);
    settings.recipes.idleMinutes = soon;
    QVERIFY(startAsleep(settings));
    // It takes three times the idle time.
    const auto call = stream(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 40}}));
    QVERIFY(call->waitForEvents(1));
    while (!call->hasEnded() && call->elapsed() < 20s) {
        QCOMPARE(status(), "active");
        QCOMPARE(m_stack->sleepRuns(), 0);
    }
    QVERIFY(isWellAnswered(*call));
    QVERIFY(call->endedAt() >= 1800ms);
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 5s));
    QTRY_COMPARE(m_stack->sleepRuns(), 1);
}

void TestSleep::staysAsleepWhileItsBackendAnswers()
{
    // As backends do that keep their server and give up only their memory.
    StackSettings settings = notedWakeSettings();
    settings.recipes.idleMinutes = soon;
    settings.recipes.sleepScript = "exit 0\n";
    makeStack(settings);
    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->start("active"));
    QVERIFY(m_stack->waitUntilLlmIs("hibernating", 5s));
    QTRY_COMPARE(m_stack->sleepRuns(), 1);
    // Its publisher goes on asking, and is not deceived.
    m_stack->forgetBackendRequests();
    const auto probes = [this] { return m_stack->backendStats()[QLatin1String("received")].toInt(); };
    QTRY_VERIFY(probes() >= 3);
    QCOMPARE(status(), "hibernating");

    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 1);
    QCOMPARE(m_stack->sleepRuns(), 1);
}

void TestSleep::staysActiveWhenTheSleepFails()
{
    StackSettings settings = notedWakeSettings();
    settings.recipes.idleMinutes = soon;
    settings.recipes.sleepScript = "echo 'no sleep tonight' >&2\nexit 7\n";
    makeStack(settings);
    QVERIFY(m_stack->startBackend());
    QVERIFY(m_stack->start("active"));
    QTRY_COMPARE(m_stack->sleepRuns(), 1);
    QVERIFY(m_stack->publisher().waitForLog("no sleep tonight"));
    QVERIFY(m_stack->waitUntilLlmIs("active", 2s));
    QVERIFY(isServed());
    QCOMPARE(m_stack->wakeRuns(), 0);
    // It is tried again after another idle time.
    QTRY_VERIFY(m_stack->sleepRuns() >= 2);
}

QTEST_GUILESS_MAIN(TestSleep)
#include "tst_sleep.moc"
