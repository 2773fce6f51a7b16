#include "agentscontroller.h"

#include "agenttable.h"
#include "modelnotfound.h"
#include "resourcereader.h"
#include "rowchecks.h"
#include "rowversion.h"
#include "timestamp.h"

namespace hearth::api {

namespace {

using json::JsonWriter;

http::Response refusal(const Error &error)
{
    return http::errorResponse(error, http::ErrorShape::OpenAi);
}

void writeText(JsonWriter &writer, QLatin1String key, const QString &text)
{
    writer.key(key);
    if (text.isEmpty())
        writer.null();
    else
        writer.value(text);
}

void writeAgent(JsonWriter &writer, const domain::Agent &agent, const domain::Registry &registry)
{
    const domain::ProviderSession *const session = registry.findSession(agent.providerSessionId);
    const domain::Llm *const llm = registry.findLlm(agent.llmId);
    writer.beginObject()
        .field(QLatin1String("id"), agent.id.toString())
        .field(QLatin1String("name"), agent.name)
        .field(QLatin1String("kind"), domain::toString(agent.kind))
        .field(QLatin1String("status"), domain::toString(agent.status))
        .field(QLatin1String("owner"), agent.owner);
    writeText(writer, QLatin1String("providerSessionId"), agent.providerSessionId.toString());
    writeText(writer, QLatin1String("publisher"), session ? session->publisher : QString());
    writeText(writer, QLatin1String("llm"), llm ? llm->name : QString());
    writer.field(QLatin1String("llmId"), agent.llmId.toString())
        .field(QLatin1String("description"), agent.description)
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
            writeAgent(writer, live->row, m_context.registry);
    }
    writer.endArray();
    return jsonResponse(body);
}

http::Response AgentsController::one(const domain::Principal &principal, const QString &nameOrId) const
{
    const domain::Agent *const agent = visible(principal, nameOrId);
    return agent ? rowResponse(*agent, 200) : refusal(modelNotFound(nameOrId));
}

http::Response AgentsController::rowResponse(const domain::Agent &agent, int status) const
{
    QByteArray body;
    JsonWriter writer(body);
    writeAgent(writer, agent, m_context.registry);
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
    const std::optional<QString> llmName = reader.text(QLatin1String("llm"));
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
    if (llmName) {
        const domain::Llm *const llm = m_context.registry.findLlmByNameOrId(*llmName);
        if (!llm || !principal.mayUse(llm->name))
            return modelNotFound(*llmName);
        agent.llmId = llm->id;
    }
    const domain::Agent *const namesake = m_context.registry.findAgent(agent.name);
    if (m_context.registry.findLlm(agent.name) || (namesake && namesake->id != agent.id)) {
        return Error{ErrorCode::Conflict,
                     QStringLiteral("The name \"%1\" is taken; choose another one.").arg(agent.name),
                     QStringLiteral("name")};
    }
    if (!principal.mayUse(agent.name))
        return Error{ErrorCode::ScopeMissing,
                     QStringLiteral("This API key may not use the name \"%1\".").arg(agent.name)};
    return agent;
}

Result<domain::Agent> AgentsController::planned(const domain::Principal &principal, const QByteArray &body) const
{
    Result<ResourceReader> reader = ResourceReader::parse(body);
    if (!reader)
        return reader.error();
    reader->require(QLatin1String("name"));
    reader->require(QLatin1String("llm"));
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
    m_context.changes.add([this, principal, body, reply](const SerialQueue::Finished &finished) {
        const Result<domain::Agent> agent = planned(principal, body);
        if (!agent) {
            reply->send(refusal(agent.error()));
            return finished();
        }
        m_context.storage.submit<void>(
            this, [agent = *agent](storage::Database &database) { return storage::AgentTable(database).insert(agent); },
            [this, agent = *agent, reply, finished](const Result<void> &stored) {
                if (stored)
                    m_context.registry.put(agent);
                reply->send(stored ? rowResponse(agent, 201) : refusal(stored.error()));
                finished();
            });
    });
}

void AgentsController::edit(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
                            const QByteArray &body, std::shared_ptr<Reply> reply)
{
    m_context.changes.add([this, principal, nameOrId, ifMatch, body, reply](const SerialQueue::Finished &finished) {
        const Result<domain::Agent> agent = edited(principal, nameOrId, ifMatch, body);
        if (!agent) {
            reply->send(refusal(agent.error()));
            return finished();
        }
        m_context.storage.submit<domain::Agent>(
            this, [agent = *agent](storage::Database &database) { return storage::AgentTable(database).update(agent); },
            [this, reply, finished](const Result<domain::Agent> &stored) {
                if (stored)
                    m_context.registry.put(*stored);
                reply->send(stored ? rowResponse(*stored, 200) : refusal(stored.error()));
                finished();
            });
    });
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
    m_context.changes.add([this, principal, nameOrId, reply](const SerialQueue::Finished &finished) {
        const Result<AgentId> id = removable(principal, nameOrId);
        if (!id) {
            reply->send(refusal(id.error()));
            return finished();
        }
        m_context.storage.submit<void>(
            this, [id = *id](storage::Database &database) { return storage::AgentTable(database).remove(id); },
            [this, id = *id, reply, finished](const Result<void> &removed) {
                if (removed)
                    m_context.registry.removeAgent(id);
                reply->send(removed ? http::Response{204, {}, {}} : refusal(removed.error()));
                finished();
            });
    });
}

} // namespace hearth::api
