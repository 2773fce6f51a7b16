#include "looplag.h"

namespace hearth::metrics {

LoopLag::LoopLag(Clock &clock, Duration interval, Report report)
    : m_clock(clock)
    , m_interval(interval)
    , m_report(std::move(report))
    , m_timer(clock, [this] {
        m_report(m_clock.now() - m_due);
        startOver();
    })
{
    startOver();
}

void LoopLag::startOver()
{
    m_due = m_clock.now() + m_interval;
    m_timer.start(m_interval);
}

} // namespace hearth::metrics
