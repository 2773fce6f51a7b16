#include "apirouter.h"

#include "authenticator.h"
#include "handlers.h"
#include "inferhandler.h"
#include "upgraderequest.h"

#include <QTcpSocket>
#include <QUrl>

namespace hearth::api {

using domain::Scope;
using http::Method;

namespace {

http::HeadDecision answerWith(std::function<http::Response()> answer)
{
    return http::Accepted{std::make_unique<ImmediateHandler>(std::move(answer))};
}

http::HeadDecision refuse(const Error &error, http::ErrorShape shape, const http::RequestHead &head)
{
    return http::Refused{http::errorResponse(error, shape, head.requestId)};
}

QByteArray methodName(Method method)
{
    switch (method) {
    case Method::Get:
        return "GET, HEAD";
    case Method::Post:
        return "POST";
    case Method::Delete:
        return "DELETE";
    case Method::Head:
    case Method::Put:
    case Method::Patch:
    case Method::Options:
    case Method::Other:
        break;
    }
    // No route of the table uses these.
    Q_UNREACHABLE();
}

/// A HEAD is answered like a GET; the connection leaves the body out.
Method effectiveMethod(Method method)
{
    return method == Method::Head ? Method::Get : method;
}

/// Why the body of a model request would not be read; nothing when it will.
std::optional<Error> bodyObstacle(const http::RequestHead &head)
{
    if (!head.fields.contains("content-length") && !head.fields.contains("transfer-encoding")) {
        return Error{ErrorCode::LengthRequired,
                     QStringLiteral("The request has no body; send a JSON object with Content-Length or chunked.")};
    }
    const QByteArray *const type = head.fields.find("content-type");
    if (type && !type->toLower().startsWith("application/json")) {
        return Error{ErrorCode::UnsupportedMediaType,
                     QStringLiteral("The body must be JSON; send it with \"Content-Type: application/json\".")};
    }
    return std::nullopt;
}

} // namespace

ApiRouter::ApiRouter(ApiContext context)
    : m_context(std::move(context))
    , m_health(m_context)
    , m_models(m_context)
    , m_llms(m_context)
    , m_sessions(m_context)
{
    addModelRoutes();
    addResourceRoutes();
    addHealthRoutes();
}

ApiRouter::~ApiRouter() = default;

void ApiRouter::addHealthRoutes()
{
    const auto add = [this](const char *path, http::Response (HealthController::*answer)() const) {
        this->add({Method::Get, path, {}, false, std::nullopt, [this, answer](const Call &) {
                       return answerWith([this, answer] { return (m_health.*answer)(); });
                   }});
    };
    add("/livez", &HealthController::livez);
    add("/readyz", &HealthController::readyz);
    add("/healthz", &HealthController::healthz);
    add("/version", &HealthController::version);
}

void ApiRouter::addModelRoutes()
{
    for (const ModelRoute &route : modelRoutes) {
        add({Method::Post, "/v1" + route.path.toByteArray(), {}, false, Scope::Infer,
             [this, &route](const Call &call) { return openInfer(route, call); }, route.errorShape()});
    }
    add({Method::Post, "/api/v1/llms/", "/infer", true, Scope::Infer,
         [this](const Call &call) { return openInfer(modelRoutes.front(), call); }});
    add({Method::Get, "/v1/models", {}, false, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal] { return m_models.list(principal); });
         }});
    add({Method::Get, "/v1/models/", {}, true, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal, id = call.parameter] { return m_models.one(principal, id); });
         }});
}

void ApiRouter::addResourceRoutes()
{
    add({Method::Get, "/api/v1/llms", {}, false, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal] { return m_llms.list(principal); });
         }});
    add({Method::Get, "/api/v1/llms/", {}, true, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal, name = call.parameter] { return m_llms.one(principal, name); });
         }});
    add({Method::Delete, "/api/v1/llms/", {}, true, Scope::Admin, [this](const Call &call) {
             return http::Accepted{std::make_unique<DeferredHandler>(
                 [this, name = call.parameter](std::shared_ptr<Reply> reply) { m_llms.remove(name, std::move(reply)); })};
         }});
    add({Method::Get, "/api/v1/sessions", {}, false, Scope::Admin,
         [this](const Call &) { return answerWith([this] { return m_sessions.list(); }); }});
    add({Method::Get, "/api/v1/publish", {}, false, Scope::Publish, [this](const Call &call) { return openPublish(call); }});
}

std::optional<QByteArrayView> ApiRouter::Route::match(QByteArrayView path) const
{
    if (!hasParameter)
        return path == prefix ? std::optional(QByteArrayView()) : std::nullopt;
    if (path.size() <= prefix.size() + suffix.size() || !path.startsWith(prefix) || !path.endsWith(suffix))
        return std::nullopt;
    return path.sliced(prefix.size(), path.size() - prefix.size() - suffix.size());
}

http::HeadDecision ApiRouter::routeHead(http::Exchange &exchange)
{
    const http::RequestHead &head = exchange.head();
    const Method method = effectiveMethod(head.method);
    for (const Route &route : m_routes) {
        if (route.method != method)
            continue;
        if (const std::optional<QByteArrayView> parameter = route.match(head.path))
            return dispatch(route, *parameter, exchange);
    }
    return noSuchRoute(head);
}

http::HeadDecision ApiRouter::dispatch(const Route &route, QByteArrayView parameter, http::Exchange &exchange)
{
    const http::RequestHead &head = exchange.head();
    std::optional<domain::Principal> principal;
    if (route.scope) {
        Result<domain::Principal> authenticated =
            authenticate(head, *route.scope, m_context.keys, m_context.clock.wallNow());
        if (!authenticated)
            return refuse(authenticated.error(), route.errorShape, head);
        principal = std::move(*authenticated);
    }
    return route.open({exchange, std::move(principal),
                       QUrl::fromPercentEncoding(QByteArray::fromRawData(parameter.data(), parameter.size()))});
}

http::HeadDecision ApiRouter::openInfer(const ModelRoute &route, const Call &call)
{
    const http::RequestHead &head = call.exchange.head();
    if (const std::optional<Error> error = bodyObstacle(head))
        return refuse(*error, route.errorShape(), head);
    return http::Accepted{
        std::make_unique<InferHandler>(m_context, call.exchange, *call.principal, route, call.parameter)};
}

http::HeadDecision ApiRouter::openPublish(const Call &call)
{
    const http::RequestHead &head = call.exchange.head();
    if (const Result<void> upgrade = checkUpgrade(head); !upgrade)
        return refuse(upgrade.error(), http::ErrorShape::OpenAi, head);
    if (m_context.relay.isShuttingDown()) {
        return refuse({ErrorCode::ShuttingDown, QStringLiteral("The server is stopping; try again in a moment.")},
                      http::ErrorShape::OpenAi, head);
    }
    return http::Upgraded{[this, principal = *call.principal](std::unique_ptr<QTcpSocket> socket) {
        m_context.acceptChannel(std::move(socket), principal);
    }};
}

http::HeadDecision ApiRouter::noSuchRoute(const http::RequestHead &head) const
{
    QByteArray allowed;
    for (const Route &route : m_routes) {
        if (route.match(head.path) && !allowed.contains(methodName(route.method)))
            allowed += (allowed.isEmpty() ? QByteArray() : QByteArrayLiteral(", ")) + methodName(route.method);
    }
    const QString path = QString::fromLatin1(head.path.left(200));
    if (allowed.isEmpty()) {
        return refuse({ErrorCode::RouteNotFound, QStringLiteral("There is no route %1 here.").arg(path)},
                      http::ErrorShape::OpenAi, head);
    }
    http::Response response = http::errorResponse(
        {ErrorCode::MethodNotAllowed, QStringLiteral("%1 allows only %2.").arg(path, QString::fromLatin1(allowed))},
        http::ErrorShape::OpenAi, head.requestId);
    response.fields.append("allow", allowed);
    return http::Refused{response};
}

} // namespace hearth::api
