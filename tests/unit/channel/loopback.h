// What the WebSocket tests share: a server that accepts control channels, and peers that speak TCP only.

#pragma once

#include "recordinglistener.h"
#include "websocketacceptor.h"

#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>
#include <memory>

namespace hearth::channel {

/// Listens on a free port and turns every connection into a channel; keeps the newest.
class LoopbackServer : public QObject
{
    Q_OBJECT

public:
    LoopbackServer(ChannelSettings settings, Clock &clock);

    QUrl url() const;

    quint16 port() const { return m_server.serverPort(); }

    std::unique_ptr<WebSocketAcceptor> acceptor;
    std::unique_ptr<Channel> channel;
    RecordingListener listener;
    /// The socket of the newest connection; gone when nothing of it is left.
    QPointer<QTcpSocket> tcp;
    int accepted = 0;
    std::function<void()> onAccepted;
    /// Hands a connection over when its request has begun to come, as the http room does.
    bool handOverLate = false;

private:
    void takeConnection();
    void handOver(std::unique_ptr<QTcpSocket> socket);

    QTcpServer m_server;
};

/// A peer that does nothing by itself: it sends what the test says and keeps what comes.
class RawPeer : public QTcpSocket
{
    Q_OBJECT

public:
    struct Frame
    {
        int opcode = -1;
        QByteArray payload;
    };

    static constexpr int textOpcode = 1;
    static constexpr int binaryOpcode = 2;
    static constexpr int closeOpcode = 8;
    static constexpr int pingOpcode = 9;
    static constexpr int pongOpcode = 10;

    explicit RawPeer(QObject *parent = nullptr);

    /// A frame of RFC 6455 section 5.2, masked with zeros.
    static QByteArray frame(int opcode, const QByteArray &payload, bool final = true);
    static QByteArray closeFrame(quint16 code, const QByteArray &reason = {});
    static QByteArray upgradeRequest(const QByteArray &fields = "Sec-WebSocket-Protocol: hearth.v1\r\n");

    /// Connects and completes a handshake as a client; what follows the answer stays in received().
    bool shakeHands(quint16 port);

    const QByteArray &received() const { return m_received; }

    /// Takes the next frame out of received(), when it has come; its opcode is -1 when none comes.
    Frame nextFrame();

private:
    Frame takeFrame();

    QByteArray m_received;
};

/// Accepts one connection at a time and answers its request with what the test says.
class RawServer : public QTcpServer
{
    Q_OBJECT

public:
    RawServer();

    QUrl url() const;
    /// The head and all that follows it. `request` is the head that came.
    using Answer = std::function<QByteArray(const QByteArray &request)>;
    /// What a willing server answers, with `fields` added to the head.
    static QByteArray switchingProtocols(const QByteArray &request,
                                         const QByteArray &fields = "Sec-WebSocket-Protocol: hearth.v1\r\n");

    /// Nothing is answered while this is empty.
    Answer answer;
    QByteArray request;
    QPointer<QTcpSocket> peer;
    int connections = 0;
};

} // namespace hearth::channel
