// WakeHistory: how long an Llm has taken to wake up, and how long it will probably take the next time.
//
// Waker keeps one for each Llm that was woken; it lives as long as the server runs. A plain value.

#pragma once

#include "clock.h"

#include <QList>

#include <optional>

namespace hearth::relay {

class WakeHistory
{
public:
    static constexpr int length = 10;

    void add(Duration duration);

    /// Of the last successful wakes, the oldest first.
    const QList<Duration> &recent() const { return m_recent; }

    /// Their median; nothing before there are three.
    std::optional<Duration> estimate() const;

private:
    QList<Duration> m_recent;
};

} // namespace hearth::relay
