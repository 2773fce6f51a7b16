#include "modelscontroller.h"

#include "handlers.h"
#include "jsonwriter.h"
#include "modelnotfound.h"

namespace hearth::api {

namespace {

/// An Llm or an agent: callers need not know which.
template <typename Row>
void writeModel(json::JsonWriter &writer, const Row &row)
{
    const auto created = std::chrono::floor<std::chrono::seconds>(row.createdAt.time_since_epoch()).count();
    writer.beginObject()
        .field(QLatin1String("id"), row.name)
        .field(QLatin1String("object"), QLatin1String("model"))
        .field(QLatin1String("created"), created)
        .field(QLatin1String("owned_by"), row.owner)
        .endObject();
}

} // namespace

http::Response ModelsController::list(const domain::Principal &principal) const
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject().field(QLatin1String("object"), QLatin1String("list")).key(QLatin1String("data")).beginArray();
    const auto writeListed = [&writer, &principal](const auto &rows) {
        for (const auto *live : rows) {
            if (live->row.status != domain::LlmStatus::Inactive && principal.mayUse(live->row.name))
                writeModel(writer, live->row);
        }
    };
    writeListed(m_context.registry.llms());
    writeListed(m_context.registry.agents());
    writer.endArray().endObject();
    return jsonResponse(body);
}

http::Response ModelsController::one(const domain::Principal &principal, const QString &id) const
{
    const domain::Llm *const llm = m_context.registry.findLlm(id);
    const domain::Agent *const agent = m_context.registry.findAgent(id);
    if ((!llm && !agent) || !principal.mayUse(id))
        return http::errorResponse(modelNotFound(id), http::ErrorShape::OpenAi);
    QByteArray body;
    json::JsonWriter writer(body);
    if (llm)
        writeModel(writer, *llm);
    else
        writeModel(writer, *agent);
    return jsonResponse(body);
}

} // namespace hearth::api
