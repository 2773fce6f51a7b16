#include "hourcount.h"

#include <algorithm>

namespace hearth::status {

namespace {

qint64 minuteOf(MonotonicTime time)
{
    return std::chrono::duration_cast<std::chrono::minutes>(time.time_since_epoch()).count();
}

} // namespace

void HourCount::add(MonotonicTime now, int requests, qint64 tokens)
{
    const qint64 number = minuteOf(now);
    Minute &minute = m_minutes[static_cast<size_t>(number % minutes)];
    if (minute.number != number)
        minute = {number, {}};
    minute.counted.requests += requests;
    minute.counted.tokens = std::max<qint64>(0, minute.counted.tokens + tokens);
}

std::vector<MinuteSnapshot> HourCount::lastHour(MonotonicTime now) const
{
    std::vector<MinuteSnapshot> hour;
    hour.reserve(minutes);
    const qint64 present = minuteOf(now);
    for (qint64 number = present - minutes + 1; number <= present; ++number) {
        // The clock's origin may be less than an hour ago.
        const size_t place = static_cast<size_t>((number + minutes) % minutes);
        hour.push_back(m_minutes[place].number == number ? m_minutes[place].counted : MinuteSnapshot{});
    }
    return hour;
}

} // namespace hearth::status
