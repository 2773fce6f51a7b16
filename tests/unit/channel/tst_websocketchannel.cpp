#include "channellines.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;
using namespace std::chrono_literals;

namespace {

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
    void closes_data();
    void closes();
    void closeSendsWhatWaits();
    void tellsWhenThePeerHasReadAll();
    void saysGoodbyeWhenThePeerHasReadAll();
    void tellsOfAChannelThatIsGone();
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

void TestWebSocketChannel::tellsWhenThePeerHasReadAll()
{
    Line line;
    QVERIFY(line.open());
    for (int i = 0; i < 20; ++i)
        line.publisher->sendFrame(bodyFrame(1, QByteArray(maxFramePayload, 'x')));
    qsizetype read = -1;
    line.publisher->closeThen(CloseCode::GoingAway, {}, [&] { read = line.server.listener.bodies.size(); });
    line.publisher.reset();
    QCOMPARE(read, -1);
    QTRY_COMPARE(read, 20);
    QTRY_COMPARE(line.server.listener.reason.code, 1001);
}

void TestWebSocketChannel::saysGoodbyeWhenThePeerHasReadAll()
{
    RawLine line;
    QVERIFY(line.open());
    bool isGone = false;
    line.server.channel->closeThen(CloseCode::GoingAway, {}, [&] { isGone = true; });
    const RawPeer::Frame question = line.peer.nextFrame();
    QCOMPARE(question.opcode, RawPeer::pingOpcode);
    // What it sends meanwhile is no answer, and neither is the answer to an earlier ping.
    line.peer.write(RawPeer::frame(RawPeer::binaryOpcode, bodyFrame(1, "x")) + RawPeer::frame(RawPeer::pongOpcode, {}) +
                    RawPeer::frame(RawPeer::pingOpcode, "you?"));
    QCOMPARE(line.peer.nextFrame().opcode, RawPeer::pongOpcode);
    QVERIFY(!isGone);
    line.peer.write(RawPeer::frame(RawPeer::pongOpcode, question.payload));
    QCOMPARE(closeCodeOf(line.peer.nextFrame()), 1001);
    QTRY_VERIFY(isGone);
}

void TestWebSocketChannel::tellsOfAChannelThatIsGone()
{
    RawLine line;
    QVERIFY(line.open());
    line.peer.abort();
    QTRY_VERIFY(line.server.listener.isClosed());
    bool isGone = false;
    line.server.channel->closeThen(CloseCode::GoingAway, {}, [&] { isGone = true; });
    QVERIFY(!isGone);
    QTRY_VERIFY(isGone);
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
        << RawPeer::frame(RawPeer::textOpcode, QByteArray(600'000, ' '), false) +
               RawPeer::frame(0, QByteArray(600'000, ' '), true)
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
    // Closing with unread bytes of the peer's makes the kernel reset the connection, so a flood may miss the close
    // frame.
    if (sent.size() < 100'000)
        QCOMPARE(closeCodeOf(line.peer.nextFrame()), code);
    QTRY_COMPARE(line.peer.state(), QAbstractSocket::UnconnectedState);
    QCOMPARE(line.server.listener.closings, 1);
}

void TestWebSocketChannel::unknownThingsAreCounted()
{
    RawLine line;
    QVERIFY(line.open());
    line.peer.write(RawPeer::frame(RawPeer::textOpcode, R"({"type":"teleport"})") +
                    RawPeer::frame(RawPeer::binaryOpcode, "\x7f and more than nine bytes") +
                    RawPeer::frame(RawPeer::textOpcode, encode(goodbye)));
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
