// Member: what the scheduler remembers of one Llm beyond its row, and what both together make of it.

#pragma once

#include "breaker.h"
#include "llm.h"

namespace hearth::scheduling {

class Group;

/// How an Llm stands to those who want it, the best first.
enum class Standing {
    /// Active, and its publisher can be reached.
    Ready,
    /// Hibernating, and can be woken.
    Asleep,
    /// Its publisher was lost a moment ago and may come back for what it had.
    Returning,
    Unavailable,
};

struct Member
{
    LlmId id;
    /// Where its row was last; not to be looked into.
    const domain::Llm *rowAddress = nullptr;
    /// Where those who want it by name wait; null once its row has been deleted.
    Group *group = nullptr;
    /// Slots that are taken.
    int running = 0;
    /// Grows with each use of any Llm: the lowest has been idle for the longest.
    quint64 lastUse = 0;
    Breaker breaker;
    /// The request that tries whether it serves again.
    std::optional<Ticket> probe = std::nullopt;
    bool waking = false;
    Breaker wakeBreaker;
    /// Whether it was ready when it was looked at last.
    bool wasReady = false;
    std::optional<MonotonicTime> returnsUntil = std::nullopt;

    /// To be called whenever the row or the way to its publisher has changed.
    void observe(const domain::Llm &row, bool reachable, MonotonicTime now, Duration grace);

    /// `member` is null for an Llm that the scheduler has never dealt with.
    static Standing standing(const domain::Llm &row, bool reachable, const Member *member, MonotonicTime now);
};

} // namespace hearth::scheduling
