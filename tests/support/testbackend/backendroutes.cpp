#include "backendroutes.h"

#include "answers.h"
#include "requestlog.h"

#include <QJsonObject>

#include <array>

namespace hearth::testbackend {

namespace {

struct RouteEntry
{
    QByteArrayView path;
    ModelRoute route;
};

constexpr std::array<RouteEntry, 7> modelRoutes{{
    {"/v1/chat/completions", ModelRoute::ChatCompletions},
    {"/v1/completions", ModelRoute::Completions},
    {"/v1/embeddings", ModelRoute::Embeddings},
    {"/v1/responses", ModelRoute::Responses},
    {"/v1/rerank", ModelRoute::Rerank},
    {"/v1/messages", ModelRoute::Messages},
    {"/v1/messages/count_tokens", ModelRoute::CountTokens},
}};

std::optional<ModelRoute> modelRouteOf(QByteArrayView path)
{
    for (const RouteEntry &entry : modelRoutes) {
        if (entry.path == path)
            return entry.route;
    }
    return std::nullopt;
}

/// The value of the query parameter `x_test`, decoded.
QByteArray directivesInQuery(const QByteArray &query)
{
    for (const QByteArray &parameter : query.split('&')) {
        if (parameter.startsWith("x_test="))
            return QByteArray::fromPercentEncoding(parameter.mid(7));
    }
    return {};
}

/// Puts on the answer what the directives want in its head or instead of its body.
Answer adjusted(Answer answer, const Directives &directives)
{
    if (directives.body)
        answer = wholeAnswer(directives.status.value_or(200), *directives.body);
    if (directives.status)
        answer.status = *directives.status;
    if (directives.retryAfter)
        answer.fields.append("retry-after", QByteArray::number(*directives.retryAfter));
    if (directives.malformed == Malformed::Json)
        answer = withTruncatedJson(answer);
    if (directives.malformed == Malformed::Headers)
        answer.fields.append("x-malformed", QByteArray("a\x01"
                                                       "b\x02"
                                                       "c"));
    return answer;
}

} // namespace

Plan BackendRoutes::plan(const ReceivedRequest &request, const QJsonObject &body) const
{
    if (isReport(request))
        return {reportAnswer(request), {}};

    const std::optional<ModelRoute> found = modelRouteOf(request.path);
    const ModelRoute route = found.value_or(ModelRoute::ChatCompletions);
    if (!authorized(request))
        return {errorAnswer(route, 401, "The API key is missing or wrong.", "invalid_api_key"), {}};
    const Result<Directives> directives = directivesOf(request, body);
    if (!directives)
        return {errorAnswer(route, 400, directives.error().message.toUtf8(), "invalid_request"), {}};

    const bool failing = directives->status.value_or(200) >= 300;
    if (failing)
        return {adjusted(errorAnswer(route, *directives->status, "This failure was asked for.", "test"), *directives),
                *directives};
    if (!found)
        return {adjusted(modelsAnswer(request), *directives), *directives};
    if (request.method != "POST")
        return {errorAnswer(route, 405, "This route takes POST.", "method_not_allowed"), {}};
    if (body.isEmpty())
        return {errorAnswer(route, 400, "The body is not a JSON object with fields.", "invalid_json"), {}};
    const ModelRequest modelRequest = readModelRequest(route, body, request.bodySha256, *directives, m_settings);
    return {adjusted(answerModelRequest(route, modelRequest), *directives), *directives};
}

Answer BackendRoutes::reportAnswer(const ReceivedRequest &request) const
{
    if (request.path == "/test/requests" && request.method == "DELETE") {
        m_log.reset();
        return wholeAnswer(200, "{}");
    }
    if (request.path == "/test/requests")
        return wholeAnswer(200, requestsAsJson(m_log));
    if (request.path == "/test/stats")
        return wholeAnswer(200, statsAsJson(m_log.stats()));
    if (request.path == "/test/requests/last/body")
        return wholeAnswer(200, m_log.lastBody(), "application/octet-stream");
    return errorAnswer(ModelRoute::ChatCompletions, 404, "There is no such report.", "route_not_found");
}

Answer BackendRoutes::modelsAnswer(const ReceivedRequest &request) const
{
    constexpr QByteArrayView list("/v1/models");
    const QByteArray prefix = list.toByteArray() + '/';
    if (request.path != list && !request.path.startsWith(prefix))
        return errorAnswer(ModelRoute::ChatCompletions, 404, "There is no such route.", "route_not_found");
    if (request.method != "GET")
        return errorAnswer(ModelRoute::ChatCompletions, 405, "This route takes GET.", "method_not_allowed");
    if (request.path == list)
        return modelListAnswer(m_settings.models);
    const QByteArray model = QByteArray::fromPercentEncoding(request.path.mid(prefix.size()));
    if (!m_settings.models.contains(model))
        return errorAnswer(ModelRoute::ChatCompletions, 404, "There is no such model.", "model_not_found");
    return modelAnswer(model);
}

bool BackendRoutes::authorized(const ReceivedRequest &request) const
{
    // As Anthropic's clients send it, too.
    return m_settings.apiKey.isEmpty() || request.fields.value("authorization") == "Bearer " + m_settings.apiKey ||
           request.fields.value("x-api-key") == m_settings.apiKey;
}

Result<Directives> BackendRoutes::directivesOf(const ReceivedRequest &request, const QJsonObject &body) const
{
    Directives directives = modelRouteOf(request.path) ? m_settings.directives : Directives();
    if (const Result<void> set = setDirectives(directives, request.fields.value("x-test")); !set)
        return set.error();
    if (const Result<void> set = setDirectives(directives, directivesInQuery(request.query)); !set)
        return set.error();
    const QJsonValue field = body[QLatin1String("x_test")];
    const Result<void> set = field.isString() ? setDirectives(directives, field.toString().toUtf8())
                                              : setDirectives(directives, field.toObject());
    if (!set)
        return set.error();
    return directives;
}

} // namespace hearth::testbackend
