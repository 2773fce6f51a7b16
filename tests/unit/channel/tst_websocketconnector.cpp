#include "loopback.h"

#include "websocketconnector.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

namespace {

/// A connector with its two signals written down.
struct Attempt
{
    explicit Attempt(const ConnectorSettings &settings = {})
        : connector(std::make_unique<WebSocketConnector>(settings, clock))
    {
        QObject::connect(connector.get(), &WebSocketConnector::opened, &context, [this] {
            ++opened;
            channel = connector->takeChannel();
            channel->setListener(listener);
            if (onOpened)
                onOpened();
        });
        QObject::connect(connector.get(), &WebSocketConnector::failed, &context, [this](const Error &why) {
            ++failed;
            error = why;
            if (onFailed)
                onFailed();
        });
    }

    QString code() const { return toString(error.code); }

    FakeClock clock;
    QObject context;
    std::unique_ptr<WebSocketConnector> connector;
    std::unique_ptr<Channel> channel;
    RecordingListener listener;
    int opened = 0;
    int failed = 0;
    Error error;
    std::function<void()> onOpened;
    std::function<void()> onFailed;
};

RawServer::Answer always(const QByteArray &bytes)
{
    return [bytes](const QByteArray &) { return bytes; };
}

/// An unmasked text frame, as servers send it.
QByteArray serverFrame(const QByteArray &text)
{
    return QByteArray("\x81") + static_cast<char>(text.size()) + text;
}

} // namespace

class TestWebSocketConnector final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opens();
    void asksProperly();
    void firstMessageBesideTheHandshake();
    void refusals_data();
    void refusals();
    void neverOpens_data();
    void neverOpens();
    void unusableUrls_data();
    void unusableUrls();
    void nobodyListens();
    void deadline_data();
    void deadline();
    void deadlineEndsWithTheHandshake();
    void cancel();
    void cancelDropsAnUntakenChannel();
    void openAgainReplaces();
    void openAgainInFailed();
    void openAgainInOpened();
    void destroyedAtAnyMoment();
    void destroyedInOpened();
    void destroyedInFailed();
    void channelSurvivesConnector();
};

void TestWebSocketConnector::opens()
{
    Attempt attempt;
    LoopbackServer server({}, attempt.clock);
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QTRY_COMPARE(server.accepted, 1);
    QVERIFY(!attempt.connector->takeChannel());
    attempt.channel->send(Heartbeat{});
    QTRY_COMPARE(server.listener.messages.size(), 1);
    QCOMPARE(attempt.failed, 0);
}

void TestWebSocketConnector::asksProperly()
{
    Attempt attempt;
    RawServer server;
    attempt.connector->open(server.url(), "hk_secret");
    QTRY_VERIFY(server.request.endsWith("\r\n\r\n"));
    QVERIFY(server.request.startsWith("GET /api/v1/publish HTTP/1.1\r\n"));
    const QByteArray host = "\r\nHost: 127.0.0.1:" + QByteArray::number(server.serverPort()) + "\r\n";
    QVERIFY(server.request.contains(host));
    QVERIFY(server.request.contains("\r\nAuthorization: Bearer hk_secret\r\n"));
    QVERIFY(server.request.contains("\r\nSec-WebSocket-Protocol: hearth.v1\r\n"));
    QVERIFY(server.request.contains("\r\nSec-WebSocket-Version: 13\r\n"));
    QVERIFY(!server.request.contains("Origin"));
}

void TestWebSocketConnector::firstMessageBesideTheHandshake()
{
    // The server speaks first, and its hello may share a segment with the answer to the handshake.
    const Message hello = Hello{.serverVersion = QStringLiteral("1"), .heartbeatSeconds = 15};
    Attempt attempt;
    RawServer server;
    server.answer = [&](const QByteArray &request) -> QByteArray {
        return RawServer::switchingProtocols(request) + serverFrame(encode(hello)) + serverFrame(R"({"type":"heartbeatAck"})");
    };
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QTRY_COMPARE(attempt.listener.messages.size(), 2);
    QVERIFY(attempt.listener.messages[0] == hello);
}

void TestWebSocketConnector::refusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("says");
    const QByteArray json = R"({"error":{"message":"no","type":"x","param":null,"code":"invalid_api_key"}})";
    const auto row = [&json](const char *name, const QByteArray &status, const char *code, const char *says) {
        QTest::newRow(name) << QByteArray("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: "
                                          + QByteArray::number(json.size()) + "\r\n\r\n" + json)
                            << QString::fromLatin1(code) << QString::fromLatin1(says);
    };

    row("401", "401 Unauthorized", "invalid_api_key", "hearthd key create --scope publish");
    row("403", "403 Forbidden", "scope_missing", "\"publish\"");
    row("404", "404 Not Found", "io", "HTTP status 404");
    row("200", "200 OK", "io", "HTTP status 200");
    row("301", "301 Moved Permanently", "io", "HTTP status 301");
    row("500", "500 Internal Server Error", "io", "HTTP status 500");
    row("503", "503 Service Unavailable", "io", "HTTP status 503");
    row("400", "400 Bad Request", "io", "Is it a Hearth server?");
}

void TestWebSocketConnector::refusals()
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

void TestWebSocketConnector::neverOpens_data()
{
    QTest::addColumn<RawServer::Answer>("answer");
    using Answer = RawServer::Answer;
    const QByteArray protocol = "Sec-WebSocket-Protocol: hearth.v1\r\n";

    QTest::newRow("garbage") << always("\x16\x03\x01garbage\r\n\r\n");
    QTest::newRow("another protocol's greeting") << always("220 mail.example ESMTP\r\n\r\n");
    QTest::newRow("endless head") << always("HTTP/1.1 101 Switching Protocols\r\n" + QByteArray(900'000, 'x'));
    QTest::newRow("no subprotocol") << Answer([](const QByteArray &r) { return RawServer::switchingProtocols(r, {}); });
    QTest::newRow("other subprotocol")
        << Answer([](const QByteArray &r) { return RawServer::switchingProtocols(r, "Sec-WebSocket-Protocol: chat\r\n"); });
    QTest::newRow("no Upgrade") << Answer([](const QByteArray &r) {
        return RawServer::switchingProtocols(r).replace("Upgrade: websocket\r\n", "");
    });
    QTest::newRow("wrong accept key") << Answer([protocol](const QByteArray &) {
        return RawServer::switchingProtocols("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", protocol);
    });
}

void TestWebSocketConnector::neverOpens()
{
    QFETCH(RawServer::Answer, answer);
    Attempt attempt;
    RawServer server;
    server.answer = answer;
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    QVERIFY2(attempt.error.message.contains(QStringLiteral("Is it a Hearth server")), qPrintable(attempt.error.message));
    QTRY_COMPARE(server.peer->state(), QAbstractSocket::UnconnectedState);
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.opened, 0);
}

void TestWebSocketConnector::unusableUrls_data()
{
    QTest::addColumn<QUrl>("url");

    QTest::newRow("empty") << QUrl();
    QTest::newRow("http") << QUrl(QStringLiteral("http://127.0.0.1/"));
    QTest::newRow("line break in the path") << QUrl(QStringLiteral("ws://127.0.0.1/a%0D%0Ab"));
}

void TestWebSocketConnector::unusableUrls()
{
    QFETCH(QUrl, url);
    Attempt attempt;
    attempt.connector->open(url, "hk_test");
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 1);
}

void TestWebSocketConnector::nobodyListens()
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

void TestWebSocketConnector::deadline_data()
{
    QTest::addColumn<QByteArray>("answer");

    QTest::newRow("silence") << QByteArray();
    QTest::newRow("half an answer") << QByteArray("HTTP/1.1 101 Switching");
    QTest::newRow("endless greeting") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n");
}

void TestWebSocketConnector::deadline()
{
    QFETCH(QByteArray, answer);
    Attempt attempt({.channel = {.handshakeTimeout = 7s}, .caFile = {}});
    RawServer server;
    server.answer = always(answer);
    attempt.connector->open(server.url(), "hk_test");
    QTRY_VERIFY(server.request.endsWith("\r\n\r\n"));
    attempt.clock.advance(7s - 1ms);
    QCOMPARE(attempt.failed, 0);
    attempt.clock.advance(1ms);
    QCOMPARE(attempt.failed, 1);
    QCOMPARE(attempt.code(), QStringLiteral("io"));
    QVERIFY(attempt.error.message.contains(QStringLiteral("in time")));
    QTRY_COMPARE(server.peer->state(), QAbstractSocket::UnconnectedState);
}

void TestWebSocketConnector::deadlineEndsWithTheHandshake()
{
    Attempt attempt({.channel = {.handshakeTimeout = 7s, .pingInterval = 1h}, .caFile = {}});
    LoopbackServer server({.pingInterval = 1h}, attempt.clock);
    attempt.connector->open(server.url(), "hk_test");
    QTRY_VERIFY(attempt.opened == 1 && server.accepted == 1);
    attempt.clock.advance(1min);
    attempt.channel->send(Heartbeat{});
    QTRY_COMPARE(server.listener.messages.size(), 1);
    QCOMPARE(attempt.failed, 0);
}

void TestWebSocketConnector::cancel()
{
    Attempt attempt;
    RawServer server;
    attempt.connector->open(server.url(), "hk_test");
    QTRY_VERIFY(server.request.endsWith("\r\n\r\n"));
    attempt.connector->cancel();
    attempt.connector->cancel();
    QTRY_COMPARE(server.peer->state(), QAbstractSocket::UnconnectedState);
    attempt.clock.advance(1h);
    QCOMPARE(attempt.failed, 0);
    QCOMPARE(attempt.opened, 0);
}

void TestWebSocketConnector::cancelDropsAnUntakenChannel()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    WebSocketConnector connector({}, clock);
    QSignalSpy opened(&connector, &WebSocketConnector::opened);
    connector.open(server.url(), "hk_test");
    QVERIFY(opened.wait());
    connector.cancel();
    QVERIFY(!connector.takeChannel());
    QTRY_VERIFY(server.listener.isClosed());
}

void TestWebSocketConnector::openAgainReplaces()
{
    Attempt attempt;
    RawServer silent;
    LoopbackServer server({}, attempt.clock);
    attempt.connector->open(silent.url(), "hk_test");
    QTRY_VERIFY(silent.request.endsWith("\r\n\r\n"));
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QTRY_COMPARE(silent.peer->state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(attempt.failed, 0);
}

void TestWebSocketConnector::openAgainInFailed()
{
    Attempt attempt;
    RawServer refusing;
    refusing.answer = always("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    LoopbackServer server({}, attempt.clock);
    attempt.onFailed = [&] { attempt.connector->open(attempt.failed < 3 ? refusing.url() : server.url(), "hk_test"); };
    attempt.connector->open(refusing.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QCOMPARE(attempt.failed, 3);
    QCOMPARE(refusing.connections, 3);
}

void TestWebSocketConnector::openAgainInOpened()
{
    Attempt attempt;
    LoopbackServer server({}, attempt.clock);
    attempt.onOpened = [&] {
        if (attempt.opened == 1)
            attempt.connector->open(server.url(), "hk_test");
    };
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 2);
    QTRY_COMPARE(server.accepted, 2);
    QCOMPARE(attempt.failed, 0);
}

void TestWebSocketConnector::destroyedAtAnyMoment()
{
    // After each of the first turns of the event loop; a handshake takes far fewer.
    for (int turns = 0; turns < 30; ++turns) {
        Attempt attempt;
        LoopbackServer server({}, attempt.clock);
        attempt.connector->open(server.url(), "hk_test");
        for (int turn = 0; turn < turns; ++turn)
            QCoreApplication::processEvents(QEventLoop::AllEvents);
        attempt.connector.reset();
        attempt.channel.reset();
        attempt.clock.advance(1h);
        QTRY_VERIFY(!server.tcp || server.tcp->state() == QAbstractSocket::UnconnectedState);
        QCOMPARE(attempt.failed, 0);
    }
}

void TestWebSocketConnector::destroyedInOpened()
{
    Attempt attempt;
    LoopbackServer server({}, attempt.clock);
    attempt.onOpened = [&] { attempt.connector.reset(); };
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QTRY_COMPARE(server.accepted, 1);
    attempt.channel->send(Heartbeat{});
    QTRY_COMPARE(server.listener.messages.size(), 1);
}

void TestWebSocketConnector::destroyedInFailed()
{
    RawServer server;
    for (const bool late : {false, true}) {
        Attempt attempt;
        attempt.onFailed = [&] { attempt.connector.reset(); };
        if (!late)
            server.answer = always("HTTP/1.1 401 Unauthorized\r\n\r\n");
        else
            server.answer = {};
        attempt.connector->open(server.url(), "hk_test");
        QTRY_VERIFY(server.request.endsWith("\r\n\r\n"));
        if (late)
            attempt.clock.advance(10s);
        QTRY_COMPARE(attempt.failed, 1);
        QVERIFY(!attempt.connector);
        server.request.clear();
    }
}

void TestWebSocketConnector::channelSurvivesConnector()
{
    Attempt attempt;
    LoopbackServer server({}, attempt.clock);
    attempt.connector->open(server.url(), "hk_test");
    QTRY_VERIFY(attempt.opened == 1 && server.accepted == 1);
    attempt.connector.reset();
    server.channel->send(Goodbye{.reason = {}});
    QTRY_COMPARE(attempt.listener.messages.size(), 1);
}

QTEST_GUILESS_MAIN(TestWebSocketConnector)
#include "tst_websocketconnector.moc"
