#include "testbackend.h"

#include "backendconnection.h"
#include "socketurl.h"

namespace hearth::testbackend {

namespace {

/// Of connections that the kernel and Qt hold until they are accepted.
constexpr int backlog = 1024;

} // namespace

TestBackend::TestBackend(TestBackendSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_settings(std::move(settings))
    , m_clock(clock)
    , m_log(clock, m_settings.limits.reportedRequests)
    , m_routes(m_settings, m_log)
{
    m_server.setListenBacklogSize(backlog);
    m_server.setMaxPendingConnections(backlog);
    connect(&m_server, &QTcpServer::newConnection, this, &TestBackend::accept);
}

TestBackend::~TestBackend()
{
    stop();
}

Result<void> TestBackend::reserve()
{
    if (m_reservation.state() == QAbstractSocket::BoundState)
        return {};
    // The hint is what lets the server listen on the same port.
    if (!m_reservation.bind(m_settings.address, m_settings.port, QAbstractSocket::ReuseAddressHint))
        return cannotListen(m_reservation.errorString());
    m_settings.port = m_reservation.localPort();
    return {};
}

Result<void> TestBackend::listen()
{
    if (const Result<void> reserved = reserve(); !reserved)
        return reserved;
    if (!m_server.listen(m_settings.address, m_settings.port))
        return cannotListen(m_server.errorString());
    return {};
}

void TestBackend::stop()
{
    m_server.close();
    const QList<BackendConnection *> connections = m_connections.findChildren<BackendConnection *>();
    for (BackendConnection *connection : connections)
        connection->abort();
}

QByteArray TestBackend::url() const
{
    return socketUrl(m_settings.address, m_settings.port);
}

Error TestBackend::cannotListen(const QString &reason) const
{
    return {ErrorCode::Io, QStringLiteral("Cannot listen on %1: %2. Choose another address or port.")
                               .arg(QString::fromUtf8(url()), reason)};
}

void TestBackend::accept()
{
    while (QTcpSocket *const socket = m_server.nextPendingConnection()) {
        if (m_connections.children().size() >= m_settings.limits.connections) {
            delete socket;
            continue;
        }
        const BackendContext context{m_settings, m_clock, m_log, m_routes};
        new BackendConnection(socket, context, &m_connections);
    }
}

} // namespace hearth::testbackend
