#include "channellines.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

class TestWebSocketLiveness final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverFromInsideSend();
    void closeDoesNotWaitForAStalledPeer();
    void pingsAndGivesUp();
    void pongIsLife();
    void anyFrameIsLife();
    void stalledPeer();
    void slowPeer();
    void idleChannelNeedsNoProgress();
    void tooMuchWaiting();
    void watermark();
    void destroyedInEveryCall_data();
    void destroyedInEveryCall();
};

void TestWebSocketLiveness::neverFromInsideSend()
{
    Line line;
    QVERIFY(line.open());
    bool sending = true;
    const auto check = [&] { QVERIFY(!sending); };
    line.server.listener.onWritable = check;
    line.server.listener.onClosed = check;
    for (int i = 0; i < 400; ++i) {
        line.server.channel->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
        line.server.channel->send(goodbye);
    }
    sending = false;
    line.clock.advance(0ms);
    QTRY_VERIFY(line.server.listener.isClosed());
}

void TestWebSocketLiveness::closeDoesNotWaitForAStalledPeer()
{
    RawLine line({.closeTimeout = 50ms});
    QVERIFY(line.open());
    line.stall();
    QVERIFY(line.jam());
    line.server.channel->close(CloseCode::Normal, {});
    QVERIFY(line.server.tcp);
    QTRY_VERIFY(!line.server.tcp);
    QVERIFY(!line.server.listener.isClosed());
}

void TestWebSocketLiveness::pingsAndGivesUp()
{
    RawLine line;
    QVERIFY(line.open());
    line.clock.advance(20s - 1ms);
    QCoreApplication::processEvents();
    QVERIFY(line.peer.received().isEmpty());
    line.clock.advance(1ms);
    QCOMPARE(line.peer.nextFrame().opcode, RawPeer::pingOpcode);
    line.clock.advance(20s);
    QCOMPARE(line.peer.nextFrame().opcode, RawPeer::pingOpcode);
    line.clock.advance(20s - 1ms);
    QVERIFY(!line.server.listener.isClosed());
    line.clock.advance(1ms);
    QCOMPARE(line.server.listener.closings, 1);
    QCOMPARE(line.server.listener.reason.code, 1006);
    QVERIFY(!line.server.listener.reason.text.isEmpty());
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
    QTRY_VERIFY(!line.server.tcp);
}

void TestWebSocketLiveness::pongIsLife()
{
    Line line;
    QVERIFY(line.open());
    for (int i = 0; i < 20; ++i) {
        line.clock.advance(20s);
        // A message behind the pong shows that it has come.
        line.publisher->send(goodbye);
        line.server.channel->send(goodbye);
        QTRY_COMPARE(line.server.listener.messages.size(), i + 1);
        QTRY_COMPARE(line.atPublisher.messages.size(), i + 1);
    }
    QVERIFY(!line.server.listener.isClosed());
    QVERIFY(!line.atPublisher.isClosed());

    RawLine raw;
    QVERIFY(raw.open());
    for (int i = 0; i < 10; ++i) {
        for (int silent = 0; silent < 2; ++silent) {
            raw.clock.advance(20s);
            QCOMPARE(raw.peer.nextFrame().opcode, RawPeer::pingOpcode);
        }
        // The answer to our own ping shows that the pong in front of it has come.
        raw.peer.write(RawPeer::frame(RawPeer::pongOpcode, {}) + RawPeer::frame(RawPeer::pingOpcode, "are you there?"));
        QCOMPARE(raw.peer.nextFrame().opcode, RawPeer::pongOpcode);
    }
    QVERIFY(!raw.server.listener.isClosed());
}

void TestWebSocketLiveness::anyFrameIsLife()
{
    RawLine line;
    QVERIFY(line.open());
    for (int i = 1; i <= 10; ++i) {
        for (int silent = 0; silent < 2; ++silent) {
            line.clock.advance(20s);
            QCOMPARE(line.peer.nextFrame().opcode, RawPeer::pingOpcode);
        }
        line.peer.write(RawPeer::frame(RawPeer::binaryOpcode, bodyFrame(1, "x")));
        QTRY_COMPARE(line.server.listener.bodies.size(), i);
    }
    QVERIFY(!line.server.listener.isClosed());
}

void TestWebSocketLiveness::stalledPeer()
{
    RawLine line({.pingInterval = 1h});
    QVERIFY(line.open());
    line.stall();
    QVERIFY(line.jam());
    line.clock.advance(10s - 1ms);
    QVERIFY(!line.server.listener.isClosed());
    line.clock.advance(1ms);
    QCOMPARE(line.server.listener.closings, 1);
    QCOMPARE(line.server.listener.reason.code, 1006);
    QTRY_VERIFY(!line.server.tcp);
}

void TestWebSocketLiveness::slowPeer()
{
    // A peer that takes a little now and then is kept, however long it lasts.
    RawLine line({.pingInterval = 1h});
    QVERIFY(line.open());
    line.stall();
    QVERIFY(line.jam());
    for (int i = 0; i < 5; ++i) {
        line.clock.advance(9s);
        const qint64 before = line.server.channel->bytesToWrite();
        line.peer.setReadBufferSize(0);
        QTRY_VERIFY(line.server.channel->bytesToWrite() < before);
        line.peer.setReadBufferSize(1);
        line.peer.readAll();
        if (line.server.channel->bytesToWrite() < Channel::bodyWatermark)
            QVERIFY(line.jam());
    }
    QVERIFY(!line.server.listener.isClosed());
}

void TestWebSocketLiveness::idleChannelNeedsNoProgress()
{
    Line line({.pingInterval = 1h});
    QVERIFY(line.open());
    line.server.channel->send(goodbye);
    QTRY_COMPARE(line.atPublisher.messages.size(), 1);
    line.clock.advance(1min);
    line.server.channel->send(goodbye);
    QTRY_COMPARE(line.atPublisher.messages.size(), 2);
    QVERIFY(!line.server.listener.isClosed());
}

void TestWebSocketLiveness::tooMuchWaiting()
{
    RawLine line({.maxBytesToWrite = 1024 * 1024});
    QVERIFY(line.open());
    line.stall();
    while (line.server.channel->bytesToWrite() <= 1024 * 1024)
        line.server.channel->send(Goodbye{.reason = QString(1000, u'x')});
    QVERIFY(!line.server.listener.isClosed());
    line.clock.advance(0ms);
    QCOMPARE(line.server.listener.closings, 1);
    QCOMPARE(line.server.listener.reason.code, 1006);
    QTRY_VERIFY(!line.server.tcp);
}

void TestWebSocketLiveness::watermark()
{
    Line line;
    QVERIFY(line.open());
    for (int round = 1; round <= 3; ++round) {
        while (line.server.channel->bytesToWrite() < Channel::bodyWatermark)
            line.server.channel->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
        QCOMPARE(line.server.listener.writables, round - 1);
        qint64 waiting = -1;
        line.server.listener.onWritable = [&] { waiting = line.server.channel->bytesToWrite(); };
        QTRY_COMPARE(line.server.listener.writables, round);
        QVERIFY(waiting >= 0 && waiting < Channel::bodyWatermark);
        QTRY_COMPARE(line.server.channel->bytesToWrite(), qint64{0});
    }
    // Below the watermark nobody needs to be told.
    line.server.channel->send(goodbye);
    QTRY_COMPARE(line.atPublisher.messages.size(), 1);
    QCOMPARE(line.server.listener.writables, 3);
}

void TestWebSocketLiveness::destroyedInEveryCall_data()
{
    using Provoke = std::function<void(RawLine &)>;
    QTest::addColumn<Provoke>("provoke");
    const QByteArray message = RawPeer::frame(RawPeer::textOpcode, encode(goodbye));
    const QByteArray body = RawPeer::frame(RawPeer::binaryOpcode, bodyFrame(1, "x"));
    const auto sends = [](const QByteArray &bytes) {
        return Provoke([bytes](RawLine &line) { line.peer.write(bytes); });
    };

    QTest::newRow("message") << sends(message + message + body);
    QTest::newRow("message in fragments") << sends(RawPeer::frame(RawPeer::textOpcode, R"({"type":"heart)", false) +
                                                   RawPeer::frame(0, R"(beat"})") + message);
    QTest::newRow("body") << sends(body + body + message);
    QTest::newRow("close frame") << sends(RawPeer::closeFrame(1000) + message);
    QTest::newRow("malformed message") << sends(RawPeer::frame(RawPeer::textOpcode, "x") + message);
    QTest::newRow("malformed frame") << sends(RawPeer::frame(RawPeer::binaryOpcode, "x") + message);
    QTest::newRow("reserved opcode") << sends(RawPeer::frame(3, "x") + message);
    QTest::newRow("frame too big") << sends(RawPeer::frame(RawPeer::textOpcode, QByteArray(maxMessageBytes + 1, ' ')));
    QTest::newRow("FIN") << Provoke([](RawLine &line) { line.peer.disconnectFromHost(); });
    QTest::newRow("RST") << Provoke([](RawLine &line) { line.peer.abort(); });
    QTest::newRow("no pong") << Provoke([](RawLine &line) {
        for (int silent = 0; silent < 3; ++silent) {
            QCoreApplication::processEvents();
            line.clock.advance(20s);
        }
    });
    QTest::newRow("writable") << Provoke([](RawLine &line) {
        while (line.server.channel->bytesToWrite() < Channel::bodyWatermark)
            line.server.channel->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
    });
    QTest::newRow("stalled") << Provoke([](RawLine &line) {
        line.server.listener.onWritable = {};
        line.stall();
        QVERIFY(line.jam());
        line.clock.advance(10s);
    });
}

void TestWebSocketLiveness::destroyedInEveryCall()
{
    QFETCH(std::function<void(RawLine &)>, provoke);
    RawLine line({.closeTimeout = 50ms});
    QVERIFY(line.open());
    int calls = 0;
    const auto destroy = [&] {
        ++calls;
        line.server.channel.reset();
    };
    line.server.listener.onMessage = destroy;
    line.server.listener.onBody = destroy;
    line.server.listener.onWritable = destroy;
    line.server.listener.onClosed = destroy;
    provoke(line);
    QTRY_VERIFY(!line.server.channel);
    QTRY_VERIFY(!line.server.tcp);
    QCOMPARE(calls, 1);
    line.clock.advance(1h);
}

QTEST_GUILESS_MAIN(TestWebSocketLiveness)
#include "tst_websocketliveness.moc"
