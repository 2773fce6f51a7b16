// HourCount: requests and tokens of each minute of the last hour.
//
// Activity keeps one. A plain value of fixed size; it knows no clock, and minutes are those of the monotonic time.

#pragma once

#include "publishersnapshot.h"

#include <array>

namespace hearth::status {

class HourCount
{
public:
    static constexpr int minutes = 60;

    /// Adds to the minute of `now`. Negative tokens take back what was added too much, as far as the minute has it.
    void add(MonotonicTime now, int requests, qint64 tokens);

    /// All of them, the minute of `now` last.
    std::vector<MinuteSnapshot> lastHour(MonotonicTime now) const;

private:
    struct Minute
    {
        /// Since the origin of the clock; tells a minute of this hour from one of an earlier hour.
        qint64 number = -1;
        MinuteSnapshot counted = {};
    };

    std::array<Minute, minutes> m_minutes;
};

} // namespace hearth::status
