// RelaySettings: the limits and deadlines of relayed requests. A plain value, which may be replaced while the relay
// works.

#pragma once

#include "schedulersettings.h"

namespace hearth::relay {

struct RelaySettings
{
    /// Who waits for how long, and who serves.
    scheduling::SchedulerSettings scheduler = {};
    /// How often a request is sent to an Llm at most, as long as none has begun to answer it.
    int maxAttempts = 3;
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
