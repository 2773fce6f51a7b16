// BreakerModel: when a member is left out, told once more from what it has failed and served, so that the scheduler's
// own account can be checked.

#pragma once

#include "clock.h"

namespace hearth::testsupport {

class BreakerModel
{
public:
    BreakerModel(int failures, Duration firstPause, Duration longestPause)
        : m_failuresAllowed(failures)
        , m_firstPause(firstPause)
        , m_longestPause(longestPause)
    {}

    void served()
    {
        m_inARow = 0;
        m_pauses = 0;
    }

    void failed(MonotonicTime now)
    {
        if (isPaused(now) || ++m_inARow < m_failuresAllowed)
            return;
        Duration pause = m_firstPause;
        for (int i = 0; i < m_pauses && pause < m_longestPause; ++i)
            pause *= 2;
        ++m_pauses;
        m_pausedUntil = now + std::min(pause, m_longestPause);
    }

    bool isPaused(MonotonicTime now) const { return m_pauses > 0 && now < m_pausedUntil; }

    bool mayBeProbed(MonotonicTime now) const { return m_pauses > 0 && now >= m_pausedUntil; }

private:
    int m_failuresAllowed;
    Duration m_firstPause;
    Duration m_longestPause;
    int m_inARow = 0;
    /// Since it served last.
    int m_pauses = 0;
    MonotonicTime m_pausedUntil{};
};

} // namespace hearth::testsupport
