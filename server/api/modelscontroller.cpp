#include "modelscontroller.h"

#include "handlers.h"
#include "jsonwriter.h"
#include "modelnotfound.h"

namespace hearth::api {

namespace {

void writeModel(json::JsonWriter &writer, const domain::Llm &llm)
{
    const auto created = std::chrono::floor<std::chrono::seconds>(llm.createdAt.time_since_epoch()).count();
    writer.beginObject()
        .field(QLatin1String("id"), llm.name)
        .field(QLatin1String("object"), QLatin1String("model"))
        .field(QLatin1String("created"), created)
        .field(QLatin1String("owned_by"), llm.owner)
        .endObject();
}

} // namespace

http::Response ModelsController::list(const domain::Principal &principal) const
{
    QByteArray body;
    json::JsonWriter writer(body);
    writer.beginObject().field(QLatin1String("object"), QLatin1String("list")).key(QLatin1String("data")).beginArray();
    for (const domain::Registry::LiveLlm *live : m_context.registry.llms()) {
        if (live->row.status != domain::LlmStatus::Inactive && principal.mayUse(live->row.name))
            writeModel(writer, live->row);
    }
    writer.endArray().endObject();
    return jsonResponse(body);
}

http::Response ModelsController::one(const domain::Principal &principal, const QString &id) const
{
    const domain::Llm *const llm = m_context.registry.findLlm(id);
    if (!llm || !principal.mayUse(id))
        return http::errorResponse(modelNotFound(id), http::ErrorShape::OpenAi);
    QByteArray body;
    json::JsonWriter writer(body);
    writeModel(writer, *llm);
    return jsonResponse(body);
}

} // namespace hearth::api
