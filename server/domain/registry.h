// Registry: all Llms, agents and provider sessions, live, in memory.
//
// It is the one place that knows the present state; the database follows it. The control room changes it (registration,
// heartbeats, disconnects, sweep), the relay and the api read it for every request. Main thread only; no I/O.
//
// Rows are stamped with the wall clock for people; the ages that rules depend on are monotonic, so a change of the
// machine's date neither sweeps a row nor keeps it.

#pragma once

#include "agent.h"
#include "clock.h"
#include "destination.h"
#include "llm.h"
#include "providersession.h"

#include <QHash>

#include <memory>
#include <unordered_map>
#include <vector>

namespace hearth::domain {

/// A row with its monotonic stamps.
template <typename Row>
struct Live
{
    Row row;
    /// When its session was last heard of.
    MonotonicTime heartbeatAt;
    /// Since when it has been inactive; meaningless while it is not.
    MonotonicTime inactiveAt;
};

class Registry
{
public:
    using LiveLlm = Live<Llm>;
    using LiveAgent = Live<Agent>;

    /// `clock` must outlive the registry.
    explicit Registry(Clock &clock)
        : m_clock(clock)
    {}

    Registry(const Registry &) = delete;
    Registry &operator=(const Registry &) = delete;

    /// Fills an empty registry with what the database holds at the start of the server. No channel is bound then, so
    /// every virtual row that a publisher had, live or merely resting, becomes inactive as of now.
    void load(const QList<Llm> &llms, const QList<Agent> &agents, const QList<ProviderSession> &sessions);

    const Llm *findLlm(const QString &name) const;
    const Llm *findLlm(const LlmId &id) const;
    /// Null for a pool, too.
    const Llm *findLlm(const Destination &destination) const;
    /// By name, or else by id.
    const Llm *findLlmByNameOrId(const QString &nameOrId) const;
    const Agent *findAgent(const QString &name) const;
    /// By name, or else by id.
    const Agent *findAgentByNameOrId(const QString &nameOrId) const;
    const ProviderSession *findSession(const ProviderSessionId &id) const;

    /// All, sorted by name.
    std::vector<const LiveLlm *> llms() const;
    std::vector<const LiveAgent *> agents() const;
    std::vector<const ProviderSession *> sessions() const;
    std::vector<const LiveLlm *> llmsOf(const ProviderSessionId &session) const;
    std::vector<const LiveAgent *> agentsOf(const ProviderSessionId &session) const;
    std::vector<const LiveAgent *> agentsPinnedTo(const Destination &destination) const;

    /// The Llms that belong to a pool, in no particular order; empty when there is no such pool. The reference is valid
    /// until any Llm joins or leaves a pool: not beyond the next put(Llm) or removeLlm().
    const std::vector<const Llm *> &poolMembers(const QString &pool) const;
    /// The names of all pools, sorted.
    QStringList pools() const;

    /// Inserts or replaces a row. A row that turns inactive, or has another inactiveSince, does so at this moment; the
    /// ages of a new row are those that its stamps tell.
    void put(const Llm &llm);
    void put(const Agent &agent);
    void put(const ProviderSession &session);
    /// The session has been heard of: bumps lastHeartbeatAt of it and of all its rows.
    void heardFrom(const ProviderSessionId &session);
    void removeLlm(const LlmId &id);
    void removeAgent(const AgentId &id);

private:
    template <typename Row>
    Live<Row> stamped(const Row &row) const;
    template <typename Row>
    void replace(Live<Row> &live, const Row &row) const;
    void join(const Llm &llm);
    void leave(const Llm &llm);
    MonotonicTime monotonic(std::optional<WallTime> stamp) const;

    Clock &m_clock;
    std::unordered_map<QString, LiveLlm> m_llms;
    std::unordered_map<QString, LiveAgent> m_agents;
    QHash<ProviderSessionId, ProviderSession> m_sessions;
    /// Point into m_llms and m_agents, whose elements do not move.
    QHash<QString, LiveLlm *> m_llmsByName;
    QHash<QString, LiveAgent *> m_agentsByName;
    QHash<QString, std::vector<const Llm *>> m_pools;
};

} // namespace hearth::domain
