#include "statusserver.h"

#include "snapshotcodec.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>

#include <algorithm>

namespace hearth::status {

StatusServer::StatusServer(std::function<PublisherSnapshot()> snapshot, Clock &clock, StatusServerSettings settings,
                           QObject *parent)
    : QObject(parent)
    , m_snapshot(std::move(snapshot))
    , m_clock(clock)
    , m_settings(settings)
    , m_server(new QLocalServer(this))
    , m_timer(clock, [this] { sendToAll(); })
{
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, &StatusServer::accept);
}

StatusServer::~StatusServer()
{
    // They are children and go after the members that their end would touch.
    for (QLocalSocket *client : m_clients)
        client->disconnect(this);
}

Result<void> StatusServer::listen(const QString &socketPath)
{
    QLocalServer::removeServer(socketPath);
    if (!m_server->listen(socketPath)) {
        return Error{ErrorCode::Io, QStringLiteral("Other programs cannot ask for the status of this publisher, "
                                                   "because %1 cannot be opened: %2.")
                                        .arg(socketPath, m_server->errorString())};
    }
    return {};
}

void StatusServer::touch()
{
    if (m_clients.empty())
        return;
    const Duration since = m_clock.now() - m_sent;
    m_timer.start(std::max(Duration::zero(), m_settings.interval - since));
}

void StatusServer::accept()
{
    while (QLocalSocket *client = m_server->nextPendingConnection()) {
        if (std::ssize(m_clients) >= m_settings.maxClients) {
            client->deleteLater();
            continue;
        }
        m_clients.push_back(client);
        connect(client, &QLocalSocket::readyRead, this, [this, client] { read(*client); });
        connect(client, &QLocalSocket::disconnected, this, [this, client] { remove(*client); });
        send(*client, line());
        if (!m_timer.isActive())
            m_timer.start(m_settings.aging);
    }
}

void StatusServer::read(QLocalSocket &client)
{
    while (client.canReadLine()) {
        const QJsonObject request = QJsonDocument::fromJson(client.readLine(m_settings.maxRequestBytes)).object();
        if (request.value(QLatin1String("raise")).toBool())
            Q_EMIT raiseRequested();
    }
    if (client.bytesAvailable() > m_settings.maxRequestBytes)
        client.abort();
}

void StatusServer::remove(QLocalSocket &client)
{
    std::erase(m_clients, &client);
    client.deleteLater();
    if (m_clients.empty())
        m_timer.stop();
}

void StatusServer::sendToAll()
{
    m_sent = m_clock.now();
    const QByteArray text = line();
    // A client that is cut off leaves the list.
    for (QLocalSocket *client : std::vector(m_clients))
        send(*client, text);
    if (!m_clients.empty())
        m_timer.start(m_settings.aging);
}

void StatusServer::send(QLocalSocket &client, const QByteArray &line)
{
    if (client.bytesToWrite() + line.size() > m_settings.maxUnreadBytes)
        client.abort();
    else
        client.write(line);
}

QByteArray StatusServer::line() const
{
    return encodeSnapshot(m_snapshot()) + '\n';
}

} // namespace hearth::status
