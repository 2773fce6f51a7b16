#include "socketwriter.h"

#include <QSslSocket>

#include <algorithm>

#include <sys/socket.h>

namespace hearth::http {

namespace {

/// The most that one record of TLS holds, in bytes (RFC 8446 5.1).
constexpr qsizetype tlsPiece = 16 * 1024;

} // namespace

SocketWriter::SocketWriter(QTcpSocket &socket, Clock &clock, const HttpTimeouts &timeouts,
                           std::function<void()> stalled)
    : m_socket(socket)
    , m_encrypted(qobject_cast<QSslSocket *>(&socket) != nullptr)
    , m_timeouts(timeouts)
    , m_stallTimer(clock, std::move(stalled))
{}

void SocketWriter::send(QByteArrayView bytes)
{
    // A plain socket with nothing queued is written to directly: QTcpSocket would switch its write notifier on and off
    // again for every answer. Errors are left to QTcpSocket, which finds them when it takes the rest.
    if (!m_encrypted && m_socket.bytesToWrite() == 0) {
        const ssize_t taken = ::send(static_cast<int>(m_socket.socketDescriptor()), bytes.data(),
                                     static_cast<size_t>(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (taken > 0)
            bytes = bytes.sliced(taken);
        if (bytes.isEmpty())
            return;
    }
    // Encrypted, it goes in pieces: OpenSSL keeps a buffer of the largest piece that it was ever given.
    const qsizetype step = m_encrypted ? tlsPiece : bytes.size();
    for (; !bytes.isEmpty() && m_socket.isOpen(); bytes = bytes.sliced(std::min(step, bytes.size()))) {
        m_socket.write(bytes.data(), std::min(step, bytes.size()));
        m_socket.flush();
    }
    if (pending() > 0 && !m_stallTimer.isActive())
        m_stallTimer.start(m_timeouts.writeProgress);
}

qint64 SocketWriter::pending() const
{
    qint64 bytes = m_socket.bytesToWrite();
    if (m_encrypted)
        bytes += static_cast<const QSslSocket &>(m_socket).encryptedBytesToWrite();
    return bytes;
}

void SocketWriter::progressed()
{
    if (pending() > 0)
        m_stallTimer.start(m_timeouts.writeProgress);
    else
        m_stallTimer.stop();
}

} // namespace hearth::http
