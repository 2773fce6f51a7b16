// The write-behind records: what changes in rows by itself, often, and may wait a moment to be stored.
//
// Handed by the lifecycle rules (main thread) to Storage, which keeps only the latest of each row and writes them
// through the table classes. Plain values. They never count in `version`.

#pragma once

#include "agent.h"
#include "llm.h"

namespace hearth::storage {

/// A heartbeat of a session: bumps lastHeartbeatAt of the session and of all its Llms and agents.
struct SessionHeartbeat
{
    ProviderSessionId session;
    /// A row whose session has a higher epoch is left alone.
    quint64 epoch = 0;
    WallTime at{};
};

/// The lifecycle fields of one Llm; the latest write of a row replaces the ones that wait.
struct LlmLifecycle
{
    LlmId id;
    domain::LlmStatus status = domain::LlmStatus::Inactive;
    /// Present exactly while the status is Inactive.
    std::optional<domain::StatusReason> statusReason;
    std::optional<WallTime> lastHeartbeatAt;
    std::optional<WallTime> inactiveSince;
    /// The session on whose word this is written: a row of another session, or of a higher epoch, is left alone. Empty
    /// when the server itself decides (sweep, start), which always holds.
    ProviderSessionId session = {};
    quint64 epoch = 0;
};

/// The lifecycle fields of one agent, with the same rules.
struct AgentLifecycle
{
    AgentId id;
    domain::LlmStatus status = domain::LlmStatus::Inactive;
    std::optional<WallTime> lastHeartbeatAt;
    std::optional<WallTime> inactiveSince;
    ProviderSessionId session = {};
    quint64 epoch = 0;
};

/// What there is to write of a row, on the word of its own session.
inline LlmLifecycle lifecycleOf(const domain::Llm &llm, quint64 epoch)
{
    return {llm.id, llm.status, llm.statusReason, llm.lastHeartbeatAt, llm.inactiveSince, llm.providerSessionId, epoch};
}

inline AgentLifecycle lifecycleOf(const domain::Agent &agent, quint64 epoch)
{
    return {agent.id, agent.status, agent.lastHeartbeatAt, agent.inactiveSince, agent.providerSessionId, epoch};
}

} // namespace hearth::storage
