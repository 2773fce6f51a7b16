#include "servicerate.h"

#include <algorithm>
#include <cmath>

namespace hearth::scheduling {

namespace {

/// Fewer tell more of themselves than of what comes.
constexpr int fewestSamples = 3;
/// What the newest sample counts among all: the last ten or so decide.
constexpr double smoothing = 0.2;

} // namespace

void ServiceRate::add(Duration held)
{
    const auto heldMs = static_cast<double>(held.count());
    // The first ones count alike, so that the very first does not outweigh them.
    const double weight = std::max(smoothing, 1.0 / (m_samples + 1));
    m_heldMs += weight * (heldMs - m_heldMs);
    m_samples = std::min(m_samples + 1, fewestSamples);
}

std::optional<Duration> ServiceRate::estimate(int place, int slots) const
{
    if (m_samples < fewestSamples || slots <= 0)
        return std::nullopt;
    return Duration(std::llround(place * m_heldMs / slots));
}

} // namespace hearth::scheduling
