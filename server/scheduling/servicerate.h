// ServiceRate: how long requests have held a slot lately, and what that tells those who wait.

#pragma once

#include "clock.h"

#include <optional>

namespace hearth::scheduling {

class ServiceRate
{
public:
    /// A request has held its slot for so long.
    void add(Duration held);

    /// Until the one at `place` (from 1) is served while `slots` are in use; nothing before there is something to tell.
    std::optional<Duration> estimate(int place, int slots) const;

private:
    int m_samples = 0;
    double m_heldMs = 0;
};

} // namespace hearth::scheduling
