#include "statusclient.h"

#include "snapshotcodec.h"

#include <QLocalSocket>

namespace hearth::status {

StatusClient::StatusClient(QObject *parent)
    : QObject(parent)
    , m_socket(new QLocalSocket(this))
{
    connect(m_socket, &QLocalSocket::readyRead, this, &StatusClient::read);
    // A socket that is not there is reported from inside connectToServer().
    connect(m_socket, &QLocalSocket::disconnected, this, &StatusClient::end, Qt::QueuedConnection);
    connect(m_socket, &QLocalSocket::errorOccurred, this, &StatusClient::end, Qt::QueuedConnection);
}

StatusClient::~StatusClient()
{
    m_socket->disconnect(this);
}

void StatusClient::connectTo(const QString &socketPath)
{
    m_socket->connectToServer(socketPath);
}

void StatusClient::raise()
{
    m_socket->write("{\"raise\": true}\n");
    // Whoever asks may end right after it.
    m_socket->flush();
}

void StatusClient::read()
{
    while (!m_isLost && m_socket->canReadLine()) {
        const Result<PublisherSnapshot> snapshot = decodeSnapshot(m_socket->readLine(maxLineBytes));
        if (!snapshot)
            return end();
        Q_EMIT snapshotReceived(*snapshot);
    }
    if (m_socket->bytesAvailable() >= maxLineBytes)
        end();
}

void StatusClient::end()
{
    if (std::exchange(m_isLost, true))
        return;
    m_socket->abort();
    Q_EMIT lost();
}

} // namespace hearth::status
