// RequestFacts: what is known of one request that a backend answers, for whoever shows it. A plain value.
//
// Kept by InferTask only where PublisherParts::watchesRequests is set: hearth-publisher shows nobody anything, and pays
// nothing for it.

#pragma once

#include "clock.h"
#include "ids.h"
#include "tokenusage.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace hearth::publisher {

struct RequestFacts
{
    TaskId task{};
    /// The name of its Llm.
    QString llm = {};
    /// Below the backend's URL: `/chat/completions`.
    QByteArray path = {};
    MonotonicTime began{};
    /// When the head of the answer came.
    std::optional<MonotonicTime> answered = std::nullopt;
    /// Whether the answer is a stream of events.
    bool isStream = false;
    /// Of a stream, without comments: about as many as tokens.
    qint64 events = 0;
    /// As far as the answer has told it; the last word on the tokens.
    std::optional<metering::TokenUsage> usage = std::nullopt;

    /// Tokens of the answer: as told, else as counted.
    qint64 tokens() const { return usage ? usage->output : events; }
};

} // namespace hearth::publisher
