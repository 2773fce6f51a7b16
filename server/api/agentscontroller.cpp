#include "agentscontroller.h"

#include "agenttable.h"
#include "changerow.h"
#include "modelnotfound.h"
#include "optionaltext.h"
#include "resourcereader.h"
#include "rowchecks.h"
#include "rowversion.h"
#include "shownpool.h"
#include "threadtable.h"
#include "timestamp.h"

namespace hearth::api {

namespace {

using json::JsonWriter;

http::Response refusal(const Error &error)
{
    return http::errorResponse(error, http::ErrorShape::OpenAi);
}

void writeAgent(JsonWriter &writer, const domain::Agent &agent, const domain::Registry &registry,
                const domain::Principal &principal)
{
    const domain::ProviderSession *const session = registry.findSession(agent.providerSessionId);
    const domain::Llm *const llm = registry.findLlm(agent.pinnedTo);
    const auto *const pool = std::get_if<domain::PoolName>(&agent.pinnedTo);
    writer.beginObject()
        .field(QLatin1String("id"), agent.id.toString())
        .field(QLatin1String("name"), agent.name)
        .field(QLatin1String("kind"), domain::toString(agent.kind))
        .field(QLatin1String("status"), domain::toString(agent.status))
        .field(QLatin1String("owner"), agent.owner);
    writeText(writer, QLatin1String("providerSessionId"), agent.providerSessionId.toString());
    writeText(writer, QLatin1String("publisher"), session ? session->publisher : QString());
    writeText(writer, QLatin1String("llm"), llm ? llm->name : QString());
    writeText(writer, QLatin1String("llmId"), llm ? llm->id.toString() : QString());
    writeText(writer, QLatin1String("pool"), pool ? shownPool(principal, pool->text) : QString());
    writer.field(QLatin1String("description"), agent.description)
        .field(QLatin1String("systemPrompt"), agent.systemPrompt)
        .field(QLatin1String("defaultParams"), agent.defaultParams)
        .field(QLatin1String("extras"), agent.extras)
        .field(QLatin1String("project"), agent.project);
    writeTime(writer, QLatin1String("createdAt"), agent.createdAt);
    writeTime(writer, QLatin1String("updatedAt"), agent.updatedAt);
    writeTime(writer, QLatin1String("lastHeartbeatAt"), agent.lastHeartbeatAt);
    writeTime(writer, QLatin1String("inactiveSince"), agent.inactiveSince);
    writer.field(QLatin1String("version"), agent.version).endObject();
}

/// An agent keeps its threads when it gets another name.
Result<domain::Agent> update(storage::Database &database, const domain::Agent &agent)
{
    Result<domain::Agent> updated = storage::AgentTable(database).update(agent);
    if (!updated)
        return updated;
    const Result<void> renamed = storage::ThreadTable(database).renameAgent(agent.id, agent.name);
    return renamed ? updated : renamed.error();
}

} // namespace

AgentsController::AgentsController(const ApiContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
{}

http::Response AgentsController::list(const domain::Principal &principal) const
{
    QByteArray body;
    JsonWriter writer(body);
    writer.beginArray();
    for (const domain::Registry::LiveAgent *live : m_context.registry.agents()) {
        if (principal.mayUse(live->row.name))
            writeAgent(writer, live->row, m_context.registry, principal);
    }
    writer.endArray();
    return jsonResponse(body);
}

http::Response AgentsController::one(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Agent *const agent = visible(principal, nameOrId);
    return agent ? rowResponse(principal, *agent, 200) : refusal(modelNotFound(nameOrId));
}

http::Response AgentsController::rowResponse(const domain::Principal &principal, const domain::Agent &agent,
                                             int status) const
{
    QByteArray body;
    JsonWriter writer(body);
    writeAgent(writer, agent, m_context.registry, principal);
    http::Response response = jsonResponse(body, status);
    response.fields.append("etag", entityTag(agent.version));
    return response;
}

const domain::Agent *AgentsController::visible(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Agent *const agent = m_context.registry.findAgentByNameOrId(nameOrId);
    return agent && principal.mayUse(agent->name) ? agent : nullptr;
}

Result<domain::Agent> AgentsController::read(const domain::Principal &principal, domain::Agent agent,
                                             ResourceReader &reader) const
{
    agent.name = reader.text(QLatin1String("name")).value_or(agent.name);
    const std::optional<QString> llm = reader.text(QLatin1String("llm"));
    const std::optional<QString> pool = reader.text(QLatin1String("pool"));
    if (llm && pool)
        reader.complain(QLatin1String("pool"), QStringLiteral("cannot be set together with \"llm\""));
    else if (pool && pool->isEmpty())
        reader.complain(QLatin1String("pool"), QStringLiteral("must be the name of a pool"));
    agent.description = reader.text(QLatin1String("description")).value_or(agent.description);
    agent.systemPrompt = reader.text(QLatin1String("systemPrompt")).value_or(agent.systemPrompt);
    agent.defaultParams = reader.object(QLatin1String("defaultParams")).value_or(agent.defaultParams);
    agent.extras = reader.object(QLatin1String("extras")).value_or(agent.extras);
    agent.project = reader.text(QLatin1String("project")).value_or(agent.project);
    agent.updatedAt = m_context.clock.wallNow();
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    if (const QString defect = domain::defect(agent); !defect.isEmpty())
        return Error{ErrorCode::InvalidRequest, defect};
    const bool isPinned = agent.pinnedTo != domain::Destination();
    if (!llm && !pool && !isPinned) {
        return Error{ErrorCode::InvalidRequest, QStringLiteral("Name either an llm or a pool for the agent."),
                     QStringLiteral("llm")};
    }
    if (llm || pool) {
        const Result<domain::Destination> destination =
            llm ? pinnableLlm(principal, *llm) : pinnablePool(principal, *pool);
        if (!destination)
            return destination.error();
        agent.pinnedTo = *destination;
    }
    if (const Result<void> named = checkName(m_context, principal, agent); !named)
        return named.error();
    return agent;
}

Result<domain::Destination> AgentsController::pinnableLlm(const domain::Principal &principal,
                                                          const QString &nameOrId) const
{
    const domain::Llm *const llm = m_context.registry.findLlmByNameOrId(nameOrId);
    if (!llm || !principal.mayUse(llm->name))
        return modelNotFound(nameOrId);
    return domain::Destination(llm->id);
}

Result<domain::Destination> AgentsController::pinnablePool(const domain::Principal &principal,
                                                           const QString &name) const
{
    if (m_context.registry.poolMembers(name).empty() || !principal.mayUse(name))
        return modelNotFound(name);
    return domain::Destination(domain::PoolName(name));
}

Result<domain::Agent> AgentsController::planned(const domain::Principal &principal, const QByteArray &body) const
{
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    reader->require(QLatin1String("name"));
    domain::Agent agent;
    agent.id = AgentId::create();
    agent.owner = principal.owner();
    agent.createdAt = m_context.clock.wallNow();
    return read(principal, agent, *reader);
}

Result<domain::Agent> AgentsController::edited(const domain::Principal &principal, const QString &nameOrId,
                                               const QByteArray &ifMatch, const QByteArray &body) const
{
    const domain::Agent *const agent = visible(principal, nameOrId);
    if (!agent)
        return modelNotFound(nameOrId);
    if (agent->kind == domain::LlmKind::Virtual) {
        const domain::ProviderSession *const session = m_context.registry.findSession(agent->providerSessionId);
        return Error{ErrorCode::Conflict,
                     QStringLiteral("Agent '%1' is published by %2; edit it there.")
                         .arg(agent->name, session ? session->publisher : QStringLiteral("a publisher"))};
    }
    if (const Result<void> current = checkVersion(ifMatch, agent->version); !current)
        return current.error();
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    return read(principal, *agent, *reader);
}

void AgentsController::create(const domain::Principal &principal, const QByteArray &body, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Agent, domain::Agent, domain::Agent>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, body] { return planned(principal, body); },
         .store = [](storage::Database &database, const domain::Agent &agent) -> Result<domain::Agent> {
             const Result<void> inserted = storage::AgentTable(database).insert(agent);
             return inserted ? Result<domain::Agent>(agent) : inserted.error();
         },
         .find = [](storage::Database &database,
                    const domain::Agent &agent) { return storage::AgentTable(database).findByName(agent.name); },
         .apply =
             [this, principal](const domain::Agent &agent) {
                 m_context.registry.put(agent);
                 return rowResponse(principal, agent, 201);
             }});
}

void AgentsController::edit(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
                            const QByteArray &body, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Agent, domain::Agent, domain::Agent>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, nameOrId, ifMatch, body] { return edited(principal, nameOrId, ifMatch, body); },
         .store = update,
         .find = [](storage::Database &database,
                    const domain::Agent &agent) { return storage::AgentTable(database).find(agent.id); },
         .apply =
             [this, principal](const domain::Agent &agent) {
                 m_context.registry.put(agent);
                 return rowResponse(principal, agent, 200);
             }});
}

Result<AgentId> AgentsController::removable(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Agent *const agent = visible(principal, nameOrId);
    if (!agent)
        return modelNotFound(nameOrId);
    const bool published = agent->kind == domain::LlmKind::Virtual && agent->status != domain::LlmStatus::Inactive;
    if (published && m_context.relay.isBound(agent->providerSessionId)) {
        return Error{ErrorCode::Conflict,
                     QStringLiteral("Agent '%1' is published by a connected publisher; stop publishing it first.")
                         .arg(agent->name)};
    }
    return agent->id;
}

void AgentsController::remove(const domain::Principal &principal, const QString &nameOrId, std::shared_ptr<Reply> reply)
{
    changeRow<domain::Agent, AgentId, AgentId>(
        m_context, *this, std::move(reply),
        {.plan = [this, principal, nameOrId] { return removable(principal, nameOrId); },
         .store = [](storage::Database &database, const AgentId &id) -> Result<AgentId> {
             const Result<void> removed = storage::AgentTable(database).remove(id);
             return removed ? Result<AgentId>(id) : removed.error();
         },
         .find = [](storage::Database &database, const AgentId &id) { return storage::AgentTable(database).find(id); },
         .apply =
             [this](const AgentId &id) {
                 m_context.registry.removeAgent(id);
                 return http::Response{204, {}, {}};
             }});
}

} // namespace hearth::api
