// RequestParser: turns the bytes of requests into RequestHeads and bodies, one request after another.
//
// Owned by a Connection, used on the main thread. The head gate has accepted a head before it comes here, and both must
// accept. Tokenising, body lengths and chunk decoding are Boost.Beast's push parser, which is seen in requestparser.cpp
// only; it does no I/O. Trailer fields are checked for form and dropped.

#pragma once

#include "httpmessage.h"
#include "httpsettings.h"
#include "result.h"

#include <memory>
#include <optional>

namespace hearth::http {

class RequestParser
{
public:
    explicit RequestParser(const HttpLimits &limits);
    ~RequestParser();

    /// Starts with a new request: parses one whole head into `head`, all but its peer and its request id.
    Result<void> parseHead(QByteArrayView bytes, RequestHead &head);

    /// Whether the client wants the connection to stay open (RFC 9112 9.3). Valid until the next head.
    bool keepAlive() const { return m_keepAlive; }

    /// The length that the head announces; nothing for a chunked body, 0 where there is none.
    std::optional<qint64> contentLength() const { return m_contentLength; }

    /// Decodes a piece of the body and appends it to `body`. Returns how many bytes it has consumed; the others are
    /// to be offered again, followed by more. Fails with InvalidRequest, BodyTooLarge or HeadTooLarge.
    Result<qsizetype> parseBody(QByteArrayView bytes, QByteArray &body);

    /// True once the head, and the body if there is one, have been consumed.
    bool isComplete() const;

private:
    class Beast;
    const HttpLimits &m_limits;
    std::unique_ptr<Beast> m_beast;
    bool m_keepAlive = false;
    std::optional<qint64> m_contentLength = 0;
};

} // namespace hearth::http
