#include "wakehistory.h"

#include <algorithm>

namespace hearth::relay {

namespace {

constexpr qsizetype enoughForAnEstimate = 3;

} // namespace

void WakeHistory::add(Duration duration)
{
    if (m_recent.size() == length)
        m_recent.removeFirst();
    m_recent.append(duration);
}

std::optional<Duration> WakeHistory::estimate() const
{
    if (m_recent.size() < enoughForAnEstimate)
        return std::nullopt;
    QList<Duration> sorted = m_recent;
    std::ranges::sort(sorted);
    const qsizetype middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

} // namespace hearth::relay
