#include "modelscontroller.h"

#include "handlers.h"
#include "jsonwriter.h"
#include "modelnotfound.h"

#include <algorithm>
#include <tuple>

namespace hearth::api {

namespace {

/// Callers need not know whether it is an Llm, an agent or a pool.
void writeModel(json::JsonWriter &writer, const QString &id, WallTime createdAt, const QString &owner)
{
    const auto created = std::chrono::floor<std::chrono::seconds>(createdAt.time_since_epoch()).count();
    writer.beginObject()
        .field(QLatin1String("id"), id)
        .field(QLatin1String("object"), QLatin1String("model"))
        .field(QLatin1String("created"), created)
        .field(QLatin1String("owned_by"), owner)
        .endObject();
}

template <typename Row>
void writeModel(json::JsonWriter &writer, const Row &row)
{
    writeModel(writer, row.name, row.createdAt, row.owner);
}

/// A pool is as old as its oldest member, and goes by that one's owner.
void writePool(json::JsonWriter &writer, const QString &name, const std::vector<const domain::Llm *> &members)
{
    const domain::Llm &oldest =
        **std::min_element(members.begin(), members.end(), [](const domain::Llm *a, const domain::Llm *b) {
            return std::tie(a->createdAt, a->name) < std::tie(b->createdAt, b->name);
        });
    writeModel(writer, name, oldest.createdAt, oldest.owner);
}

bool isThere(const domain::Llm *llm)
{
    return llm && llm->status != domain::LlmStatus::Inactive;
}

bool isServed(const domain::Registry &registry, const QString &pool)
{
    const auto &members = registry.poolMembers(pool);
    return std::any_of(members.begin(), members.end(), isThere);
}

/// Whether something can be asked of it now, or once it has been woken.
bool isListed(const domain::Registry &, const domain::Llm &llm)
{
    return isThere(&llm);
}

bool isListed(const domain::Registry &registry, const domain::Agent &agent)
{
    if (agent.status == domain::LlmStatus::Inactive)
        return false;
    const auto *const pool = std::get_if<domain::PoolName>(&agent.pinnedTo);
    return pool ? isServed(registry, pool->text) : isThere(registry.findLlm(agent.pinnedTo));
}

/// An Llm or agent with the name of the pool would be asked instead.
bool isListed(const domain::Registry &registry, const QString &pool)
{
    return !registry.findLlm(pool) && !registry.findAgent(pool) && isServed(registry, pool);
}

} // namespace

http::Response ModelsController::list(const domain::Principal &principal) const
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject().field(QLatin1String("object"), QLatin1String("list")).key(QLatin1String("data")).beginArray();
    const auto writeListed = [this, &writer, &principal](const auto &rows) {
        for (const auto *live : rows) {
            if (isListed(m_context.registry, live->row) && principal.mayUse(live->row.name))
                writeModel(writer, live->row);
        }
    };
    writeListed(m_context.registry.llms());
    writeListed(m_context.registry.agents());
    for (const QString &pool : m_context.registry.pools()) {
        if (isListed(m_context.registry, pool) && principal.mayUse(pool))
            writePool(writer, pool, m_context.registry.poolMembers(pool));
    }
    writer.endArray().endObject();
    return jsonResponse(body);
}

http::Response ModelsController::one(const domain::Principal &principal, const QString &id) const
{
    const domain::Llm *const llm = m_context.registry.findLlm(id);
    const domain::Agent *const agent = m_context.registry.findAgent(id);
    const auto &members = m_context.registry.poolMembers(id);
    if ((!llm && !agent && members.empty()) || !principal.mayUse(id))
        return http::errorResponse(modelNotFound(id), http::ErrorShape::OpenAi);
    QByteArray body;
    json::JsonWriter writer(body);
    if (llm)
        writeModel(writer, *llm);
    else if (agent)
        writeModel(writer, *agent);
    else
        writePool(writer, id, members);
    return jsonResponse(body);
}

} // namespace hearth::api
