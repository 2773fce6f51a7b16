#include "scriptedserver.h"

Peer::Peer(QTcpSocket *socket, QObject *parent)
    : QObject(parent)
    , m_socket(socket)
{
    socket->setParent(this);
    connect(socket, &QTcpSocket::readyRead, this, &Peer::read);
    read();
}

void Peer::setReading(bool reading)
{
    m_reading = reading;
    m_socket->setReadBufferSize(reading ? 0 : 1); // Otherwise the socket goes on reading into its own buffer.
    read();
}

void Peer::read()
{
    if (!m_reading || m_socket->bytesAvailable() == 0)
        return;
    m_received += m_socket->readAll();
    if (onReceived)
        onReceived();
}

bool Peer::hasRequest(qsizetype bodySize) const
{
    const qsizetype headEnd = m_received.indexOf("\r\n\r\n");
    return headEnd >= 0 && m_received.size() - headEnd - 4 >= bodySize;
}

QByteArray Peer::body() const
{
    return m_received.mid(m_received.indexOf("\r\n\r\n") + 4);
}

void Peer::answer(const QByteArray &body, const QByteArray &statusLine)
{
    write(statusLine + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
}

ScriptedServer::ScriptedServer(QTcpServer *server)
    : m_server(server ? server : new QTcpServer)
{
    m_server->setParent(this);
    connect(m_server, &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket *const socket = m_server->nextPendingConnection())
            m_peers.append(new Peer(socket, this));
    });
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("Cannot listen on a local port.");
}

QByteArray ScriptedServer::url(const QByteArray &path, const QByteArray &scheme) const
{
    return scheme + "://" + hostAndPort() + path;
}

QByteArray ScriptedServer::hostAndPort() const
{
    return "127.0.0.1:" + QByteArray::number(m_server->serverPort());
}

bool ScriptedServer::hasRequest(qsizetype index, qsizetype bodySize) const
{
    return index < m_peers.size() && m_peers.at(index)->hasRequest(bodySize);
}
