#include "errorcode.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth {

namespace {

constexpr std::array spellings{
    std::pair{ErrorCode::InvalidJson, QLatin1String("invalid_json")},
    std::pair{ErrorCode::InvalidRequest, QLatin1String("invalid_request")},
    std::pair{ErrorCode::InvalidApiKey, QLatin1String("invalid_api_key")},
    std::pair{ErrorCode::ScopeMissing, QLatin1String("scope_missing")},
    std::pair{ErrorCode::RouteNotFound, QLatin1String("route_not_found")},
    std::pair{ErrorCode::NotFound, QLatin1String("not_found")},
    std::pair{ErrorCode::ModelNotFound, QLatin1String("model_not_found")},
    std::pair{ErrorCode::MethodNotAllowed, QLatin1String("method_not_allowed")},
    std::pair{ErrorCode::RequestTimeout, QLatin1String("request_timeout")},
    std::pair{ErrorCode::Conflict, QLatin1String("conflict")},
    std::pair{ErrorCode::LengthRequired, QLatin1String("length_required")},
    std::pair{ErrorCode::PreconditionFailed, QLatin1String("precondition_failed")},
    std::pair{ErrorCode::BodyTooLarge, QLatin1String("body_too_large")},
    std::pair{ErrorCode::UriTooLong, QLatin1String("uri_too_long")},
    std::pair{ErrorCode::UnsupportedMediaType, QLatin1String("unsupported_media_type")},
    std::pair{ErrorCode::ExpectationFailed, QLatin1String("expectation_failed")},
    std::pair{ErrorCode::HeadTooLarge, QLatin1String("head_too_large")},
    std::pair{ErrorCode::NotImplemented, QLatin1String("not_implemented")},
    std::pair{ErrorCode::HttpVersionNotSupported, QLatin1String("http_version_not_supported")},
    std::pair{ErrorCode::QueueFull, QLatin1String("queue_full")},
    std::pair{ErrorCode::QueueTimeout, QLatin1String("queue_timeout")},
    std::pair{ErrorCode::RateLimited, QLatin1String("rate_limited")},
    std::pair{ErrorCode::Overloaded, QLatin1String("overloaded")},
    std::pair{ErrorCode::StorageUnavailable, QLatin1String("storage_unavailable")},
    std::pair{ErrorCode::ShuttingDown, QLatin1String("shutting_down")},
    std::pair{ErrorCode::PublisherOffline, QLatin1String("publisher_offline")},
    std::pair{ErrorCode::PublisherLost, QLatin1String("publisher_lost")},
    std::pair{ErrorCode::BackendUnreachable, QLatin1String("backend_unreachable")},
    std::pair{ErrorCode::BackendAsleep, QLatin1String("backend_asleep")},
    std::pair{ErrorCode::BackendTimeout, QLatin1String("backend_timeout")},
    std::pair{ErrorCode::BackendError, QLatin1String("backend_error")},
    std::pair{ErrorCode::WakeFailed, QLatin1String("wake_failed")},
    std::pair{ErrorCode::WakeTimeout, QLatin1String("wake_timeout")},
    std::pair{ErrorCode::Cancelled, QLatin1String("cancelled")},
    std::pair{ErrorCode::CancelledByOwner, QLatin1String("cancelled_by_owner")},
    std::pair{ErrorCode::Configuration, QLatin1String("configuration")},
    std::pair{ErrorCode::Io, QLatin1String("io")},
    std::pair{ErrorCode::ProtocolViolation, QLatin1String("protocol_violation")},
    std::pair{ErrorCode::Internal, QLatin1String("internal")},
};

} // namespace

QLatin1String toString(ErrorCode code)
{
    const auto *const found =
        std::find_if(spellings.begin(), spellings.end(), [code](const auto &row) { return row.first == code; });
    Q_ASSERT(found != spellings.end());
    return found->second;
}

std::optional<ErrorCode> errorCodeFromString(QByteArrayView text)
{
    for (const auto &[code, spelling] : spellings) {
        if (QByteArrayView(spelling.data(), spelling.size()) == text)
            return code;
    }
    return std::nullopt;
}

} // namespace hearth
