#include "tcpproxy.h"

#include <QTcpSocket>

namespace hearth::testsupport {

namespace {

void passOn(QTcpSocket *from, QTcpSocket *to)
{
    QObject::connect(from, &QTcpSocket::readyRead, to, [from, to] { to->write(from->readAll()); });
}

void close(QTcpSocket *socket)
{
    socket->disconnect();
    socket->abort();
}

} // namespace

TcpProxy::TcpProxy(const QUrl &target)
    : m_target(static_cast<quint16>(target.port()))
{
    connect(&m_server, &QTcpServer::newConnection, this, &TcpProxy::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("The proxy cannot listen.");
}

TcpProxy::~TcpProxy()
{
    cut();
}

QUrl TcpProxy::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server.serverPort()));
}

void TcpProxy::cut()
{
    for (const Wire &wire : std::exchange(m_wires, {})) {
        close(wire.near);
        close(wire.far);
    }
}

void TcpProxy::cutNearSide()
{
    for (const Wire &wire : std::as_const(m_wires)) {
        wire.far->disconnect();
        close(wire.near);
    }
}

void TcpProxy::accept()
{
    while (QTcpSocket *const near = m_server.nextPendingConnection()) {
        auto *const far = new QTcpSocket(this);
        m_wires.append(Wire{near, far});
        ++m_connections;
        passOn(near, far);
        passOn(far, near);
        connect(near, &QTcpSocket::disconnected, far, &QTcpSocket::disconnectFromHost);
        connect(far, &QTcpSocket::disconnected, near, &QTcpSocket::disconnectFromHost);
        far->connectToHost(QHostAddress::LocalHost, m_target);
    }
}

} // namespace hearth::testsupport
