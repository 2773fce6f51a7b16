#include "loopback.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

class TestWebSocketAcceptor final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepts_data();
    void accepts();
    void requestInPieces();
    void deadline_data();
    void deadline();
    void deadlineEndsWithTheHandshake();
    void clientLeaves();
    void refusesOrigin();
    void refusesOtherSubprotocols_data();
    void refusesOtherSubprotocols();
    void refusesOtherRequests_data();
    void refusesOtherRequests();
    void manyAtATime();
    void destroyedDuringHandshake();
    void destroyedInCallback();
    void channelSurvivesAcceptor();
    void channelDestroyedInCallback();
};

void TestWebSocketAcceptor::accepts_data()
{
    QTest::addColumn<bool>("late");

    QTest::newRow("connection handed over before the request") << false;
    QTest::newRow("connection handed over with the request unread") << true;
}

void TestWebSocketAcceptor::accepts()
{
    QFETCH(bool, late);
    FakeClock clock;
    LoopbackServer server({}, clock);
    server.handOverLate = late;
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(RawPeer::upgradeRequest("Sec-WebSocket-Protocol: x, hearth.v1\r\nAuthorization: Bearer hk_x\r\n"));
    QTRY_COMPARE(server.accepted, 1);
    QTRY_VERIFY(peer.received().contains("\r\n\r\n"));
    QVERIFY(peer.received().startsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    QVERIFY(peer.received().contains("\r\nSec-WebSocket-Protocol: hearth.v1\r\n"));
    QVERIFY(peer.received().contains("\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
}

void TestWebSocketAcceptor::requestInPieces()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    QVERIFY(peer.waitForConnected());
    for (const char byte : RawPeer::upgradeRequest()) {
        peer.putChar(byte);
        peer.flush();
        QCoreApplication::processEvents();
    }
    QTRY_COMPARE(server.accepted, 1);
}

void TestWebSocketAcceptor::deadline_data()
{
    QTest::addColumn<QByteArray>("sent");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one byte") << QByteArray("G");
    QTest::newRow("half a request") << RawPeer::upgradeRequest().chopped(2);
}

void TestWebSocketAcceptor::deadline()
{
    QFETCH(QByteArray, sent);
    FakeClock clock;
    LoopbackServer server({.handshakeTimeout = 7s}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(sent);
    QTRY_VERIFY(server.tcp && server.tcp->bytesAvailable() == sent.size());
    clock.advance(7s - 1ms);
    QCoreApplication::processEvents();
    QVERIFY(server.tcp);
    clock.advance(1ms);
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(!server.tcp);
    QCOMPARE(server.accepted, 0);
}

void TestWebSocketAcceptor::deadlineEndsWithTheHandshake()
{
    FakeClock clock;
    LoopbackServer server({.handshakeTimeout = 7s, .pingInterval = 1h}, clock);
    RawPeer peer;
    QVERIFY(peer.shakeHands(server.port()));
    QTRY_COMPARE(server.accepted, 1);
    clock.advance(30s);
    server.channel->send(Goodbye{.reason = {}});
    QCOMPARE(peer.nextFrame().opcode, RawPeer::textOpcode);
}

void TestWebSocketAcceptor::clientLeaves()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    for (const bool gracefully : {true, false}) {
        RawPeer peer;
        peer.connectToHost(QHostAddress::LocalHost, server.port());
        peer.write("GET / HT");
        QTRY_VERIFY(server.tcp && server.tcp->bytesAvailable() == 8);
        if (gracefully)
            peer.disconnectFromHost();
        else
            peer.abort();
        QTRY_VERIFY(!server.tcp);
    }
    QCOMPARE(server.accepted, 0);
    QVERIFY(server.acceptor->children().isEmpty());
}

void TestWebSocketAcceptor::refusesOrigin()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(RawPeer::upgradeRequest("Sec-WebSocket-Protocol: hearth.v1\r\nOrigin: https://evil.example\r\n"));
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(peer.received().startsWith("HTTP/1.1 403 "));
    QTRY_VERIFY(!server.tcp);
    QCOMPARE(server.accepted, 0);
}

void TestWebSocketAcceptor::refusesOtherSubprotocols_data()
{
    QTest::addColumn<QByteArray>("fields");

    QTest::newRow("none") << QByteArray();
    QTest::newRow("another") << QByteArray("Sec-WebSocket-Protocol: chat\r\n");
    QTest::newRow("a later version") << QByteArray("Sec-WebSocket-Protocol: hearth.v2, hearth.v10\r\n");
    QTest::newRow("other case") << QByteArray("Sec-WebSocket-Protocol: Hearth.V1\r\n");
}

void TestWebSocketAcceptor::refusesOtherSubprotocols()
{
    QFETCH(QByteArray, fields);
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(RawPeer::upgradeRequest(fields));
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(peer.received().endsWith("This server speaks only hearth.v1"));
    QCOMPARE(server.accepted, 0);
    QTRY_VERIFY(!server.tcp);
}

void TestWebSocketAcceptor::refusesOtherRequests_data()
{
    QTest::addColumn<QByteArray>("request");

    QTest::newRow("no upgrade") << QByteArray("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    QTest::newRow("POST") << RawPeer::upgradeRequest().replace("GET", "POST");
    QTest::newRow("HTTP/1.0") << RawPeer::upgradeRequest().replace("HTTP/1.1", "HTTP/1.0");
    QTest::newRow("other version") << RawPeer::upgradeRequest().replace("Version: 13", "Version: 8");
    QTest::newRow("garbage") << QByteArray("\x16\x03\x01 garbage\r\n\r\n");
}

void TestWebSocketAcceptor::refusesOtherRequests()
{
    QFETCH(QByteArray, request);
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(request);
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(!server.tcp);
    QCOMPARE(server.accepted, 0);
}

void TestWebSocketAcceptor::manyAtATime()
{
    // Each callback gets the channel of its own socket, whatever the order in which the requests come.
    FakeClock clock;
    WebSocketAcceptor acceptor({}, clock);
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QHash<quint16, std::shared_ptr<Channel>> channels;
    RecordingListener listener;
    connect(&server, &QTcpServer::newConnection, this, [&] {
        while (QTcpSocket *const socket = server.nextPendingConnection()) {
            const quint16 port = socket->peerPort();
            acceptor.accept(std::unique_ptr<QTcpSocket>(socket), [&, port](std::unique_ptr<Channel> channel) {
                channel->setListener(listener);
                channel->send(Goodbye{.reason = QString::number(port)});
                channels.insert(port, std::move(channel));
            });
        }
    });

    std::vector<std::unique_ptr<RawPeer>> peers;
    for (int i = 0; i < 20; ++i) {
        peers.push_back(std::make_unique<RawPeer>());
        peers.back()->connectToHost(QHostAddress::LocalHost, server.serverPort());
    }
    for (auto peer = peers.rbegin(); peer != peers.rend(); ++peer) {
        QVERIFY((*peer)->waitForConnected());
        (*peer)->write(RawPeer::upgradeRequest());
        QCoreApplication::processEvents();
    }
    QTRY_COMPARE(channels.size(), 20);
    for (const auto &peer : peers) {
        const QByteArray reason = "\"reason\":\"" + QByteArray::number(peer->localPort()) + '"';
        QTRY_VERIFY(peer->received().contains(reason));
    }
    QTRY_VERIFY(acceptor.children().isEmpty());
}

void TestWebSocketAcceptor::destroyedDuringHandshake()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    peer.connectToHost(QHostAddress::LocalHost, server.port());
    peer.write(RawPeer::upgradeRequest().chopped(1));
    QTRY_VERIFY(server.tcp && server.tcp->bytesAvailable() > 10);
    server.acceptor.reset();
    QVERIFY(!server.tcp);
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    clock.advance(1h);
}

void TestWebSocketAcceptor::destroyedInCallback()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    server.onAccepted = [&] { server.acceptor.reset(); };
    RawPeer peer;
    QVERIFY(peer.shakeHands(server.port()));
    QVERIFY(!server.acceptor);
    server.channel->send(Goodbye{.reason = {}});
    QCOMPARE(peer.nextFrame().opcode, RawPeer::textOpcode);
}

void TestWebSocketAcceptor::channelSurvivesAcceptor()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    RawPeer peer;
    QVERIFY(peer.shakeHands(server.port()));
    server.acceptor.reset();
    peer.write(RawPeer::frame(RawPeer::textOpcode, R"({"type":"heartbeat"})"));
    QTRY_COMPARE(server.listener.messages.size(), 1);
    peer.disconnectFromHost();
    QTRY_VERIFY(server.listener.isClosed());
    server.channel.reset();
    QTRY_VERIFY(!server.tcp);
}

void TestWebSocketAcceptor::channelDestroyedInCallback()
{
    FakeClock clock;
    LoopbackServer server({}, clock);
    server.onAccepted = [&] { server.channel.reset(); };
    RawPeer peer;
    QVERIFY(peer.shakeHands(server.port()));
    QTRY_COMPARE(peer.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(!server.tcp);
}

QTEST_GUILESS_MAIN(TestWebSocketAcceptor)
#include "tst_websocketacceptor.moc"
