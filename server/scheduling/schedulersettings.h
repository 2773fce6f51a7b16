// SchedulerSettings: the limits of queues, pools and failover. A plain value, which may be replaced while the scheduler
// works.

#pragma once

#include "clock.h"

namespace hearth::scheduling {

struct SchedulerSettings
{
    /// Requests that may wait for one Llm or pool; more are refused with 429 `queue_full`.
    int maxWaiting = 100;
    /// How long a request may wait for a slot, all its attempts together; then it is refused with 503 `queue_timeout`.
    /// A wake does not count while nobody else could serve.
    Duration maxWait = std::chrono::seconds(120);
    /// A hibernating member is woken once more requests than this wait for a pool whose active members are all full.
    int wakeWhenQueuedOver = 0;
    /// Whether a conversation prefers the member of its pool that served it last.
    bool affinity = true;
    /// Conversations that are remembered for it.
    int maxConversations = 10'000;
    /// How long requests wait for a publisher that was lost to come back.
    Duration reconnectGrace = std::chrono::seconds(5);
    /// So many failures in a row leave a member out of its pool.
    int breakerFailures = 3;
    /// For how long it is left out at first; doubled each time that it fails again.
    Duration breakerPause = std::chrono::seconds(5);
    /// The longest of these pauses.
    Duration maxBreakerPause = std::chrono::seconds(300);
};

} // namespace hearth::scheduling
