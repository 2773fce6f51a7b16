#include "registry.h"

#include "lifecycle.h"

#include <algorithm>

namespace hearth::domain {

namespace {

/// The rows that `isWanted`, sorted by name.
template <typename Map, typename Predicate>
auto sortedByName(const Map &map, Predicate isWanted)
{
    std::vector<const typename Map::mapped_type *> rows;
    for (const auto &[id, live] : map) {
        if (isWanted(live.row))
            rows.push_back(&live);
    }
    std::sort(rows.begin(), rows.end(), [](const auto *a, const auto *b) { return a->row.name < b->row.name; });
    return rows;
}

} // namespace

void Registry::load(const QList<Llm> &llms, const QList<Agent> &agents, const QList<ProviderSession> &sessions)
{
    const WallTime now = m_clock.wallNow();
    for (const ProviderSession &session : sessions)
        put(session);
    for (Llm llm : llms) {
        if (llm.kind == LlmKind::Virtual)
            deactivate(llm, StatusReason::Offline, now);
        put(llm);
    }
    for (Agent agent : agents) {
        if (agent.kind == LlmKind::Virtual)
            deactivate(agent, now);
        put(agent);
    }
}

const Llm *Registry::findLlm(const QString &name) const
{
    const auto found = m_llmsByName.constFind(name);
    return found == m_llmsByName.constEnd() ? nullptr : &(*found)->row;
}

const Llm *Registry::findLlm(const LlmId &id) const
{
    const auto found = m_llms.find(id.toString());
    return found == m_llms.end() ? nullptr : &found->second.row;
}

const Llm *Registry::findLlm(const Destination &destination) const
{
    const auto *const id = std::get_if<LlmId>(&destination);
    return id ? findLlm(*id) : nullptr;
}

const Llm *Registry::findLlmByNameOrId(const QString &nameOrId) const
{
    const Llm *const llm = findLlm(nameOrId);
    return llm ? llm : findLlm(LlmId(nameOrId));
}

const Agent *Registry::findAgent(const QString &name) const
{
    const auto found = m_agentsByName.constFind(name);
    return found == m_agentsByName.constEnd() ? nullptr : &(*found)->row;
}

const Agent *Registry::findAgentByNameOrId(const QString &nameOrId) const
{
    const Agent *const agent = findAgent(nameOrId);
    if (agent)
        return agent;
    const auto found = m_agents.find(nameOrId);
    return found == m_agents.end() ? nullptr : &found->second.row;
}

const ProviderSession *Registry::findSession(const ProviderSessionId &id) const
{
    const auto found = m_sessions.constFind(id);
    return found == m_sessions.constEnd() ? nullptr : &*found;
}

std::vector<const Registry::LiveLlm *> Registry::llms() const
{
    return sortedByName(m_llms, [](const Llm &) { return true; });
}

std::vector<const Registry::LiveAgent *> Registry::agents() const
{
    return sortedByName(m_agents, [](const Agent &) { return true; });
}

std::vector<const ProviderSession *> Registry::sessions() const
{
    std::vector<const ProviderSession *> sessions;
    for (const ProviderSession &session : m_sessions)
        sessions.push_back(&session);
    std::sort(sessions.begin(), sessions.end(),
              [](const auto *a, const auto *b) { return a->createdAt < b->createdAt; });
    return sessions;
}

std::vector<const Registry::LiveLlm *> Registry::llmsOf(const ProviderSessionId &session) const
{
    return sortedByName(m_llms, [&session](const Llm &llm) { return llm.providerSessionId == session; });
}

std::vector<const Registry::LiveAgent *> Registry::agentsOf(const ProviderSessionId &session) const
{
    return sortedByName(m_agents, [&session](const Agent &agent) { return agent.providerSessionId == session; });
}

std::vector<const Registry::LiveAgent *> Registry::agentsPinnedTo(const Destination &destination) const
{
    return sortedByName(m_agents, [&destination](const Agent &agent) { return agent.pinnedTo == destination; });
}

const std::vector<const Llm *> &Registry::poolMembers(const QString &pool) const
{
    static const std::vector<const Llm *> nobody;
    const auto found = m_pools.constFind(pool);
    return found == m_pools.constEnd() ? nobody : *found;
}

QStringList Registry::pools() const
{
    QStringList names = m_pools.keys();
    names.sort();
    return names;
}

MonotonicTime Registry::monotonic(std::optional<WallTime> stamp) const
{
    // A stamp from the future, after the date was set back, counts as this moment.
    const Duration age = stamp ? std::max(m_clock.wallNow() - *stamp, Duration::zero()) : Duration::zero();
    return m_clock.now() - age;
}

template <typename Row>
Live<Row> Registry::stamped(const Row &row) const
{
    return {row, monotonic(row.lastHeartbeatAt), monotonic(row.inactiveSince)};
}

template <typename Row>
void Registry::replace(Live<Row> &live, const Row &row) const
{
    const bool wasInactive = live.row.status == LlmStatus::Inactive && live.row.inactiveSince == row.inactiveSince;
    if (row.status == LlmStatus::Inactive && !wasInactive)
        live.inactiveAt = m_clock.now();
    live.row = row;
}

void Registry::put(const Llm &llm)
{
    const auto [entry, isNew] = m_llms.try_emplace(llm.id.toString(), stamped(llm));
    LiveLlm &live = entry->second;
    const bool moves = isNew || live.row.pool != llm.pool;
    if (!isNew) {
        m_llmsByName.remove(live.row.name);
        if (moves)
            leave(live.row);
        replace(live, llm);
    }
    m_llmsByName.insert(live.row.name, &live);
    if (moves)
        join(live.row);
}

void Registry::put(const Agent &agent)
{
    const auto [entry, isNew] = m_agents.try_emplace(agent.id.toString(), stamped(agent));
    LiveAgent &live = entry->second;
    if (!isNew) {
        m_agentsByName.remove(live.row.name);
        replace(live, agent);
    }
    m_agentsByName.insert(agent.name, &live);
}

void Registry::put(const ProviderSession &session)
{
    m_sessions.insert(session.id, session);
}

void Registry::heardFrom(const ProviderSessionId &session)
{
    const WallTime now = m_clock.wallNow();
    const auto bump = [&](auto &rows) {
        for (auto &[id, live] : rows) {
            if (live.row.providerSessionId == session) {
                live.row.lastHeartbeatAt = now;
                live.heartbeatAt = m_clock.now();
            }
        }
    };
    bump(m_llms);
    bump(m_agents);
    if (const auto known = m_sessions.find(session); known != m_sessions.end())
        known->lastHeartbeatAt = now;
}

void Registry::removeLlm(const LlmId &id)
{
    const auto found = m_llms.find(id.toString());
    if (found == m_llms.end())
        return;
    m_llmsByName.remove(found->second.row.name);
    leave(found->second.row);
    m_llms.erase(found);
}

void Registry::join(const Llm &llm)
{
    if (!llm.pool.isEmpty())
        m_pools[llm.pool].push_back(&llm);
}

void Registry::leave(const Llm &llm)
{
    const auto pool = m_pools.find(llm.pool);
    if (pool == m_pools.end())
        return;
    std::erase(*pool, &llm);
    if (pool->empty())
        m_pools.erase(pool);
}

void Registry::removeAgent(const AgentId &id)
{
    const auto found = m_agents.find(id.toString());
    if (found == m_agents.end())
        return;
    m_agentsByName.remove(found->second.row.name);
    m_agents.erase(found);
}

} // namespace hearth::domain
