// RelaySettings: the limits and deadlines of relayed requests. A plain value, constant after the relay has been made.

#pragma once

#include "clock.h"

namespace hearth::relay {

struct RelaySettings
{
    /// Requests that may wait for one Llm; more are refused with 429 `queue_full`.
    int maxWaiting = 100;
    /// How long a request may wait; then it fails with 503 `queue_timeout`.
    Duration maxWait = std::chrono::seconds(120);
    /// From the dispatch to the first byte from the backend; then 504 `backend_timeout`.
    Duration firstByte = std::chrono::seconds(600);
    /// Between two pieces of the backend's answer.
    Duration idle = std::chrono::seconds(300);
    /// How long a publisher may take to confirm a cancel before its channel is closed.
    Duration cancelConfirm = std::chrono::seconds(10);
    /// What a publisher gets beyond both limits of a wake recipe to say how the wake has ended.
    Duration wakeMargin = std::chrono::seconds(15);
};

} // namespace hearth::relay
