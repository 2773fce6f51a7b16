#include "agenttable.h"

#include "database.h"
#include "rowchange.h"
#include "transaction.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::Agent;
using domain::Destination;
using domain::PoolName;

namespace {

/// The schema sees to it that exactly one of the two columns is set.
Destination readDestination(const SqlRow &row)
{
    if (row.isNull("pool"_L1))
        return row.id<LlmId>("llm_id"_L1);
    return PoolName(row.text("pool"_L1));
}

Agent readAgent(const SqlRow &row)
{
    Agent agent;
    agent.id = row.id<AgentId>("id"_L1);
    agent.name = row.text("name"_L1);
    agent.kind = row.spelled("kind"_L1, domain::llmKindFromString);
    agent.status = row.spelled("status"_L1, domain::llmStatusFromString);
    agent.owner = row.text("owner"_L1);
    agent.providerSessionId = row.id<ProviderSessionId>("provider_session_id"_L1);
    agent.pinnedTo = readDestination(row);
    agent.description = row.text("description"_L1);
    agent.systemPrompt = row.text("system_prompt"_L1);
    agent.defaultParams = row.object("default_params"_L1);
    agent.extras = row.object("extras"_L1);
    agent.project = row.text("project"_L1);
    agent.createdAt = row.moment("created_at"_L1);
    agent.updatedAt = row.moment("updated_at"_L1);
    agent.lastHeartbeatAt = row.optionalMoment("last_heartbeat_at"_L1);
    agent.inactiveSince = row.optionalMoment("inactive_since"_L1);
    agent.version = static_cast<int>(row.integer("version"_L1));
    return agent;
}

SqlBindings bindings(const Agent &agent)
{
    const auto *const llm = std::get_if<LlmId>(&agent.pinnedTo);
    const auto *const pool = std::get_if<PoolName>(&agent.pinnedTo);
    return {{"id", agent.id},
            {"name", agent.name},
            {"kind", toString(agent.kind)},
            {"status", toString(agent.status)},
            {"owner", agent.owner},
            {"session", SqlValue::reference(agent.providerSessionId)},
            {"llm", llm ? std::optional(*llm) : std::nullopt},
            {"pool", pool ? std::optional(pool->text) : std::nullopt},
            {"description", agent.description},
            {"systemPrompt", agent.systemPrompt},
            {"defaultParams", agent.defaultParams},
            {"extras", agent.extras},
            {"project", agent.project},
            {"createdAt", agent.createdAt},
            {"updatedAt", agent.updatedAt},
            {"lastHeartbeatAt", agent.lastHeartbeatAt},
            {"inactiveSince", agent.inactiveSince},
            {"version", agent.version}};
}

QString described(const Agent &agent)
{
    return QStringLiteral("The agent '%1'").arg(agent.name);
}

QString referenceMissing(const Agent &agent)
{
    return QStringLiteral("%1 cannot be stored: its id is in use, or its Llm or provider session is unknown.")
        .arg(described(agent));
}

} // namespace

Result<QList<Agent>> AgentTable::all() const
{
    return m_database.select("agent_all"_L1, {}, readAgent);
}

Result<std::optional<Agent>> AgentTable::find(const AgentId &id) const
{
    return m_database.selectOne("agent_find"_L1, {{"id", id}}, readAgent);
}

Result<std::optional<Agent>> AgentTable::findByName(const QString &name) const
{
    return m_database.selectOne("agent_find_by_name"_L1, {{"name", name}}, readAgent);
}

Result<void> AgentTable::insert(const Agent &agent)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> taken =
            m_database.execute("name_take"_L1, {{"name", agent.name}, {"takenBy", "agent"_L1}});
        if (!taken)
            return explained(taken.error(), nameTaken(agent.name));
        const Result<qint64> inserted = m_database.execute("agent_insert"_L1, bindings(agent));
        if (!inserted)
            return explained(inserted.error(), referenceMissing(agent));
        return {};
    });
}

Result<Agent> AgentTable::update(const Agent &agent)
{
    return atomically(m_database, [&]() -> Result<Agent> {
        if (const Result<void> renamed = rename(agent); !renamed)
            return renamed.error();
        const Result<qint64> updated = m_database.execute("agent_update"_L1, bindings(agent));
        if (!updated)
            return explained(updated.error(), referenceMissing(agent));
        if (*updated == 0)
            return staleOrGone(agent);
        Agent stored = agent;
        ++stored.version;
        return stored;
    });
}

Result<void> AgentTable::remove(const AgentId &id)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> removed = m_database.execute("agent_remove"_L1, {{"id", id}});
        return requireOneRow(removed, QStringLiteral("This agent"));
    });
}

Result<void> AgentTable::writeLifecycle(const AgentLifecycle &lifecycle)
{
    const Result<qint64> written =
        m_database.execute("agent_write_lifecycle"_L1, {{"id", lifecycle.id},
                                                        {"status", toString(lifecycle.status)},
                                                        {"lastHeartbeatAt", lifecycle.lastHeartbeatAt},
                                                        {"inactiveSince", lifecycle.inactiveSince},
                                                        {"session", lifecycle.session},
                                                        {"epoch", lifecycle.epoch}});
    return withoutCount(written);
}

Result<void> AgentTable::writeHeartbeat(const SessionHeartbeat &heartbeat)
{
    return withoutCount(m_database.execute(
        "agent_heartbeat"_L1, {{"session", heartbeat.session}, {"epoch", heartbeat.epoch}, {"at", heartbeat.at}}));
}

Result<void> AgentTable::rename(const Agent &agent)
{
    const Result<qint64> renamed =
        m_database.execute("agent_rename"_L1, {{"id", agent.id}, {"name", agent.name}, {"version", agent.version}});
    return renamed ? Result<void>() : Result<void>(explained(renamed.error(), nameTaken(agent.name)));
}

Error AgentTable::staleOrGone(const Agent &agent) const
{
    const Result<std::optional<Agent>> stored = find(agent.id);
    if (!stored)
        return stored.error();
    return *stored ? versionDiffers(described(agent), agent.version, (*stored)->version) : notFound(described(agent));
}

} // namespace hearth::storage
