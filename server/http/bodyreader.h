// BodyReader: takes request bodies off a socket, within the limits of size, memory and speed.
//
// Owned by a Connection, used on the main thread, for one body after another. It leaves the bytes behind a body in the
// socket and has no timer: that nothing arrives at all is for its owner to notice.

#pragma once

#include "bodybudget.h"
#include "clock.h"
#include "requestparser.h"

class QTcpSocket;

namespace hearth::http {

struct ServerContext;

class BodyReader
{
public:
    /// `parser` has just parsed the head of each request whose body is read. The references must outlive the reader.
    BodyReader(ServerContext &context, RequestParser &parser, const HttpLimits &limits, const HttpTimeouts &timeouts);

    void start();
    /// Takes what has arrived; true once the body is complete. Fails like RequestParser::parseBody(), with Overloaded
    /// when the budget of all bodies is spent, and with RequestTimeout when the body arrives too slowly.
    Result<bool> read(QTcpSocket &socket);
    /// The complete body, which stays charged to the budget.
    QByteArray take();
    /// Drops what there is of a body, and its charge.
    void release();

private:
    bool isTooSlow() const;

    ServerContext &m_context;
    RequestParser &m_parser;
    const HttpLimits &m_limits;
    const HttpTimeouts &m_timeouts;
    QByteArray m_body;
    BodyBudget::Share m_share;
    /// Bytes taken from the socket that the parser can only use together with what follows.
    QByteArray m_keptBack;
    MonotonicTime m_startedAt;
};

} // namespace hearth::http
