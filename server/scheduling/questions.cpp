#include "refusals.h"
#include "schedulerprivate.h"

#include <algorithm>

namespace hearth::scheduling {

namespace {

constexpr std::chrono::seconds soonestRetry(1);
constexpr std::chrono::seconds latestRetry(59);
/// Over so many seconds retries are spread where nothing is known yet.
constexpr quint64 retrySpread = 5;

} // namespace

const Group *Scheduler::Private::findGroup(const domain::Destination &destination) const
{
    const auto found = m_groups.find(destination);
    return found == m_groups.end() ? nullptr : &found->second;
}

const Member *Scheduler::Private::findMember(const LlmId &llm) const
{
    const auto found = m_members.find(llm.toString());
    return found == m_members.end() ? nullptr : &found->second;
}

const Member *Scheduler::Private::findMember(const domain::Llm &row) const
{
    const Member *const member = m_membersByRow.value(&row);
    return member && member->id == row.id ? member : findMember(row.id);
}

domain::Destination Scheduler::Private::groupOf(const domain::Destination &destination) const
{
    const auto *const llm = std::get_if<LlmId>(&destination);
    if (!llm)
        return destination;
    const Member *const member = findMember(*llm);
    return member && member->group ? member->group->destination() : destination;
}

const Lane *Scheduler::Private::findLane(const domain::Destination &destination) const
{
    const Group *const group = findGroup(groupOf(destination));
    return group ? group->lane(destination) : nullptr;
}

Lineup Scheduler::Private::lineup(const domain::Destination &destination) const
{
    Lineup::Contenders contenders;
    if (const auto *const pool = std::get_if<domain::PoolName>(&destination)) {
        for (const domain::Llm *const llm : m_registry.poolMembers(pool->text))
            contenders.append(contender(*llm));
    } else if (const domain::Llm *const llm = m_registry.findLlm(std::get<LlmId>(destination))) {
        contenders.append(contender(*llm));
    }
    return Lineup(std::move(contenders));
}

Contender Scheduler::Private::contender(const domain::Llm &llm) const
{
    const MonotonicTime now = m_clock.now();
    const Member *const member = findMember(llm);
    Contender contender{.row = &llm, .reachable = m_isReachable(llm)};
    contender.standing = Member::standing(llm, contender.reachable, member, now);
    if (!member)
        return contender;
    contender.running = member->running;
    contender.lastUse = member->lastUse;
    contender.breaker = member->breaker.state(now);
    contender.resting =
        contender.breaker == BreakerState::Open || (contender.breaker == BreakerState::HalfOpen && member->probe);
    contender.waking = member->waking;
    contender.wakeRests = member->wakeBreaker.state(now) == BreakerState::Open;
    if (contender.standing == Standing::Returning)
        contender.changesAt = member->returnsUntil;
    else if (contender.standing == Standing::Ready && contender.breaker == BreakerState::Open)
        contender.changesAt = member->breaker.pausedUntil();
    else if (contender.standing == Standing::Asleep && contender.wakeRests)
        contender.changesAt = member->wakeBreaker.pausedUntil();
    return contender;
}

std::optional<LlmId> Scheduler::Private::preferred(const Request &request) const
{
    return m_settings.affinity && request.conversation ? m_conversations.lastServer(*request.conversation)
                                                       : std::nullopt;
}

bool Scheduler::Private::isFull(const Request &request, const Lineup &candidates, const Lane *lane) const
{
    const int waiting = lane ? lane->count() : 0;
    return waiting >= m_settings.maxWaiting && !request.again && !candidates.server(request, std::nullopt);
}

Waiter *Scheduler::Private::toMakeRoom(const Request &request, const Lane *lane)
{
    return lane ? lane->waiters.front()->group->turns().toMakeRoom(*lane, request.key) : nullptr;
}

std::chrono::seconds Scheduler::Private::retryAfter(const domain::Destination &destination) const
{
    const domain::Destination home = groupOf(destination);
    const Group *const group = findGroup(home);
    const std::optional<Duration> estimate =
        group ? group->rate.estimate(group->waiting() + 1, lineup(home).slots(destination)) : std::nullopt;
    if (!estimate)
        return soonestRetry + std::chrono::seconds(m_lastTicket % retrySpread);
    return std::clamp(std::chrono::ceil<std::chrono::seconds>(*estimate), soonestRetry, latestRetry);
}

std::optional<QueuePosition> Scheduler::Private::position(Ticket ticket) const
{
    const auto found = m_waiters.find(ticket);
    if (found == m_waiters.end())
        return std::nullopt;
    const Waiter &waiter = found->second;
    const Group &group = *waiter.group;
    const Lineup candidates = lineup(group.destination());
    const Contender *const server = candidates.likeliest(waiter.request);
    // One whose refusal is to come.
    if (!server)
        return QueuePosition{1, waiter.lane->count(), std::nullopt};
    QueuePosition position = group.turns().position(waiter, [&](const Waiter &other) -> std::optional<int> {
        if (!Lineup::suits(*server, other.request))
            return std::nullopt;
        return server->rank(other.request);
    });
    position.estimate = group.rate.estimate(position.place, candidates.slots(waiter.request.destination));
    return position;
}

std::optional<MonotonicTime> Scheduler::Private::nextDeadline() const
{
    return m_due.empty() ? std::nullopt : std::optional(m_due.begin()->first);
}

Result<void> Scheduler::Private::check(const Request &request) const
{
    const Lineup candidates = lineup(groupOf(request.destination));
    if (!candidates.hasHope(request, request.again))
        return hopeless(request, candidates);
    const Lane *const lane = findLane(request.destination);
    if (isFull(request, candidates, lane) && !toMakeRoom(request, lane))
        return queueFull(inWords(request.destination, m_registry), m_settings.maxWaiting,
                         retryAfter(request.destination));
    return {};
}

bool Scheduler::Private::hasAlternative(const Request &request) const
{
    Request next = request;
    next.again = true;
    return lineup(groupOf(request.destination)).hasHope(next, false);
}

bool Scheduler::Private::hasActive(const Request &request) const
{
    return lineup(groupOf(request.destination)).hasReady(request);
}

bool Scheduler::Private::hasFreeAlternative(const Request &request) const
{
    return lineup(groupOf(request.destination)).server(request, std::nullopt) != nullptr;
}

bool Scheduler::Private::mayComeBack(const LlmId &llm) const
{
    const domain::Llm *const row = m_registry.findLlm(llm);
    return row && contender(*row).standing != Standing::Unavailable;
}

Scheduler::Footprint Scheduler::Private::footprint() const
{
    return {m_groups.size(), m_members.size(), m_due.size()};
}

int Scheduler::Private::running(const LlmId &llm) const
{
    const Member *const member = findMember(llm);
    return member ? member->running : 0;
}

int Scheduler::Private::waiting(const domain::Destination &destination) const
{
    const Lane *const lane = findLane(destination);
    return lane ? lane->count() : 0;
}

} // namespace hearth::scheduling
