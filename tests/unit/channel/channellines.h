// Two ends of a control channel over loopback, for the tests of WebSocketChannel.

#pragma once

#include "frame.h"
#include "loopback.h"
#include "websocketconnector.h"

#include <QTest>

#include <memory>
#include <utility>

namespace hearth::channel {

inline const Message goodbye = Goodbye{.reason = QStringLiteral("now")};

inline QByteArray bodyFrame(quint64 task, const QByteArray &payload)
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
    explicit RawLine(const ChannelSettings &settings = {})
        : server(settings, clock)
    {}

    bool open()
    {
        return peer.shakeHands(server.port()) && QTest::qWaitFor([this] { return server.channel != nullptr; });
    }

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
               }) &&
               server.channel->bytesToWrite() > Channel::bodyWatermark;
    }

    FakeClock clock;
    LoopbackServer server;
    RawPeer peer;
};

} // namespace hearth::channel
