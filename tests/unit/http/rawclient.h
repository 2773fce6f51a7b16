// RawClient: a client that sends exactly the bytes it is told to, and sees exactly what comes back.
//
// For tests of the HTTP server in the same thread. It stands on a bare socket, because QTcpSocket cannot tell a reset
// connection from one that was closed, and cannot refuse to read.

#pragma once

#include "httpfields.h"

#include <QByteArray>
#include <QList>

namespace hearth::http {

/// An answer as it came over the wire.
struct Answer
{
    int status = 0;
    HttpFields fields;
    QByteArray body;
    /// Whether the framing says that nothing is missing.
    bool complete = false;
    /// Without a length and not chunked: the body lasts until the connection ends.
    bool untilClose = false;
};

class RawClient
{
public:
    enum class End { Open, Fin, Reset };

    /// Connects to a port of this machine; `receiveBuffer` bounds what the system reads ahead, where it is not 0.
    explicit RawClient(quint16 port, int receiveBuffer = 0);
    ~RawClient();
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    /// Sends as much as the system takes and returns how much that was.
    qsizetype send(QByteArrayView bytes) const;
    /// Sends all, running the event loop meanwhile; false when the server has stopped reading.
    bool sendAll(const QByteArray &bytes);
    /// Closes the sending half.
    void shutdown() const;
    /// Closes both halves.
    void close();
    /// Closes with a reset.
    void reset();

    /// Reads what has arrived and returns all that was received so far.
    const QByteArray &received();
    /// How the connection has ended, as far as this end knows.
    End end();
    /// Waits for `count` complete answers or the end of the connection; the answers, the last one perhaps incomplete.
    QList<Answer> answers(qsizetype count = 1, bool toHead = false);

private:
    int m_socket;
    End m_end = End::Open;
    QByteArray m_received;
};

/// Splits what was received into answers; bodies of answers to HEAD requests are absent.
QList<Answer> parseAnswers(QByteArrayView bytes, bool ended, bool toHead = false);

/// Lets the server take what has been sent to it.
void spin();

} // namespace hearth::http
