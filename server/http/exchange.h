// Exchange and ExchangeHandler: one request and its answer, as a connection and a controller see it.
//
// The connection offers an Exchange; the Router that the server was given answers its head with an ExchangeHandler,
// which then answers the request. One request is in flight per connection. Everything happens on the main thread, and
// the connection owns both ends: a handler never deletes anything.

#pragma once

#include "errorresponse.h"

#include <functional>
#include <memory>
#include <optional>
#include <variant>

class QTcpSocket;

namespace hearth::http {

/// The answering side of one request. Valid until finish(), cut(), abort() or respond() returns, or until
/// ExchangeHandler::clientGone() has been called, whichever comes first.
class Exchange
{
public:
    virtual ~Exchange() = default;

    virtual const RequestHead &head() const = 0;

    /// Sends a whole answer, with its length.
    virtual void respond(const Response &response) = 0;

    /// Sends the head of an answer whose body follows by write(). Without `contentLength` the body is chunked, or
    /// delimited by the end of the connection for an HTTP/1.0 client.
    virtual void begin(int status, const HttpFields &fields, std::optional<qint64> contentLength = std::nullopt) = 0;
    /// True once begin() has been called: from then on a failure can only be told inside the body.
    virtual bool begun() const = 0;
    /// Queues a piece of the body; all pieces of one turn of the event loop leave together.
    virtual void write(QByteArrayView piece) = 0;
    /// What write() has queued and the socket has not taken yet. A producer stops while this is high.
    virtual qint64 bufferedBytes() const = 0;
    /// Ends the body properly.
    virtual void finish() = 0;
    /// Ends an event stream so that it cannot pass for complete: what was written is sent, then the connection is
    /// closed without the final chunk.
    virtual void cut() = 0;
    /// Ends any other body so that it cannot pass for complete: the connection is reset.
    virtual void abort() = 0;
};

/// The controlling side of one request, made by the Router and owned by the connection until the exchange ends.
class ExchangeHandler
{
public:
    virtual ~ExchangeHandler() = default;

    /// The whole body has arrived; called once. The handler answers now or later.
    virtual void requestComplete(Exchange &exchange, QByteArray body) = 0;

    /// The socket has taken bytes, so bufferedBytes() is smaller than it was.
    virtual void drained() {}

    /// The client has gone, was cut off for making no progress, or sent a body that could not be read to its end. The
    /// exchange must not be touched any more, and the handler is destroyed right after this call.
    virtual void clientGone() {}
};

/// What becomes of a request whose head has been read.
struct Accepted
{
    std::unique_ptr<ExchangeHandler> handler;
};

/// The request is refused before its body is read; no `100 Continue` is sent.
struct Refused
{
    Response response;
};

/// The connection becomes a WebSocket. The request head has only been peeked at: it is still to be read from the
/// socket, whose read buffer is still limited as HTTP needs it.
struct Upgraded
{
    std::function<void(std::unique_ptr<QTcpSocket>)> takeSocket;
};

using HeadDecision = std::variant<Accepted, Refused, Upgraded>;

/// Decides on every request head: authenticates, finds the route, refuses. Outlives the server.
class Router
{
public:
    virtual ~Router() = default;

    /// `exchange` is for the handler to keep; answering from inside this call is not allowed.
    virtual HeadDecision routeHead(Exchange &exchange) = 0;

    /// The shape of the errors that the connection itself answers for this path; empty where it could not be read.
    virtual ErrorShape errorShape(QByteArrayView) const { return ErrorShape::OpenAi; }
};

} // namespace hearth::http
