// HttpClient: outgoing HTTP on the Qt event loop, by libcurl's multi interface.
//
// The publisher talks to its backends with it, the server to public Llms. One client per thread; everything, callbacks
// included, happens on that thread. It follows no redirects, uses no proxy unless told to, never repeats a request, and
// does not interpret bodies: bytes go out and come in as they are.

#pragma once

#include "clock.h"
#include "httpfields.h"
#include "result.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

struct sockaddr;

namespace hearth::httpclient {

struct TransferLimits
{
    /// From the start to an established connection, TLS included. libcurl's own limit of 300 s stands behind it.
    Duration connect = std::chrono::seconds(5);
    /// From the last piece of the request that the connection took to the head of the answer. It does not run while
    /// the caller owes the next piece.
    Duration firstByte = std::chrono::seconds(600);
    /// Between two pieces of the answer, while the receiver is not paused.
    Duration idle = std::chrono::seconds(300);
};

struct TransferRequest
{
    QByteArray method = "GET";
    /// Absolute, `http` or `https`.
    QByteArray url = {};
    /// Sent as they are, and no others beside those that are made here and must not be among them: `Host`,
    /// `Content-Length`, `Transfer-Encoding`, `Connection`, `Upgrade` and `Expect`.
    HttpFields fields = {};
    /// The size of the body that will be given to Transfer::send(); nothing for a request without a body.
    std::optional<qint64> bodySize = {};
    TransferLimits limits = {};
    /// Neither takes a connection from the pool nor leaves one there: for requests that must not run twice.
    bool freshConnection = false;
};

/// Told what happens to one transfer. May destroy the transfer in any call.
class TransferHandler
{
public:
    virtual ~TransferHandler() = default;

    /// The head of the final answer (never a 1xx). Called once, before any body, also while the transfer is paused.
    virtual void responseHead(int status, const HttpFields &fields) = 0;
    /// A piece of the body. `piece` is valid during the call only.
    virtual void responseBody(QByteArrayView piece) = 0;

    /// What was given to send() has been taken; more may be given.
    virtual void readyForBody() {}

    /// The end, called exactly once and last. Without an error the answer was complete. Errors: BackendUnreachable
    /// (no connection within its limit, or it broke before the head), BackendTimeout (another limit ran out),
    /// BackendError (it broke later, or the answer is not valid HTTP), InvalidRequest (nothing has been sent, or the
    /// body turned out longer than announced).
    virtual void finished(const Result<void> &result) = 0;
};

/// One request and its answer. Destroying it cancels: the connection is closed at once and the handler is not called.
class Transfer
{
public:
    virtual ~Transfer() = default;

    /// Queues a piece of the request body. All pieces together must be bodySize long. Unsent bytes are held here:
    /// the caller bounds them by waiting for readyForBody(). A short body that is given whole right after start()
    /// goes out in one go with the head. When the backend has answered completely without waiting for the body, the
    /// rest of it is dropped.
    virtual void send(QByteArray piece) = 0;
    /// Stops reading the answer, so that the backend feels the back-pressure. At most one piece that was already
    /// received (16 KiB) is held back and delivered after resume().
    virtual void pause() = 0;
    virtual void resume() = 0;
};

struct HttpClientSettings
{
    /// Idle connections that are kept for the next request. Younger than maxIdleAge, or they are not used again:
    /// a backend that closes an idle connection just as a POST arrives would make the request fail.
    int maxIdleConnections = 64;
    std::chrono::seconds maxIdleAge{3};
    /// For example `http://proxy:3128`; empty uses none, whatever the environment says.
    QByteArray proxy = {};
    /// PEM bundle for https; empty uses the system's.
    QByteArray caFile = {};
    /// Of an answer, interim heads included, in bytes. A larger one is an error.
    qsizetype maxHeadSize = 64 * 1024;
    /// Asked for every address before it is connected to, the one that a name stands for at that moment, or a proxy's.
    /// One that it refuses is passed over; without another one the request fails with BackendUnreachable. Empty allows
    /// all.
    std::function<bool(const sockaddr &address)> allowAddress = {};
};

class HttpClient : public QObject
{
    Q_OBJECT

public:
    /// Made on the thread that uses it. `clock` must outlive the client.
    HttpClient(HttpClientSettings settings, Clock &clock, QObject *parent = nullptr);
    /// Cancels what is under way; transfers that are left do nothing any more. Not from inside a handler's call: use
    /// deleteLater() there.
    ~HttpClient() override;

    /// HttpClientSettings::maxIdleConnections from now on. Those that are kept beyond it are closed as requests end.
    void setMaxIdleConnections(int count);

    /// Starts a request. `handler` must outlive the transfer and is never called from inside this function.
    std::unique_ptr<Transfer> start(TransferRequest request, TransferHandler &handler);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::httpclient
