// Listener: accepts connections, as many as the settings and the process can carry.
//
// Owned by HttpServer, used on the main thread. At its limits it stops accepting, so that new clients wait in the
// system's backlog: QTcpServer left alone spins when the process has no descriptors, and tells nobody.

#pragma once

#include "clock.h"
#include "httpsettings.h"
#include "result.h"

#include <QTcpServer>

namespace hearth::http {

class Listener final : public QTcpServer
{
    Q_OBJECT

public:
    /// `accepted` gets the descriptor of each new connection. `settings` and `clock` must outlive the listener.
    Listener(const HttpSettings &settings, Clock &clock, std::function<void(qintptr)> accepted);

    /// Fails with ErrorCode::Io.
    Result<void> start();
    /// One of the connections that were accepted has closed.
    void connectionClosed();
    /// Accepts again after a pause, if there is room by now: the limit may have been raised.
    void resumeIfRoom();

    int connectionCount() const { return m_connections; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void pause();

    const HttpSettings &m_settings;
    const std::function<void(qintptr)> m_accepted;
    /// Of descriptors, what this process may have.
    qint64 m_descriptorLimit = 0;
    Timer m_retryTimer;
    int m_connections = 0;
    bool m_paused = false;
};

} // namespace hearth::http
