#include "tcpproxy.h"

#include <QTcpSocket>

namespace hearth::testsupport {

namespace {

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

void TcpProxy::freeze()
{
    m_isFrozen = true;
    m_server.pauseAccepting();
}

void TcpProxy::thaw()
{
    m_isFrozen = false;
    m_server.resumeAccepting();
    for (const Wire &wire : std::as_const(m_wires)) {
        wire.far->write(wire.near->readAll());
        wire.near->write(wire.far->readAll());
    }
}

void TcpProxy::passOn(QTcpSocket *from, QTcpSocket *to)
{
    connect(from, &QTcpSocket::readyRead, to, [this, from, to] {
        if (!m_isFrozen)
            to->write(from->readAll());
    });
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
