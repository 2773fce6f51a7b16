// SIGTERM to a server at work: what ends at once, what may finish, and how publishers come back.

#include "stacktest.h"

#include <QElapsedTimer>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestShutdown final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void stopsAtOnceWhenIdle_data();
    void stopsAtOnceWhenIdle();
    void letsRunningAnswersFinish();
    void refusesNewConnections();
    void refusesWhatHasNotBegun();
    void refusesThoseWhoWait();
    void saysGoodbyeToPublishers();
    void bringsPublishersBackToTheNextServer();
    void givesUpWhatRunsForTooLong();
    void endsAtOnceAtTheSecondSignal();

private:
    /// Sends SIGTERM and waits until the server has taken notice.
    bool stopServer() const;

    /// Whether the server ends by itself, and well.
    bool hasStopped() const;

    std::unique_ptr<HttpCall> stream(const QJsonObject &members = {}) const
    {
        return m_stack->call(m_stack->chat(members));
    }
};

namespace {

const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});
/// Some two seconds long.
const QJsonObject lasting = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 40}});

} // namespace

bool TestShutdown::stopServer() const
{
    m_stack->server().signal(SIGTERM);
    return m_stack->server().waitForLog("stopping");
}

bool TestShutdown::hasStopped() const
{
    return m_stack->server().waitForExit(2s) && m_stack->server().exitCode() == 0;
}

void TestShutdown::stopsAtOnceWhenIdle_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestShutdown::stopsAtOnceWhenIdle()
{
    QFETCH(int, signal);
    QVERIFY(startStack());
    // Neither a client that keeps its connection nor one that has said nothing yet holds it up.
    const auto keptAlive = m_stack->get("/livez");
    const auto silent = m_stack->callRaw({});
    QVERIFY(!keptAlive->field("connection").contains("close"));
    m_stack->server().signal(signal);
    QVERIFY(hasStopped());
    QTRY_VERIFY_WITH_TIMEOUT(silent->hasEnded(), 1000);
}

void TestShutdown::letsRunningAnswersFinish()
{
    QVERIFY(startStack());
    const auto running = stream(lasting);
    const auto body =
        m_stack->call(m_stack->modelRequest("/v1/chat/completions", directive({{QStringLiteral("delay"), 1000}})));
    QVERIFY(running->waitForEvents(2));
    QTRY_COMPARE(m_stack->backendRequests().size(), 2);
    QVERIFY(stopServer());
    const auto since = running->elapsed();
    QVERIFY(!running->hasEnded() && !body->hasEnded());

    QVERIFY(body->waitForEnd());
    QCOMPARE(body->status(), 200);
    QVERIFY(body->isComplete());
    QVERIFY(running->waitForEnd());
    QVERIFY(running->isComplete() && running->saysDone());
    QCOMPARE(running->events().size(), 43);
    QVERIFY(running->endedAt() > since + 500ms);
    QVERIFY(hasStopped());
}

void TestShutdown::refusesNewConnections()
{
    QVERIFY(startStack());
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopServer());
    QTRY_VERIFY_WITH_TIMEOUT(m_stack->get("/livez")->wasRefused(), 1000);
    QVERIFY(!running->hasEnded());
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(hasStopped());
}

void TestShutdown::refusesWhatHasNotBegun()
{
    QVERIFY(startStack());
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    // Two requests that have arrived in part.
    const QByteArray ready = "GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n";
    const auto readyz = m_stack->callRaw(ready.first(20));
    const QByteArray request = toBytes(m_stack->chat());
    const auto infer = m_stack->callRaw(request.chopped(10));
    QVERIFY(m_stack->get("/livez")->isComplete());
    QVERIFY(stopServer());

    infer->send(request.last(10));
    QVERIFY(infer->waitForEnd(1s));
    QCOMPARE(infer->status(), 503);
    QCOMPARE(infer->errorCode(), QStringLiteral("shutting_down"));
    QVERIFY(infer->field("retry-after").toInt() >= 1);
    QCOMPARE(infer->field("connection"), QByteArray("close"));
    readyz->send(ready.sliced(20));
    QVERIFY(readyz->waitForEnd(1s));
    QCOMPARE(readyz->status(), 503);
    QCOMPARE(readyz->json()[QLatin1String("status")].toString(), QStringLiteral("shutting_down"));
    QVERIFY(!running->hasEnded());
    QVERIFY(running->waitForEnd() && running->saysDone());
    QCOMPARE(m_stack->backendRequests().size(), 1);
    QVERIFY(hasStopped());
}

void TestShutdown::refusesThoseWhoWait()
{
    QVERIFY(startStack({.maxConcurrency = 1}));
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    const auto waiting = stream();
    QTRY_COMPARE(m_stack->llm()[QLatin1String("waiting")].toInt(), 1);
    QVERIFY(stopServer());
    QVERIFY(waiting->waitForEnd(1s));
    QCOMPARE(waiting->status(), 503);
    QCOMPARE(waiting->errorCode(), QStringLiteral("shutting_down"));
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(hasStopped());
}

void TestShutdown::saysGoodbyeToPublishers()
{
    QVERIFY(startStack());
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopServer());
    QVERIFY(m_stack->publisher().waitForLog("says goodbye", 1s));
    // It stays for what runs.
    QVERIFY(running->waitForEnd() && running->saysDone());
    QCOMPARE(m_stack->backendStats()[QLatin1String("aborted")].toInt(), 0);
    QVERIFY(hasStopped());
    QVERIFY(m_stack->publisher().isRunning());
}

void TestShutdown::bringsPublishersBackToTheNextServer()
{
    QVERIFY(startStack({.publisher = {{QStringLiteral("reconnect.maxSeconds"), QStringLiteral("2")}}}));
    const QJsonObject before = m_stack->sessions().first().toObject();
    const auto running = stream(lasting);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopServer());
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(hasStopped());
    QVERIFY(m_stack->startServer());
    // At once, jittered within 2 s; one attempt may come too early for the new server.
    QVERIFY(m_stack->waitUntilLlmIs("active", 5s));
    const QJsonObject after = m_stack->sessions().first().toObject();
    QCOMPARE(after[QLatin1String("id")], before[QLatin1String("id")]);
    QCOMPARE(after[QLatin1String("epoch")].toInt(), before[QLatin1String("epoch")].toInt() + 1);
}

void TestShutdown::givesUpWhatRunsForTooLong()
{
    QVERIFY(startStack({.server = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("0.7")}}}));
    const auto running = stream(endless);
    const auto unanswered =
        m_stack->call(m_stack->modelRequest("/v1/chat/completions", directive({{QStringLiteral("hang"), true}})));
    QVERIFY(running->waitForEvents(1));
    QTRY_COMPARE(m_stack->backendRequests().size(), 2);
    QElapsedTimer since;
    since.start();
    QVERIFY(stopServer());
    QVERIFY(m_stack->server().waitForExit(3s));
    QVERIFY(since.elapsed() >= 690);
    QCOMPARE(m_stack->server().exitCode(), 0);
    QVERIFY(running->waitForEnd(1s));
    QVERIFY(!running->isComplete() && !running->saysDone());
    QVERIFY(unanswered->waitForEnd(1s));
    QVERIFY(unanswered->status() != 200);
    const auto stillRunning = [this] { return m_stack->backendStats()[QLatin1String("running")].toInt(); };
    QTRY_COMPARE_WITH_TIMEOUT(stillRunning(), 0, 2000);
}

void TestShutdown::endsAtOnceAtTheSecondSignal()
{
    QVERIFY(startStack());
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    QVERIFY(stopServer());
    QVERIFY(!m_stack->server().waitForExit(300ms));
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit(500ms));
    QVERIFY(running->waitForEnd(1s));
    QVERIFY(!running->isComplete() && !running->saysDone());
}

QTEST_GUILESS_MAIN(TestShutdown)
#include "tst_shutdown.moc"
