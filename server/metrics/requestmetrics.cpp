#include "requestmetrics.h"

#include <prometheus/registry.h>

namespace hearth::metrics {

using relay::Outcome;

namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

// Those that the OpenTelemetry conventions advise.
const Buckets durationBuckets{.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92};
const Buckets firstTokenBuckets{.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};
const Buckets perTokenBuckets{.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5};
const Buckets tokenBuckets{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864};

// Ours: a wait ends after minutes at the latest, a wake takes seconds at the least.
const Buckets waitBuckets{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320};
const Buckets wakeBuckets{1, 2, 5, 10, 20, 30, 60, 120, 300, 600};
const Buckets attemptBuckets{1, 2, 3, 5, 10};

constexpr auto operationName = "gen_ai_operation_name";

double seconds(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

prometheus::Family<prometheus::Histogram> &histogram(prometheus::Registry &registry, const char *name, const char *help)
{
    return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

prometheus::Family<prometheus::Histogram> &genAiHistogram(prometheus::Registry &registry, const char *name,
                                                          const char *help)
{
    return prometheus::BuildHistogram()
        .Name(name)
        .Help(help)
        .Labels({{"gen_ai_provider_name", "hearth"}})
        .Register(registry);
}

prometheus::Family<prometheus::Counter> &counter(prometheus::Registry &registry, const char *name, const char *help)
{
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

WakeOutcome outcomeOf(const relay::WakeRecord &record)
{
    if (!record.error)
        return WakeOutcome::Succeeded;
    if (*record.error == ErrorCode::WakeTimeout)
        return WakeOutcome::TimedOut;
    return *record.error == ErrorCode::PublisherLost ? WakeOutcome::PublisherLost : WakeOutcome::Failed;
}

} // namespace

QLatin1String toString(TokenType type)
{
    switch (type) {
    case TokenType::Input:
        return QLatin1String("input");
    case TokenType::Output:
        return QLatin1String("output");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(Direction direction)
{
    switch (direction) {
    case Direction::Request:
        return QLatin1String("request");
    case Direction::Answer:
        return QLatin1String("answer");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(Rejection rejection)
{
    switch (rejection) {
    case Rejection::ClientError:
        return QLatin1String("backend_4xx");
    case Rejection::ServerError:
        return QLatin1String("backend_5xx");
    }
    Q_UNREACHABLE();
}

QLatin1String toString(WakeOutcome outcome)
{
    switch (outcome) {
    case WakeOutcome::Succeeded:
        return QLatin1String("succeeded");
    case WakeOutcome::TimedOut:
        return QLatin1String("timed_out");
    case WakeOutcome::PublisherLost:
        return QLatin1String("publisher_lost");
    case WakeOutcome::Failed:
        return QLatin1String("failed");
    }
    Q_UNREACHABLE();
}

RequestMetrics::RequestMetrics(prometheus::Registry &registry)
    : m_durations(genAiHistogram(registry, "gen_ai_server_request_duration_seconds",
                                 "From the acceptance of a request to the end of its answer."))
    , m_succeeded(m_durations, {operationName}, durationBuckets)
    , m_rejected(m_durations, {operationName, "error_type"}, durationBuckets)
    , m_failed(m_durations, {operationName, "error_type"}, durationBuckets)
    , m_firstToken(genAiHistogram(registry, "gen_ai_server_time_to_first_token_seconds",
                                  "From the acceptance of a request to the first byte of its stream, queue and wake "
                                  "included."),
                   {operationName}, firstTokenBuckets)
    , m_perToken(genAiHistogram(registry, "gen_ai_server_time_per_output_token_seconds",
                                "Time per token of a stream after its first one."),
                 {operationName}, perTokenBuckets)
    , m_tokens(genAiHistogram(registry, "gen_ai_client_token_usage", "Tokens of a request, as its backend counts."),
               {operationName, "gen_ai_token_type"}, tokenBuckets)
    , m_requests(counter(registry, "hearth_requests_total", "Requests that are over, by how they have ended."),
                 {"operation", "outcome"})
    , m_refusals(counter(registry, "hearth_refusals_total", "Requests that were sent to no Llm, by why."), {"code"})
    , m_cuts(counter(registry, "hearth_streams_cut_total", "Streams that broke off after their first byte, by why."),
             {"reason"})
    , m_bytes(counter(registry, "hearth_bytes_total", "Bytes of the bodies of requests and answers."), {"direction"})
    , m_queueWait(histogram(registry, "hearth_queue_wait_seconds", "How long requests waited for slots and wakes.")
                      .Add({}, waitBuckets))
    , m_attempts(histogram(registry, "hearth_request_attempts", "How often a request was sent to an Llm.")
                     .Add({}, attemptBuckets))
    , m_wakes(counter(registry, "hearth_wakes_total", "Wakes that are over, by how they have ended."), {"outcome"})
    , m_wakeDuration(
          histogram(registry, "hearth_wake_duration_seconds", "How long successful wakes took.").Add({}, wakeBuckets))
{}

void RequestMetrics::count(const relay::RequestRecord &record)
{
    m_requests.of(record.operation, record.outcome).Increment();
    durationOf(record).Observe(seconds(record.total));
    if (record.outcome == Outcome::Refused && record.error)
        m_refusals.of(*record.error).Increment();
    if (record.outcome == Outcome::Truncated && record.streamed && record.error)
        m_cuts.of(*record.error).Increment();
    // One that was refused at once has not waited for nothing: it has not waited.
    if (record.attempts > 0 || record.queued > Duration::zero())
        m_queueWait.Observe(seconds(record.queued));
    if (record.attempts > 0)
        m_attempts.Observe(record.attempts);
    m_bytes.of(Direction::Request).Increment(double(record.requestBytes));
    m_bytes.of(Direction::Answer).Increment(double(record.answerBytes));
    if (record.usage)
        countTokens(record.operation, *record.usage);
    if (record.outcome == Outcome::Succeeded && record.streamed && record.firstByte)
        countSpeed(record);
}

void RequestMetrics::count(const relay::WakeRecord &record)
{
    m_wakes.of(outcomeOf(record)).Increment();
    if (!record.error)
        m_wakeDuration.Observe(seconds(record.took));
}

prometheus::Histogram &RequestMetrics::durationOf(const relay::RequestRecord &record)
{
    switch (record.outcome) {
    case Outcome::Succeeded:
        return m_succeeded.of(record.operation);
    case Outcome::Rejected:
        return m_rejected.of(record.operation, record.status < 500 ? Rejection::ClientError : Rejection::ServerError);
    case Outcome::Cancelled:
        return m_failed.of(record.operation, ErrorCode::Cancelled);
    case Outcome::Failed:
    case Outcome::Refused:
    case Outcome::Truncated:
        return m_failed.of(record.operation, record.error.value_or(ErrorCode::Internal));
    }
    Q_UNREACHABLE();
}

void RequestMetrics::countTokens(Operation operation, const metering::TokenUsage &usage)
{
    m_tokens.of(operation, TokenType::Input).Observe(double(usage.input));
    m_tokens.of(operation, TokenType::Output).Observe(double(usage.output));
}

void RequestMetrics::countSpeed(const relay::RequestRecord &record)
{
    m_firstToken.of(record.operation).Observe(seconds(*record.firstByte));
    if (record.usage && record.usage->output > 1) {
        const double after = seconds(record.total - *record.firstByte);
        m_perToken.of(record.operation).Observe(after / double(record.usage->output - 1));
    }
}

} // namespace hearth::metrics
