// LoopLag: measures by how much the event loop is late.
//
// A timer that runs out at a known moment is called later when the loop is held up; the difference is what every other
// event has waited, too. Made by Metrics, on the main thread. It sees samples only: what holds the loop up between two
// of them and has passed by the second goes unseen.

#pragma once

#include "clock.h"

namespace hearth::metrics {

class LoopLag
{
public:
    using Report = std::function<void(Duration lag)>;

    /// Reports once in each `interval`. `clock` must outlive this.
    LoopLag(Clock &clock, Duration interval, Report report);

private:
    void startOver();

    Clock &m_clock;
    const Duration m_interval;
    const Report m_report;
    MonotonicTime m_due;
    Timer m_timer;
};

} // namespace hearth::metrics
