#include "schedulespan.h"

#include "pauseschedule.h"

#include <QStringList>

#include <array>

namespace hearth::preferences {

namespace {

constexpr std::array dayNames{QLatin1String("Mon"), QLatin1String("Tue"), QLatin1String("Wed"), QLatin1String("Thu"),
                              QLatin1String("Fri"), QLatin1String("Sat"), QLatin1String("Sun")};

constexpr int minutesPerDay = 24 * 60;

QTime timeOf(int minutes)
{
    return QTime(0, 0).addSecs(minutes % minutesPerDay * 60);
}

QString daysText(std::bitset<7> days)
{
    // Two days in a row are as short without a dash.
    constexpr size_t shortestRange = 3;
    QStringList parts;
    for (size_t day = 0; day < days.size();) {
        size_t end = day;
        while (end < days.size() && days.test(end))
            ++end;
        if (end - day >= shortestRange) {
            parts.append(dayNames[day] + u'-' + dayNames[end - 1]);
        } else {
            for (; day < end; ++day)
                parts.append(dayNames[day]);
        }
        day = end + 1;
    }
    return parts.join(u',');
}

} // namespace

std::optional<ScheduleSpan> ScheduleSpan::parse(const QString &text)
{
    const Result<publisher::PauseSchedule> schedule = publisher::PauseSchedule::parse({text});
    if (!schedule)
        return std::nullopt;
    const publisher::PauseSchedule::Span &span = schedule->spans().front();
    return ScheduleSpan{std::bitset<7>(static_cast<unsigned>(span.days)), timeOf(span.begin), timeOf(span.end)};
}

QString ScheduleSpan::toString() const
{
    const QString end = to == QTime(0, 0) ? QStringLiteral("24:00") : to.toString(QStringLiteral("HH:mm"));
    const QString times = from.toString(QStringLiteral("HH:mm")) + u'-' + end;
    return days.all() ? times : daysText(days) + u' ' + times;
}

} // namespace hearth::preferences
