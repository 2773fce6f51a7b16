// Ceiling: httpStatus() is one switch over all codes, so that the compiler notices a forgotten one.

#include "errorresponse.h"

#include "logging.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

#include <algorithm>

namespace hearth::http {

namespace {

QLatin1String openAiType(int status)
{
    switch (status) {
    case 401:
        return QLatin1String("authentication_error");
    case 403:
        return QLatin1String("permission_error");
    case 429:
        return QLatin1String("rate_limit_error");
    default:
        return status < 500 ? QLatin1String("invalid_request_error") : QLatin1String("server_error");
    }
}

QLatin1String anthropicType(int status)
{
    switch (status) {
    case 401:
        return QLatin1String("authentication_error");
    case 403:
        return QLatin1String("permission_error");
    case 404:
        return QLatin1String("not_found_error");
    case 413:
        return QLatin1String("request_too_large");
    case 429:
        return QLatin1String("rate_limit_error");
    case 503:
        return QLatin1String("overloaded_error");
    case 504:
        return QLatin1String("timeout_error");
    default:
        return status < 500 ? QLatin1String("invalid_request_error") : QLatin1String("api_error");
    }
}

bool isRetriedSoon(ErrorCode code)
{
    return code == ErrorCode::QueueFull || code == ErrorCode::QueueTimeout || code == ErrorCode::RateLimited ||
           code == ErrorCode::Overloaded || code == ErrorCode::StorageUnavailable || code == ErrorCode::ShuttingDown;
}

/// What a client would ask again by its status alone, although that cannot help, or must not be done: the answer stays
/// the same, or the request has cost a backend its full time already, or somebody has stopped it on purpose.
bool isNeverRetried(ErrorCode code)
{
    return code == ErrorCode::Conflict || code == ErrorCode::NotImplemented ||
           code == ErrorCode::HttpVersionNotSupported || code == ErrorCode::BackendTimeout ||
           code == ErrorCode::CancelledByOwner;
}

QByteArray retryAfter(const Error &error)
{
    // Clients come back after exactly this time, so those that are refused together are told to return apart.
    const std::chrono::seconds wanted =
        error.retryAfter.value_or(std::chrono::seconds(QRandomGenerator::global()->bounded(1, 6)));
    return QByteArray::number(std::clamp<qint64>(wanted.count(), 1, 59));
}

} // namespace

int httpStatus(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidJson:
    case ErrorCode::InvalidRequest:
        return 400;
    case ErrorCode::InvalidApiKey:
        return 401;
    case ErrorCode::ScopeMissing:
        return 403;
    case ErrorCode::RouteNotFound:
    case ErrorCode::NotFound:
    case ErrorCode::ModelNotFound:
        return 404;
    case ErrorCode::MethodNotAllowed:
        return 405;
    case ErrorCode::RequestTimeout:
        return 408;
    case ErrorCode::Conflict:
        return 409;
    case ErrorCode::LengthRequired:
        return 411;
    case ErrorCode::PreconditionFailed:
        return 412;
    case ErrorCode::BodyTooLarge:
        return 413;
    case ErrorCode::UriTooLong:
        return 414;
    case ErrorCode::UnsupportedMediaType:
        return 415;
    case ErrorCode::ExpectationFailed:
        return 417;
    case ErrorCode::QueueFull:
    case ErrorCode::RateLimited:
        return 429;
    case ErrorCode::HeadTooLarge:
        return 431;
    case ErrorCode::NotImplemented:
        return 501;
    case ErrorCode::PublisherLost:
    case ErrorCode::BackendUnreachable:
    case ErrorCode::BackendAsleep:
    case ErrorCode::BackendError:
    case ErrorCode::CancelledByOwner:
        return 502;
    case ErrorCode::QueueTimeout:
    case ErrorCode::Overloaded:
    case ErrorCode::StorageUnavailable:
    case ErrorCode::ShuttingDown:
    case ErrorCode::PublisherOffline:
    case ErrorCode::WakeFailed:
        return 503;
    case ErrorCode::BackendTimeout:
    case ErrorCode::WakeTimeout:
        return 504;
    case ErrorCode::HttpVersionNotSupported:
        return 505;
    case ErrorCode::Cancelled:
    case ErrorCode::Configuration:
    case ErrorCode::Io:
    case ErrorCode::ProtocolViolation:
    case ErrorCode::Internal:
        return 500;
    }
    Q_UNREACHABLE();
}

QByteArray errorBody(const Error &error, ErrorShape shape, QByteArrayView requestId)
{
    const int status = httpStatus(error.code);
    // A message may quote what the client sent, and that may be a key in the wrong place.
    const QString message = redact(error.message);
    QJsonObject body;
    switch (shape) {
    case ErrorShape::OpenAi:
        body = {{QStringLiteral("error"),
                 QJsonObject{{QStringLiteral("message"), message},
                             {QStringLiteral("type"), openAiType(status)},
                             {QStringLiteral("param"), error.param.isEmpty() ? QJsonValue() : error.param},
                             {QStringLiteral("code"), toString(error.code)}}}};
        break;
    case ErrorShape::Anthropic:
        body = {{QStringLiteral("type"), QStringLiteral("error")},
                {QStringLiteral("error"),
                 QJsonObject{{QStringLiteral("type"), anthropicType(status)}, {QStringLiteral("message"), message}}}};
        if (!requestId.isEmpty())
            body.insert(QStringLiteral("request_id"), QString::fromLatin1(requestId));
        break;
    }
    return QJsonDocument(body).toJson(QJsonDocument::Compact);
}

Response errorResponse(const Error &error, ErrorShape shape, QByteArrayView requestId)
{
    Response response{
        httpStatus(error.code), {{"Content-Type", "application/json"}}, errorBody(error, shape, requestId)};
    if (isRetriedSoon(error.code))
        response.fields.append("Retry-After", retryAfter(error));
    if (isNeverRetried(error.code))
        response.fields.append("x-should-retry", "false");
    return response;
}

} // namespace hearth::http
