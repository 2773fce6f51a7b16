// The lifecycle rules: how a row's status follows from reports, disconnects and time.
//
// Pure functions over rows and the Registry, without I/O and timers. The control room decides when they are applied and
// writes what they change; the relay and the api only read the outcome.

#pragma once

#include "registry.h"
#include "sessionmessages.h"

#include <functional>

namespace hearth::domain {

struct LifecycleSettings
{
    /// A virtual row that was not heard of for this long becomes inactive.
    Duration heartbeatTimeout = std::chrono::seconds(90);
    /// A virtual row without a publisher that was inactive for this long is deleted.
    Duration inactiveRetention = std::chrono::hours(4);
    Duration sweepInterval = std::chrono::seconds(60);
    /// How long after the start of the server nothing is deleted, so that publishers can come back first.
    Duration startupGrace = std::chrono::minutes(5);
    /// How often publishers are asked to send a heartbeat.
    Duration heartbeatInterval = std::chrono::seconds(15);
    /// Lets a session take over an inactive row of another owner.
    bool adoptAcrossOwners = false;
    /// Whether Llms of different owners may serve one pool.
    bool poolsAcrossOwners = true;
};

/// Makes `llm` inactive as of `now`. A row that is inactive already takes the new reason and keeps its inactiveSince,
/// unless its publisher merely rested it and is lost or has withdrawn it only now: then its retention begins now.
/// Returns whether anything changed.
bool deactivate(Llm &llm, StatusReason reason, WallTime now);
bool deactivate(Agent &agent, WallTime now);

/// The publisher of `agent` is there. Returns whether that changed anything.
bool activate(Agent &agent);

/// Takes over the state that the publisher reports, and the heartbeat. Returns whether the status or its reason
/// changed.
bool applyReport(Llm &llm, channel::ReportedState state, WallTime now);

/// What a sweep changes, in the order in which it is to be done.
struct SweepPlan
{
    QList<Agent> deactivatedAgents;
    QList<Llm> deactivatedLlms;
    QList<AgentId> deletedAgents;
    QList<LlmId> deletedLlms;

    bool isEmpty() const
    {
        return deactivatedAgents.isEmpty() && deactivatedLlms.isEmpty() && deletedAgents.isEmpty() &&
               deletedLlms.isEmpty();
    }
};

struct SweepContext
{
    MonotonicTime now;
    WallTime wallNow;
    /// When the server started.
    MonotonicTime startedAt;
    /// Whether a socket is bound to the session now.
    std::function<bool(const ProviderSessionId &)> isBound;
};

/// The agents that are pinned to the pool of `llm`, while that is the pool's last member. `doomed` are Llms that do not
/// count any more.
std::vector<const Registry::LiveAgent *> agentsThatNeedItInPool(const Registry &registry, const Llm &llm,
                                                                const QList<LlmId> &doomed = {});

/// The agents that nobody would serve without `llm`: those that are pinned to it, and when it is the last member of its
/// pool, those that are pinned to that. `doomed` are Llms that do not count any more.
std::vector<const Registry::LiveAgent *> agentsThatNeed(const Registry &registry, const Llm &llm,
                                                        const QList<LlmId> &doomed = {});

/// Finds stale and expired virtual rows. An expired Llm takes the virtual agents that need it along, and stays while
/// one of them may not be deleted: a public one, or one of a bound session. Idempotent: once its plan has been carried
/// out, the same moment yields nothing.
SweepPlan planSweep(const Registry &registry, const LifecycleSettings &settings, const SweepContext &context);

} // namespace hearth::domain
