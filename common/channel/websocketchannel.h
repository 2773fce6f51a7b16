// WebSocketChannel: a Channel carried by a QWebSocket.
//
// Made by WebSocketAcceptor on the server and WebSocketConnector in the publisher, after the handshake. It checks
// limits, answers for liveness (pings) and for progress of writing, and works around what QWebSocket 6.4 lacks. Lives
// on the thread of its socket.

#pragma once

#include "channel.h"
#include "channelsettings.h"

#include <QObject>

#include <memory>

class QSslSocket;
class QWebSocket;

namespace hearth::channel {

class WebSocketChannel final : public QObject, public Channel
{
    Q_OBJECT

public:
    /// Takes over an opened `socket`. `clock` must outlive the channel.
    WebSocketChannel(std::unique_ptr<QWebSocket> socket, ChannelSettings settings, Clock &clock);
    ~WebSocketChannel() override;

    /// The limits that a socket needs before its first byte is read: whoever makes one calls this at once.
    static void applyLimits(QWebSocket &socket);

    void setListener(ChannelListener &listener) override;
    void send(const Message &message) override;
    void sendFrame(const QByteArray &frame) override;
    qint64 bytesToWrite() const override;
    void close(CloseCode code, const QString &text) override;
    void closeThen(CloseCode code, const QString &text, std::function<void()> gone) override;

    quint64 ignoredCount() const override { return m_ignored; }

private:
    void receiveText(const QString &text);
    void receiveBinary(const QByteArray &frame);
    void bytesWritten();
    void noteWrite();
    void ping();
    void disconnected();
    /// Ends a channel whose peer does not even take a close frame.
    void breakOff(const QString &why);
    /// Ends the channel of a peer that has broken the protocol.
    void closeOn(const CloseReason &violation);
    /// Tells the listener, once. The channel may be gone afterwards.
    void finish(const CloseReason &reason);
    /// Stops listening to the socket and watching it.
    QWebSocket *detach();
    /// Lets go of the socket: it says goodbye by itself, within closeTimeout.
    void release(int code, const QString &text);
    /// The same; `gone` may be empty. A socket with one says goodbye when its peer has read everything else.
    void release(int code, const QString &text, const std::function<void()> &gone);

    ChannelSettings m_settings;
    /// Never deleted inside one of its own signals: QWebSocket goes on using itself after emitting.
    QWebSocket *m_socket;
    /// Underneath m_socket when the channel is encrypted: what it has encrypted counts as waiting, too.
    QSslSocket *m_tls;
    ChannelListener *m_listener = nullptr;
    Timer m_pingTimer;
    Timer m_writeTimer;
    int m_silentPings = 0;
    quint64 m_ignored = 0;
    bool m_aboveWatermark = false;
    /// The connection closes because of a close frame, its code says why.
    bool m_closeFrame = false;
};

} // namespace hearth::channel
