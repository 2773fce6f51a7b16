// The programs as services: what the service manager hears from them, and what it does not hear too early. The test
// plays the manager.

#include "notifysocket.h"
#include "waketest.h"

#include <QFile>
#include <QTcpServer>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestService final : public WakeTest
{
    Q_OBJECT

private Q_SLOTS:
    void serverIsReadyOnceItListens();
    void serverIsNeverReadyWhenItCannotListen();
    void serverFeedsTheWatchdogWhileItTurns();
    void serverTellsOfEveryReload();
    void serverTellsOfARefusedReload();
    void serverDrainsInTheTimeThatItAsksFor();
    void serverThatGivesUpTellsWhatFollows();
    void serverAsksForTheTimeThatItsDatabaseMayTake();
    void publisherDrainsInTheTimeThatItAsksFor();
    void recipesHearNothingOfTheManager();

private:
    /// Makes a stack and starts the server alone; the manager has heard nothing of it yet.
    bool startServer(const StackSettings &settings = {});
    /// Starts the rest of the stack, of which the manager hears nothing.
    bool startPublishing();
};

bool TestService::startServer(const StackSettings &settings)
{
    makeStack(settings);
    return m_stack->makeKeys() && m_stack->startServer();
}

bool TestService::startPublishing()
{
    // The publisher is a service, too, and would report in between.
    qunsetenv("NOTIFY_SOCKET");
    if (!m_stack->startBackend())
        return false;
    m_stack->startPublisher();
    return m_stack->waitUntilLlmIs("active");
}

void TestService::serverIsReadyOnceItListens()
{
    NotifySocket manager;
    makeStack();
    QVERIFY(m_stack->makeKeys());
    // Commands are no service.
    QCOMPARE(manager.takeNext(), QByteArray());
    QVERIFY(m_stack->startServer());
    QCOMPARE(manager.next(), "READY=1\nSTATUS=listening on " + m_stack->serverUrl().toEncoded());
    QCOMPARE(m_stack->get("/livez")->status(), 200);
    QCOMPARE(manager.takeNext(), QByteArray());
}

void TestService::serverIsNeverReadyWhenItCannotListen()
{
    NotifySocket manager;
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    makeStack();
    const CommandResult ended =
        m_stack->hearthd({QStringLiteral("--listen"), QStringLiteral("127.0.0.1:%1").arg(taken.serverPort())});
    QCOMPARE(ended.exitCode, 1);
    QCOMPARE(manager.takeNext(), QByteArray());
}

void TestService::serverFeedsTheWatchdogWhileItTurns()
{
    NotifySocket manager;
    manager.setWatchdog(200ms);
    QVERIFY(startServer());
    const int atTheStart = manager.watchdogMessages();
    QTRY_VERIFY(manager.watchdogMessages() >= atTheStart + 3);
}

void TestService::serverTellsOfEveryReload()
{
    NotifySocket manager;
    QVERIFY(startServer({.serverFile = "logLevel: info\n"}));
    QVERIFY(manager.next().startsWith("READY=1\n"));
    m_stack->writeServerFile("logLevel: debug\n");
    m_stack->server().signal(SIGHUP);
    QVERIFY(manager.next().startsWith("RELOADING=1\nMONOTONIC_USEC="));
    QCOMPARE(manager.next(), QByteArray("READY=1\nSTATUS=reloaded: logLevel"));
    m_stack->server().signal(SIGHUP);
    QVERIFY(manager.next().startsWith("RELOADING=1\n"));
    QCOMPARE(manager.next(), QByteArray("READY=1\nSTATUS=reloaded: no setting has changed"));
}

void TestService::serverTellsOfARefusedReload()
{
    NotifySocket manager;
    QVERIFY(startServer({.serverFile = "logLevel: info\n"}));
    QVERIFY(manager.next().startsWith("READY=1\n"));
    m_stack->writeServerFile("logLevel: loud\n");
    m_stack->server().signal(SIGHUP);
    QVERIFY(manager.next().startsWith("RELOADING=1\n"));
    const QByteArray outcome = manager.next();
    QVERIFY2(outcome.startsWith("READY=1\nSTATUS=not reloaded"), outcome.constData());
    QVERIFY2(outcome.contains("hearthd.yaml:1"), outcome.constData());
    QCOMPARE(m_stack->get("/livez")->status(), 200);
}

void TestService::serverDrainsInTheTimeThatItAsksFor()
{
    NotifySocket manager;
    QVERIFY(startServer({.server = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("60")}}}));
    QVERIFY(manager.next().startsWith("READY=1\n"));
    QVERIFY(startPublishing());
    const auto running = stream(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 30}}));
    QVERIFY(running->waitForEvents(1));
    m_stack->server().signal(SIGTERM);
    const QByteArray stopping = manager.next();
    QVERIFY2(stopping.startsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC=89000000\n"), stopping.constData());
    QCOMPARE(manager.next(), QByteArray("STATUS=draining: 1 request still running"));
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(m_stack->server().waitForExit(5s));
    QCOMPARE(m_stack->server().exitCode(), 0);
}

void TestService::serverThatGivesUpTellsWhatFollows()
{
    NotifySocket manager;
    QVERIFY(startServer({.server = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("1")}}}));
    QVERIFY(startPublishing());
    const auto running = stream(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 1000}}));
    QVERIFY(running->waitForEvents(1));
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit(10s));
    QVERIFY(m_stack->server().log().contains("giving up"));
    QByteArray last;
    for (QByteArray message = manager.takeNext(); !message.isEmpty(); message = manager.takeNext())
        last = message;
    QCOMPARE(last, QByteArray("STATUS=closing the database"));
}

void TestService::publisherDrainsInTheTimeThatItAsksFor()
{
    QVERIFY(startServer({.publisher = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("60")},
                                       {QStringLiteral("channel.closeTimeoutSeconds"), QStringLiteral("4")},
                                       {QStringLiteral("recipeKillGraceSeconds"), QStringLiteral("1")}}}));
    QVERIFY(m_stack->startBackend());
    NotifySocket manager;
    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("active"));

    const auto running = stream(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 30}}));
    QVERIFY(running->waitForEvents(1));
    m_stack->publisher().signal(SIGTERM);
    QByteArray message = manager.next();
    while (!message.isEmpty() && !message.startsWith("STOPPING=1"))
        message = manager.next();
    QCOMPARE(message, QByteArray("STOPPING=1\nEXTEND_TIMEOUT_USEC=70000000\nSTATUS=draining: 1 request still running"));
    QCOMPARE(manager.next(), QByteArray("STATUS=stopping"));
    QVERIFY(running->waitForEnd() && running->saysDone());
    QVERIFY(m_stack->publisher().waitForExit(5s));
    QCOMPARE(m_stack->publisher().exitCode(), 0);
}

void TestService::serverAsksForTheTimeThatItsDatabaseMayTake()
{
    NotifySocket manager;
    QVERIFY(startServer({.server = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("1")},
                                    {QStringLiteral("storage.statementSeconds"), QStringLiteral("30")}}}));
    QVERIFY(manager.next().startsWith("READY=1\n"));
    m_stack->server().signal(SIGTERM);
    // A statement is cut half a second after its time, or a little later; four of them may follow each other.
    const QByteArray stopping = manager.next();
    QVERIFY2(stopping.startsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC=130000000\n"), stopping.constData());
    QCOMPARE(manager.next(), QByteArray("STATUS=closing the database"));
    QVERIFY(m_stack->server().waitForExit(5s));
}

void TestService::recipesHearNothingOfTheManager()
{
    NotifySocket manager;
    manager.setWatchdog(10s);
    QVERIFY(startAsleep(notedWakeSettings()));
    const QString variables = m_stack->path(QStringLiteral("variables"));
    m_stack->recipes().writeWakeScript("env > " + QFile::encodeName(variables));
    const auto waiting = stream();
    QTRY_VERIFY(m_stack->wakeRuns() > 0 && QFile(variables).size() > 0);
    QFile file(variables);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains("PATH="));
    QVERIFY2(!text.contains("NOTIFY_SOCKET") && !text.contains("WATCHDOG"), text.constData());
}

QTEST_GUILESS_MAIN(TestService)
#include "tst_service.moc"
