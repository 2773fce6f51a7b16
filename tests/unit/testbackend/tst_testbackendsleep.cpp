// A test backend that sleeps: what clients see of it, and what wakes it and puts it to sleep.

#include "backendclient.h"
#include "sleepcycle.h"
#include "testbackend.h"
#include "wakelistener.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace hearth;
using namespace hearth::testbackend;
using namespace std::chrono_literals;

namespace {

constexpr char chat[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";

const QString programPath = QStringLiteral(HEARTH_BIN_DIR "/hearth-testbackend");

QByteArray chatRequest(const QByteArray &directives = {})
{
    return BackendClient::request("POST", "/v1/chat/completions?x_test=" + directives, chat);
}

/// Whether somebody listens there.
bool accepts(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    return socket.waitForConnected() || socket.error() != QAbstractSocket::ConnectionRefusedError;
}

/// What `GET /stats` answers.
QByteArray counts(int wakes, int sleeps, int boots, bool isAwake)
{
    return QStringLiteral(R"({"boots":%3,"isAwake":%4,"sleeps":%2,"wakes":%1})")
        .arg(wakes)
        .arg(sleeps)
        .arg(boots)
        .arg(isAwake ? QStringLiteral("true") : QStringLiteral("false"))
        .toUtf8();
}

/// A program that is killed with the object.
class Backend
{
public:
    explicit Backend(const QStringList &arguments)
    {
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.start(programPath,
                        QStringList{QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0")} + arguments);
    }

    ~Backend()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    /// Waits for a line such as `listening on http://127.0.0.1:8000`; the port in it, 0 when it does not come.
    quint16 portBehind(const QString &words)
    {
        const QRegularExpression pattern(words + QStringLiteral(" http://127\\.0\\.0\\.1:(\\d+)\\n"));
        QRegularExpressionMatch match;
        const auto isThere = [&] {
            m_output += QString::fromUtf8(m_process.readAll());
            match = pattern.match(m_output);
            return match.hasMatch();
        };
        if (!QTest::qWaitFor(isThere, 10'000))
            return 0;
        m_output.remove(0, match.capturedEnd());
        return match.captured(1).toUShort();
    }

    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

private:
    QProcess m_process;
    QString m_output;
};

} // namespace

class TestTestBackendSleep final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void refusesConnectionsAsleep();
    void listensAgainOnTheSamePort();
    void bootTakesItsTime();
    void bootsByItselfUnlessAsleep();
    void failsToBoot();
    void sleepDropsConnections();
    void sleepEndsABoot();
    void wakesCountWhateverHappens();
    void keepsItsPortForItself();
    void refusingStatusWakesNothing();
    void hangsButWakes();
    void unknownRoutes_data();
    void unknownRoutes();
    void signalsOfTheProgram();
    void flagsOfTheProgram();

private:
    /// Makes everything anew with these settings.
    void restart(const SleepSettings &sleep, WakeListenerSettings wake = {});
    QByteArray stats();
    Reply post(const QByteArray &path);

    FakeClock m_clock;
    std::unique_ptr<TestBackend> m_backend;
    std::unique_ptr<SleepCycle> m_cycle;
    std::unique_ptr<WakeListener> m_listener;
};

void TestTestBackendSleep::init()
{
    restart({.startsAsleep = true, .boot = 500ms});
}

void TestTestBackendSleep::restart(const SleepSettings &sleep, WakeListenerSettings wake)
{
    m_listener.reset();
    m_cycle.reset();
    TestBackendSettings settings;
    settings.port = 0;
    m_backend = std::make_unique<TestBackend>(settings, m_clock);
    m_cycle = std::make_unique<SleepCycle>(*m_backend, sleep, m_clock);
    m_listener = std::make_unique<WakeListener>(std::move(wake), *m_cycle);
    QVERIFY(m_listener->listen().ok());
    QVERIFY(m_cycle->start().ok());
}

QByteArray TestTestBackendSleep::stats()
{
    return BackendClient(m_listener->port()).call(BackendClient::request("GET", "/stats")).body;
}

Reply TestTestBackendSleep::post(const QByteArray &path)
{
    return BackendClient(m_listener->port()).call(BackendClient::request("POST", path, "{}"));
}

void TestTestBackendSleep::refusesConnectionsAsleep()
{
    QVERIFY(m_backend->port() != 0);
    QVERIFY(!accepts(m_backend->port()));
    QCOMPARE(stats(), counts(0, 0, 0, false));
}

void TestTestBackendSleep::listensAgainOnTheSamePort()
{
    const quint16 port = m_backend->port();
    for (int round = 1; round <= 3; ++round) {
        QCOMPARE(post("/wake").status, 200);
        m_clock.advance(500ms);
        QCOMPARE(m_backend->port(), port);
        QCOMPARE(BackendClient(port).call(chatRequest()).status, 200);
        QCOMPARE(post("/sleep").status, 200);
        QVERIFY(!accepts(port));
        QCOMPARE(stats(), counts(round, round, round, false));
    }
}

void TestTestBackendSleep::bootTakesItsTime()
{
    post("/wake");
    m_clock.advance(499ms);
    QVERIFY(!accepts(m_backend->port()));
    QCOMPARE(stats(), counts(1, 0, 0, false));
    m_clock.advance(1ms);
    QVERIFY(accepts(m_backend->port()));
    QCOMPARE(stats(), counts(1, 0, 1, true));
}

void TestTestBackendSleep::bootsByItselfUnlessAsleep()
{
    restart({.boot = 200ms});
    QVERIFY(!accepts(m_backend->port()));
    m_clock.advance(200ms);
    QVERIFY(accepts(m_backend->port()));
    QCOMPARE(stats(), counts(0, 0, 1, true));
    restart({});
    QVERIFY(accepts(m_backend->port()));
}

void TestTestBackendSleep::failsToBoot()
{
    restart({.startsAsleep = true, .bootFails = true});
    QCOMPARE(post("/wake").status, 200);
    m_clock.advance(24h);
    QVERIFY(!accepts(m_backend->port()));
    QCOMPARE(stats(), counts(1, 0, 0, false));
}

void TestTestBackendSleep::sleepDropsConnections()
{
    restart({});
    BackendClient client(m_backend->port());
    client.send(chatRequest("hang"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    post("/sleep");
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(m_backend->log().stats().aborted, 1);
}

void TestTestBackendSleep::sleepEndsABoot()
{
    post("/wake");
    m_clock.advance(400ms);
    post("/sleep");
    m_clock.advance(24h);
    QVERIFY(!accepts(m_backend->port()));
    post("/wake");
    m_clock.advance(500ms);
    QVERIFY(accepts(m_backend->port()));
    QCOMPARE(stats(), counts(2, 1, 1, true));
}

void TestTestBackendSleep::wakesCountWhateverHappens()
{
    post("/wake");
    m_clock.advance(400ms);
    post("/wake");
    m_clock.advance(100ms);
    QVERIFY(accepts(m_backend->port()));
    post("/wake");
    QCOMPARE(stats(), counts(3, 0, 1, true));
}

void TestTestBackendSleep::keepsItsPortForItself()
{
    const quint16 port = m_backend->port();
    // What a client's socket does that looks for a port of its own.
    QVERIFY(!QTcpSocket().bind(QHostAddress::LocalHost, port, QAbstractSocket::DontShareAddress));
    post("/wake");
    m_clock.advance(500ms);
    TestBackendSettings taken;
    taken.port = port;
    QVERIFY(!TestBackend(taken, m_clock).reserve().ok());
}

void TestTestBackendSleep::refusingStatusWakesNothing()
{
    restart({.startsAsleep = true}, {.wakeStatus = 500});
    QCOMPARE(post("/wake").status, 500);
    QVERIFY(!accepts(m_backend->port()));
    QCOMPARE(stats(), counts(1, 0, 0, false));
}

void TestTestBackendSleep::hangsButWakes()
{
    restart({.startsAsleep = true}, {.wakeHangs = true});
    BackendClient client(m_listener->port());
    client.send(BackendClient::request("POST", "/wake"));
    QTRY_VERIFY(m_cycle->isAwake());
    QCOMPARE(stats(), counts(1, 0, 1, true));
    QVERIFY(client.received().isEmpty() && !client.isClosed());
}

void TestTestBackendSleep::unknownRoutes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("another route") << QByteArray("POST") << QByteArray("/v1/chat/completions");
    QTest::newRow("another method") << QByteArray("GET") << QByteArray("/wake");
}

void TestTestBackendSleep::unknownRoutes()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QCOMPARE(BackendClient(m_listener->port()).call(BackendClient::request(method, path)).status, 404);
    QCOMPARE(stats(), counts(0, 0, 0, false));
}

void TestTestBackendSleep::signalsOfTheProgram()
{
    Backend backend({QStringLiteral("--asleep")});
    const quint16 port = backend.portBehind(QStringLiteral("asleep on"));
    QVERIFY(port != 0);
    QVERIFY(!accepts(port));
    backend.signal(SIGUSR1);
    QCOMPARE(backend.portBehind(QStringLiteral("listening on")), port);
    QCOMPARE(BackendClient(port).call(chatRequest()).status, 200);
    backend.signal(SIGUSR2);
    QCOMPARE(backend.portBehind(QStringLiteral("asleep on")), port);
    QVERIFY(!accepts(port));
}

void TestTestBackendSleep::flagsOfTheProgram()
{
    Backend backend({QStringLiteral("--asleep"), QStringLiteral("--wake-listen"), QStringLiteral("127.0.0.1:0"),
                     QStringLiteral("--boot-ms"), QStringLiteral("50"), QStringLiteral("--wake-status"),
                     QStringLiteral("202")});
    const quint16 wakePort = backend.portBehind(QStringLiteral("waking on"));
    const quint16 port = backend.portBehind(QStringLiteral("asleep on"));
    QVERIFY(wakePort != 0 && port != 0);
    BackendClient client(wakePort);
    QCOMPARE(client.call(BackendClient::request("POST", "/wake")).status, 202);
    QCOMPARE(client.call(BackendClient::request("GET", "/stats")).body, counts(1, 0, 0, false));
    QCOMPARE(backend.portBehind(QStringLiteral("listening on")), port);
    QCOMPARE(client.call(BackendClient::request("GET", "/stats")).body, counts(1, 0, 1, true));
}

QTEST_GUILESS_MAIN(TestTestBackendSleep)
#include "tst_testbackendsleep.moc"
