// Scheduler::Private: what the scheduler remembers, and how it decides. For the .cpp files of this room only.
//
// Whatever happens marks the groups that it concerns. next() looks at the marked ones and at those whose time has come:
// it lines up the Llms of the group as they are at that moment, and takes the first thing that is to be done. Nothing
// is decided in advance, so nothing can be out of date when it is done, except refusals: they are final at once.

#pragma once

#include "conversations.h"
#include "group.h"
#include "lineup.h"
#include "scheduler.h"

#include <deque>
#include <unordered_map>

namespace hearth::scheduling {

class Scheduler::Private
{
public:
    Private(const domain::Registry &registry, const Clock &clock, SchedulerSettings settings, Reachability isReachable);

    // What happens: events.cpp.

    void setSettings(const SchedulerSettings &settings);
    Result<Ticket> submit(const Request &request);
    void leave(Ticket ticket);
    void release(Ticket ticket);
    void report(const LlmId &llm, MemberOutcome outcome);
    void llmChanged(const LlmId &llm);
    void wakeEnded(const LlmId &llm, const Result<void> &result);
    void refuseAll(const Error &error);

    // What is done: decisions.cpp.

    std::optional<Decision> next();

    // What is asked: questions.cpp and explanation.cpp.

    Result<void> check(const Request &request) const;
    bool hasAlternative(const Request &request) const;
    bool hasActive(const Request &request) const;
    bool hasFreeAlternative(const Request &request) const;
    bool mayComeBack(const LlmId &llm) const;
    int running(const LlmId &llm) const;
    int waiting(const domain::Destination &destination) const;

    int waiting() const { return static_cast<int>(m_waiters.size()); }

    std::optional<QueuePosition> position(Ticket ticket) const;
    std::chrono::seconds retryAfter(const domain::Destination &destination) const;
    std::optional<MonotonicTime> nextDeadline() const;
    Footprint footprint() const;
    Explanation explain(const Request &request) const;

private:
    struct DestinationHash
    {
        size_t operator()(const domain::Destination &destination) const
        {
            return std::visit([](const auto &name) { return qHash(name); }, destination);
        }
    };

    /// A request with a slot.
    struct Running
    {
        Member *member;
        MonotonicTime since;
    };

    /// The Llms that serve those who wait for `destination`, a group's.
    Lineup lineup(const domain::Destination &destination) const;
    Contender contender(const domain::Llm &llm) const;
    /// The group in which requests for `destination` wait now or would wait.
    domain::Destination groupOf(const domain::Destination &destination) const;
    const Group *findGroup(const domain::Destination &destination) const;
    const Member *findMember(const LlmId &llm) const;
    /// The same without a look at its name, which is what most decisions would be busy with.
    const Member *findMember(const domain::Llm &row) const;
    /// Null while nobody waits for it.
    const Lane *findLane(const domain::Destination &destination) const;
    /// Where the conversation was served last.
    std::optional<LlmId> preferred(const Request &request) const;
    /// Whether `request` would have to wait, and the queue is full.
    bool isFull(const Request &request, const Lineup &candidates, const Lane *lane) const;
    /// Who is refused in its place when the queue is full; null when that is the request itself.
    static Waiter *toMakeRoom(const Request &request, const Lane *lane);
    /// Fills in verdict, chosen and reason.
    void judge(const Request &request, const Lineup &candidates, Explanation &explanation) const;

    /// Where requests for `destination` wait, whose Llms are observed from then on; null when there are none.
    Group *watchedGroup(const domain::Destination &destination);
    Group &group(const domain::Destination &destination);
    Member &memberOf(const domain::Llm &llm);
    Breaker::Limits breakerLimits() const;
    Breaker::Limits wakeBreakerLimits() const;
    /// Takes note of how the Llm is now: where it belongs, and whether its publisher has just been lost.
    Member &observe(const domain::Llm &llm);
    void move(Member &member, const domain::Destination &to);
    void forget(Member &member);
    void forgetRow(const Member &member);
    void mark(Group &group);
    void setDue(Group &group, std::optional<MonotonicTime> due);
    /// Takes it out of its queue and refuses it.
    void refuse(Waiter &waiter, const Error &error);

    std::optional<Decision> decide(Group &group);
    std::optional<Granted> serve(Group &group, const Lineup &lineup);
    Granted grant(Group &group, Waiter &waiter, const Contender &contender);
    void refuseLateAndHopeless(Group &group, const Lineup &lineup);
    std::optional<WakeWanted> wake(const Group &group, const Lineup &lineup);
    /// Stops the clocks of those for whom an Llm is being woken while no other could serve them, and starts them again.
    void stopClocks(Group &group, const Lineup &lineup) const;
    MonotonicTime deadline(const Lane &lane) const;
    std::optional<MonotonicTime> dueTime(const Group &group, const Lineup &lineup) const;
    void forgetIfUnused(Group &group);
    Refused takeRefusal();

    const domain::Registry &m_registry;
    const Clock &m_clock;
    SchedulerSettings m_settings;
    const Reachability m_isReachable;
    quint64 m_lastTicket = 0;
    quint64 m_lastUse = 0;
    /// By LlmId. The elements of these maps do not move.
    std::unordered_map<QString, Member> m_members;
    /// The same by their rows. These are not looked into from here: one may have been deleted, and its place taken by
    /// another.
    QHash<const domain::Llm *, Member *> m_membersByRow;
    std::unordered_map<domain::Destination, Group, DestinationHash> m_groups;
    std::unordered_map<Ticket, Waiter> m_waiters;
    QHash<Ticket, Running> m_running;
    Conversations m_conversations;
    /// Those that something has happened to, the first first.
    std::deque<Group *> m_marked;
    Group::DueTimes m_due;
    /// Refused, and not yet told.
    std::deque<Refused> m_refusals;
};

} // namespace hearth::scheduling
