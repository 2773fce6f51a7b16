// ScriptedServer: a TCP server that says exactly what a test tells it to, and keeps what it hears.
//
// It parses nothing: the test looks at the bytes of each connection and writes the answer's bytes itself. Runs on the
// test's thread and event loop.

#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

/// One connection that a client made.
class Peer final : public QObject
{
    Q_OBJECT

public:
    Peer(QTcpSocket *socket, QObject *parent);

    /// Everything that was received, or what came since the last takeReceived().
    const QByteArray &received() const { return m_received; }

    QByteArray takeReceived() { return std::exchange(m_received, {}); }

    /// Whether a head and a body of `bodySize` bytes have been received.
    bool hasRequest(qsizetype bodySize = 0) const;
    /// The received body.
    QByteArray body() const;

    void write(const QByteArray &bytes) { m_socket->write(bytes); }

    /// Writes a complete answer with a Content-Length.
    void answer(const QByteArray &body = {}, const QByteArray &statusLine = "HTTP/1.1 200 OK");

    /// Closes after everything has been written.
    void close() { m_socket->disconnectFromHost(); }

    void reset() { m_socket->abort(); }

    /// Lets the kernel's buffers fill up, so that the client cannot send any more.
    void setReading(bool reading);

    qint64 bytesToWrite() const { return m_socket->bytesToWrite(); }

    bool isClosed() const { return m_socket->state() == QAbstractSocket::UnconnectedState; }

    /// Called whenever something was received.
    std::function<void()> onReceived;

private:
    void read();

    QTcpSocket *m_socket;
    QByteArray m_received;
    bool m_reading = true;
};

class ScriptedServer final : public QObject
{
    Q_OBJECT

public:
    /// Wraps `server`, for example a QSslServer; without one it is a plain QTcpServer. Listens on a free local port.
    explicit ScriptedServer(QTcpServer *server = nullptr);

    QByteArray url(const QByteArray &path = "/", const QByteArray &scheme = "http") const;
    /// `127.0.0.1:port`, as error messages name it.
    QByteArray hostAndPort() const;

    qsizetype peerCount() const { return m_peers.size(); }

    Peer &peer(qsizetype index = 0) const { return *m_peers.at(index); }

    /// Whether the connection with this index exists and has sent a request.
    bool hasRequest(qsizetype index = 0, qsizetype bodySize = 0) const;

private:
    QTcpServer *m_server;
    QList<Peer *> m_peers;
};
