// SocketWriter: moves bytes into a client's socket and watches that the client takes them.
//
// Owned by a Connection, used on the main thread. It does not know what the bytes mean and never closes the socket.

#pragma once

#include "clock.h"
#include "httpsettings.h"

#include <QByteArrayView>

class QTcpSocket;

namespace hearth::http {

class SocketWriter
{
public:
    /// Calls `stalled` when bytes have waited for HttpTimeouts::writeProgress without the client taking one. The
    /// references must outlive this.
    SocketWriter(QTcpSocket &socket, Clock &clock, const HttpTimeouts &timeouts, std::function<void()> stalled);

    void send(QByteArrayView bytes);
    /// What the operating system has not taken yet, in bytes as they travel.
    qint64 pending() const;
    /// The socket has told that the operating system has taken bytes.
    void progressed();

private:
    QTcpSocket &m_socket;
    const bool m_encrypted;
    const HttpTimeouts &m_timeouts;
    Timer m_stallTimer;
};

} // namespace hearth::http
