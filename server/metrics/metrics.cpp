#include "metrics.h"

#include "looplag.h"
#include "requestmetrics.h"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace hearth::metrics {

namespace {

using prometheus::Gauge;

prometheus::Family<Gauge> &gauge(prometheus::Registry &registry, const char *name, const char *help)
{
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

prometheus::Histogram &lagHistogram(prometheus::Registry &registry)
{
    // Not a gauge of the worst: that would have to forget when it is read, and there may be several who read.
    return prometheus::BuildHistogram()
        .Name("hearth_event_loop_lag_seconds")
        .Help("By how much the event loop was late.")
        .Register(registry)
        .Add({}, prometheus::Histogram::BucketBoundaries{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10});
}

/// The gauges of a LiveState.
class LiveGauges
{
public:
    explicit LiveGauges(prometheus::Registry &registry)
        : m_llms(gauge(registry, "hearth_llms", "Llms by their status."), {"status"})
        , m_sessions(gauge(registry, "hearth_sessions", "Provider sessions, with and without a bound channel."),
                     {"state"})
        , m_heartbeatAge(gauge(registry, "hearth_heartbeat_age_seconds",
                               "Since the publisher with a bound channel that has been silent for the longest was "
                               "heard of.")
                             .Add({}))
        , m_queueDepth(gauge(registry, "hearth_queue_depth", "Requests that wait for a slot or a wake.").Add({}))
        , m_inFlight(gauge(registry, "hearth_requests_in_flight", "Requests that are not over, waiting ones included.")
                         .Add({}))
    {}

    void show(const LiveState &now)
    {
        for (const auto &[status, count] : now.llms)
            m_llms.of(status).Set(count);
        for (const auto &[state, count] : now.sessions)
            m_sessions.of(state).Set(count);
        m_heartbeatAge.Set(std::chrono::duration<double>(now.heartbeatAge).count());
        m_queueDepth.Set(now.waiting);
        m_inFlight.Set(now.inFlight);
    }

private:
    Labelled<Gauge, domain::LlmStatus> m_llms;
    Labelled<Gauge, SessionState> m_sessions;
    Gauge &m_heartbeatAge;
    Gauge &m_queueDepth;
    Gauge &m_inFlight;
};

} // namespace

class Metrics::Private
{
public:
    Private(Clock &clock, const MetricsSettings &settings, const QString &version)
        : requests(registry)
        , gauges(registry)
        , lagSeconds(lagHistogram(registry))
        , lag(clock, settings.lagInterval,
              [this](Duration late) { lagSeconds.Observe(std::chrono::duration<double>(late).count()); })
    {
        gauge(registry, "hearth_build_info", "Always 1; its label says what runs.")
            .Add({{"version", version.toStdString()}})
            .Set(1);
    }

    prometheus::Registry registry;
    RequestMetrics requests;
    LiveGauges gauges;
    prometheus::Histogram &lagSeconds;
    LoopLag lag;
};

Metrics::Metrics(Clock &clock, const MetricsSettings &settings, const QString &version)
    : d(std::make_unique<Private>(clock, settings, version))
{}

Metrics::~Metrics() = default;

void Metrics::requestEnded(const relay::RequestRecord &record)
{
    d->requests.count(record);
}

void Metrics::wakeEnded(const relay::WakeRecord &record)
{
    d->requests.count(record);
}

QByteArray Metrics::text(const LiveState &now) const
{
    d->gauges.show(now);
    return QByteArray::fromStdString(prometheus::TextSerializer().Serialize(d->registry.Collect()));
}

} // namespace hearth::metrics
