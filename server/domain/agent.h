// Agent: a name with a system prompt and default parameters, pinned to an Llm or a pool.
//
// The lifecycle rules need it because an Llm that an agent is pinned to is not deleted. Stored by AgentTable. A plain
// value; the one living copy is in the Registry, on the main thread.

#pragma once

#include "destination.h"
#include "llm.h"

namespace hearth::domain {

struct Agent
{
    AgentId id;
    QString name;
    LlmKind kind = LlmKind::Public;
    LlmStatus status = LlmStatus::Active;
    QString owner;
    /// The session that publishes it; empty for public agents.
    ProviderSessionId providerSessionId;
    /// Who serves it.
    Destination pinnedTo;
    QString description;
    QString systemPrompt;
    QJsonObject defaultParams;
    QJsonObject extras;
    /// For people: stored and returned as given.
    QString project;
    WallTime createdAt{};
    WallTime updatedAt{};
    std::optional<WallTime> lastHeartbeatAt;
    std::optional<WallTime> inactiveSince;
    /// Counts edits; lifecycle changes do not count.
    int version = 1;

    friend bool operator==(const Agent &, const Agent &) = default;
};

} // namespace hearth::domain
