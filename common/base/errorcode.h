// ErrorCode: the one enumeration of expected failures, and its spelling on the wire.
//
// The spelling appears in HTTP error bodies (`error.code`) and in `taskError` and `error` messages of the control
// channel, so codes are only ever added. The HTTP status of each lives in one place, errorresponse.cpp of server/http.

#pragma once

#include <QByteArrayView>
#include <QLatin1String>

#include <optional>

namespace hearth {

enum class ErrorCode {
    // The request itself is at fault; nothing has been dispatched.
    InvalidJson,
    InvalidRequest,
    InvalidApiKey,
    ScopeMissing,
    RouteNotFound,
    NotFound,
    ModelNotFound,
    MethodNotAllowed,
    RequestTimeout,
    Conflict,
    LengthRequired,
    PreconditionFailed,
    BodyTooLarge,
    UriTooLong,
    UnsupportedMediaType,
    ExpectationFailed,
    HeadTooLarge,
    NotImplemented,
    HttpVersionNotSupported,

    // The server or its queues cannot take the request now.
    QueueFull,
    QueueTimeout,
    RateLimited,
    Overloaded,
    StorageUnavailable,
    ShuttingDown,

    // The publisher or the backend behind it failed.
    PublisherOffline,
    PublisherLost,
    BackendUnreachable,
    /// The publisher has not sent the request on, because the backend sleeps.
    BackendAsleep,
    BackendTimeout,
    BackendError,
    WakeFailed,
    WakeTimeout,
    Cancelled,
    CancelledByOwner,

    // Local failures, seen by whoever runs the program.
    Configuration,
    Io,
    ProtocolViolation,
    Internal,
};

/// The wire spelling, for example `publisher_offline`.
QLatin1String toString(ErrorCode code);

/// The code with this wire spelling; nothing for a spelling that this version does not know.
std::optional<ErrorCode> errorCodeFromString(QByteArrayView text);

} // namespace hearth
