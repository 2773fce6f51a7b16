// LiveState: what is there at this moment, in numbers.
//
// Read off the registry and the relay when somebody asks for the metrics; nobody keeps it. A plain value.

#pragma once

#include "llm.h"

#include <map>

namespace hearth::domain {
class Registry;
} // namespace hearth::domain

namespace hearth::relay {
class Relay;
} // namespace hearth::relay

namespace hearth::metrics {

enum class SessionState {
    /// A control channel is bound to it.
    Bound,
    Away,
};

/// `bound`, `away`.
QLatin1String toString(SessionState state);

struct LiveState
{
    // Every status and state is there, be it with 0.
    std::map<domain::LlmStatus, int> llms;
    std::map<SessionState, int> sessions;
    /// Since the bound session that has been silent for the longest was heard of.
    Duration heartbeatAge{};
    /// Requests that wait for a slot or a wake.
    int waiting = 0;
    /// Requests that were taken and are not over, waiting ones included.
    int inFlight = 0;
};

LiveState liveState(const domain::Registry &registry, const relay::Relay &relay, const Clock &clock);

} // namespace hearth::metrics
