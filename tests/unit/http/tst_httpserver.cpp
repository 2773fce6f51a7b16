// The server around the connections: where it listens, how many it serves, TLS, upgrades, CORS, and its end.

#include "httpserver.h"
#include "rawclient.h"
#include "scriptedrouter.h"

#include <QProcess>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketServer>

#include <sys/resource.h>

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestHttpServer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void listensOn_data();
    void listensOn();
    void saysWhyItCannotListen();
    void answersPreflightsWithoutTheRouter();
    void servesTls();
    void endsTlsStreams_data();
    void endsTlsStreams();
    void cutsAStalledTlsClient();
    void dropsPlainTextOnTls();
    void timesOutATlsHandshake();
    void refusesBadTlsFiles_data();
    void refusesBadTlsFiles();
    void handsOverUpgrades_data();
    void handsOverUpgrades();
    void refusesAnUpgradeWithBody();
    void stopsAcceptingAtItsLimit();
    void stopsAcceptingWithoutDescriptors();
    void drains();
    void drainsAtOnceWithoutConnections();
    void tellsHandlersWhenItIsDestroyed();

private:
    void listen();
    void listenTls();
    void connectTls(QSslSocket &client) const;
    QString makeCertificate(const QString &name) const;

    QTemporaryDir m_directory;
    HttpSettings m_settings;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<ScriptedRouter> m_router;
    std::unique_ptr<HttpServer> m_server;
};

namespace {

const QByteArray get = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n";
const QByteArray hold = "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n";

/// Makes the process have at most `count` descriptors for as long as this lives.
class DescriptorLimit
{
public:
    explicit DescriptorLimit(rlim_t count)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        const rlimit limit{count, m_before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }

    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }

    DescriptorLimit(const DescriptorLimit &) = delete;
    DescriptorLimit &operator=(const DescriptorLimit &) = delete;

private:
    rlimit m_before;
};

} // namespace

/// Makes NAME.crt and NAME.key; returns their path without the suffix.
QString TestHttpServer::makeCertificate(const QString &name) const
{
    const QString path = m_directory.filePath(name);
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"),
                  {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("ec"),
                   QStringLiteral("-pkeyopt"), QStringLiteral("ec_paramgen_curve:prime256v1"), QStringLiteral("-nodes"),
                   QStringLiteral("-subj"), QStringLiteral("/CN=localhost"), QStringLiteral("-days"),
                   QStringLiteral("2"), QStringLiteral("-keyout"), QString(path + QStringLiteral(".key")),
                   QStringLiteral("-out"), QString(path + QStringLiteral(".crt"))});
    if (!openssl.waitForFinished() || openssl.exitCode() != 0)
        qFatal("openssl could not make a certificate.");
    return path;
}

void TestHttpServer::initTestCase()
{
    makeCertificate(QStringLiteral("server"));
    makeCertificate(QStringLiteral("other"));
}

void TestHttpServer::init()
{
    m_settings = {};
    m_settings.port = 0;
    m_clock = std::make_unique<FakeClock>();
    m_router = std::make_unique<ScriptedRouter>();
}

void TestHttpServer::cleanup()
{
    m_server.reset();
    QCOMPARE(m_router->handlers, 0);
}

void TestHttpServer::listen()
{
    m_server = std::make_unique<HttpServer>(m_settings, *m_clock, *m_router);
    const Result<void> listening = m_server->listen();
    QVERIFY2(listening, listening ? "" : qPrintable(listening.error().message));
}

void TestHttpServer::listenTls()
{
    m_settings.certificateFile = m_directory.filePath(QStringLiteral("server.crt"));
    m_settings.keyFile = m_directory.filePath(QStringLiteral("server.key"));
    listen();
}

void TestHttpServer::connectTls(QSslSocket &client) const
{
    client.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), m_server->port());
    QTRY_VERIFY(client.isEncrypted());
}

void TestHttpServer::listensOn_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("reachedBy");
    QTest::newRow("IPv4") << QStringLiteral("127.0.0.1") << QStringLiteral("127.0.0.1");
    QTest::newRow("all of IPv4") << QStringLiteral("0.0.0.0") << QStringLiteral("127.0.0.1");
    QTest::newRow("localhost") << QStringLiteral("localhost") << QStringLiteral("127.0.0.1");
    QTest::newRow("everything") << QStringLiteral("::") << QStringLiteral("127.0.0.1");
    if (QTcpServer probe; probe.listen(QHostAddress::LocalHostIPv6)) {
        QTest::newRow("IPv6") << QStringLiteral("::1") << QStringLiteral("::1");
        QTest::newRow("IPv6 in brackets") << QStringLiteral("[::1]") << QStringLiteral("::1");
        QTest::newRow("everything, by IPv6") << QStringLiteral("::") << QStringLiteral("::1");
    }
}

void TestHttpServer::listensOn()
{
    QFETCH(QString, host);
    QFETCH(QString, reachedBy);
    m_settings.host = host;
    listen();
    QTcpSocket client;
    client.connectToHost(reachedBy, m_server->port());
    client.write(get);
    QTRY_VERIFY(client.bytesAvailable() > 0);
    QVERIFY(client.readAll().startsWith("HTTP/1.1 200 OK\r\n"));
    QCOMPARE(m_router->lastHead.peer, QHostAddress(reachedBy));
}

void TestHttpServer::saysWhyItCannotListen()
{
    listen();
    HttpSettings settings = m_settings;
    settings.port = m_server->port();
    HttpServer taken(settings, *m_clock, *m_router);
    Result<void> listening = taken.listen();
    QVERIFY(!listening);
    QCOMPARE(toString(listening.error().code), toString(ErrorCode::Io));
    QVERIFY(listening.error().message.contains(QString::number(settings.port)));

    settings.host = QStringLiteral("no such host");
    HttpServer lost(settings, *m_clock, *m_router);
    listening = lost.listen();
    QVERIFY(!listening);
    QVERIFY(listening.error().message.contains(settings.host));
}

void TestHttpServer::answersPreflightsWithoutTheRouter()
{
    m_settings.allowedOrigins = {"https://app.example"};
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("OPTIONS /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\n"
                           "Access-Control-Request-Method: POST\r\n\r\n"
                           "GET /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\n\r\n"
                           "OPTIONS /refuse HTTP/1.1\r\nHost: h\r\nOrigin: https://evil.example\r\n"
                           "Access-Control-Request-Method: POST\r\n\r\n"));
    const QList<Answer> answers = client.answers(3);
    QCOMPARE(answers.size(), 3);
    QCOMPARE(answers[0].status, 204);
    QCOMPARE(answers[0].fields.value("access-control-allow-origin"), QByteArray("https://app.example"));
    QCOMPARE(answers[1].status, 401);
    QCOMPARE(answers[1].fields.value("access-control-allow-origin"), QByteArray("https://app.example"));
    QCOMPARE(answers[2].status, 401);
    QVERIFY(!answers[2].fields.contains("access-control-allow-origin"));
    QCOMPARE(m_router->routed, (QByteArrayList{"GET /refuse", "OPTIONS /refuse"}));
}

void TestHttpServer::servesTls()
{
    listenTls();
    QSslSocket client;
    connectTls(client);
    QVERIFY(client.sessionProtocol() >= QSsl::TlsV1_2);

    QByteArray received;
    const auto receive = [&](int answers) {
        received += client.readAll();
        const QList<Answer> found = parseAnswers(received, false);
        return found.size() >= answers && found.at(answers - 1).complete;
    };
    client.write(get);
    QTRY_VERIFY(receive(1));
    const QByteArray body(3'000'000, 'x');
    client.write("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + body);
    QTRY_VERIFY(receive(2));
    QVERIFY(parseAnswers(received, false).last().body == "POST /echo\n" + body);

    QSignalSpy disconnected(&client, &QSslSocket::disconnected);
    client.write("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    QTRY_VERIFY(receive(3));
    QTRY_COMPARE(disconnected.size(), 1);
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpServer::endsTlsStreams_data()
{
    QTest::addColumn<QByteArray>("way");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("finish") << QByteArray("finish") << QByteArray("4\r\nlast\r\n0\r\n\r\n");
    QTest::newRow("cut") << QByteArray("cut") << QByteArray("4\r\nlast\r\n");
    QTest::newRow("abort") << QByteArray("abort") << QByteArray("5\r\nfirst\r\n");
}

void TestHttpServer::endsTlsStreams()
{
    QFETCH(QByteArray, way);
    QFETCH(QByteArray, end);
    listenTls();
    QSslSocket client;
    connectTls(client);
    QSignalSpy disconnected(&client, &QSslSocket::disconnected);
    client.write("GET /hold HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    QTRY_COMPARE(m_router->held.size(), 1);
    Exchange &exchange = *m_router->held.first()->exchange;
    exchange.begin(200, {});
    exchange.write("first");
    QByteArray received;
    QTRY_VERIFY((received += client.readAll()).endsWith("5\r\nfirst\r\n"));
    exchange.write("last");
    way == "finish" ? exchange.finish() : way == "cut" ? exchange.cut() : exchange.abort();
    QTRY_COMPARE(disconnected.size(), 1);
    received += client.readAll();
    QVERIFY2(received.endsWith(end), received.constData());
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpServer::cutsAStalledTlsClient()
{
    listenTls();
    QSslSocket client;
    connectTls(client);
    client.setReadBufferSize(4096);
    client.write(hold);
    QTRY_COMPARE(m_router->held.size(), 1);
    Exchange &exchange = *m_router->held.first()->exchange;
    exchange.begin(200, {});
    exchange.write(QByteArray(16'000'000, 'x'));
    QTRY_VERIFY(client.bytesAvailable() >= 4096);
    spin();
    QVERIFY(exchange.bufferedBytes() > 1'000'000);
    m_clock->advance(30s);
    QVERIFY(m_router->held.first()->clientGone);
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpServer::dropsPlainTextOnTls()
{
    listenTls();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(get));
    QTRY_VERIFY(client.end() != RawClient::End::Open);
    QVERIFY(!client.received().contains("HTTP/1.1 200"));
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QCOMPARE(m_router->routed.size(), 0);
}

void TestHttpServer::timesOutATlsHandshake()
{
    listenTls();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("\x16"));
    QTRY_COMPARE(m_server->connectionCount(), 1);
    spin();
    m_clock->advance(4s);
    QCOMPARE(m_server->connectionCount(), 1);
    m_clock->advance(1s);
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QTRY_VERIFY(client.end() != RawClient::End::Open);
}

void TestHttpServer::refusesBadTlsFiles_data()
{
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("culprit");
    const QString crt = QStringLiteral("server.crt");
    const QString key = QStringLiteral("server.key");
    const QString none = QStringLiteral("missing.pem");
    QTest::newRow("missing certificate") << none << key << none;
    QTest::newRow("missing key") << crt << none << none;
    QTest::newRow("key for a certificate") << key << key << key;
    QTest::newRow("certificate for a key") << crt << crt << crt;
    QTest::newRow("another's key") << crt << QStringLiteral("other.key") << QStringLiteral("other.key");
    QTest::newRow("no key") << crt << QString() << QStringLiteral("key file");
}

void TestHttpServer::refusesBadTlsFiles()
{
    QFETCH(QString, certificate);
    QFETCH(QString, key);
    QFETCH(QString, culprit);
    m_settings.certificateFile = m_directory.filePath(certificate);
    m_settings.keyFile = key.isEmpty() ? QString() : m_directory.filePath(key);
    HttpServer server(m_settings, *m_clock, *m_router);
    const Result<void> listening = server.listen();
    QVERIFY(!listening);
    QCOMPARE(toString(listening.error().code), toString(ErrorCode::Configuration));
    QVERIFY2(listening.error().message.contains(culprit), qPrintable(listening.error().message));
}

void TestHttpServer::handsOverUpgrades_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("plain") << false;
    QTest::newRow("TLS") << true;
}

void TestHttpServer::handsOverUpgrades()
{
    QFETCH(bool, tls);
    tls ? listenTls() : listen();
    QWebSocket client;
    QSslConfiguration trusting = client.sslConfiguration();
    trusting.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.setSslConfiguration(trusting);
    QSignalSpy texts(&client, &QWebSocket::textMessageReceived);
    client.open(QUrl(QStringLiteral("%1://127.0.0.1:%2/upgrade").arg(tls ? u"wss" : u"ws").arg(m_server->port())));
    QTRY_VERIFY(m_router->upgradedSocket);
    QCOMPARE(m_server->connectionCount(), 0);
    QVERIFY(!m_router->upgradedSocket->parent());
    QTRY_VERIFY(m_router->upgradedSocket->bytesAvailable() > 0);
    QVERIFY(m_router->upgradedSocket->peek(100).startsWith("GET /upgrade HTTP/1.1\r\n"));

    QWebSocketServer webSockets(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
    QSignalSpy opened(&webSockets, &QWebSocketServer::newConnection);
    webSockets.handleConnection(m_router->upgradedSocket.release());
    QTRY_COMPARE(opened.size(), 1);
    const std::unique_ptr<QWebSocket> serverEnd(webSockets.nextPendingConnection());
    QTRY_COMPARE(client.state(), QAbstractSocket::ConnectedState);
    connect(serverEnd.get(), &QWebSocket::textMessageReceived, serverEnd.get(), &QWebSocket::sendTextMessage);
    client.sendTextMessage(QStringLiteral("hello"));
    QTRY_COMPARE(texts.size(), 1);
    QCOMPARE(texts.first().first().toString(), QStringLiteral("hello"));
}

void TestHttpServer::refusesAnUpgradeWithBody()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /upgrade HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                           "Content-Length: 5\r\n\r\nhello"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 400);
    QVERIFY(!m_router->upgradedSocket);
}

void TestHttpServer::stopsAcceptingAtItsLimit()
{
    m_settings.limits.connections = 10;
    listen();
    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 10");
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 15; ++i) {
        clients.push_back(std::make_unique<RawClient>(m_server->port()));
        QVERIFY(clients.back()->sendAll(hold));
    }
    QTRY_COMPARE(m_server->connectionCount(), 10);
    QTRY_COMPARE(m_router->held.size(), 10);
    spin();
    QCOMPARE(m_server->connectionCount(), 10);

    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 10");
    clients.erase(clients.begin(), clients.begin() + 3);
    QTRY_COMPARE(m_router->held.size(), 13);
    QCOMPARE(m_server->connectionCount(), 10);
    clients.clear();
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpServer::stopsAcceptingWithoutDescriptors()
{
    const DescriptorLimit limit(120);
    listen();
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("^No more connections are accepted")));
    std::vector<std::unique_ptr<RawClient>> clients; // each has a descriptor of its own in this process
    while (clients.size() < 55)
        clients.push_back(std::make_unique<RawClient>(m_server->port())), spin();
    const int accepted = m_server->connectionCount();
    QVERIFY2(accepted > 30 && accepted < 55, qPrintable(QString::number(accepted)));

    // Descriptors that others give back are noticed in time, those of connections at once.
    clients.erase(clients.end() - 5, clients.end());
    clients.erase(clients.begin(), clients.begin() + 20);
    QTRY_COMPARE(m_server->connectionCount(), static_cast<int>(clients.size()));
    for (const auto &client : clients) {
        QVERIFY(client->sendAll(get));
        QCOMPARE(client->answers().size(), 1);
    }
}

void TestHttpServer::drains()
{
    listen();
    const quint16 port = m_server->port();
    RawClient idle(port);
    RawClient busy(port);
    RawClient half(port);
    QVERIFY(idle.sendAll(get));
    QCOMPARE(idle.answers().size(), 1);
    QVERIFY(busy.sendAll(hold));
    QTRY_COMPARE(m_router->held.size(), 1);
    QVERIFY(half.sendAll(get.first(10)));
    spin();

    QSignalSpy drained(m_server.get(), &HttpServer::drained);
    m_server->drain();
    QTRY_COMPARE(idle.end(), RawClient::End::Fin);
    QTcpSocket late;
    QSignalSpy refused(&late, &QTcpSocket::errorOccurred);
    late.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    QTRY_COMPARE(refused.size(), 1);

    QVERIFY(half.sendAll(get.sliced(10)));
    QTRY_COMPARE(half.end(), RawClient::End::Fin);
    QCOMPARE(half.answers().first().status, 200);
    QCOMPARE(half.answers().first().fields.value("connection"), QByteArray("close"));
    half.close();
    QTRY_COMPARE(m_server->connectionCount(), 1);
    QCOMPARE(drained.size(), 0);

    m_router->held.first()->exchange->respond({200, {}, "done"});
    QTRY_COMPARE(busy.end(), RawClient::End::Fin);
    QCOMPARE(busy.answers().first().body, QByteArray("done"));
    busy.close();
    QTRY_COMPARE(drained.size(), 1);
}

void TestHttpServer::drainsAtOnceWithoutConnections()
{
    listen();
    QSignalSpy drained(m_server.get(), &HttpServer::drained);
    m_server->drain();
    QCOMPARE(drained.size(), 0);
    QTRY_COMPARE(drained.size(), 1);
}

void TestHttpServer::tellsHandlersWhenItIsDestroyed()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(hold));
    QTRY_COMPARE(m_router->held.size(), 1);
    m_server.reset();
    QVERIFY(m_router->held.first()->clientGone);
    QTRY_VERIFY(client.end() != RawClient::End::Open);
}

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_httpserver.moc"
