#include "testbackend.h"

#include "backendconnection.h"

#include <QTcpSocket>

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

Result<void> TestBackend::listen()
{
    if (!m_server.listen(m_settings.address, m_settings.port)) {
        return Error{ErrorCode::Io, QStringLiteral("Cannot listen on %1: %2. Choose another address or port.")
                                        .arg(QString::fromUtf8(url()), m_server.errorString())};
    }
    m_settings.port = m_server.serverPort();
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
    const QByteArray host = m_settings.address.toString().toUtf8();
    const bool v6 = m_settings.address.protocol() == QAbstractSocket::IPv6Protocol;
    return "http://" + (v6 ? QByteArray('[' + host + ']') : host) + ':' + QByteArray::number(m_settings.port);
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
