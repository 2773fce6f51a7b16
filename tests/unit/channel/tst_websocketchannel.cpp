#include "loopback.h"

#include "frame.h"
#include "websocketconnector.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

namespace {

const Message goodbye = Goodbye{.reason = QStringLiteral("now")};

QByteArray bodyFrame(quint64 task, const QByteArray &payload)
{
    QByteArray result;
    appendFrameHeader(result, {FrameKind::Body, TaskId{task}});
    return result + payload;
}

/// A server's end and a publisher's end, both real.
struct Line
{
    explicit Line(const ChannelSettings &settings = {})
        : server(settings, clock)
        , connector(ConnectorSettings{settings, {}}, clock)
    {
        QObject::connect(&connector, &WebSocketConnector::opened, &connector, [this] {
            publisher = connector.takeChannel();
            publisher->setListener(atPublisher);
        });
    }

    bool open()
    {
        connector.open(server.url(), "hk_test");
        return QTest::qWaitFor([this] { return publisher && server.channel; });
    }

    FakeClock clock;
    LoopbackServer server;
    RecordingListener atPublisher;
    WebSocketConnector connector;
    std::unique_ptr<Channel> publisher;
};

/// A server's end whose peer does only what the test says.
struct RawLine
{
    explicit RawLine(const ChannelSettings &settings = {}) : server(settings, clock) {}

    bool open() { return peer.shakeHands(server.port()) && QTest::qWaitFor([this] { return server.channel != nullptr; }); }

    /// The peer stops reading, and little fits on the way to it.
    void stall()
    {
        peer.blockSignals(true);
        peer.setReadBufferSize(1);
        server.tcp->setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, 16 * 1024);
    }

    /// Fills the way to a stalled peer until the network takes no more.
    bool jam()
    {
        for (int i = 0; i < 64; ++i)
            server.channel->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
        qint64 before = -1;
        return QTest::qWaitFor([this, &before] {
            QTest::qWait(20);
            return std::exchange(before, server.channel->bytesToWrite()) == server.channel->bytesToWrite();
        }) && server.channel->bytesToWrite() > Channel::bodyWatermark;
    }

    FakeClock clock;
    LoopbackServer server;
    RawPeer peer;
};

int closeCodeOf(const RawPeer::Frame &frame)
{
    if (frame.opcode != RawPeer::closeOpcode || frame.payload.size() < 2)
        return -1;
    return static_cast<uchar>(frame.payload[0]) * 256 + static_cast<uchar>(frame.payload[1]);
}

} // namespace

class TestWebSocketChannel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void messagesBothWays();
    void framesBothWays();
    void keepsOrder();
    void longMessages();
    void neverFromInsideSend();
    void closes_data();
    void closes();
    void closeSendsWhatWaits();
    void closeDoesNotWaitForAStalledPeer();
    void nothingAfterClose();
    void destroyingSaysGoingAway();
    void peerCloses_data();
    void peerCloses();
    void peerBreaksOff_data();
    void peerBreaksOff();
    void badPeers_data();
    void badPeers();
    void unknownThingsAreCounted();
    void badMessageHidesTheNext();
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
    void nothingIsLeftBehind();
};

void TestWebSocketChannel::messagesBothWays()
{
    Line line;
    const Message hello = Hello{.serverVersion = QStringLiteral("1"), .heartbeatSeconds = 7};
    line.server.onAccepted = [&] { line.server.channel->send(hello); };
    QVERIFY(line.open());
    QTRY_COMPARE(line.atPublisher.messages.size(), 1);
    QVERIFY(line.atPublisher.messages[0] == hello);

    const Message answer = Register{.publisher = QStringLiteral(u"b\u00f6x\U0001F600"), .version = QStringLiteral("1")};
    line.publisher->send(answer);
    QTRY_COMPARE(line.server.listener.messages.size(), 1);
    QVERIFY(line.server.listener.messages[0] == answer);
}

void TestWebSocketChannel::framesBothWays()
{
    Line line;
    QVERIFY(line.open());
    QByteArray all(256, '\0');
    for (int i = 0; i < 256; ++i)
        all[i] = static_cast<char>(i);
    const QByteArrayList payloads{QByteArray(), "x", all, QByteArray(maxFramePayload, '\xff')};
    for (const QByteArray &payload : payloads) {
        line.server.channel->sendFrame(bodyFrame(3, payload));
        line.publisher->sendFrame(bodyFrame(9007199254740991, payload));
    }
    QTRY_COMPARE(line.server.listener.bodies.size(), payloads.size());
    QTRY_COMPARE(line.atPublisher.bodies.size(), payloads.size());
    for (qsizetype i = 0; i < payloads.size(); ++i) {
        QVERIFY(line.atPublisher.bodies[i] == std::pair(TaskId{3}, payloads[i]));
        QVERIFY(line.server.listener.bodies[i] == std::pair(TaskId{9007199254740991}, payloads[i]));
    }
}

void TestWebSocketChannel::keepsOrder()
{
    Line line;
    QVERIFY(line.open());
    QStringList order;
    line.atPublisher.onMessage = [&] { order.append(QStringLiteral("message")); };
    line.atPublisher.onBody = [&] { order.append(QStringLiteral("body")); };
    line.atPublisher.onClosed = [&] { order.append(QStringLiteral("closed")); };
    line.server.channel->send(goodbye);
    line.server.channel->sendFrame(bodyFrame(1, "x"));
    line.server.channel->send(goodbye);
    line.server.channel->close(CloseCode::Normal, {});
    QTRY_VERIFY(line.atPublisher.isClosed());
    QCOMPARE(order.join(u' '), QStringLiteral("message body message closed"));
}

void TestWebSocketChannel::longMessages()
{
    // Almost 1 MiB, which QWebSocket sends in two frames.
    Register message{.publisher = QStringLiteral("p"), .version = QStringLiteral("1")};
    message.llms.append({.name = QStringLiteral("a"), .description = QString(260'000, u'd')});
    message.llms.append({.name = QStringLiteral("b"), .description = QString(260'000, u'\u00e4').left(130'000)});
    message.llms.append({.name = QStringLiteral("c"), .description = QString(260'000, u'e')});
    message.llms.append({.name = QStringLiteral("d"), .description = QString(260'000, u'f')});
    QVERIFY(encode(message).size() > 1'040'000);
    Line line;
    QVERIFY(line.open());
    line.publisher->send(message);
    line.server.channel->send(message);
    QTRY_COMPARE(line.server.listener.messages.size(), 1);
    QTRY_COMPARE(line.atPublisher.messages.size(), 1);
    QVERIFY(line.server.listener.messages[0] == Message(message));
    QVERIFY(line.atPublisher.messages[0] == Message(message));
}

void TestWebSocketChannel::neverFromInsideSend()
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

void TestWebSocketChannel::closes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("received");
    const auto row = [](const char *name, CloseCode code, const QString &text, const QString &received) {
        QTest::newRow(name) << static_cast<int>(code) << text << received;
    };

    row("normal", CloseCode::Normal, {}, {});
    row("going away", CloseCode::GoingAway, QStringLiteral("restart"), QStringLiteral("restart"));
    row("policy", CloseCode::PolicyViolation, QStringLiteral("no"), QStringLiteral("no"));
    row("replaced", CloseCode::Replaced, QStringLiteral("another"), QStringLiteral("another"));
    row("key refused", CloseCode::KeyRefused, QStringLiteral("revoked"), QStringLiteral("revoked"));
    row("longest text", CloseCode::Replaced, QString(123, u'x'), QString(123, u'x'));
    row("text too long", CloseCode::Replaced, QString(124, u'x'), QString(123, u'x'));
    row("two bytes a character", CloseCode::Replaced, QString(100, u'\u00e4'), QString(61, u'\u00e4'));
    row("three bytes a character", CloseCode::Replaced, QString(100, u'\u20ac'), QString(41, u'\u20ac'));
    row("four bytes a character", CloseCode::Replaced, QStringLiteral(u"\U0001F600").repeated(100),
        QStringLiteral(u"\U0001F600").repeated(30));
    row("four bytes a character, one off", CloseCode::Replaced, u'x' + QStringLiteral(u"\U0001F600").repeated(100),
        u'x' + QStringLiteral(u"\U0001F600").repeated(30));
}

void TestWebSocketChannel::closes()
{
    QFETCH(int, code);
    QFETCH(QString, text);
    for (const bool byServer : {true, false}) {
        Line line;
        QVERIFY(line.open());
        RecordingListener &here = byServer ? line.server.listener : line.atPublisher;
        RecordingListener &there = byServer ? line.atPublisher : line.server.listener;
        (byServer ? *line.server.channel : *line.publisher).close(static_cast<CloseCode>(code), text);
        QTRY_VERIFY(there.isClosed());
        QCOMPARE(there.reason.code, code);
        QTEST(there.reason.text, "received");
        QTRY_VERIFY(!line.server.tcp || line.server.tcp->state() == QAbstractSocket::UnconnectedState);
        QCOMPARE(there.closings, 1);
        QVERIFY(!here.isClosed());
    }
}

void TestWebSocketChannel::closeSendsWhatWaits()
{
    Line line;
    QVERIFY(line.open());
    for (int i = 0; i < 20; ++i)
        line.server.channel->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
    line.server.channel->send(goodbye);
    line.server.channel->close(CloseCode::GoingAway, {});
    line.server.channel.reset();
    QTRY_VERIFY(line.atPublisher.isClosed());
    QCOMPARE(line.atPublisher.bodies.size(), 20);
    QCOMPARE(line.atPublisher.messages.size(), 1);
    QCOMPARE(line.atPublisher.reason.code, 1001);
}

void TestWebSocketChannel::closeDoesNotWaitForAStalledPeer()
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

void TestWebSocketChannel::nothingAfterClose()
{
    RawLine line;
    QVERIFY(line.open());
    line.server.listener.onMessage = [&] { line.server.channel->close(CloseCode::Normal, {}); };
    const QByteArray message = RawPeer::frame(RawPeer::textOpcode, encode(goodbye));
    line.peer.write(message + message + RawPeer::frame(RawPeer::binaryOpcode, bodyFrame(1, "x")));
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(line.server.listener.messages.size(), 1);
    QVERIFY(line.server.listener.bodies.isEmpty());
    QVERIFY(!line.server.listener.isClosed());
    // A channel that is closed swallows what is sent.
    line.server.channel->send(goodbye);
    line.server.channel->sendFrame(bodyFrame(1, "x"));
    line.server.channel->close(CloseCode::Normal, {});
    QCOMPARE(line.server.channel->bytesToWrite(), qint64{0});
    line.clock.advance(1h);
}

void TestWebSocketChannel::destroyingSaysGoingAway()
{
    RawLine line;
    QVERIFY(line.open());
    line.server.channel.reset();
    QCOMPARE(closeCodeOf(line.peer.nextFrame()), 1001);
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
}

void TestWebSocketChannel::peerCloses_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("text");

    QTest::newRow("normal") << RawPeer::closeFrame(1000) << 1000 << QString();
    QTest::newRow("normal with a text") << RawPeer::closeFrame(1000, "bye") << 1000 << QStringLiteral("bye");
    QTest::newRow("without a code") << RawPeer::frame(RawPeer::closeOpcode, {}) << 1000 << QString();
    QTest::newRow("going away") << RawPeer::closeFrame(1001, "restart") << 1001 << QStringLiteral("restart");
    QTest::newRow("code of a later version") << RawPeer::closeFrame(4999, "?") << 4999 << QStringLiteral("?");
}

void TestWebSocketChannel::peerCloses()
{
    QFETCH(QByteArray, sent);
    for (const bool atOnce : {true, false}) {
        RawLine line;
        QVERIFY(line.open());
        line.peer.write(sent);
        // Many peers send their FIN right behind the close frame.
        if (atOnce)
            line.peer.disconnectFromHost();
        QTRY_VERIFY(line.server.listener.isClosed());
        QTEST(line.server.listener.reason.code, "code");
        QTEST(line.server.listener.reason.text, "text");
        QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
        QCOMPARE(line.server.listener.closings, 1);
        line.server.channel->send(goodbye);
        line.clock.advance(1h);
        QCOMPARE(line.server.listener.closings, 1);
    }
}

void TestWebSocketChannel::peerBreaksOff_data()
{
    QTest::addColumn<bool>("reset");
    QTest::addColumn<bool>("writing");

    QTest::newRow("FIN") << false << false;
    QTest::newRow("FIN while we write") << false << true;
    QTest::newRow("RST") << true << false;
    QTest::newRow("RST while we write") << true << true;
}

void TestWebSocketChannel::peerBreaksOff()
{
    QFETCH(bool, reset);
    QFETCH(bool, writing);
    RawLine line;
    QVERIFY(line.open());
    if (writing) {
        line.stall();
        QVERIFY(line.jam());
    }
    if (reset)
        line.peer.abort();
    else
        line.peer.disconnectFromHost();
    QTRY_VERIFY(line.server.listener.isClosed());
    QCOMPARE(line.server.listener.reason.code, 1006);
    QVERIFY(!line.server.listener.reason.text.isEmpty());
    QCOMPARE(line.server.listener.closings, 1);
}

void TestWebSocketChannel::badPeers_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<int>("code");
    const auto text = [](const QByteArray &payload) { return RawPeer::frame(RawPeer::textOpcode, payload); };
    const auto binary = [](const QByteArray &payload) { return RawPeer::frame(RawPeer::binaryOpcode, payload); };

    QTest::newRow("no JSON") << text("hello") << 1007;
    QTest::newRow("empty message") << text("") << 1007;
    QTest::newRow("message without its fields") << text(R"({"type":"cancel"})") << 1007;
    QTest::newRow("invalid UTF-8") << text("{\"type\":\"goodbye\",\"reason\":\"\xff\"}") << 1007;
    QTest::newRow("empty frame") << binary("") << 1008;
    QTest::newRow("frame without its task") << binary("\x01") << 1008;
    QTest::newRow("payload over 64 KiB") << binary(bodyFrame(1, QByteArray(maxFramePayload + 1, 'x'))) << 1008;
    QTest::newRow("task beyond 2^53") << binary("\x01\xff\xff\xff\xff\xff\xff\xff\xff") << 1008;
    QTest::newRow("frame over 1 MiB") << text(QByteArray(maxMessageBytes + 1, ' ')) << 1009;
    QTest::newRow("message over 1 MiB in small frames")
        << RawPeer::frame(RawPeer::textOpcode, QByteArray(600'000, ' '), false)
            + RawPeer::frame(0, QByteArray(600'000, ' '), true)
        << 1009;
    QTest::newRow("reserved opcode") << RawPeer::frame(3, "x") << 1002;
    QTest::newRow("long ping") << RawPeer::frame(RawPeer::pingOpcode, QByteArray(126, 'x')) << 1002;
    QTest::newRow("continuation of nothing") << RawPeer::frame(0, "x") << 1002;
    QTest::newRow("close frame with a forbidden code") << RawPeer::closeFrame(1006) << 1002;
}

void TestWebSocketChannel::badPeers()
{
    QFETCH(QByteArray, sent);
    QFETCH(int, code);
    RawLine line;
    QVERIFY(line.open());
    line.peer.write(sent);
    QTRY_VERIFY(line.server.listener.isClosed());
    QCOMPARE(line.server.listener.reason.code, code);
    QVERIFY(!line.server.listener.reason.text.isEmpty());
    QVERIFY(line.server.listener.messages.isEmpty());
    QVERIFY(line.server.listener.bodies.isEmpty());
    // Closing with unread bytes of the peer's makes the kernel reset the connection, so a flood may miss the close frame.
    if (sent.size() < 100'000)
        QCOMPARE(closeCodeOf(line.peer.nextFrame()), code);
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(line.server.listener.closings, 1);
}

void TestWebSocketChannel::unknownThingsAreCounted()
{
    RawLine line;
    QVERIFY(line.open());
    line.peer.write(RawPeer::frame(RawPeer::textOpcode, R"({"type":"teleport"})")
                    + RawPeer::frame(RawPeer::binaryOpcode, "\x7f and more than nine bytes")
                    + RawPeer::frame(RawPeer::textOpcode, encode(goodbye)));
    QTRY_COMPARE(line.server.listener.messages.size(), 1);
    QCOMPARE(line.server.channel->ignoredCount(), quint64{2});
    QVERIFY(!line.server.listener.isClosed());
}

void TestWebSocketChannel::badMessageHidesTheNext()
{
    RawLine line;
    QVERIFY(line.open());
    line.peer.write(RawPeer::frame(RawPeer::textOpcode, "x") + RawPeer::frame(RawPeer::textOpcode, encode(goodbye)));
    QTRY_VERIFY(line.server.listener.isClosed());
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(line.server.listener.messages.isEmpty());
    QCOMPARE(line.server.listener.closings, 1);
}

void TestWebSocketChannel::pingsAndGivesUp()
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

void TestWebSocketChannel::pongIsLife()
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

void TestWebSocketChannel::anyFrameIsLife()
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

void TestWebSocketChannel::stalledPeer()
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

void TestWebSocketChannel::slowPeer()
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

void TestWebSocketChannel::idleChannelNeedsNoProgress()
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

void TestWebSocketChannel::tooMuchWaiting()
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

void TestWebSocketChannel::watermark()
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

void TestWebSocketChannel::destroyedInEveryCall_data()
{
    using Provoke = std::function<void(RawLine &)>;
    QTest::addColumn<Provoke>("provoke");
    const QByteArray message = RawPeer::frame(RawPeer::textOpcode, encode(goodbye));
    const QByteArray body = RawPeer::frame(RawPeer::binaryOpcode, bodyFrame(1, "x"));
    const auto sends = [](const QByteArray &bytes) { return Provoke([bytes](RawLine &line) { line.peer.write(bytes); }); };

    QTest::newRow("message") << sends(message + message + body);
    QTest::newRow("message in fragments") << sends(RawPeer::frame(RawPeer::textOpcode, R"({"type":"heart)", false)
                                                   + RawPeer::frame(0, R"(beat"})") + message);
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

void TestWebSocketChannel::destroyedInEveryCall()
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

void TestWebSocketChannel::nothingIsLeftBehind()
{
    // The listener of a channel that has closed often keeps it a while.
    RawLine line;
    QVERIFY(line.open());
    line.peer.disconnectFromHost();
    QTRY_VERIFY(line.server.listener.isClosed());
    line.server.channel->send(goodbye);
    line.server.channel->sendFrame(bodyFrame(1, "x"));
    QCOMPARE(line.server.channel->bytesToWrite(), qint64{0});
    line.clock.advance(1h);
    line.server.channel->close(CloseCode::Normal, {});
    line.server.channel.reset();
    QTRY_VERIFY(!line.server.tcp);
    QCOMPARE(line.server.listener.closings, 1);
}

QTEST_GUILESS_MAIN(TestWebSocketChannel)
#include "tst_websocketchannel.moc"
