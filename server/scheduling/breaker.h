// Breaker: whether something that fails is worth another try yet.
//
// After a number of failures in a row it opens for a pause. When that is over one try is due (half open): its success
// closes the breaker, its failure opens it for twice as long. It knows nothing of requests and holds no clock.

#pragma once

#include "clock.h"
#include "schedulertypes.h"

namespace hearth::scheduling {

class Breaker
{
public:
    struct Limits
    {
        /// In a row, until it opens.
        int failures = 3;
        Duration firstPause{};
        Duration longestPause{};
    };

    explicit Breaker(Limits limits)
        : m_limits(limits)
        , m_nextPause(limits.firstPause)
    {}

    /// For what fails from now on: a pause that has begun stays as long as it is.
    void setLimits(Limits limits);

    void report(MemberOutcome outcome, MonotonicTime now);

    BreakerState state(MonotonicTime now) const;

    /// When the last pause ends or has ended; nothing while it is closed.
    std::optional<MonotonicTime> pausedUntil() const { return m_pausedUntil; }

private:
    void open(MonotonicTime now);

    Limits m_limits;
    int m_failures = 0;
    Duration m_nextPause;
    std::optional<MonotonicTime> m_pausedUntil;
};

} // namespace hearth::scheduling
