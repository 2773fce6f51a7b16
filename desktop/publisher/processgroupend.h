// ProcessGroupEnd: ends a process group, politely first, and tells when nothing of it is running.
//
// SIGTERM, after a grace SIGKILL, with a look at the group every few milliseconds, for the kernel reports only the end
// of a child and not that of a group. Used by CommandRecipeRun. Publisher's thread.

#pragma once

#include "childprocess.h"
#include "clock.h"

#include <functional>

namespace hearth::publisher {

class ProcessGroupEnd
{
public:
    /// Between two looks at the group.
    static constexpr Duration step{20};
    /// How long a group may still be there after SIGKILL, which does not end a process that waits for a device.
    static constexpr Duration killLimit{1000};

    /// `ended` is called once and never from inside this function; it may destroy the object. `child` and `clock` must
    /// outlive it.
    ProcessGroupEnd(ChildProcess &child, Clock &clock, Duration grace, std::function<void()> ended);

private:
    void look();

    ChildProcess &m_child;
    Clock &m_clock;
    std::function<void()> m_ended;
    Timer m_step;
    MonotonicTime m_limit;
    bool m_isKilled = false;
};

} // namespace hearth::publisher
