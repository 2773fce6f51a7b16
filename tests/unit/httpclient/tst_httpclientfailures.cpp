// Backends that cannot be reached, stay silent or break off, and what the handler is told about them.

#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QProcess>
#include <QRegularExpression>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <vector>

using namespace hearth;
using namespace hearth::httpclient;
using namespace std::chrono_literals;

class TestHttpClientFailures final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void reportsRefusedConnection();
    void reportsUnknownHost();
    void limitsConnecting();
    void limitsTlsHandshake();
    void limitsFirstByte();
    void firstByteLimitWaitsForCaller();
    void firstByteLimitCoversStalledUpload();
    void limitsIdleAnswer();
    void idleLimitRestsWhilePaused();
    void reportsBrokenConnection_data();
    void reportsBrokenConnection();
    void neverRepeatsRequest_data();
    void neverRepeatsRequest();
    void verifiesCertificate();
};

void TestHttpClientFailures::init()
{
    // Qt warns about a notifier whose descriptor has been closed.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("QSocketNotifier")));
}

void TestHttpClientFailures::reportsRefusedConnection()
{
    FakeClock clock;
    HttpClient client({}, clock);
    Recorder recorder;
    const QByteArray url = ScriptedServer().url("/secret?key=secret");

    const auto transfer = client.start({.url = url, .fields = {{"Authorization", "secret"}}}, recorder);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendUnreachable));
    const QString port = QString::fromLatin1(url).section(u':', 2).section(u'/', 0, 0);
    QCOMPARE(recorder.message(), QStringLiteral("Cannot connect to 127.0.0.1:%1: Connection refused.").arg(port));
}

void TestHttpClientFailures::reportsUnknownHost()
{
    FakeClock clock;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = "https://user:pass@backend.invalid/x"}, recorder);
    QTRY_VERIFY_WITH_TIMEOUT(recorder.failedWith(ErrorCode::BackendUnreachable), 30'000);
    QCOMPARE(recorder.message(), QStringLiteral("Cannot connect to backend.invalid:443: the host name is not known."));
}

void TestHttpClientFailures::limitsConnecting()
{
    // A full queue of connections that nobody accepts: the kernel leaves further ones unanswered.
    FakeClock clock;
    QTcpServer server;
    server.setListenBacklogSize(0);
    QVERIFY(server.listen(QHostAddress::LocalHost));
    server.pauseAccepting();
    std::array<QTcpSocket, 4> fillers;
    for (QTcpSocket &filler : fillers)
        filler.connectToHost(server.serverAddress(), server.serverPort());
    QTRY_COMPARE(fillers.front().state(), QAbstractSocket::ConnectedState);
    HttpClient client({}, clock);
    Recorder recorder;

    const QByteArray hostAndPort = "127.0.0.1:" + QByteArray::number(server.serverPort());
    const auto transfer = client.start({.url = "http://" + hostAndPort, .limits = {.connect = 5s}}, recorder);
    passTime(client);
    clock.advance(4999ms);
    passTime(client);
    QCOMPARE(recorder.ends, 0);
    clock.advance(1ms);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendUnreachable));
    QCOMPARE(recorder.message(),
             QStringLiteral("Cannot connect to %1: no connection within 5 s.").arg(QString::fromLatin1(hostAndPort)));
    passTime(client);
}

void TestHttpClientFailures::limitsTlsHandshake()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url("/", "https"), .limits = {.connect = 5s}}, recorder);
    QTRY_VERIFY(server.peerCount() == 1 && !server.peer().received().isEmpty());
    clock.advance(5s);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendUnreachable));
    QTRY_VERIFY(server.peer().isClosed());
    passTime(client);
}

void TestHttpClientFailures::limitsFirstByte()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    TransferRequest request = post(server.url(), 2);
    request.limits.firstByte = 600s;
    const auto transfer = client.start(request, recorder);
    transfer->send("hi");
    QTRY_VERIFY(server.hasRequest(0, 2));
    server.peer().write("HTTP/1.1 100 Continue\r\n\r\n");
    clock.advance(599s);
    passTime(client);
    QCOMPARE(recorder.ends, 0);
    clock.advance(1s);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendTimeout));
    QCOMPARE(recorder.message(),
             QStringLiteral("%1 sent no answer within 600 s.").arg(QString::fromLatin1(server.hostAndPort())));
    QTRY_VERIFY(server.peer().isClosed());
}

void TestHttpClientFailures::firstByteLimitWaitsForCaller()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    TransferRequest request = post(server.url(), 6);
    request.limits.firstByte = 10s;
    const auto transfer = client.start(request, recorder);
    transfer->send("abc");
    QTRY_COMPARE(recorder.ready, 1);
    clock.advance(1h);
    transfer->send("def");
    QTRY_VERIFY(server.hasRequest(0, 6));
    QCOMPARE(recorder.ends, 0);
    clock.advance(10s);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendTimeout));
}

void TestHttpClientFailures::firstByteLimitCoversStalledUpload()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    TransferRequest request = post(server.url(), 64 * 1024 * 1024);
    request.limits.firstByte = 10s;
    const auto transfer = client.start(request, recorder);
    transfer->send(QByteArray(64 * 1024 * 1024, 'x'));
    QTRY_VERIFY(server.peerCount() == 1);
    server.peer().setReading(false);
    // More than fits into the kernel's buffers is left, so each advance follows the last progress in the end.
    const auto timesOut = [&] {
        clock.advance(10s);
        return recorder.failedWith(ErrorCode::BackendTimeout);
    };
    QTRY_VERIFY(timesOut());
}

void TestHttpClientFailures::limitsIdleAnswer()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url(), .limits = {.idle = 300s}}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    QTRY_COMPARE(recorder.heads, 1);
    for (int i = 1; i <= 3; ++i) {
        clock.advance(299s);
        server.peer().write("x");
        QTRY_COMPARE(recorder.body.size(), i);
    }
    clock.advance(299s);
    passTime(client);
    QCOMPARE(recorder.ends, 0);
    clock.advance(1s);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendTimeout));
    QCOMPARE(recorder.message(),
             QStringLiteral("%1 sent nothing more for 300 s.").arg(QString::fromLatin1(server.hostAndPort())));
    QTRY_VERIFY(server.peer().isClosed());
}

void TestHttpClientFailures::idleLimitRestsWhilePaused()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url(), .limits = {.idle = 300s}}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab");
    QTRY_COMPARE(recorder.body.size(), 2);
    transfer->pause();
    clock.advance(1h);
    passTime(client);
    QCOMPARE(recorder.ends, 0);
    transfer->resume();
    clock.advance(299s);
    passTime(client);
    QCOMPARE(recorder.ends, 0);
    clock.advance(1s);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendTimeout));
}

void TestHttpClientFailures::reportsBrokenConnection_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("resets");
    QTest::addColumn<ErrorCode>("code");

    const QByteArray head("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
    const QByteArray chunked("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    QTest::newRow("closed at once") << QByteArray() << false << ErrorCode::BackendUnreachable;
    QTest::newRow("reset at once") << QByteArray() << true << ErrorCode::BackendUnreachable;
    QTest::newRow("closed in the head") << QByteArray("HTTP/1.1 200 OK\r\nX-") << false
                                        << ErrorCode::BackendUnreachable;
    QTest::newRow("closed after an interim head")
        << QByteArray("HTTP/1.1 100 Continue\r\n\r\n") << false << ErrorCode::BackendUnreachable;
    QTest::newRow("closed after the head") << head << false << ErrorCode::BackendError;
    QTest::newRow("closed in the body") << head + "abc" << false << ErrorCode::BackendError;
    QTest::newRow("closed in a chunk") << chunked + "5\r\nab" << false << ErrorCode::BackendError;
    QTest::newRow("closed before the last chunk") << chunked + "2\r\nab\r\n" << false << ErrorCode::BackendError;
}

void TestHttpClientFailures::reportsBrokenConnection()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, resets);
    QFETCH(const ErrorCode, code);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write(answer);
    if (resets)
        server.peer().reset();
    else
        server.peer().close();
    QTRY_COMPARE(recorder.ends, 1);
    QVERIFY2(recorder.failedWith(code), qPrintable(recorder.message()));
    QVERIFY(recorder.message().startsWith(QString::fromLatin1(server.hostAndPort())));
    QCOMPARE(server.peerCount(), 1);
}

void TestHttpClientFailures::neverRepeatsRequest_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("inPieces");
    QTest::addColumn<int>("connections");

    for (const int connections : {1, 2}) {
        const auto row = [&](const char *name) -> QTestData & {
            return QTest::addRow("%s, %d kept connections", name, connections);
        };
        row("GET") << QByteArray("GET") << QByteArray() << false << connections;
        row("POST in one go") << QByteArray("POST") << QByteArray("run") << false << connections;
        row("POST in pieces") << QByteArray("POST") << QByteArray("run") << true << connections;
        row("large POST") << QByteArray("POST") << QByteArray(200'000, 'x') << false << connections;
        row("empty POST") << QByteArray("POST") << QByteArray("") << false << connections;
    }
}

void TestHttpClientFailures::neverRepeatsRequest()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, body);
    QFETCH(const bool, inPieces);
    QFETCH(const int, connections);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);

    std::vector<Recorder> warmUps(static_cast<size_t>(connections));
    std::vector<std::unique_ptr<Transfer>> transfers;
    for (Recorder &warmUp : warmUps)
        transfers.push_back(client.start({.url = server.url()}, warmUp));
    for (int i = 0; i < connections; ++i)
        QTRY_VERIFY(server.hasRequest(i));
    for (int i = 0; i < connections; ++i) {
        server.peer(i).takeReceived();
        server.peer(i).answer();
        QTRY_VERIFY(warmUps[static_cast<size_t>(i)].succeeded());
    }

    int requests = 0;
    for (int i = 0; i < connections; ++i) {
        server.peer(i).onReceived = [&, i] {
            if (server.peer(i).hasRequest(body.size())) {
                ++requests;
                server.peer(i).close();
            }
        };
    }
    Recorder recorder;
    TransferRequest request;
    request.method = method;
    request.url = server.url();
    if (!body.isNull())
        request.bodySize = body.size();
    const auto transfer = client.start(request, recorder);
    if (inPieces) {
        QTRY_COMPARE(recorder.ready, 1);
        for (const char c : body)
            transfer->send(QByteArray(1, c));
    } else {
        transfer->send(body);
    }
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendUnreachable));
    QVERIFY2(recorder.message().endsWith(QLatin1String("closed the connection without an answer.")),
             qPrintable(recorder.message()));
    QCOMPARE(requests, 1);
    QCOMPARE(server.peerCount(), connections);
}

void TestHttpClientFailures::verifiesCertificate()
{
    const QString openssl = QStandardPaths::findExecutable(QStringLiteral("openssl"));
    if (openssl.isEmpty())
        QSKIP("The openssl program is needed to make a certificate.");
    const QTemporaryDir directory;
    const QString keyFile = directory.filePath(QStringLiteral("key.pem"));
    const QString certificateFile = directory.filePath(QStringLiteral("certificate.pem"));
    QProcess process;
    process.start(openssl,
                  QStringLiteral("req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
                                 "-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1")
                          .split(u' ') +
                      QStringList{QStringLiteral("-keyout"), keyFile, QStringLiteral("-out"), certificateFile});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    QFile key(keyFile);
    QVERIFY(key.open(QIODevice::ReadOnly));
    auto *const tls = new QSslServer;
    QSslConfiguration configuration;
    configuration.setPrivateKey(QSslKey(&key, QSsl::Ec));
    configuration.setLocalCertificate(QSslCertificate::fromPath(certificateFile).value(0));
    tls->setSslConfiguration(configuration);
    ScriptedServer server(tls);
    FakeClock clock;

    HttpClient trusting({.caFile = certificateFile.toLocal8Bit()}, clock);
    for (const qsizetype size : {3, 60'000, 1'000'000}) {
        Recorder recorder;
        const QByteArray body(size, 'a');
        const auto transfer = trusting.start(post(server.url("/", "https"), size), recorder);
        transfer->send(body);
        QTRY_VERIFY(server.hasRequest(0, size));
        QVERIFY(server.peer().body() == body);
        server.peer().takeReceived();
        server.peer().answer(QByteArray(100'000, 'x'));
        QTRY_VERIFY2(recorder.succeeded(), qPrintable(recorder.message()));
        QCOMPARE(recorder.body.size(), 100'000);
    }
    QCOMPARE(server.peerCount(), 1);

    HttpClient distrusting({}, clock);
    Recorder recorder;
    const auto transfer = distrusting.start({.url = server.url("/", "https")}, recorder);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendUnreachable));
    QVERIFY2(recorder.message().startsWith(QLatin1String("Cannot make a secure connection to 127.0.0.1:")),
             qPrintable(recorder.message()));
}

QTEST_GUILESS_MAIN(TestHttpClientFailures)

#include "tst_httpclientfailures.moc"
