// StatusClient: follows the publisher that another program runs with the same configuration.
//
// hearth-tray makes one when it does not get the InstanceLock. One thread, with an event loop.

#pragma once

#include "publishersnapshot.h"

#include <QObject>

class QLocalSocket;

namespace hearth::status {

class StatusClient final : public QObject
{
    Q_OBJECT

public:
    explicit StatusClient(QObject *parent = nullptr);
    ~StatusClient() override;

    /// A longer line is no snapshot.
    static constexpr qint64 maxLineBytes = 1024 * 1024;

    /// To be called once. snapshotReceived() or lost() follows, never from inside this call.
    void connectTo(const QString &socketPath);
    /// Asks the other program to raise its window; to be called after the first snapshot.
    void raise();

Q_SIGNALS:
    void snapshotReceived(const hearth::status::PublisherSnapshot &snapshot);
    /// The other program has ended, or cannot be understood. Emitted once and last.
    void lost();

private:
    void read();
    void end();

    QLocalSocket *m_socket;
    bool m_isLost = false;
};

} // namespace hearth::status
