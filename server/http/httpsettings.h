// HttpSettings: everything about incoming HTTP that can be set.
//
// Filled from the configuration by hearthd. A plain value, which may be replaced while the server works, all but host,
// port and backlog.

#pragma once

#include "clock.h"

#include <QByteArrayList>
#include <QString>

namespace hearth::http {

struct HttpLimits
{
    /// Of the request line and all fields, in bytes; more is 431.
    qint64 head = 32 * 1024;
    /// Of the request target, in bytes; more is 414.
    qint64 target = 8 * 1024;
    /// Of the number of fields; more is 431.
    int fields = 100;
    /// Of one body, in bytes; more is 413.
    qint64 body = 32 * 1024 * 1024;
    /// Of all bodies in memory together, in bytes; more is 503 `overloaded`.
    qint64 allBodies = 512 * 1024 * 1024;
    /// Of open connections; at the limit the server stops accepting until some have closed.
    int connections = 10'000;
    /// Of unread input behind a request in flight, in bytes; more closes the connection.
    qint64 readAhead = 64 * 1024;
    /// What a lingering close reads and discards at most, in bytes.
    qint64 linger = 1024 * 1024;
    /// Below which a body that takes longer than HttpTimeouts::bodyIdle is given up, in bytes per second on average.
    qint64 bodyRate = 256;
    /// Of what the operating system buffers for a client that does not read, in bytes.
    int sendBuffer = 256 * 1024;
    /// Of connections that wait to be accepted.
    int backlog = 1024;
};

struct HttpTimeouts
{
    Duration tlsHandshake = std::chrono::seconds(5);
    /// From the first byte of a head to its end, absolute; more is 408. A new connection has as long to begin its
    /// first.
    Duration head = std::chrono::seconds(10);
    /// Without a byte of the body; more is 408.
    Duration bodyIdle = std::chrono::seconds(30);
    /// Between two requests on one connection.
    Duration keepAlive = std::chrono::seconds(60);
    /// Without the client taking a byte of the answer that waits for it.
    Duration writeProgress = std::chrono::seconds(30);
    Duration linger = std::chrono::seconds(5);
    /// Between two looks for free descriptors, while the process has too few to accept connections.
    Duration acceptRetry = std::chrono::seconds(1);
};

struct HttpSettings
{
    QString host = QStringLiteral("127.0.0.1");
    quint16 port = 4327;
    HttpLimits limits;
    HttpTimeouts timeouts;
    /// PEM files; both empty for plain HTTP.
    QString certificateFile;
    QString keyFile;
    /// Origins that browsers may call from, `*` for all; empty switches CORS off.
    QByteArrayList allowedOrigins;
};

} // namespace hearth::http
