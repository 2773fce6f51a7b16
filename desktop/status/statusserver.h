// StatusServer: tells other programs of the same user how this publisher is, and hears when a second start wants its
// window raised.
//
// The holder of an InstanceLock runs one, on a local socket that only its user may open. The protocol is JSON, one
// object per line: on connect the server sends a snapshot, and again whenever something has changed, at most twice a
// second, and now and then when nothing has, for ages go on; the client may send {"raise": true}. Snapshots hold no key
// and no content of any request. At most 8 clients; one that does not read is cut off. One thread, with an event loop.

#pragma once

#include "publishersnapshot.h"

#include <QObject>

#include <functional>

class QLocalServer;
class QLocalSocket;

namespace hearth::status {

struct StatusServerSettings
{
    /// The shortest time between two snapshots.
    Duration interval = std::chrono::milliseconds(500);
    /// The longest, while somebody listens.
    Duration aging = std::chrono::seconds(5);
    int maxClients = 8;
    /// Of a client: what it has not read yet, and what it may send before the end of a line.
    qint64 maxUnreadBytes = 4 * 1024 * 1024;
    qint64 maxRequestBytes = 4096;
};

class StatusServer final : public QObject
{
    Q_OBJECT

public:
    StatusServer(std::function<PublisherSnapshot()> snapshot, Clock &clock, StatusServerSettings settings = {},
                 QObject *parent = nullptr);
    ~StatusServer() override;

    /// Removes a socket that a dead program has left: only for who holds the InstanceLock. Errors: Io.
    Result<void> listen(const QString &socketPath);
    /// Something has changed. Costs nothing while nobody listens.
    void touch();

Q_SIGNALS:
    /// A second start asks for the window.
    void raiseRequested();

private:
    void accept();
    void read(QLocalSocket &client);
    void remove(QLocalSocket &client);
    void sendToAll();
    void send(QLocalSocket &client, const QByteArray &line);
    QByteArray line() const;

    std::function<PublisherSnapshot()> m_snapshot;
    Clock &m_clock;
    const StatusServerSettings m_settings;
    QLocalServer *m_server;
    std::vector<QLocalSocket *> m_clients;
    /// When sendToAll() was run last.
    MonotonicTime m_sent{};
    Timer m_timer;
};

} // namespace hearth::status
