#include "breaker.h"

#include <algorithm>

namespace hearth::scheduling {

void Breaker::setLimits(Limits limits)
{
    m_limits = limits;
    if (!m_pausedUntil)
        m_nextPause = limits.firstPause;
}

BreakerState Breaker::state(MonotonicTime now) const
{
    if (!m_pausedUntil)
        return BreakerState::Closed;
    return now < *m_pausedUntil ? BreakerState::Open : BreakerState::HalfOpen;
}

void Breaker::report(MemberOutcome outcome, MonotonicTime now)
{
    if (outcome == MemberOutcome::Served) {
        *this = Breaker(m_limits);
        return;
    }
    switch (state(now)) {
    case BreakerState::Closed:
        if (++m_failures >= m_limits.failures)
            open(now);
        return;
    case BreakerState::HalfOpen:
        return open(now);
    case BreakerState::Open:
        // What was under way when it opened fails late, and tells nothing new.
        return;
    }
}

void Breaker::open(MonotonicTime now)
{
    const Duration pause = std::min(m_nextPause, m_limits.longestPause);
    m_pausedUntil = now + pause;
    m_nextPause = 2 * pause;
}

} // namespace hearth::scheduling
