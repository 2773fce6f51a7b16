#include "refusals.h"
#include "schedulerprivate.h"

#include <algorithm>

namespace hearth::scheduling {

namespace {

domain::Destination homeOf(const domain::Llm &llm)
{
    if (llm.pool.isEmpty())
        return llm.id;
    return domain::PoolName{llm.pool};
}

} // namespace

Scheduler::Private::Private(const domain::Registry &registry, const Clock &clock, SchedulerSettings settings,
                            Reachability isReachable)
    : m_registry(registry)
    , m_clock(clock)
    , m_settings(settings)
    , m_isReachable(std::move(isReachable))
    , m_conversations(settings.maxConversations)
{}

void Scheduler::Private::setSettings(const SchedulerSettings &settings)
{
    m_settings = settings;
    m_conversations.setCapacity(settings.maxConversations);
    for (auto &[id, member] : m_members) {
        member.breaker.setLimits(breakerLimits());
        member.wakeBreaker.setLimits(wakeBreakerLimits());
    }
    // Enough may wait now to wake somebody for them.
    for (auto &[destination, group] : m_groups)
        mark(group);
}

Result<Ticket> Scheduler::Private::submit(const Request &request)
{
    Group *const group = watchedGroup(request.destination);
    if (!group)
        return hopeless(request, Lineup({}));
    const Lineup candidates = lineup(group->destination());
    if (!candidates.hasHope(request, request.again))
        return hopeless(request, candidates);
    const Lane *const lane = group->lane(request.destination);
    if (isFull(request, candidates, lane)) {
        Waiter *const other = toMakeRoom(request, lane);
        const Error error =
            queueFull(inWords(request.destination, m_registry), m_settings.maxWaiting, retryAfter(request.destination));
        if (!other)
            return error;
        refuse(*other, error);
    }
    const Ticket ticket{++m_lastTicket};
    Waiter waiter{.ticket = ticket, .request = request, .maxWait = request.maxWait.value_or(m_settings.maxWait)};
    group->add(m_waiters.emplace(ticket, std::move(waiter)).first->second, m_clock.now());
    mark(*group);
    return ticket;
}

void Scheduler::Private::leave(Ticket ticket)
{
    const auto found = m_waiters.find(ticket);
    if (found == m_waiters.end()) {
        std::erase_if(m_refusals, [ticket](const Refused &refused) { return refused.ticket == ticket; });
        return;
    }
    Group &group = *found->second.group;
    group.remove(found->second);
    m_waiters.erase(found);
    mark(group);
}

void Scheduler::Private::release(Ticket ticket)
{
    const auto found = m_running.constFind(ticket);
    if (found == m_running.constEnd())
        return;
    const Running run = *found;
    m_running.erase(found);
    Member &member = *run.member;
    --member.running;
    member.lastUse = ++m_lastUse;
    if (member.probe == ticket)
        member.probe.reset();
    if (!member.group) {
        forget(member);
        return;
    }
    member.group->rate.add(m_clock.now() - run.since);
    if (!member.group->isEmpty())
        mark(*member.group);
}

void Scheduler::Private::report(const LlmId &llm, MemberOutcome outcome)
{
    const auto found = m_members.find(llm.toString());
    if (found == m_members.end())
        return;
    Member &member = found->second;
    const MonotonicTime now = m_clock.now();
    const BreakerState before = member.breaker.state(now);
    member.breaker.report(outcome, now);
    if (member.group && !member.group->isEmpty() && member.breaker.state(now) != before)
        mark(*member.group);
}

void Scheduler::Private::llmChanged(const LlmId &llm)
{
    if (const domain::Llm *const row = m_registry.findLlm(llm))
        mark(*observe(*row).group);
    else if (const auto found = m_members.find(llm.toString()); found != m_members.end())
        forget(found->second);
}

void Scheduler::Private::wakeEnded(const LlmId &llm, const Result<void> &result)
{
    const auto found = m_members.find(llm.toString());
    if (found == m_members.end() || !found->second.group)
        return;
    Member &member = found->second;
    Group &group = *member.group;
    member.waking = false;
    mark(group);
    member.wakeBreaker.report(result ? MemberOutcome::Served : MemberOutcome::Failed, m_clock.now());
    const domain::Llm *const row = m_registry.findLlm(llm);
    // One that is active has come up all the same, and its waiters are on their way.
    if (result || !row || row->status == domain::LlmStatus::Active)
        return;
    if (const Lane *const lane = group.lane(llm)) {
        for (Waiter *const waiter : std::vector(lane->waiters))
            refuse(*waiter, result.error());
    }
    if (const Lane *const lane = group.lane(group.destination())) {
        for (Waiter *const waiter : lane->waiters) {
            waiter->failedWakes += llm;
            waiter->wakeError = result.error();
        }
    }
}

void Scheduler::Private::refuseAll(const Error &error)
{
    std::vector<Ticket> tickets;
    tickets.reserve(m_waiters.size());
    for (const auto &[ticket, waiter] : m_waiters)
        tickets.push_back(ticket);
    std::sort(tickets.begin(), tickets.end());
    for (const Ticket ticket : tickets) {
        Waiter &waiter = m_waiters.at(ticket);
        mark(*waiter.group);
        refuse(waiter, error);
    }
}

Group *Scheduler::Private::watchedGroup(const domain::Destination &destination)
{
    if (const auto *const id = std::get_if<LlmId>(&destination)) {
        const domain::Llm *const llm = m_registry.findLlm(*id);
        return llm ? observe(*llm).group : nullptr;
    }
    auto found = m_groups.find(destination);
    if (found == m_groups.end()) {
        for (const domain::Llm *const llm : m_registry.poolMembers(std::get<domain::PoolName>(destination).text))
            observe(*llm);
        found = m_groups.find(destination);
    }
    return found == m_groups.end() ? nullptr : &found->second;
}

Group &Scheduler::Private::group(const domain::Destination &destination)
{
    return m_groups.try_emplace(destination, destination).first->second;
}

Member &Scheduler::Private::memberOf(const domain::Llm &llm)
{
    if (Member *const known = m_membersByRow.value(&llm); known && known->id == llm.id)
        return *known;
    const Member fresh{.id = llm.id, .breaker = Breaker(breakerLimits()), .wakeBreaker = Breaker(wakeBreakerLimits())};
    Member &member = m_members.try_emplace(llm.id.toString(), fresh).first->second;
    forgetRow(member);
    member.rowAddress = &llm;
    m_membersByRow.insert(&llm, &member);
    return member;
}

Breaker::Limits Scheduler::Private::breakerLimits() const
{
    return {m_settings.breakerFailures, m_settings.breakerPause, m_settings.maxBreakerPause};
}

Breaker::Limits Scheduler::Private::wakeBreakerLimits() const
{
    return {1, m_settings.breakerPause, m_settings.maxBreakerPause};
}

Member &Scheduler::Private::observe(const domain::Llm &llm)
{
    Member &member = memberOf(llm);
    member.observe(llm, m_isReachable(llm), m_clock.now(), m_settings.reconnectGrace);
    const domain::Destination home = homeOf(llm);
    if (!member.group || member.group->destination() != home)
        move(member, home);
    return member;
}

void Scheduler::Private::move(Member &member, const domain::Destination &to)
{
    Group &home = group(to);
    ++home.members;
    Group *const left = std::exchange(member.group, &home);
    if (!left)
        return;
    --left->members;
    mark(*left);
    const Lane *const lane = left->lane(member.id);
    if (!lane)
        return;
    // Those who want it by name move with it, and take the time that they have waited along.
    const MonotonicTime now = m_clock.now();
    for (Waiter *const waiter : left->turns().inOrder(*lane)) {
        waiter->request.waited = lane->waited(*waiter, now);
        left->remove(*waiter);
        home.add(*waiter, now);
    }
    mark(home);
}

void Scheduler::Private::forget(Member &member)
{
    if (Group *const group = std::exchange(member.group, nullptr)) {
        --group->members;
        mark(*group);
    }
    // Its slots are still to be released.
    if (member.running > 0)
        return;
    forgetRow(member);
    m_members.erase(member.id.toString());
}

void Scheduler::Private::forgetRow(const Member &member)
{
    if (m_membersByRow.value(member.rowAddress) == &member)
        m_membersByRow.remove(member.rowAddress);
}

void Scheduler::Private::mark(Group &group)
{
    if (!std::exchange(group.marked, true))
        m_marked.push_back(&group);
}

void Scheduler::Private::refuse(Waiter &waiter, const Error &error)
{
    const Ticket ticket = waiter.ticket;
    waiter.group->remove(waiter);
    m_waiters.erase(ticket);
    m_refusals.push_back({ticket, error});
}

} // namespace hearth::scheduling
