#include "httpserver.h"

#include "connection.h"
#include "listener.h"
#include "servercontext.h"
#include "tls.h"

#include <QSslSocket>

#include <unistd.h>

namespace hearth::http {

class HttpServer::Private
{
public:
    Private(HttpServer &server, HttpSettings settings, Clock &clock, Router &router)
        : q(server)
        , context(std::move(settings), clock, router)
        , listener(context.settings, clock, [this](qintptr descriptor) { accept(descriptor); })
    {}

    void accept(qintptr descriptor);
    void connectionClosed();

    HttpServer &q;
    ServerContext context;
    std::optional<QSslConfiguration> tls;
    Listener listener;
    /// Parent of all connections, which must go before what they share.
    QObject connections;
};

void HttpServer::Private::accept(qintptr descriptor)
{
    std::unique_ptr<QTcpSocket> socket;
    if (tls) {
        auto tlsSocket = std::make_unique<QSslSocket>();
        tlsSocket->setSslConfiguration(*tls);
        socket = std::move(tlsSocket);
    } else {
        socket = std::make_unique<QTcpSocket>();
    }
    if (!socket->setSocketDescriptor(descriptor)) {
        ::close(static_cast<int>(descriptor));
        return connectionClosed();
    }
    socket->setReadBufferSize(context.readBufferSize());
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    socket->setSocketOption(QAbstractSocket::SendBufferSizeSocketOption, context.settings.limits.sendBuffer);

    auto *const connection = new Connection(std::move(socket), context, &connections);
    QObject::connect(connection, &Connection::closed, &q, [this] { connectionClosed(); });
    connection->start();
}

void HttpServer::Private::connectionClosed()
{
    listener.connectionClosed();
    if (context.draining && listener.connectionCount() == 0)
        Q_EMIT q.drained();
}

HttpServer::HttpServer(HttpSettings settings, Clock &clock, Router &router, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, std::move(settings), clock, router))
{}

HttpServer::~HttpServer() = default;

Result<void> HttpServer::listen()
{
    const HttpSettings &settings = d->context.settings;
    if (!settings.certificateFile.isEmpty() || !settings.keyFile.isEmpty()) {
        Result<QSslConfiguration> tls = loadTls(settings.certificateFile, settings.keyFile);
        if (!tls)
            return tls.error();
        d->tls = std::move(*tls);
    }
    return d->listener.start();
}

quint16 HttpServer::port() const
{
    return d->listener.serverPort();
}

void HttpServer::drain()
{
    d->context.draining = true;
    d->listener.close();
    if (connectionCount() == 0)
        QMetaObject::invokeMethod(this, &HttpServer::drained, Qt::QueuedConnection);
    const QObjectList connections = d->connections.children();
    for (QObject *const connection : connections)
        static_cast<Connection *>(connection)->drain();
}

int HttpServer::connectionCount() const
{
    return d->listener.connectionCount();
}

int HttpServer::activeRequests() const
{
    return d->context.activeRequests;
}

} // namespace hearth::http
