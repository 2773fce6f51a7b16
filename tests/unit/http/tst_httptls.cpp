// TLS, and the hand-over of upgraded sockets with and without it.

#include "certificate.h"
#include "httpservertest.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QWebSocket>
#include <QWebSocketServer>

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestHttpTls final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void servesTls();
    void endsTlsStreams_data();
    void endsTlsStreams();
    void cutsAStalledTlsClient();
    void dropsPlainTextOnTls();
    void timesOutATlsHandshake();
    void refusesBadTlsFiles_data();
    void refusesBadTlsFiles();
    void takesARenewedCertificate();
    void tellsWhenTheChainIsAnother();
    void keepsItsCertificateWhenTheNewOneIsBad();
    void handsOverUpgrades_data();
    void handsOverUpgrades();

private:
    void listenTls();
    void connectTls(QSslSocket &client) const;
    /// Makes NAME.crt and NAME.key, or makes them anew.
    void makeCertificate(const QString &name) const;

    QTemporaryDir m_directory;
};

namespace {

const QByteArray getHeld = "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n";

} // namespace

void TestHttpTls::makeCertificate(const QString &name) const
{
    const QString path = m_directory.filePath(name);
    testsupport::makeCertificate(path + QStringLiteral(".crt"), path + QStringLiteral(".key"));
}

void TestHttpTls::initTestCase()
{
    makeCertificate(QStringLiteral("server"));
    makeCertificate(QStringLiteral("other"));
}

void TestHttpTls::listenTls()
{
    m_settings.certificateFile = m_directory.filePath(QStringLiteral("server.crt"));
    m_settings.keyFile = m_directory.filePath(QStringLiteral("server.key"));
    listen();
}

void TestHttpTls::connectTls(QSslSocket &client) const
{
    client.setPeerVerifyMode(QSslSocket::VerifyNone);
    client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), m_server->port());
    QTRY_VERIFY(client.isEncrypted());
}

void TestHttpTls::servesTls()
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
    client.write(get());
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

void TestHttpTls::endsTlsStreams_data()
{
    QTest::addColumn<QByteArray>("way");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("finish") << QByteArray("finish") << QByteArray("4\r\nlast\r\n0\r\n\r\n");
    QTest::newRow("cut") << QByteArray("cut") << QByteArray("4\r\nlast\r\n");
    QTest::newRow("abort") << QByteArray("abort") << QByteArray("5\r\nfirst\r\n");
}

void TestHttpTls::endsTlsStreams()
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

void TestHttpTls::cutsAStalledTlsClient()
{
    listenTls();
    QSslSocket client;
    connectTls(client);
    client.setReadBufferSize(4096);
    client.write(getHeld);
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

void TestHttpTls::dropsPlainTextOnTls()
{
    listenTls();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(get()));
    QTRY_VERIFY(client.end() != RawClient::End::Open);
    QVERIFY(!client.received().contains("HTTP/1.1 200"));
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QCOMPARE(m_router->routed.size(), 0);
}

void TestHttpTls::timesOutATlsHandshake()
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

void TestHttpTls::refusesBadTlsFiles_data()
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

void TestHttpTls::refusesBadTlsFiles()
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

void TestHttpTls::takesARenewedCertificate()
{
    makeCertificate(QStringLiteral("renewed"));
    m_settings.certificateFile = m_directory.filePath(QStringLiteral("renewed.crt"));
    m_settings.keyFile = m_directory.filePath(QStringLiteral("renewed.key"));
    listen();
    QSslSocket before;
    connectTls(before);
    before.write(getHeld);
    QTRY_COMPARE(m_router->held.size(), 1);
    Exchange &exchange = *m_router->held.first()->exchange;
    exchange.begin(200, {});
    exchange.write("first");

    makeCertificate(QStringLiteral("renewed"));
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(QStringLiteral("another TLS certificate.*valid until 20")));
    const Result<CertificateChange> taken = m_server->setSettings(m_settings);
    QVERIFY(taken && *taken == CertificateChange::Renewed);
    QSslSocket after;
    connectTls(after);
    QVERIFY(!before.peerCertificate().isNull());
    QVERIFY(after.peerCertificate() != before.peerCertificate());
    QCOMPARE(after.peerCertificate(), QSslCertificate::fromPath(m_settings.certificateFile).value(0));

    exchange.write("last");
    exchange.finish();
    QByteArray received;
    QTRY_VERIFY((received += before.readAll()).endsWith("4\r\nlast\r\n0\r\n\r\n"));
}

void TestHttpTls::tellsWhenTheChainIsAnother()
{
    makeCertificate(QStringLiteral("chained"));
    m_settings.certificateFile = m_directory.filePath(QStringLiteral("chained.crt"));
    m_settings.keyFile = m_directory.filePath(QStringLiteral("chained.key"));
    listen();
    const auto change = [this] { return m_server->setSettings(m_settings).value(); };
    QVERIFY(change() == CertificateChange::None);

    // The same certificate, with another one behind it.
    QFile issuer(m_directory.filePath(QStringLiteral("other.crt")));
    QFile chain(m_settings.certificateFile);
    QVERIFY(issuer.open(QIODevice::ReadOnly) && chain.open(QIODevice::Append));
    QVERIFY(chain.write(issuer.readAll()) > 0);
    chain.close();
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(QStringLiteral("another TLS certificate")));
    QVERIFY(change() == CertificateChange::Renewed);
    QVERIFY(change() == CertificateChange::None);
}

void TestHttpTls::keepsItsCertificateWhenTheNewOneIsBad()
{
    listenTls();
    HttpSettings changed = m_settings;
    changed.keyFile = m_directory.filePath(QStringLiteral("other.key"));
    changed.allowedOrigins = {"https://a.example"};
    const Result<CertificateChange> taken = m_server->setSettings(changed);
    QVERIFY(!taken);
    QCOMPARE(toString(taken.error().code), toString(ErrorCode::Configuration));
    QVERIFY2(taken.error().message.contains(changed.keyFile), qPrintable(taken.error().message));
    QVERIFY(m_server->settings().allowedOrigins.isEmpty());
    QSslSocket client;
    connectTls(client);
    QCOMPARE(client.peerCertificate(), QSslCertificate::fromPath(m_settings.certificateFile).value(0));
}

void TestHttpTls::handsOverUpgrades_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("plain") << false;
    QTest::newRow("TLS") << true;
}

void TestHttpTls::handsOverUpgrades()
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

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_httptls.moc"
