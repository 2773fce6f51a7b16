// TurnQueue: the requests that wait together, in the order in which they take turns.
//
// The keys that have something waiting stand in a ring, each with its requests in a line. Whose request is served goes
// to the end of the ring, and so does a key that joins. So one who has a single request waiting never waits for more
// than one request of each other key, however many these have.
//
// A Waiter is owned by the scheduler; queue and lane point to it.

#pragma once

#include "schedulertypes.h"

#include <QHash>

#include <functional>
#include <list>
#include <vector>

namespace hearth::scheduling {

class Group;
struct Waiter;

/// All who wait for the same Llm or pool by name. They share the bound of the queue and the clock of their deadlines,
/// which stands still while what is waited for is a wake: that has a deadline of its own.
struct Lane
{
    domain::Destination destination;
    /// Who has waited for the longest stands first.
    std::vector<Waiter *> waiters = {};
    /// Since when the clock has been standing still; nothing while it goes.
    std::optional<MonotonicTime> stoppedAt = std::nullopt;
    /// For how long it stood still before.
    Duration stood{};

    int count() const { return static_cast<int>(waiters.size()); }

    void stopClock(bool stopped, MonotonicTime now);

    /// What its clock shows.
    MonotonicTime time(MonotonicTime now) const { return stoppedAt.value_or(now) - stood; }

    /// What `waiter` has used up of the longest wait.
    Duration waited(const Waiter &waiter, MonotonicTime now) const;
};

/// What one key has waiting.
struct Turn
{
    ApiKeyId key;
    /// The next one first.
    std::vector<Waiter *> line;
};

struct Waiter
{
    Ticket ticket;
    Request request;
    /// What was promised to it when it came.
    Duration maxWait{};
    /// By the clock of its lane.
    MonotonicTime since{};
    Group *group = nullptr;
    Lane *lane = nullptr;
    std::list<Turn>::iterator turn = {};
    /// The Llms whose wakes it has waited for in vain, and what the last one failed of.
    QList<LlmId> failedWakes = {};
    std::optional<Error> wakeError = std::nullopt;
};

class TurnQueue
{
public:
    /// Nothing for one that cannot be served.
    using Ranking = std::function<std::optional<int>(const Waiter &)>;

    bool isEmpty() const { return m_ring.empty(); }

    /// At the end of its key's line, or of those at its head that come again when the request does.
    void add(Waiter &waiter);
    void remove(Waiter &waiter);
    /// Removes it, and its key has had its turn.
    void serve(Waiter &waiter);

    /// Of those whose `rank(waiter)` is highest, the one whose turn it is; of each key its first that has a rank at
    /// all. Null when there is none.
    template <typename Rank>
    Waiter *next(Rank rank) const
    {
        Waiter *best = nullptr;
        std::optional<int> bestRank;
        for (const Turn &turn : m_ring) {
            for (Waiter *const waiter : turn.line) {
                const std::optional<int> ranked = rank(*waiter);
                if (!ranked)
                    continue;
                if (ranked > bestRank) {
                    best = waiter;
                    bestRank = ranked;
                }
                break;
            }
        }
        return best;
    }

    /// Those of `lane` as their turns would come, key by key.
    std::vector<Waiter *> inOrder(const Lane &lane) const;
    /// The place of `waiter` among all that have a rank, from 1, if they were served by turns from now on. It must have
    /// one itself.
    QueuePosition position(const Waiter &waiter, const Ranking &rank) const;
    /// The newest of those that the greediest key has in `lane`, if that key is greedier than `newcomer` would be by
    /// one more; null otherwise. What comes again is neither refused for want of room nor counted.
    Waiter *toMakeRoom(const Lane &lane, const ApiKeyId &newcomer) const;

private:
    /// The keys with something waiting; who is next stands first.
    std::list<Turn> m_ring;
    QHash<ApiKeyId, std::list<Turn>::iterator> m_turns;
};

} // namespace hearth::scheduling
