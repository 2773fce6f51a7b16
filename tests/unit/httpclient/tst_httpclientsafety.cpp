// What a hostile or careless side must not achieve: a second request, a smuggled field, a leaked address.

#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QHostAddress>
#include <QTest>

using namespace hearth;
using namespace hearth::httpclient;

class TestHttpClientSafety final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesMalformedAnswer_data();
    void refusesMalformedAnswer();
    void refusesInjection_data();
    void refusesInjection();
    void refusesInjectedFields_data();
    void refusesInjectedFields();
    void followsNoRedirect();
    void ignoresProxyOfEnvironment();
    void usesProxyOfSettings();
    void connectsOnlyWhereItMay_data();
    void connectsOnlyWhereItMay();
    void passesOverRefusedAddresses();
};

void TestHttpClientSafety::refusesMalformedAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("not HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    QTest::newRow("control character") << QByteArray("HTTP/1.1 200 OK\r\nX-A: a\x01\r\n\r\n");
    QTest::newRow("bare CR") << QByteArray("HTTP/1.1 200 OK\r\nX-A: a\rX-B: b\r\n\r\n");
    QTest::newRow("NUL") << QByteArray("HTTP/1.1 200 OK\r\nX-A: a\0b\r\n\r\n", 29);
    QTest::newRow("space before the colon") << QByteArray("HTTP/1.1 200 OK\r\nX-A : a\r\n\r\n");
    QTest::newRow("folded line") << QByteArray("HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\n\r\n");
    QTest::newRow("no colon") << QByteArray("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n");
    QTest::newRow("switching protocols") << QByteArray("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc");
    QTest::newRow("head too large") << "HTTP/1.1 200 OK\r\n" + QByteArray("X-A: 0123456789\r\n").repeated(6000) +
                                           "\r\n";
    QTest::newRow("line too long") << "HTTP/1.1 200 OK\r\nX-A: " + QByteArray(200 * 1024, 'a') + "\r\n\r\n";
    QTest::newRow("endless interim heads") << QByteArray("HTTP/1.1 102 Processing\r\n\r\n").repeated(6000);
    QTest::newRow("chunk size") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n");
}

void TestHttpClientSafety::refusesMalformedAnswer()
{
    QFETCH(const QByteArray, answer);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write(answer);

    QTRY_VERIFY(recorder.failedWith(ErrorCode::BackendError));
    QVERIFY2(recorder.message().contains(QString::fromLatin1(server.hostAndPort())), qPrintable(recorder.message()));
    QCOMPARE(recorder.body, QByteArray());
    QTRY_VERIFY(server.peer().isClosed());
}

void TestHttpClientSafety::refusesInjection_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("url");

    const QByteArray get("GET");
    QTest::newRow("method with a line break")
        << QByteArray("GET / HTTP/1.1\r\nX: y\r\n\r\n") << QByteArray("http://@/");
    QTest::newRow("empty method") << QByteArray() << QByteArray("http://@/");
    QTest::newRow("CONNECT") << QByteArray("CONNECT") << QByteArray("http://@/");
    QTest::newRow("line break in the path") << get << QByteArray("http://@/a\r\nX: y");
    QTest::newRow("NUL in the path") << get << QByteArray("http://@/a\0b", 12);
    QTest::newRow("space in the path") << get << QByteArray("http://@/a HTTP/1.1");
    QTest::newRow("other scheme") << get << QByteArray("file:///etc/passwd");
    QTest::newRow("no scheme") << get << QByteArray("@/");
    QTest::newRow("no host") << get << QByteArray("http://");
    QTest::newRow("port out of range") << get << QByteArray("http://127.0.0.1:99999/");
}

void TestHttpClientSafety::refusesInjection()
{
    QFETCH(const QByteArray, method);
    QFETCH(QByteArray, url);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    TransferRequest request;
    request.method = method;
    request.url = url.replace("@", server.hostAndPort());
    const auto transfer = client.start(request, recorder);

    QCOMPARE(recorder.ends, 0);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::InvalidRequest));
    QCOMPARE(server.peerCount(), 0);
}

void TestHttpClientSafety::refusesInjectedFields_data()
{
    QTest::addColumn<HttpField>("field");

    QTest::newRow("CR LF in the value") << HttpField{"X-A", "a\r\nX-Secret: b"};
    QTest::newRow("LF in the value") << HttpField{"X-A", "a\nb"};
    QTest::newRow("NUL in the value") << HttpField{"X-A", QByteArray("a\0b", 3)};
    QTest::newRow("CR LF in the name") << HttpField{"X-A: a\r\nX-B", "b"};
    QTest::newRow("colon in the name") << HttpField{"X-A:", "b"};
    QTest::newRow("empty name") << HttpField{"", "b"};
    QTest::newRow("own Host") << HttpField{"host", "b"};
    QTest::newRow("own length") << HttpField{"content-length", "3"};
    QTest::newRow("own framing") << HttpField{"Transfer-Encoding", "chunked"};
    QTest::newRow("own expectation") << HttpField{"Expect", "100-continue"};
}

void TestHttpClientSafety::refusesInjectedFields()
{
    QFETCH(const HttpField, field);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url(), .fields = {{"X-Ok", "1"}, field}}, recorder);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::InvalidRequest));
    QVERIFY(!recorder.message().contains(QLatin1String("Secret")));
    QCOMPARE(server.peerCount(), 0);
}

void TestHttpClientSafety::followsNoRedirect()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), 2), recorder);
    transfer->send("hi");
    QTRY_VERIFY(server.hasRequest(0, 2));
    server.peer().write("HTTP/1.1 307 Elsewhere\r\nLocation: " + server.url("/other") +
                        "\r\nContent-Length: 0\r\n\r\n");
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.status, 307);
    QCOMPARE(server.peerCount(), 1);
    QVERIFY(!server.peer().received().contains("/other"));
}

void TestHttpClientSafety::ignoresProxyOfEnvironment()
{
    qputenv("http_proxy", "http://127.0.0.1:1");
    qputenv("all_proxy", "http://127.0.0.1:1");
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().answer();
    QTRY_VERIFY(recorder.succeeded());
    qunsetenv("http_proxy");
    qunsetenv("all_proxy");
}

void TestHttpClientSafety::usesProxyOfSettings()
{
    qputenv("no_proxy", "*");
    FakeClock clock;
    ScriptedServer proxy;
    HttpClient client({.proxy = "http://" + proxy.hostAndPort()}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = "http://backend.example:8000/x"}, recorder);
    QTRY_VERIFY(proxy.hasRequest());
    QVERIFY(proxy.peer().received().startsWith("GET http://backend.example:8000/x HTTP/1.1\r\n"));
    proxy.peer().answer();
    QTRY_VERIFY(recorder.succeeded());
    qunsetenv("no_proxy");
}

void TestHttpClientSafety::connectsOnlyWhereItMay_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("address") << QByteArray("127.0.0.1");
    QTest::newRow("name") << QByteArray("localhost");
}

void TestHttpClientSafety::connectsOnlyWhereItMay()
{
    QFETCH(const QByteArray, host);
    FakeClock clock;
    ScriptedServer server;
    QList<QHostAddress> asked;
    bool isAllowed = false;
    HttpClient client({.allowAddress =
                           [&](const sockaddr &address) {
                               asked.append(QHostAddress(&address));
                               return isAllowed;
                           }},
                      clock);
    Recorder refused;
    const QByteArray url = server.url().replace("127.0.0.1", host);
    auto transfer = client.start({.url = url}, refused);
    QTRY_VERIFY(refused.failedWith(ErrorCode::BackendUnreachable));
    QVERIFY2(refused.message().contains(QLatin1String("not allowed")), qPrintable(refused.message()));
    QVERIFY(asked.contains(QHostAddress(QHostAddress::LocalHost)));
    QCOMPARE(server.peerCount(), 0);

    isAllowed = true;
    Recorder allowed;
    transfer = client.start({.url = url}, allowed);
    QTRY_VERIFY(server.hasRequest());
    server.peer().answer();
    QTRY_VERIFY(allowed.succeeded());
}

void TestHttpClientSafety::passesOverRefusedAddresses()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({.allowAddress =
                           [](const sockaddr &address) {
                               return QHostAddress(&address).protocol() == QAbstractSocket::IPv4Protocol;
                           }},
                      clock);
    Recorder recorder;
    const auto transfer = client.start({.url = server.url().replace("127.0.0.1", "localhost")}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().answer();
    QTRY_VERIFY(recorder.succeeded());
}

QTEST_GUILESS_MAIN(TestHttpClientSafety)

#include "tst_httpclientsafety.moc"
