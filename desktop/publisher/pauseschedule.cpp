#include "pauseschedule.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace hearth::publisher {

namespace {

constexpr int minutesPerDay = 24 * 60;
constexpr int daysPerWeek = 7;
constexpr int minutesPerWeek = daysPerWeek * minutesPerDay;
constexpr int everyDay = (1 << daysPerWeek) - 1;

/// From 0, Monday; -1 for none.
int dayNamed(QStringView name)
{
    static constexpr std::array names{u"Mon", u"Tue", u"Wed", u"Thu", u"Fri", u"Sat", u"Sun"};
    const auto found =
        std::ranges::find_if(names, [name](QStringView each) { return name.compare(each, Qt::CaseInsensitive) == 0; });
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

/// One bit for each day of `Mon-Fri,Sun`; `Fri-Mon` goes over the end of the week. Zero where it is no such text.
int daysOf(const QString &text)
{
    int days = 0;
    for (const QString &part : text.split(u',')) {
        const QStringList ends = part.split(u'-');
        const int first = dayNamed(QStringView(ends.first()).trimmed());
        const int last = dayNamed(QStringView(ends.last()).trimmed());
        if (ends.size() > 2 || first < 0 || last < 0)
            return 0;
        for (int day = first; day != last; day = (day + 1) % daysPerWeek)
            days |= 1 << day;
        days |= 1 << last;
    }
    return days;
}

/// Minutes from midnight up to 24:00; -1 where there is no such time.
int minutesOf(QStringView hour, QStringView minute)
{
    const int minutes = hour.toInt() * 60 + minute.toInt();
    return minute.toInt() < 60 && minutes <= minutesPerDay ? minutes : -1;
}

int minuteOfWeek(const QDateTime &local)
{
    return (local.date().dayOfWeek() - 1) * minutesPerDay + local.time().hour() * 60 + local.time().minute();
}

/// The first moment after `before` whose distance from UTC is that of `after`, which is another one: when the clocks
/// were changed.
QDateTime clockChange(QDateTime before, QDateTime after)
{
    while (before.secsTo(after) > 1) {
        const QDateTime middle = before.addSecs(before.secsTo(after) / 2);
        (middle.offsetFromUtc() == before.offsetFromUtc() ? before : after) = middle;
    }
    return after;
}

} // namespace

Result<PauseSchedule> PauseSchedule::parse(const QStringList &spans)
{
    static const QRegularExpression form(QRegularExpression::anchoredPattern(QStringLiteral(
        R"(\s*(?:([A-Za-z][A-Za-z,\s-]*)\s)?\s*([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})\s*)")));
    PauseSchedule schedule;
    for (const QString &text : spans) {
        const QRegularExpressionMatch match = form.match(text);
        Span span{.days = match.captured(1).isEmpty() ? everyDay : daysOf(match.captured(1)),
                  .begin = minutesOf(match.capturedView(2), match.capturedView(3)),
                  .end = minutesOf(match.capturedView(4), match.capturedView(5))};
        if (!match.hasMatch() || span.days == 0 || span.begin < 0 || span.begin == minutesPerDay || span.end < 0 ||
            span.begin == span.end) {
            return Error{ErrorCode::Configuration,
                         QStringLiteral("\"%1\" is no span of time; write it like \"Mon-Fri 09:00-17:30\", "
                                        "\"Sat,Sun 00:00-24:00\" or \"22:00-06:00\"")
                             .arg(text)};
        }
        if (span.end < span.begin)
            span.end += minutesPerDay;
        schedule.m_spans.push_back(span);
    }
    return schedule;
}

bool PauseSchedule::contains(const QDateTime &local) const
{
    const int now = minuteOfWeek(local);
    return std::ranges::any_of(m_spans, [now](const Span &span) {
        for (int day = 0; day < daysPerWeek; ++day) {
            // Sunday's span may reach into the next week's Monday.
            const int sinceBegin = (now - day * minutesPerDay - span.begin + minutesPerWeek) % minutesPerWeek;
            if ((span.days & (1 << day)) && sinceBegin < span.end - span.begin)
                return true;
        }
        return false;
    });
}

QDateTime PauseSchedule::nextChange(const QDateTime &local) const
{
    if (m_spans.empty())
        return {};
    const bool isInside = contains(local);
    const QDateTime end = local.addDays(daysPerWeek + 1);
    // From boundary to boundary in elapsed time, and from one change of the clocks to the next: neither an hour that
    // is left out nor one that comes twice is missed.
    QDateTime now = local.addMSecs(-local.time().second() * 1000 - local.time().msec());
    while (now < end) {
        QDateTime next = now.addSecs(minutesToBoundary(minuteOfWeek(now) % minutesPerDay) * 60);
        if (next.offsetFromUtc() != now.offsetFromUtc())
            next = clockChange(now, next);
        now = next;
        if (contains(now) != isInside)
            return now;
    }
    return {};
}

int PauseSchedule::minutesToBoundary(int minute) const
{
    int nearest = minutesPerDay;
    for (const Span &span : m_spans) {
        for (const int boundary : {span.begin, span.end}) {
            const int distance = (boundary - minute + minutesPerDay) % minutesPerDay;
            nearest = std::min(nearest, distance == 0 ? minutesPerDay : distance);
        }
    }
    return nearest;
}

} // namespace hearth::publisher
