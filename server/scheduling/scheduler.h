// Scheduler: which request is served next, and by which Llm.
//
// The relay tells it what happens: a request comes or leaves, a slot becomes free, an Llm has changed, a wake has
// ended, time has passed. Then it asks next() for what to do until there is nothing more to do. The scheduler itself
// does nothing: it has no sockets, no timers and no callbacks, it reads the Registry and the Clock, and the same
// history leads to the same decisions. Main thread only.
//
// An Llm never runs more requests than its maxConcurrency, the slots of cancelled ones included until they are
// released. What exceeds that waits, and is served by turns: one request of each API key, first come, first served
// within a key. Before turns count priorities, and before those the owner of a box counts on that box. All Llms of a
// pool and all who wait for the pool or one of them take turns together, so that nobody has two turns by asking in two
// ways.
//
// In a pool the least loaded active member is chosen, then the one that has been idle for the longest; a conversation
// prefers the member that served it last while that one has room. When all are full, a hibernating one is woken. A
// member that fails repeatedly is left out for a growing while, unless that would leave nobody.

#pragma once

#include "registry.h"
#include "schedulersettings.h"
#include "schedulertypes.h"

#include <functional>
#include <memory>

namespace hearth::scheduling {

class Scheduler
{
public:
    /// How much it remembers: nothing of it grows with time.
    struct Footprint
    {
        size_t groups = 0;
        size_t members = 0;
        size_t dueTimes = 0;

        friend bool operator==(const Footprint &, const Footprint &) = default;
    };

    /// Whether requests can be sent to an Llm that is not inactive: whether there is a channel to its publisher.
    using Reachability = std::function<bool(const domain::Llm &)>;

    /// The references must outlive the scheduler.
    Scheduler(const domain::Registry &registry, const Clock &clock, SchedulerSettings settings,
              Reachability isReachable);
    ~Scheduler();
    Scheduler(const Scheduler &) = delete;
    Scheduler &operator=(const Scheduler &) = delete;

    /// For what comes from now on: who waits already may wait as long as before. A queue that is longer now than it
    /// may be shrinks as it is served; until then it is full, and who comes may take the place of another key's newest
    /// request, as in any full queue.
    void setSettings(const SchedulerSettings &settings);

    /// Takes a request in; next() tells what becomes of it. Errors, all at once: PublisherOffline when all that may
    /// serve it are inactive, WakeFailed when they sleep and nothing can wake them, QueueFull. When the queue is full
    /// and another key has more waiting, that key's newest request is refused instead.
    Result<Ticket> submit(const Request &request);
    /// Whether submit() would take the request now. Changes nothing. Errors: those of submit().
    Result<void> check(const Request &request) const;
    /// The client of a waiting request has gone. Ignored for one that does not wait.
    void leave(Ticket ticket);
    /// The slot of a granted request is free again.
    void release(Ticket ticket);
    /// How `llm` has done: told once for each granted request, as soon as it is known.
    void report(const LlmId &llm, MemberOutcome outcome);
    /// The Llm's row was put, changed or removed, or the way to its publisher was.
    void llmChanged(const LlmId &llm);
    /// A wake that was wanted is over, or could not be begun. After a success the Llm's row has been changed before. To
    /// be told for each one that was wanted, unless the Llm was deleted.
    void wakeEnded(const LlmId &llm, const Result<void> &result);
    /// Refuses all that waits.
    void refuseAll(const Error &error);

    /// What to do next, to be asked after every call above and at nextDeadline(), until it returns nothing.
    std::optional<Decision> next();
    /// When time alone will make something to do.
    std::optional<MonotonicTime> nextDeadline() const;

    /// Whether a request that `request.tried` have failed could be tried by another Llm that is active or can be woken:
    /// one that has failed to wake lately is left in peace.
    bool hasAlternative(const Request &request) const;
    /// Whether an Llm that is active may serve the request, be it after some waiting.
    bool hasActive(const Request &request) const;
    /// Whether it could be tried by another Llm that has a free slot now.
    bool hasFreeAlternative(const Request &request) const;
    /// Whether a request that the Llm's publisher has lost can wait for it: it may come back yet, or has come back
    /// already.
    bool mayComeBack(const LlmId &llm) const;

    /// Slots of the Llm that are taken.
    int running(const LlmId &llm) const;
    /// Requests that wait for this Llm or pool by name.
    int waiting(const domain::Destination &destination) const;
    /// All that wait.
    int waiting() const;
    /// Nothing for a request that does not wait.
    std::optional<QueuePosition> position(Ticket ticket) const;
    /// When it is worth to try again after a refusal, 1 to 59 s, by the rate at which requests were served lately.
    std::chrono::seconds retryAfter(const domain::Destination &destination) const;

    Footprint footprint() const;

    /// What would become of `request` now. Changes nothing.
    Explanation explain(const Request &request) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::scheduling
