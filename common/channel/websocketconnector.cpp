#include "websocketconnector.h"

#include "websocketchannel.h"

#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QRegularExpression>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>

namespace hearth::channel {

WebSocketConnector::WebSocketConnector(ConnectorSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_timer(clock, [this] {
        fail({ErrorCode::Io,
              QStringLiteral("The server at %1 did not complete the handshake in time.").arg(m_url.authority())});
    })
{}

WebSocketConnector::~WebSocketConnector()
{
    drop();
}

void WebSocketConnector::open(const QUrl &url, const QByteArray &key)
{
    cancel();
    m_url = url;
    m_socket = new QWebSocket;
    WebSocketChannel::applyLimits(*m_socket);
    m_socket->setProxy(QNetworkProxy::NoProxy);
    if (url.scheme() == QLatin1String("wss")) {
        QSslConfiguration ssl = QSslConfiguration::defaultConfiguration();
        ssl.setCaCertificates(m_settings.caFile.isEmpty() ? QSslConfiguration::systemCaCertificates()
                                                          : QSslCertificate::fromPath(m_settings.caFile));
        m_socket->setSslConfiguration(ssl);
    }
    connect(m_socket, &QWebSocket::connected, this, &WebSocketConnector::succeed);
    // Qt 6.4 leaves the socket connecting for ever when the server answers anything but 101.
    connect(m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this,
            [this] { fail(explain()); });
    m_timer.start(m_settings.channel.handshakeTimeout);

    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + key);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({QLatin1String(subprotocol)});
    m_socket->open(request, options);
}

void WebSocketConnector::cancel()
{
    m_timer.stop();
    m_channel.reset();
    drop();
}

std::unique_ptr<Channel> WebSocketConnector::takeChannel()
{
    return std::move(m_channel);
}

void WebSocketConnector::succeed()
{
    if (m_socket->subprotocol() != QLatin1String(subprotocol)) {
        return fail(
            {ErrorCode::Io, QStringLiteral("The server at %1 does not speak %2. Is it a Hearth server of this version?")
                                .arg(m_url.authority(), QLatin1String(subprotocol))});
    }
    m_timer.stop();
    m_socket->disconnect(this);
    std::unique_ptr<QWebSocket> socket(std::exchange(m_socket, nullptr));
    m_channel = std::make_unique<WebSocketChannel>(std::move(socket), m_settings.channel, m_clock);
    Q_EMIT opened();
}

void WebSocketConnector::fail(const Error &error)
{
    m_timer.stop();
    drop();
    Q_EMIT failed(error);
}

void WebSocketConnector::drop()
{
    if (QWebSocket *const socket = std::exchange(m_socket, nullptr)) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

Error WebSocketConnector::explain() const
{
    // QWebSocket tells the status of a refused upgrade only inside its error text, as "401 (Unauthorized)".
    static const QRegularExpression statusPattern(QStringLiteral("\\b(\\d{3}) \\("));
    const QString reason = m_socket->errorString();
    const int status = statusPattern.match(reason).captured(1).toInt();
    const QString server = m_url.authority();
    switch (status) {
    case 401:
        return {
            ErrorCode::InvalidApiKey,
            QStringLiteral("The server at %1 does not know this API key; it may be revoked or expired. Make one with "
                           "\"hearthd key create --name NAME --scope publish\" and put it where the old one is: into "
                           "keyFile, or into the keyring by hearth-tray.")
                .arg(server)};
    case 403:
        return {ErrorCode::ScopeMissing,
                QStringLiteral("The API key may not publish at %1. It needs the scope \"publish\".").arg(server)};
    case 0:
        // The TCP connection itself had no error: whoever answers there does not speak WebSocket.
        if (m_socket->error() == QAbstractSocket::UnknownSocketError)
            return {ErrorCode::Io,
                    QStringLiteral("The server at %1 did not open a control channel: %2 Is it a Hearth server?")
                        .arg(server, reason)};
        return {ErrorCode::Io, QStringLiteral("Cannot reach the server at %1: %2").arg(server, reason)};
    default:
        return {
            ErrorCode::Io,
            QStringLiteral("The server at %1 refused the control channel with HTTP status %2. Is it a Hearth server?")
                .arg(server)
                .arg(status)};
    }
}

} // namespace hearth::channel
