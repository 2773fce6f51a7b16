#include "httpserver.h"

#include "connection.h"
#include "listener.h"
#include "logging.h"
#include "servercontext.h"
#include "tls.h"

#include <QSslCertificate>
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

    /// Nothing where there is no TLS. Changes nothing when it fails.
    Result<void> loadCertificate(const HttpSettings &settings);

    /// The server's own first; empty before it listens, and where there is no TLS.
    QList<QSslCertificate> chain() const { return tls ? tls->localCertificateChain() : QList<QSslCertificate>(); }

    void accept(qintptr descriptor);
    void connectionClosed();

    HttpServer &q;
    ServerContext context;
    std::optional<QSslConfiguration> tls;
    Listener listener;
    /// Parent of all connections, which must go before what they share.
    QObject connections;
};

Result<void> HttpServer::Private::loadCertificate(const HttpSettings &settings)
{
    if (settings.certificateFile.isEmpty() && settings.keyFile.isEmpty())
        return {};
    Result<QSslConfiguration> loaded = loadTls(settings.certificateFile, settings.keyFile);
    if (!loaded)
        return loaded.error();
    tls = std::move(*loaded);
    return {};
}

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
    if (const Result<void> loaded = d->loadCertificate(d->context.settings); !loaded)
        return loaded;
    return d->listener.start();
}

Result<CertificateChange> HttpServer::setSettings(HttpSettings settings)
{
    const QList<QSslCertificate> before = d->chain();
    if (const Result<void> loaded = d->loadCertificate(settings); !loaded)
        return loaded.error();
    const QList<QSslCertificate> now = d->chain();
    const bool isRenewed = !before.isEmpty() && now != before;
    if (isRenewed)
        qCInfo(lcHttp).noquote() << "New connections get another TLS certificate, which is valid until"
                                 << now.first().expiryDate().toString(Qt::ISODate);
    d->context.setSettings(std::move(settings));
    d->listener.resumeIfRoom();
    return isRenewed ? CertificateChange::Renewed : CertificateChange::None;
}

const HttpSettings &HttpServer::settings() const
{
    return d->context.settings;
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
