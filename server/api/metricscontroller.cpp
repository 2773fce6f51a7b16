#include "metricscontroller.h"

namespace hearth::api {

http::Response MetricsController::text() const
{
    const metrics::LiveState now = metrics::liveState(m_context.registry, m_context.relay, m_context.clock);
    return {200, {{"content-type", "text/plain; version=0.0.4; charset=utf-8"}}, m_context.metrics.text(now)};
}

} // namespace hearth::api
