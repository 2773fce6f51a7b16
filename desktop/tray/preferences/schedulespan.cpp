#include "schedulespan.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>
#include <array>

namespace hearth::preferences {

namespace {

constexpr std::array dayNames{QLatin1String("Mon"), QLatin1String("Tue"), QLatin1String("Wed"), QLatin1String("Thu"),
                              QLatin1String("Fri"), QLatin1String("Sat"), QLatin1String("Sun")};

std::optional<size_t> dayOf(QStringView name)
{
    const auto found = std::ranges::find_if(
        dayNames, [name](QLatin1String day) { return name.trimmed().compare(day, Qt::CaseInsensitive) == 0; });
    return found == dayNames.end() ? std::nullopt : std::optional(size_t(found - dayNames.begin()));
}

/// Of `Mon-Wed,Fri`; without one, all.
std::optional<std::bitset<7>> daysOf(QStringView text)
{
    std::bitset<7> days;
    if (text.trimmed().isEmpty())
        return days.set();
    for (const QStringView part : text.split(u',')) {
        const QList<QStringView> ends = part.split(u'-');
        const std::optional<size_t> first = dayOf(ends.first());
        const std::optional<size_t> last = dayOf(ends.last());
        if (!first || !last || ends.size() > 2)
            return std::nullopt;
        for (size_t day = *first; day != *last; day = (day + 1) % dayNames.size())
            days.set(day);
        days.set(*last);
    }
    return days;
}

std::optional<QTime> timeOf(const QString &text)
{
    const QTime time =
        QTime::fromString(text == QLatin1String("24:00") ? QStringLiteral("00:00") : text, QStringLiteral("H:mm"));
    return time.isValid() ? std::optional(time) : std::nullopt;
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
    static const QRegularExpression pattern(
        QStringLiteral("\\A\\s*([A-Za-z,\\s-]*?)\\s*(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})\\s*\\z"));
    const QRegularExpressionMatch match = pattern.match(text);
    const std::optional<std::bitset<7>> days = daysOf(match.capturedView(1));
    const std::optional<QTime> from = timeOf(match.captured(2));
    const std::optional<QTime> to = timeOf(match.captured(3));
    if (!match.hasMatch() || !days || !from || !to || match.capturedView(2) == u"24:00")
        return std::nullopt;
    return ScheduleSpan{*days, *from, *to};
}

QString ScheduleSpan::toString() const
{
    const QString end = to == QTime(0, 0) ? QStringLiteral("24:00") : to.toString(QStringLiteral("HH:mm"));
    const QString times = from.toString(QStringLiteral("HH:mm")) + u'-' + end;
    return days.all() ? times : daysText(days) + u' ' + times;
}

} // namespace hearth::preferences
