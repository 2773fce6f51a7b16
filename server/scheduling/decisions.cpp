#include "refusals.h"
#include "schedulerprivate.h"

#include <algorithm>

namespace hearth::scheduling {

std::optional<Decision> Scheduler::Private::next()
{
    while (!m_due.empty() && m_due.begin()->first <= m_clock.now()) {
        Group &group = *m_due.begin()->second;
        setDue(group, std::nullopt);
        mark(group);
    }
    for (;;) {
        if (!m_refusals.empty())
            return takeRefusal();
        if (m_marked.empty())
            return std::nullopt;
        Group &group = *m_marked.front();
        if (std::optional<Decision> decision = decide(group))
            return decision;
        m_marked.pop_front();
        group.marked = false;
        forgetIfUnused(group);
    }
}

std::optional<Decision> Scheduler::Private::decide(Group &group)
{
    if (group.isEmpty()) {
        setDue(group, std::nullopt);
        return std::nullopt;
    }
    const Lineup candidates = lineup(group.destination());
    stopClocks(group, candidates);
    if (const std::optional<Granted> granted = serve(group, candidates))
        return *granted;
    refuseLateAndHopeless(group, candidates);
    if (!m_refusals.empty())
        return takeRefusal();
    if (const std::optional<WakeWanted> wanted = wake(group, candidates))
        return *wanted;
    setDue(group, dueTime(group, candidates));
    return std::nullopt;
}

std::optional<Granted> Scheduler::Private::serve(Group &group, const Lineup &candidates)
{
    const auto nextFor = [&group, &candidates](const Contender &contender) {
        return group.turns().next([&](const Waiter &waiter) -> std::optional<int> {
            if (!candidates.mayServe(contender, waiter.request))
                return std::nullopt;
            return contender.rank(waiter.request);
        });
    };
    for (const Contender &contender : candidates.all()) {
        Waiter *const waiter = contender.hasRoom() ? nextFor(contender) : nullptr;
        if (!waiter)
            continue;
        // It goes where its conversation is known, unless it is another's turn there.
        const Contender *const server = candidates.server(waiter->request, preferred(waiter->request));
        const bool isItsTurn = server == &contender || nextFor(*server) == waiter;
        return grant(group, *waiter, isItsTurn ? *server : contender);
    }
    return std::nullopt;
}

Granted Scheduler::Private::grant(Group &group, Waiter &waiter, const Contender &contender)
{
    const Ticket ticket = waiter.ticket;
    const Request &request = waiter.request;
    Member &member = observe(*contender.row);
    ++member.running;
    member.lastUse = ++m_lastUse;
    const bool inPool = std::holds_alternative<domain::PoolName>(request.destination);
    if (inPool && contender.breaker == BreakerState::HalfOpen && !member.probe)
        member.probe = ticket;
    if (inPool && m_settings.affinity && request.conversation)
        m_conversations.remember(*request.conversation, member.id);
    const Duration waited = waiter.lane->waited(waiter, m_clock.now());
    m_running.insert(ticket, {&member, m_clock.now()});
    group.serve(waiter);
    m_waiters.erase(ticket);
    return {ticket, member.id, waited};
}

void Scheduler::Private::refuseLateAndHopeless(Group &group, const Lineup &candidates)
{
    std::vector<Waiter *> late;
    std::vector<Waiter *> hopeless;
    for (const Lane &lane : group.lanes()) {
        const auto contenders = candidates.of(lane.destination);
        const bool isServed = !contenders.empty() && contenders.front().standing == Standing::Ready;
        for (Waiter *const waiter : lane.waiters) {
            const bool hasHope = (isServed && waiter->request.tried.isEmpty()) ||
                                 candidates.hasHope(waiter->request, true, waiter->failedWakes);
            if (!hasHope)
                hopeless.push_back(waiter);
            else if (!lane.stoppedAt && lane.waited(*waiter, m_clock.now()) >= waiter->maxWait)
                late.push_back(waiter);
        }
    }
    for (Waiter *const waiter : late)
        refuse(*waiter, queueTimeout(waiter->maxWait, retryAfter(waiter->request.destination)));
    for (Waiter *const waiter : hopeless)
        refuse(*waiter, waiter->wakeError.value_or(scheduling::hopeless(waiter->request, candidates)));
}

std::optional<WakeWanted> Scheduler::Private::wake(const Group &group, const Lineup &candidates)
{
    for (const Lane &lane : group.lanes()) {
        const Contender *const sleeper =
            candidates.sleeper(lane.destination, lane.waiters, m_settings.wakeWhenQueuedOver);
        if (!sleeper || sleeper->waking)
            continue;
        observe(*sleeper->row).waking = true;
        return WakeWanted{sleeper->id()};
    }
    return std::nullopt;
}

void Scheduler::Private::stopClocks(Group &group, const Lineup &candidates) const
{
    for (Lane &lane : group.lanes()) {
        const auto contenders = candidates.of(lane.destination);
        // The best stands first: if that one sleeps nobody is ready.
        const bool sleeps = !contenders.empty() && contenders.front().standing == Standing::Asleep;
        lane.stopClock(sleeps && std::ranges::any_of(contenders, &Contender::isBeingWoken), m_clock.now());
    }
}

MonotonicTime Scheduler::Private::deadline(const Lane &lane) const
{
    if (lane.stoppedAt)
        return MonotonicTime::max();
    const MonotonicTime now = m_clock.now();
    MonotonicTime first = MonotonicTime::max();
    for (const Waiter *const waiter : lane.waiters)
        first = std::min(first, now + waiter->maxWait - lane.waited(*waiter, now));
    return first;
}

std::optional<MonotonicTime> Scheduler::Private::dueTime(const Group &group, const Lineup &candidates) const
{
    MonotonicTime due = MonotonicTime::max();
    for (const Lane &lane : group.lanes())
        due = std::min(due, deadline(lane));
    for (const Contender &contender : candidates.all())
        due = std::min(due, contender.changesAt.value_or(MonotonicTime::max()));
    return due == MonotonicTime::max() ? std::nullopt : std::optional(due);
}

void Scheduler::Private::setDue(Group &group, std::optional<MonotonicTime> due)
{
    if (group.due)
        m_due.erase(*std::exchange(group.due, std::nullopt));
    if (due)
        group.due = m_due.emplace(*due, &group);
}

void Scheduler::Private::forgetIfUnused(Group &group)
{
    if (group.members > 0 || !group.isEmpty())
        return;
    setDue(group, std::nullopt);
    const domain::Destination destination = group.destination();
    m_groups.erase(destination);
}

Refused Scheduler::Private::takeRefusal()
{
    Refused refusal = std::move(m_refusals.front());
    m_refusals.pop_front();
    return refusal;
}

} // namespace hearth::scheduling
