// RoundTrip: how long a question takes to be answered, where answers come in the order of the questions and name none.
//
// Session keeps one for its heartbeats. It measures a question that is asked while no other one is open, so two
// heartbeats in one moment cannot be mistaken for each other. A plain value.

#pragma once

#include "clock.h"

#include <optional>
#include <utility>

namespace hearth::publisher {

class RoundTrip
{
public:
    void asked(MonotonicTime now)
    {
        if (m_open++ == 0)
            m_measured = now;
    }

    /// How long it took, for a question that was measured.
    std::optional<Duration> answered(MonotonicTime now)
    {
        if (m_open == 0)
            return std::nullopt;
        --m_open;
        const std::optional<MonotonicTime> began = std::exchange(m_measured, std::nullopt);
        return began ? std::optional(now - *began) : std::nullopt;
    }

    /// Questions without an answer.
    quint64 open() const { return m_open; }

private:
    quint64 m_open = 0;
    /// When the oldest open question was asked, if it is measured.
    std::optional<MonotonicTime> m_measured;
};

} // namespace hearth::publisher
