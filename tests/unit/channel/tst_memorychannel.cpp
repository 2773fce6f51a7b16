#include "memorychannel.h"

#include "frame.h"
#include "recordinglistener.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;

namespace {

const Message hello = Hello{.serverVersion = QStringLiteral("1"), .heartbeatSeconds = 15};
const Message goodbye = Goodbye{.reason = QStringLiteral("now")};

QByteArray frame(quint64 task, const QByteArray &payload)
{
    QByteArray result;
    appendFrameHeader(result, {FrameKind::Body, TaskId{task}});
    return result + payload;
}

/// Two ends with a listener each.
struct Line
{
    explicit Line()
    {
        std::tie(server, publisher) = MemoryChannel::pair();
        server->setListener(atServer);
        publisher->setListener(atPublisher);
    }

    RecordingListener atServer;
    RecordingListener atPublisher;
    std::unique_ptr<MemoryChannel> server;
    std::unique_ptr<MemoryChannel> publisher;
};

/// Deliveries may cause deliveries.
void deliverAll()
{
    for (int turn = 0; turn < 4; ++turn)
        QCoreApplication::processEvents();
}

} // namespace

class TestMemoryChannel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversInOrder();
    void neverFromInsideSend();
    void waitsForAListener();
    void unknownMessagesAreCounted();
    void unknownFramesAreCounted();
    void malformedMessageCloses();
    void malformedFrameCloses();
    void close();
    void closeDeliversWhatWasSentBefore();
    void closedOnlyOnce();
    void bothClose();
    void breakOff();
    void destroying();
    void sendingIntoTheVoid();
    void held();
    void heldUntilBroken();
    void writable();
    void destroyedInEveryCall_data();
    void destroyedInEveryCall();
    void closedInEveryCall();
};

void TestMemoryChannel::deliversInOrder()
{
    Line line;
    line.server->send(hello);
    line.server->sendFrame(frame(5, "abc"));
    line.server->send(goodbye);
    line.publisher->sendFrame(frame(6, ""));
    deliverAll();
    QCOMPARE(line.atPublisher.messages.size(), 2);
    QVERIFY(line.atPublisher.messages[0] == hello);
    QVERIFY(line.atPublisher.messages[1] == goodbye);
    QCOMPARE(line.atPublisher.bodies.size(), 1);
    QVERIFY(line.atPublisher.bodies[0] == std::pair(TaskId{5}, QByteArray("abc")));
    QVERIFY(line.atServer.bodies[0] == std::pair(TaskId{6}, QByteArray()));
}

void TestMemoryChannel::neverFromInsideSend()
{
    Line line;
    line.server->send(hello);
    line.server->sendFrame(frame(5, "abc"));
    line.server->close(CloseCode::Normal, {});
    QVERIFY(line.atPublisher.messages.isEmpty());
    QVERIFY(line.atPublisher.bodies.isEmpty());
    QVERIFY(!line.atPublisher.isClosed());
}

void TestMemoryChannel::waitsForAListener()
{
    auto [server, publisher] = MemoryChannel::pair();
    server->send(hello);
    server->close(CloseCode::Normal, QStringLiteral("bye"));
    deliverAll();
    RecordingListener listener;
    publisher->setListener(listener);
    QVERIFY(listener.messages.isEmpty());
    deliverAll();
    QCOMPARE(listener.messages.size(), 1);
    QCOMPARE(listener.closings, 1);
}

void TestMemoryChannel::unknownMessagesAreCounted()
{
    Line line;
    line.publisher->sendText(R"({"type":"teleport"})");
    line.publisher->sendText(R"({"type":"levitate"})");
    line.publisher->send(goodbye);
    deliverAll();
    QCOMPARE(line.server->ignoredCount(), quint64{2});
    QCOMPARE(line.atServer.messages.size(), 1);
}

void TestMemoryChannel::unknownFramesAreCounted()
{
    Line line;
    line.publisher->sendFrame("\x7f and more than nine bytes");
    line.publisher->sendFrame(frame(5, "abc"));
    deliverAll();
    QCOMPARE(line.server->ignoredCount(), quint64{1});
    QCOMPARE(line.atServer.bodies.size(), 1);
}

void TestMemoryChannel::malformedMessageCloses()
{
    Line line;
    line.publisher->sendText(R"({"type":"cancel"})");
    line.publisher->send(goodbye);
    deliverAll();
    for (const RecordingListener *listener : {&line.atServer, &line.atPublisher}) {
        QCOMPARE(listener->closings, 1);
        QCOMPARE(listener->reason.code, 1007);
        QVERIFY(listener->reason.text.contains(QStringLiteral("\"task\" is missing")));
        QVERIFY(listener->messages.isEmpty());
    }
}

void TestMemoryChannel::malformedFrameCloses()
{
    Line line;
    line.publisher->sendFrame("\x01short");
    deliverAll();
    QCOMPARE(line.atServer.reason.code, 1008);
    QCOMPARE(line.atPublisher.reason.code, 1008);
}

void TestMemoryChannel::close()
{
    Line line;
    line.server->close(CloseCode::Replaced, QStringLiteral("another socket"));
    deliverAll();
    QCOMPARE(line.atPublisher.closings, 1);
    QCOMPARE(line.atPublisher.reason.code, 4001);
    QCOMPARE(line.atPublisher.reason.text, QStringLiteral("another socket"));
    QVERIFY(!line.atServer.isClosed());
}

void TestMemoryChannel::closeDeliversWhatWasSentBefore()
{
    Line line;
    line.server->setHeld(true);
    line.server->send(hello);
    line.server->close(CloseCode::Normal, {});
    line.server->send(goodbye);
    deliverAll();
    QCOMPARE(line.atPublisher.messages.size(), 1);
    QCOMPARE(line.atPublisher.closings, 1);
}

void TestMemoryChannel::closedOnlyOnce()
{
    Line line;
    line.server->close(CloseCode::Normal, {});
    line.server->close(CloseCode::Normal, {});
    line.server.reset();
    deliverAll();
    QCOMPARE(line.atPublisher.closings, 1);
}

void TestMemoryChannel::bothClose()
{
    Line line;
    line.server->close(CloseCode::Normal, {});
    line.publisher->close(CloseCode::Normal, {});
    deliverAll();
    QVERIFY(!line.atServer.isClosed());
    QVERIFY(!line.atPublisher.isClosed());
}

void TestMemoryChannel::breakOff()
{
    Line line;
    line.publisher->breakOff();
    deliverAll();
    QCOMPARE(line.atServer.closings, 1);
    QCOMPARE(line.atServer.reason.code, 1006);
    QVERIFY(!line.atPublisher.isClosed());
}

void TestMemoryChannel::destroying()
{
    Line line;
    line.publisher->send(goodbye);
    line.publisher.reset();
    deliverAll();
    QCOMPARE(line.atServer.messages.size(), 1);
    QCOMPARE(line.atServer.reason.code, 1001);
}

void TestMemoryChannel::sendingIntoTheVoid()
{
    Line line;
    line.publisher.reset();
    line.server->send(hello);
    line.server->sendFrame(frame(1, "x"));
    line.server->setHeld(true);
    line.server->setHeld(false);
    QCOMPARE(line.server->bytesToWrite(), qint64{0});
    line.server->close(CloseCode::Normal, {});
    deliverAll();
    QVERIFY(!line.atServer.isClosed());
}

void TestMemoryChannel::held()
{
    Line line;
    line.server->setHeld(true);
    line.server->send(goodbye);
    line.server->sendFrame(frame(1, "abc"));
    deliverAll();
    QVERIFY(line.atPublisher.messages.isEmpty());
    QCOMPARE(line.server->bytesToWrite(), encode(goodbye).size() + 12);
    line.server->setHeld(false);
    QCOMPARE(line.server->bytesToWrite(), qint64{0});
    deliverAll();
    QCOMPARE(line.atPublisher.messages.size(), 1);
    QCOMPARE(line.atPublisher.bodies.size(), 1);
    QCOMPARE(line.atServer.writables, 0);
}

void TestMemoryChannel::heldUntilBroken()
{
    Line line;
    line.server->setHeld(true);
    line.server->send(hello);
    line.server->breakOff();
    QCOMPARE(line.server->bytesToWrite(), qint64{0});
    deliverAll();
    QVERIFY(line.atPublisher.messages.isEmpty());
    QCOMPARE(line.atPublisher.reason.code, 1006);
}

void TestMemoryChannel::writable()
{
    Line line;
    line.server->setHeld(true);
    while (line.server->bytesToWrite() < Channel::bodyWatermark)
        line.server->sendFrame(frame(1, QByteArray(maxFramePayload, 'x')));
    line.server->setHeld(false);
    QCOMPARE(line.atServer.writables, 1);
}

void TestMemoryChannel::destroyedInEveryCall_data()
{
    QTest::addColumn<std::function<void(Line &)>>("provoke");
    using Provoke = std::function<void(Line &)>;

    QTest::newRow("message") << Provoke([](Line &line) { line.publisher->send(goodbye); });
    QTest::newRow("body") << Provoke([](Line &line) { line.publisher->sendFrame(frame(1, "x")); });
    QTest::newRow("closed by the peer") << Provoke([](Line &line) { line.publisher->close(CloseCode::Normal, {}); });
    QTest::newRow("broken") << Provoke([](Line &line) { line.publisher->breakOff(); });
    QTest::newRow("malformed") << Provoke([](Line &line) { line.publisher->sendText("x"); });
    QTest::newRow("malformed frame") << Provoke([](Line &line) { line.publisher->sendFrame("x"); });
}

void TestMemoryChannel::destroyedInEveryCall()
{
    QFETCH(std::function<void(Line &)>, provoke);
    Line line;
    int calls = 0;
    const auto destroy = [&] {
        ++calls;
        line.server.reset();
    };
    line.atServer.onMessage = destroy;
    line.atServer.onBody = destroy;
    line.atServer.onClosed = destroy;
    provoke(line);
    line.publisher->send(goodbye);
    deliverAll();
    QVERIFY(!line.server);
    QCOMPARE(calls, 1);
}

void TestMemoryChannel::closedInEveryCall()
{
    Line line;
    line.atServer.onMessage = [&] { line.server->close(CloseCode::Normal, {}); };
    line.publisher->send(goodbye);
    line.publisher->send(goodbye);
    deliverAll();
    QCOMPARE(line.atServer.messages.size(), 1);
    QVERIFY(!line.atServer.isClosed());
    QCOMPARE(line.atPublisher.closings, 1);
}

QTEST_GUILESS_MAIN(TestMemoryChannel)
#include "tst_memorychannel.moc"
