// PauseSchedule: the hours of the week in which the owner wants the box for himself.
//
// Written in publisher.yaml as a list of texts: `Mon-Fri 09:00-17:30`, `Sat,Sun 00:00-24:00`, `22:00-06:00` (every day;
// a span that ends before it begins runs into the next day). Local time. A plain value; it knows no clock.

#pragma once

#include "result.h"

#include <QDateTime>
#include <QStringList>

#include <vector>

namespace hearth::publisher {

class PauseSchedule
{
public:
    struct Span
    {
        /// Bit 0 is Monday: the days on which the span begins.
        int days = 0;
        /// Minutes from midnight; `end` may be beyond 24 h.
        int begin = 0;
        int end = 0;

        friend bool operator==(const Span &, const Span &) = default;
    };

    PauseSchedule() = default;

    /// Errors: Configuration, with a message that quotes the span that is wrong and shows how one is written.
    static Result<PauseSchedule> parse(const QStringList &spans);

    bool isEmpty() const { return m_spans.empty(); }

    /// One for each text, in their order.
    const std::vector<Span> &spans() const { return m_spans; }

    /// Whether `local` lies in one of the spans.
    bool contains(const QDateTime &local) const;
    /// When contains() changes next after `local`; invalid for an empty schedule and for one that is the whole week.
    QDateTime nextChange(const QDateTime &local) const;

    friend bool operator==(const PauseSchedule &, const PauseSchedule &) = default;

private:
    /// From this minute of a day to the next one at which a span may begin or end, at most a day.
    int minutesToBoundary(int minute) const;

    std::vector<Span> m_spans;
};

} // namespace hearth::publisher
