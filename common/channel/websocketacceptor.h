// WebSocketAcceptor: turns an accepted HTTP connection into a control channel, on the server.
//
// The http room hands over the socket with the upgrade request still unread, after the api has authenticated it. One
// handshake runs per call; it ends in a channel or, after the deadline, in nothing. Main thread only.

#pragma once

#include "channel.h"
#include "channelsettings.h"

#include <QObject>

#include <functional>
#include <memory>

class QTcpSocket;
class QWebSocketServer;

namespace hearth::channel {

class WebSocketAcceptor : public QObject
{
    Q_OBJECT

public:
    using Accepted = std::function<void(std::unique_ptr<Channel>)>;

    /// `clock` must outlive the acceptor.
    WebSocketAcceptor(ChannelSettings settings, Clock &clock, QObject *parent = nullptr);

    /// Nobody but the acceptor may use `socket` or be connected to it any more. `accepted` is called when the handshake
    /// has succeeded; otherwise the socket is closed and nothing is called. Destroying the acceptor ends the handshakes
    /// that are under way, not the channels.
    void accept(std::unique_ptr<QTcpSocket> socket, Accepted accepted);

private:
    void finish(QWebSocketServer &server, QTcpSocket &tcp, const Accepted &accepted);

    ChannelSettings m_settings;
    Clock &m_clock;
};

} // namespace hearth::channel
