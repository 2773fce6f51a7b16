// RequestReader: turns the bytes of a connection into requests.
//
// Used by BackendConnection. It understands Content-Length and chunked bodies and any number of requests behind each
// other (RFC 9112), holds no socket and keeps no time. It is forgiving where a server on the open network must not be:
// it judges no smuggling, for its only peers are clients under test.

#pragma once

#include "receivedrequest.h"
#include "testbackendsettings.h"

namespace hearth::testbackend {

class RequestReader
{
public:
    enum class Step {
        /// Nothing further can be said until append() brings more.
        NeedsBytes,
        /// request() has all but its body.
        HeadRead,
        /// request() is complete; the next call begins the next request.
        BodyRead,
        /// The bytes are no HTTP/1 request; the reader is of no more use.
        Malformed,
        HeadTooLarge,
        BodyTooLarge,
    };

    explicit RequestReader(const TestBackendLimits &limits)
        : m_limits(limits)
    {}

    void append(const QByteArray &bytes) { m_input += bytes; }

    /// Reads on until something has been completed.
    Step next();

    const ReceivedRequest &request() const { return m_request; }

    /// What has been appended and not been read, in bytes.
    qint64 unread() const { return m_input.size(); }

private:
    enum class State { Head, LengthBody, ChunkSize, ChunkData, ChunkEnd, Trailers, Complete };

    Step readHead();
    bool parseRequestLine(QByteArrayView line);
    bool parseField(QByteArrayView line);
    bool chooseFraming();
    Step readLengthBody();
    Step readChunked();
    Step readChunkSize(QByteArrayView line);
    Step complete();
    /// Moves up to `m_remaining` bytes of input to the body.
    void takeBody();

    TestBackendLimits m_limits;
    State m_state = State::Head;
    QByteArray m_input;
    ReceivedRequest m_request;
    /// Of the body or of the chunk being read, in bytes.
    qint64 m_remaining = 0;
};

} // namespace hearth::testbackend
