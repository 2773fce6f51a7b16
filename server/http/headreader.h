// HeadReader: looks at the next request head in a socket, through the gate and the parser.
//
// Owned by a Connection, used on the main thread. It leaves every byte in the socket, so that a request for an upgrade
// can be handed over together with its socket.

#pragma once

#include "requestparser.h"

class QTcpSocket;

namespace hearth::http {

struct ServerContext;

class HeadReader
{
public:
    /// The references must outlive the reader.
    HeadReader(ServerContext &context, RequestParser &parser, const HttpLimits &limits);

    /// Looks for a whole head at the start of what `socket` has, and parses it into `head`, all but its peer and id.
    ///
    /// The size of the head in bytes; 0 while it is incomplete. Fails like checkHead() and RequestParser::parseHead().
    Result<qsizetype> read(QTcpSocket &socket, RequestHead &head);

private:
    Result<QByteArrayView> peek(QTcpSocket &socket);

    ServerContext &m_context;
    RequestParser &m_parser;
    const HttpLimits &m_limits;
};

} // namespace hearth::http
