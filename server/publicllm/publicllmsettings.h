// PublicLlmSettings: the limits of requests to public Llms; the deadlines of the answer come with each request. A plain
// value, which may be replaced while they work, all but caFile.

#pragma once

#include "clock.h"

#include <QString>

namespace hearth::publicllm {

struct PublicLlmSettings
{
    /// From the start of a request to an established connection, TLS included.
    Duration connect = std::chrono::seconds(10);
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
