// MetricsSettings: a plain value, constant after the metrics have been made.

#pragma once

#include "clock.h"

namespace hearth::metrics {

struct MetricsSettings
{
    /// How often the lag of the event loop is measured.
    Duration lagInterval = std::chrono::seconds(1);
};

} // namespace hearth::metrics
