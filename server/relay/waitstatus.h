// WaitStatus: what a waiting request waits for, as people see it. Plain values.

#pragma once

#include "clock.h"
#include "schedulertypes.h"
#include "taskmessages.h"

#include <optional>

namespace hearth::relay {

/// A wake that is under way.
struct WakeStatus
{
    /// The name of the Llm that is being woken.
    QString llm;
    channel::WakePhase phase = channel::WakePhase::Recipe;
    Duration elapsed{};
    /// What the whole wake may take.
    Duration limit{};
    /// What it will probably take; nothing before three wakes have succeeded.
    std::optional<Duration> estimate;
};

struct WaitStatus
{
    scheduling::QueuePosition position;
    /// The wake of its Llm, or of a member of its pool; nothing when an active one may serve the request.
    std::optional<WakeStatus> wake;
};

} // namespace hearth::relay
