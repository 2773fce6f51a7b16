// ScheduleSpan: one span of a PauseSchedule in the parts that a person sets: days, from, to.
//
// ScheduleRow shows and changes one. How a span is written is PauseSchedule's to say. A plain value.

#pragma once

#include <QString>
#include <QTime>

#include <bitset>
#include <optional>

namespace hearth::preferences {

struct ScheduleSpan
{
    /// From Monday on.
    std::bitset<7> days = {};
    QTime from = {};
    /// Midnight is the end of the day.
    QTime to = {};

    /// Nothing for what PauseSchedule does not read.
    static std::optional<ScheduleSpan> parse(const QString &text);
    /// `Mon-Fri 09:00-17:30`.
    QString toString() const;

    friend bool operator==(const ScheduleSpan &, const ScheduleSpan &) = default;
};

} // namespace hearth::preferences
