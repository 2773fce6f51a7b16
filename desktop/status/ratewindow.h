// RateWindow: how many tokens a second came in over the last seconds.
//
// Activity keeps one for each Llm and one for each running request. What is added is spread evenly over the time in
// which it came, so an answer that arrives as a whole counts with the rate at which it was made and not as a burst. A
// plain value of fixed size; it knows no clock, and time must not run backwards between calls.

#pragma once

#include "clock.h"

#include <array>

namespace hearth::status {

class RateWindow
{
public:
    /// Over what time a rate is taken.
    static constexpr Duration span = std::chrono::seconds(5);

    /// `tokens` have come between `from` and `to`; negative ones take back what was added too much.
    void add(MonotonicTime from, MonotonicTime to, double tokens);

    /// Tokens a second up to `now`. After a pause the first moments do not count as if nothing had come before them.
    double rate(MonotonicTime now) const;

private:
    static constexpr Duration slotSpan = std::chrono::milliseconds(250);
    static constexpr qint64 slotCount = span / slotSpan + 1;
    /// A rate over less than this would jump with every token.
    static constexpr Duration shortest = std::chrono::seconds(1);

    struct Slot
    {
        /// Since the origin of the clock, in slots; tells a slot of now from one that was written a lap ago.
        qint64 number = -1;
        double tokens = 0;
    };

    static size_t placeOf(qint64 number);

    std::array<Slot, slotCount> m_slots;
    /// When what the window holds began to come.
    MonotonicTime m_begin{};
    MonotonicTime m_latest = MonotonicTime::min();
};

} // namespace hearth::status
