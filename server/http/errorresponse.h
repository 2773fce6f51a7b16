// errorResponse: the one place that knows the HTTP status of each ErrorCode and the shape of an error body.
//
// Called by the connection, the controllers and the relay on the main thread. Pure functions.

#pragma once

#include "httpmessage.h"
#include "result.h"

namespace hearth::http {

enum class ErrorShape {
    /// `{"error":{"message","type","param","code"}}`
    OpenAi,
    /// `{"type":"error","error":{"type","message"},"request_id"}`, on `/v1/messages`.
    Anthropic,
};

/// The status that this failure is answered with. Codes that no client can cause (Cancelled, Io, …) are 500.
int httpStatus(ErrorCode code);

/// The JSON body alone, for failures that are told inside a stream. `requestId` appears in the Anthropic shape only and
/// is left out while it is empty.
QByteArray errorBody(const Error &error, ErrorShape shape, QByteArrayView requestId = {});

/// The whole answer, with `Retry-After` where trying again soon makes sense: between 1 and 59 s, and a few seconds
/// where the error does not say. Where trying again is no use, or does harm, `x-should-retry: false` says so, which the
/// openai and anthropic SDKs obey. A 405 needs an `Allow` field, which the caller adds.
Response errorResponse(const Error &error, ErrorShape shape, QByteArrayView requestId = {});

} // namespace hearth::http
