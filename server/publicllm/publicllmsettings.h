// PublicLlmSettings: the limits and deadlines of requests to public Llms. A plain value, constant after PublicLlms has
// been made.

#pragma once

#include "httpclient.h"

#include <QString>

namespace hearth::publicllm {

struct PublicLlmSettings
{
    httpclient::TransferLimits limits{.connect = std::chrono::seconds(10)};
    /// What a client may have left unread of its answer before the backend is not read any more, in bytes. At most one
    /// more piece (16 KiB) comes after it.
    qint64 maxUnread = 256 * 1024;
    /// Of an answer that is translated as a whole, in bytes.
    qsizetype maxWholeAnswer = 4 * 1024 * 1024;
    /// Of one event in a stream that is translated, in bytes.
    qsizetype maxEvent = 1024 * 1024;
    /// Requests up to this size are translated on the event loop, larger ones off it.
    qsizetype translateInline = 256 * 1024;
    /// `max_tokens` of a translated request that sets no limit of its own: the Messages API wants one.
    int defaultMaxTokens = 4096;
    /// PEM bundle for https; empty uses the system's.
    QString caFile = {};
};

} // namespace hearth::publicllm
