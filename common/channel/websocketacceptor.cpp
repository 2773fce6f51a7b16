#include "websocketacceptor.h"

#include "logging.h"
#include "websocketchannel.h"

#include <QTcpSocket>
#include <QWebSocket>
#include <QWebSocketCorsAuthenticator>
#include <QWebSocketServer>

namespace hearth::channel {

WebSocketAcceptor::WebSocketAcceptor(ChannelSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(settings)
    , m_clock(clock)
{}

void WebSocketAcceptor::accept(std::unique_ptr<QTcpSocket> socket, Accepted accepted)
{
    // A server of its own per handshake: QWebSocketServer does not tell which of several sockets a new connection is.
    // It owns the socket while the handshake lasts, so that deleting it ends everything.
    auto *const server = new QWebSocketServer(QStringLiteral("hearthd"), QWebSocketServer::NonSecureMode, this);
    QTcpSocket *const tcp = socket.release();
    tcp->setParent(server);
    server->setSupportedSubprotocols({QLatin1String(subprotocol)});
    // Origins were checked on the request; Qt must not answer for us that every origin is welcome.
    connect(server, &QWebSocketServer::originAuthenticationRequired, server,
            [](QWebSocketCorsAuthenticator *origin) { origin->setAllowed(origin->origin().isEmpty()); });
    connect(tcp, &QTcpSocket::disconnected, server, &QObject::deleteLater);

    // handleConnection() starts no timer of its own.
    auto timer = std::make_shared<Timer>(m_clock, [server] {
        qCInfo(lcChannel) << "a WebSocket handshake ran out of time";
        server->deleteLater();
    });
    timer->start(m_settings.handshakeTimeout);
    connect(server, &QWebSocketServer::newConnection, server, [=, this, accepted = std::move(accepted)] {
        timer->stop();
        finish(*server, *tcp, accepted);
    });
    server->handleConnection(tcp);
}

void WebSocketAcceptor::finish(QWebSocketServer &server, QTcpSocket &tcp, const Accepted &accepted)
{
    // The server is in the middle of a signal, and `accepted` may destroy its parent.
    server.setParent(nullptr);
    server.deleteLater();
    std::unique_ptr<QWebSocket> webSocket(server.nextPendingConnection());
    tcp.disconnect(&server);
    tcp.setParent(webSocket.get());
    WebSocketChannel::applyLimits(*webSocket);
    const bool agreed = webSocket->subprotocol() == QLatin1String(subprotocol);
    auto channel = std::make_unique<WebSocketChannel>(std::move(webSocket), m_settings, m_clock);
    if (agreed)
        accepted(std::move(channel));
    else
        channel->close(CloseCode::PolicyViolation,
                       QStringLiteral("This server speaks only ") + QLatin1String(subprotocol));
}

} // namespace hearth::channel
