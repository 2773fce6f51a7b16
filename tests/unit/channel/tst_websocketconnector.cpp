#include "attempt.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

namespace {

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
        return RawServer::switchingProtocols(request) + serverFrame(encode(hello)) +
               serverFrame(R"({"type":"heartbeatAck"})");
    };
    attempt.connector->open(server.url(), "hk_test");
    QTRY_COMPARE(attempt.opened, 1);
    QTRY_COMPARE(attempt.listener.messages.size(), 2);
    QVERIFY(attempt.listener.messages[0] == hello);
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
    // After every number of turns of the event loop that the handshake may take.
    bool opened = false;
    for (int turns = 0; !opened; ++turns) {
        QVERIFY(turns < 10'000);
        Attempt attempt;
        LoopbackServer server({}, attempt.clock);
        attempt.connector->open(server.url(), "hk_test");
        for (int turn = 0; turn < turns; ++turn)
            QCoreApplication::processEvents();
        opened = attempt.opened > 0;
        attempt.connector.reset();
        attempt.channel.reset();
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
