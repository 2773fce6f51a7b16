#include "group.h"

#include <algorithm>

namespace hearth::scheduling {

void Group::add(Waiter &waiter, MonotonicTime now)
{
    Lane *where = lane(waiter.request.destination);
    if (!where) {
        m_lanes.push_back({.destination = waiter.request.destination});
        where = &m_lanes.back();
    }
    waiter.group = this;
    waiter.lane = where;
    waiter.since = where->time(now) - waiter.request.waited;
    where->waiters.insert(std::ranges::upper_bound(where->waiters, waiter.since, {}, &Waiter::since), &waiter);
    m_turns.add(waiter);
}

void Group::remove(Waiter &waiter)
{
    m_turns.remove(waiter);
    leaveLane(waiter);
}

void Group::serve(Waiter &waiter)
{
    m_turns.serve(waiter);
    leaveLane(waiter);
}

void Group::leaveLane(Waiter &waiter)
{
    Lane *const left = std::exchange(waiter.lane, nullptr);
    std::erase(left->waiters, &waiter);
    if (left->waiters.empty())
        m_lanes.remove_if([left](const Lane &lane) { return &lane == left; });
}

int Group::waiting() const
{
    int waiting = 0;
    for (const Lane &lane : m_lanes)
        waiting += lane.count();
    return waiting;
}

const Lane *Group::lane(const domain::Destination &destination) const
{
    const auto found = std::find_if(m_lanes.begin(), m_lanes.end(),
                                    [&destination](const Lane &lane) { return lane.destination == destination; });
    return found == m_lanes.end() ? nullptr : &*found;
}

Lane *Group::lane(const domain::Destination &destination)
{
    return const_cast<Lane *>(std::as_const(*this).lane(destination));
}

} // namespace hearth::scheduling
