// RequestMetrics: counts what the relay tells of requests and wakes that are over.
//
// Where the OpenTelemetry conventions for generative AI have a name for it, that name is used, as Prometheus spells it;
// `gen_ai_provider_name` is always `hearth`. A part of Metrics; main thread only.

#pragma once

#include "labelled.h"
#include "requestrecord.h"

#include <prometheus/counter.h>

namespace prometheus {
class Registry;
} // namespace prometheus

namespace hearth::metrics {

enum class TokenType { Input, Output };

enum class Direction { Request, Answer };

/// What a backend's refusal looks like from afar.
enum class Rejection { ClientError, ServerError };

enum class WakeOutcome { Succeeded, TimedOut, PublisherLost, Failed };

/// The values of labels: `input`, `output`.
QLatin1String toString(TokenType type);
/// `request`, `answer`.
QLatin1String toString(Direction direction);
/// `backend_4xx`, `backend_5xx`.
QLatin1String toString(Rejection rejection);
/// `succeeded`, `timed_out`, `publisher_lost`, `failed`.
QLatin1String toString(WakeOutcome outcome);

class RequestMetrics
{
public:
    /// `registry` must outlive this.
    explicit RequestMetrics(prometheus::Registry &registry);

    void count(const relay::RequestRecord &record);
    void count(const relay::WakeRecord &record);

private:
    using Counter = prometheus::Counter;
    using Histogram = prometheus::Histogram;
    using Operation = metering::Operation;

    prometheus::Histogram &durationOf(const relay::RequestRecord &record);
    void countTokens(Operation operation, const metering::TokenUsage &usage);
    void countSpeed(const relay::RequestRecord &record);

    // One family; successes have no `error_type`.
    prometheus::Family<Histogram> &m_durations;
    Labelled<Histogram, Operation> m_succeeded;
    Labelled<Histogram, Operation, Rejection> m_rejected;
    Labelled<Histogram, Operation, ErrorCode> m_failed;
    Labelled<Histogram, Operation> m_firstToken;
    Labelled<Histogram, Operation> m_perToken;
    Labelled<Histogram, Operation, TokenType> m_tokens;

    Labelled<Counter, Operation, relay::Outcome> m_requests;
    Labelled<Counter, ErrorCode> m_refusals;
    Labelled<Counter, ErrorCode> m_cuts;
    Labelled<Counter, Direction> m_bytes;
    Histogram &m_queueWait;
    Histogram &m_attempts;

    Labelled<Counter, WakeOutcome> m_wakes;
    Histogram &m_wakeDuration;
};

} // namespace hearth::metrics
