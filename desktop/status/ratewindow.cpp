#include "ratewindow.h"

#include <algorithm>

namespace hearth::status {

namespace {

qint64 slotOf(MonotonicTime time, Duration slotSpan)
{
    return time.time_since_epoch() / slotSpan;
}

} // namespace

void RateWindow::add(MonotonicTime from, MonotonicTime to, double tokens)
{
    if (m_latest == MonotonicTime::min() || from - m_latest > span)
        m_begin = from;
    m_latest = std::max(m_latest, to);
    m_begin = std::min(m_begin, from);

    const qint64 last = slotOf(to, slotSpan);
    const qint64 first = std::min(slotOf(from, slotSpan), last);
    const double share = tokens / static_cast<double>(last - first + 1);
    // What lies before the window would be overwritten anyway.
    for (qint64 number = std::max({first, last - slotCount + 1, qint64{0}}); number <= last; ++number) {
        Slot &slot = m_slots[placeOf(number)];
        if (slot.number != number)
            slot = {number, 0};
        slot.tokens += share;
    }
}

double RateWindow::rate(MonotonicTime now) const
{
    if (m_latest == MonotonicTime::min() || now - m_latest >= span)
        return 0;
    const qint64 last = slotOf(now, slotSpan);
    double tokens = 0;
    for (const Slot &slot : m_slots) {
        if (slot.number > last - slotCount && slot.number <= last)
            tokens += slot.tokens;
    }
    const std::chrono::duration<double> over = std::clamp(now - m_begin, shortest, Duration(span));
    return std::max(0.0, tokens / over.count());
}

size_t RateWindow::placeOf(qint64 number)
{
    return static_cast<size_t>(number % slotCount);
}

} // namespace hearth::status
