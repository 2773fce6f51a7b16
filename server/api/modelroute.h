// ModelRoute: the routes that are relayed to backends, and the dialect in which each tells errors.
//
// Used by the router to recognise them and by the InferHandler to answer. Plain values.

#pragma once

#include "errorresponse.h"

#include <QByteArray>

#include <array>
#include <span>

namespace hearth::api {

/// How a failure is told inside an event stream that has begun.
enum class StreamDialect {
    /// `data: {"error":{…}}`
    Chat,
    /// `event: error` with an OpenAI Responses error event.
    Responses,
    /// `event: error` with an Anthropic error body.
    Messages,
};

struct ModelRoute
{
    /// Below `/v1`; the publisher gets it as it is.
    QByteArrayView path;
    StreamDialect dialect = StreamDialect::Chat;
    /// Whether `"stream": true` makes the answer an event stream.
    bool streams = true;
    /// Whether `stream_options` tells that a stream is to end with its usage.
    bool hasStreamOptions = false;

    http::ErrorShape errorShape() const
    {
        return dialect == StreamDialect::Messages ? http::ErrorShape::Anthropic : http::ErrorShape::OpenAi;
    }
};

inline constexpr std::array modelRoutes{
    ModelRoute{.path = "/chat/completions", .hasStreamOptions = true},
    ModelRoute{.path = "/completions", .hasStreamOptions = true},
    ModelRoute{.path = "/embeddings", .streams = false},
    ModelRoute{"/responses", StreamDialect::Responses},
    ModelRoute{.path = "/rerank", .streams = false},
    ModelRoute{"/messages", StreamDialect::Messages},
};

/// The event that tells `error` to a client whose stream has begun.
QByteArray streamError(const Error &error, StreamDialect dialect);

} // namespace hearth::api
