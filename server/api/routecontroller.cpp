#include "routecontroller.h"

#include "agentrequest.h"
#include "handlers.h"
#include "jsonwriter.h"
#include "modelnotfound.h"

#include <QUrlQuery>

namespace hearth::api {

namespace {

using json::JsonWriter;
using scheduling::BreakerState;
using scheduling::Candidate;
using scheduling::Explanation;

QLatin1String inWords(Explanation::Verdict verdict)
{
    switch (verdict) {
    case Explanation::Verdict::Dispatch:
        return QLatin1String("dispatch");
    case Explanation::Verdict::Queue:
        return QLatin1String("queue");
    case Explanation::Verdict::Wake:
        return QLatin1String("wake");
    case Explanation::Verdict::Refuse:
        return QLatin1String("refuse");
    }
    Q_UNREACHABLE();
}

QLatin1String inWords(BreakerState state)
{
    switch (state) {
    case BreakerState::Closed:
        return QLatin1String("closed");
    case BreakerState::Open:
        return QLatin1String("open");
    case BreakerState::HalfOpen:
        return QLatin1String("halfOpen");
    }
    Q_UNREACHABLE();
}

/// The one thing that can be asked for.
Result<QString> modelOf(QByteArrayView query)
{
    const auto items = QUrlQuery(QString::fromLatin1(query)).queryItems(QUrl::FullyDecoded);
    if (items.size() == 1 && items.first().first == QLatin1String("model") && !items.first().second.isEmpty())
        return items.first().second;
    return Error{ErrorCode::InvalidRequest,
                 QStringLiteral("Ask for one model by its name: GET /api/v1/route?model=NAME."),
                 QStringLiteral("model")};
}

template <typename Value>
void writeOptional(JsonWriter &writer, QLatin1String name, const std::optional<Value> &value)
{
    writer.key(name);
    if (value)
        writer.value(*value);
    else
        writer.null();
}

void writeCandidate(JsonWriter &writer, const Candidate &candidate, const domain::Llm &llm)
{
    writer.beginObject()
        .field(QLatin1String("llm"), llm.name)
        .field(QLatin1String("owner"), llm.owner)
        .field(QLatin1String("status"), domain::toString(llm.status));
    std::optional<QLatin1String> statusReason;
    if (llm.statusReason)
        statusReason = domain::toString(*llm.statusReason);
    writeOptional(writer, QLatin1String("statusReason"), statusReason);
    writer.field(QLatin1String("running"), candidate.running)
        .field(QLatin1String("maxConcurrency"), llm.maxConcurrency)
        .field(QLatin1String("breaker"), inWords(candidate.breaker))
        .field(QLatin1String("reason"), candidate.reason)
        .endObject();
}

} // namespace

http::Response RouteController::explain(const domain::Principal &principal, QByteArrayView query) const
{
    const Result<QString> model = modelOf(query);
    if (!model)
        return http::errorResponse(model.error(), http::ErrorShape::OpenAi);
    const std::optional<Target> target = principal.mayUse(*model) ? resolve(*model) : std::nullopt;
    if (!target)
        return http::errorResponse(modelNotFound(*model), http::ErrorShape::OpenAi);
    return jsonResponse(written(*model, *target, explanation(*target, principal)));
}

Explanation RouteController::explanation(const Target &target, const domain::Principal &principal) const
{
    Explanation explanation = m_context.relay.explain(target.destination, principal);
    if (target.obstacle) {
        explanation.verdict = Explanation::Verdict::Refuse;
        explanation.chosen.reset();
        explanation.reason = target.obstacle->message;
        explanation.candidates.clear();
    }
    return explanation;
}

std::optional<RouteController::Target> RouteController::resolve(const QString &model) const
{
    if (const domain::Llm *const llm = m_context.registry.findLlm(model))
        return Target{QLatin1String("llm"), llm->id};
    if (const domain::Agent *const agent = m_context.registry.findAgent(model))
        return Target{QLatin1String("agent"), agent->pinnedTo, agentObstacle(*agent, modelRoutes.front())};
    if (!m_context.registry.poolMembers(model).empty())
        return Target{QLatin1String("pool"), domain::PoolName{model}};
    return std::nullopt;
}

QByteArray RouteController::written(const QString &model, const Target &target, const Explanation &explanation) const
{
    const auto nameOf = [this](const LlmId &id) {
        const domain::Llm *const llm = m_context.registry.findLlm(id);
        return llm ? llm->name : id.toString();
    };
    QByteArray body;
    JsonWriter writer(body);
    writer.beginObject().field(QLatin1String("model"), model).field(QLatin1String("kind"), target.kind);
    writer.key(QLatin1String("destination")).beginObject();
    if (const auto *const pool = std::get_if<domain::PoolName>(&target.destination))
        writer.field(QLatin1String("pool"), pool->text);
    else
        writer.field(QLatin1String("llm"), nameOf(std::get<LlmId>(target.destination)));
    writer.endObject().field(QLatin1String("verdict"), inWords(explanation.verdict));
    std::optional<QString> chosen;
    if (explanation.chosen)
        chosen = nameOf(*explanation.chosen);
    writeOptional(writer, QLatin1String("chosen"), chosen);
    writer.field(QLatin1String("reason"), explanation.reason).key(QLatin1String("candidates")).beginArray();
    for (const Candidate &candidate : explanation.candidates) {
        if (const domain::Llm *const llm = m_context.registry.findLlm(candidate.llm))
            writeCandidate(writer, candidate, *llm);
    }
    writer.endArray().field(QLatin1String("waiting"), explanation.waiting);
    std::optional<double> estimate;
    if (explanation.estimate)
        estimate = std::chrono::duration<double>(*explanation.estimate).count();
    writeOptional(writer, QLatin1String("estimateSeconds"), estimate);
    writer.endObject();
    return body;
}

} // namespace hearth::api
