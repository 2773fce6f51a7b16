// Group: all who wait for a pool or for one of its Llms by name, or for one Llm that is in no pool.
//
// They take turns together, so that nobody has two turns by asking in two ways. The scheduler owns groups and waiters.

#pragma once

#include "servicerate.h"
#include "turnqueue.h"

#include <map>

namespace hearth::scheduling {

class Group
{
public:
    /// When groups are to be looked at again although nothing has happened.
    using DueTimes = std::multimap<MonotonicTime, Group *>;

    explicit Group(domain::Destination destination)
        : m_destination(std::move(destination))
    {}

    /// A pool, or an Llm that is in none.
    const domain::Destination &destination() const { return m_destination; }

    void add(Waiter &waiter, MonotonicTime now);
    void remove(Waiter &waiter);
    void serve(Waiter &waiter);

    bool isEmpty() const { return m_turns.isEmpty(); }

    int waiting() const;

    const TurnQueue &turns() const { return m_turns; }

    std::list<Lane> &lanes() { return m_lanes; }

    const std::list<Lane> &lanes() const { return m_lanes; }

    /// Null while nobody waits for it.
    Lane *lane(const domain::Destination &destination);
    const Lane *lane(const domain::Destination &destination) const;

    ServiceRate rate;
    /// Members whose group this is. A group without any is forgotten when nobody waits in it.
    int members = 0;
    /// Whether it waits to be looked at.
    bool marked = false;
    std::optional<DueTimes::iterator> due;

private:
    void leaveLane(Waiter &waiter);

    domain::Destination m_destination;
    TurnQueue m_turns;
    /// Of those for which somebody waits.
    std::list<Lane> m_lanes;
};

} // namespace hearth::scheduling
