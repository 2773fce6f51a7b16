#include "attempt.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

class TestWebSocketRefusals final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void neverOpens_data();
    void neverOpens();
    void unusableUrls_data();
    void unusableUrls();
    void nobodyListens();
};

void TestWebSocketRefusals::refusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    const QByteArray json = R"({"error":{"message":"no","type":"x","param":null,"code":"invalid_api_key"}})";
    const auto row = [&json](const char *name, const QByteArray &status, const char *code, const char *says) {
        QTest::newRow(name) << QByteArray("HTTP/1.1 " + status +
                                          "\r\nContent-Type: application/json\r\nContent-Length: " +
                                          QByteArray::number(json.size()) + "\r\n\r\n" + json)
                            << QString::fromLatin1(code) << QString::fromLatin1(says);
    };

    row("401", "401 Unauthorized", "invalid_api_key", "hearthd key create --name NAME --scope publish");
    row("403", "403 Forbidden", "scope_missing", "\"publish\"");
    row("404", "404 Not Found", "io", "HTTP status 404");
    row("200", "200 OK", "io", "HTTP status 200");
    row("301", "301 Moved Permanently", "io", "HTTP status 301");
    row("500", "500 Internal Server Error", "io", "HTTP status 500");
    row("503", "503 Service Unavailable", "io", "HTTP status 503");
    row("400", "400 Bad Request", "io", "Is it a Hearth server?");
}

void TestWebSocketRefusals::refusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, says);
    Attempt attempt;
    RawServer server;
    server.answer = always(answer);
    attempt.connector->open(server.url(), "hk_secret");
    QTRY_COMPARE(attempt.failed, 1);
    QTEST(attempt.code(), "code");
    QVERIFY2(attempt.error.message.contains(says), qPrintable(attempt.error.message));
    QVERIFY(attempt.error.message.contains(server.url().authority()));
    QVERIFY(!attempt.error.message.contains(QStringLiteral("hk_secret")));
    // The connection is given up, and that is all that happens.
    QTRY_COMPARE(server.peer->state(), QAbstractSocket::UnconnectedState);
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.opened, 0);
    QVERIFY(!attempt.connector->takeChannel());
}

void TestWebSocketRefusals::neverOpens_data()
{
    QTest::addColumn<RawServer::Answer>("answer");
    using Answer = RawServer::Answer;
    const QByteArray protocol = "Sec-WebSocket-Protocol: hearth.v1\r\n";

    QTest::newRow("garbage") << always("\x16\x03\x01garbage\r\n\r\n");
    QTest::newRow("another protocol's greeting") << always("220 mail.example ESMTP\r\n\r\n");
    QTest::newRow("endless head") << always("HTTP/1.1 101 Switching Protocols\r\n" + QByteArray(900'000, 'x'));
    QTest::newRow("no subprotocol") << Answer([](const QByteArray &r) { return RawServer::switchingProtocols(r, {}); });
    QTest::newRow("other subprotocol") << Answer(
        [](const QByteArray &r) { return RawServer::switchingProtocols(r, "Sec-WebSocket-Protocol: chat\r\n"); });
    QTest::newRow("no Upgrade") << Answer(
        [](const QByteArray &r) { return RawServer::switchingProtocols(r).replace("Upgrade: websocket\r\n", ""); });
    QTest::newRow("wrong accept key") << Answer([protocol](const QByteArray &) {
        return RawServer::switchingProtocols("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", protocol);
    });
}

void TestWebSocketRefusals::neverOpens()
{
    QFETCH(RawServer::Answer, answer);
    Attempt attempt;
    RawServer server;
    server.answer = answer;
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    QVERIFY2(attempt.error.message.contains(QStringLiteral("Is it a Hearth server")),
             qPrintable(attempt.error.message));
    QTRY_COMPARE(server.peer->state(), QAbstractSocket::UnconnectedState);
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.opened, 0);
}

void TestWebSocketRefusals::unusableUrls_data()
{
    QTest::addColumn<QUrl>("url");

    QTest::newRow("empty") << QUrl();
    QTest::newRow("http") << QUrl(QStringLiteral("http://127.0.0.1/"));
    QTest::newRow("line break in the path") << QUrl(QStringLiteral("ws://127.0.0.1/a%0D%0Ab"));
}

void TestWebSocketRefusals::unusableUrls()
{
    QFETCH(QUrl, url);
    Attempt attempt;
    attempt.connector->open(url, "hk_test");
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 1);
}

void TestWebSocketRefusals::nobodyListens()
{
    QUrl url;
    {
        const RawServer server;
        url = server.url();
    }
    Attempt attempt;
    attempt.connector->open(url, "hk_test");
    QTRY_COMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    QVERIFY(attempt.error.message.startsWith(QStringLiteral("Cannot reach the server at ") + url.authority()));

    // A server that hangs up on the request cannot be reached either.
    RawServer server;
    server.answer = [&](const QByteArray &) {
        server.peer->abort();
        return QByteArray();
    };
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.failed, 2);
    QVERIFY(attempt.error.message.startsWith(QStringLiteral("Cannot reach the server at ")));
}

QTEST_GUILESS_MAIN(TestWebSocketRefusals)
#include "tst_websocketrefusals.moc"
