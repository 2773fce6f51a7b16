// SIGTERM to a publisher at work: what may finish, for how long, and what its callers and others see meanwhile.

#include "waketest.h"

#include <QElapsedTimer>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestPublisherStop final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void finishesWhatRuns_data();
    void finishesWhatRuns();
    void takesNothingNew();
    void cutsWhatRunsForTooLong();
    void takesOverANewLimit();
    void endsAtOnceAtTheSecondSignal();
    void endsAtOnceWhenNothingRuns();
    void endsAtOnceWithoutAServer();
    void finishesAWake();

private:
    /// Sends the signal and waits until the server has taken notice.
    bool stopPublisher(int signal = SIGTERM);
    bool hasStopped(std::chrono::milliseconds limit = 5s);
};

namespace {

/// For two seconds.
const QJsonObject lasting = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 40}});
const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});

QMap<QString, QString> drainSeconds(const QString &seconds)
{
    return {{QStringLiteral("shutdown.drainSeconds"), seconds}};
}

} // namespace

bool TestPublisherStop::stopPublisher(int signal)
{
    m_stack->publisher().signal(signal);
    return m_stack->waitUntilLlmIs("inactive");
}

bool TestPublisherStop::hasStopped(std::chrono::milliseconds limit)
{
    return m_stack->publisher().waitForExit(limit) && m_stack->publisher().exitCode() == 0;
}

void TestPublisherStop::finishesWhatRuns_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestPublisherStop::finishesWhatRuns()
{
    QFETCH(int, signal);
    QVERIFY(startStack());
    const auto running = stream(lasting);
    const auto begun = whole(directive({{QStringLiteral("delay"), 1500}}));
    QVERIFY(running->waitForEvents(1));
    QTRY_COMPARE(m_stack->backendRequests().size(), 2);
    QVERIFY(stopPublisher(signal));
    QCOMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("draining"));
    QVERIFY(!running->hasEnded() && !begun->hasEnded());
    QVERIFY(running->waitForEnd() && isWellAnswered(*running));
    QVERIFY(begun->waitForEnd() && isWellAnswered(*begun));
    QVERIFY(hasStopped());
    QCOMPARE(m_stack->backendStats()[QLatin1String("aborted")].toInt(), 0);
    QTRY_COMPARE(m_stack->llm()[QLatin1String("statusReason")].toString(), QStringLiteral("offline"));
}

void TestPublisherStop::takesNothingNew()
{
    QVERIFY(startStack());
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopPublisher());
    const auto late = whole();
    QVERIFY(late->waitForEnd(1s));
    QCOMPARE(late->status(), 503);
    QCOMPARE(late->errorCode(), QStringLiteral("publisher_offline"));
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(hasStopped());
}

void TestPublisherStop::cutsWhatRunsForTooLong()
{
    QVERIFY(startStack({.publisher = drainSeconds(QStringLiteral("0.2"))}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    QElapsedTimer since;
    since.start();
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(hasStopped());
    QVERIFY(since.elapsed() >= 190);
    QVERIFY(running->waitForEnd(1s));
    QVERIFY(!running->isComplete() && !running->saysDone());
    QCOMPARE(running->events().last().json()[QLatin1String("error")][QLatin1String("code")].toString(),
             QStringLiteral("publisher_lost"));
    const auto stillRunning = [this] { return m_stack->backendStats()[QLatin1String("running")].toInt(); };
    QTRY_COMPARE_WITH_TIMEOUT(stillRunning(), 0, 2000);
}

void TestPublisherStop::takesOverANewLimit()
{
    QVERIFY(startStack());
    QFile file(m_stack->path(QStringLiteral("publisher/publisher.yaml")));
    QVERIFY(file.open(QIODevice::Append) && file.write("shutdown: {drainSeconds: 0.2}\n") > 0);
    file.close();
    m_stack->publisher().signal(SIGHUP);
    QVERIFY(m_stack->publisher().waitForLog("has been read again"));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(hasStopped());
}

void TestPublisherStop::endsAtOnceAtTheSecondSignal()
{
    QVERIFY(startStack());
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopPublisher());
    QVERIFY(m_stack->publisher().isRunning());
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(m_stack->publisher().waitForExit(2s));
    QVERIFY2(!m_stack->publisher().exitCode(), "It has not ended by the signal.");
    QVERIFY(running->waitForEnd(2s) && !running->saysDone());
}

void TestPublisherStop::endsAtOnceWhenNothingRuns()
{
    QVERIFY(startStack());
    m_stack->publisher().signal(SIGTERM);
    QVERIFY(hasStopped(2s));
}

void TestPublisherStop::endsAtOnceWithoutAServer()
{
    QVERIFY(startStack());
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopPublisher());
    m_stack->server().kill();
    QVERIFY(hasStopped(2s));
}

void TestPublisherStop::finishesAWake()
{
    StackSettings settings = notedWakeSettings();
    settings.publisher.insert(drainSeconds(QStringLiteral("30")));
    QVERIFY(startAsleep(settings));
    const auto waiting = whole();
    QTRY_COMPARE(m_stack->wakeRuns(), 1);
    QVERIFY(stopPublisher());
    // Nobody else wakes it for them; another member of its pool could still have them.
    QVERIFY(waiting->waitForEnd(1s));
    QCOMPARE(waiting->errorCode(), QStringLiteral("publisher_offline"));
    QVERIFY(m_stack->publisher().isRunning());
    QVERIFY(m_stack->startBackend());
    QVERIFY(hasStopped());
    QVERIFY(!m_stack->publisher().log().contains("in the middle of"));
}

QTEST_GUILESS_MAIN(TestPublisherStop)
#include "tst_publisherstop.moc"
