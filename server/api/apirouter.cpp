#include "apirouter.h"

#include "authenticator.h"
#include "handlers.h"
#include "inferhandler.h"
#include "upgraderequest.h"

#include <QTcpSocket>
#include <QUrl>

#include <algorithm>

namespace hearth::api {

using domain::Scope;
using http::Method;

namespace {

http::HeadDecision answerWith(std::function<http::Response()> answer)
{
    return http::Accepted{std::make_unique<ImmediateHandler>(std::move(answer))};
}

http::HeadDecision answerLater(std::function<void(std::shared_ptr<Reply>, const QByteArray &)> start)
{
    return http::Accepted{std::make_unique<DeferredHandler>(std::move(start))};
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
    case Method::Patch:
        return "PATCH";
    case Method::Head:
    case Method::Put:
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

/// Whether a body follows that is not empty.
bool announcesBody(const HttpFields &fields)
{
    return fields.contains("transfer-encoding") || fields.value("content-length").toLongLong() > 0;
}

/// Whether the body is said to be JSON; where nothing is said, it is taken to be.
bool isJson(const HttpFields &fields)
{
    const QByteArray *const field = fields.find("content-type");
    if (!field)
        return true;
    const qsizetype parameters = field->indexOf(';');
    const QByteArrayView type = QByteArrayView(*field).first(parameters < 0 ? field->size() : parameters).trimmed();
    return type.compare("application/json", Qt::CaseInsensitive) == 0;
}

/// Why the body that the request announces is not read; nothing when it is.
std::optional<Error> bodyObstacle(const http::RequestHead &head)
{
    // Memory is for the bodies of those who may ask models.
    const bool takesBody = head.method == Method::Post || head.method == Method::Patch;
    if (!takesBody && announcesBody(head.fields))
        return Error{ErrorCode::InvalidRequest, QStringLiteral("This request must not have a body.")};
    if (takesBody && !isJson(head.fields)) {
        return Error{ErrorCode::UnsupportedMediaType,
                     QStringLiteral("The body must be JSON; send it with \"Content-Type: application/json\".")};
    }
    return std::nullopt;
}

/// The text behind the percent-encoding (RFC 3986 section 2.1), or nothing when that is broken.
std::optional<QString> percentDecoded(QByteArrayView text)
{
    const auto isHexDigit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    for (qsizetype mark = text.indexOf('%'); mark >= 0; mark = text.indexOf('%', mark + 1)) {
        if (mark + 2 >= text.size() || !isHexDigit(text[mark + 1]) || !isHexDigit(text[mark + 2]))
            return std::nullopt;
    }
    return QUrl::fromPercentEncoding(QByteArray::fromRawData(text.data(), text.size()));
}

} // namespace

ApiRouter::ApiRouter(ApiContext context)
    : m_context(std::move(context))
    , m_health(m_context)
    , m_models(m_context)
    , m_llms(m_context)
    , m_agents(m_context)
    , m_sessions(m_context)
    , m_threads(m_context)
    , m_metrics(m_context)
    , m_route(m_context)
    , m_usage(m_context)
{
    addModelRoutes();
    addResourceRoutes();
    addChatRoutes();
    addAgentRoutes();
    addOperatorRoutes();
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
        add({Method::Post,
             "/v1" + route.path.toByteArray(),
             {},
             false,
             Scope::Infer,
             [this, &route](const Call &call) { return openInfer(route, call); },
             route.errorShape()});
    }
    add({Method::Post, "/api/v1/llms/", "/infer", true, Scope::Infer,
         [this](const Call &call) { return openInfer(modelRoutes.front(), call); }});
    add({Method::Get, "/v1/models", {}, false, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal] { return m_models.list(principal); });
         }});
    add({Method::Get, "/v1/models/", {}, true, Scope::Infer, [this](const Call &call) {
             return answerWith(
                 [this, principal = *call.principal, id = call.parameter] { return m_models.one(principal, id); });
         }});
}

void ApiRouter::addResourceRoutes()
{
    add({Method::Get, "/api/v1/llms", {}, false, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal] { return m_llms.list(principal); });
         }});
    add({Method::Get, "/api/v1/llms/", {}, true, Scope::Infer, [this](const Call &call) {
             return answerWith(
                 [this, principal = *call.principal, name = call.parameter] { return m_llms.one(principal, name); });
         }});
    add({Method::Post, "/api/v1/llms", {}, false, Scope::Admin, [this](const Call &call) {
             return answerLater(
                 [this, principal = *call.principal](std::shared_ptr<Reply> reply, const QByteArray &body) {
                     m_llms.create(principal, body, std::move(reply));
                 });
         }});
    add({Method::Patch, "/api/v1/llms/", {}, true, Scope::Admin, [this](const Call &call) {
             return answerLater([this, principal = *call.principal, name = call.parameter,
                                 ifMatch = call.exchange.head().fields.value("if-match")](std::shared_ptr<Reply> reply,
                                                                                          const QByteArray &body) {
                 m_llms.edit(principal, name, ifMatch, body, std::move(reply));
             });
         }});
    add({Method::Delete, "/api/v1/llms/", {}, true, Scope::Admin, [this](const Call &call) {
             return http::Accepted{std::make_unique<DeferredHandler>(
                 [this, principal = *call.principal, name = call.parameter](std::shared_ptr<Reply> reply) {
                     m_llms.remove(principal, name, std::move(reply));
                 })};
         }});
    add({Method::Get, "/api/v1/publish", {}, false, Scope::Publish, [this](const Call &call) {
             return openPublish(call);
         }});
}

void ApiRouter::addAgentRoutes()
{
    static const QByteArray all = "/api/v1/agents";
    static const QByteArray each = "/api/v1/agents/";
    add({Method::Get, all, {}, false, Scope::Infer, [this](const Call &call) {
             return answerWith([this, principal = *call.principal] { return m_agents.list(principal); });
         }});
    add({Method::Post, all, {}, false, Scope::Admin, [this](const Call &call) {
             return answerLater(
                 [this, principal = *call.principal](std::shared_ptr<Reply> reply, const QByteArray &body) {
                     m_agents.create(principal, body, std::move(reply));
                 });
         }});
    add({Method::Get, each, {}, true, Scope::Infer, [this](const Call &call) {
             return answerWith(
                 [this, principal = *call.principal, name = call.parameter] { return m_agents.one(principal, name); });
         }});
    add({Method::Patch, each, {}, true, Scope::Admin, [this](const Call &call) {
             return answerLater([this, principal = *call.principal, name = call.parameter,
                                 ifMatch = call.exchange.head().fields.value("if-match")](std::shared_ptr<Reply> reply,
                                                                                          const QByteArray &body) {
                 m_agents.edit(principal, name, ifMatch, body, std::move(reply));
             });
         }});
    add({Method::Delete, each, {}, true, Scope::Admin, [this](const Call &call) {
             return answerLater([this, principal = *call.principal, name = call.parameter](std::shared_ptr<Reply> reply,
                                                                                           const QByteArray &) {
                 m_agents.remove(principal, name, std::move(reply));
             });
         }});
}

void ApiRouter::addOperatorRoutes()
{
    add({Method::Get, "/metrics", {}, false, Scope::Admin, [this](const Call &) {
             return answerWith([this] { return m_metrics.text(); });
         }});
    add({Method::Get, "/api/v1/sessions", {}, false, Scope::Admin, [this](const Call &) {
             return answerWith([this] { return m_sessions.list(); });
         }});
    add({Method::Get, "/api/v1/route", {}, false, Scope::Admin, [this](const Call &call) {
             return answerWith([this, principal = *call.principal, query = call.exchange.head().query] {
                 return m_route.explain(principal, query);
             });
         }});
    const auto openUsage = [this](const Call &call) {
        return http::Accepted{std::make_unique<DeferredHandler>(
            [this, principal = *call.principal, query = call.exchange.head().query](std::shared_ptr<Reply> reply) {
                m_usage.list(principal, query, std::move(reply));
            })};
    };
    add({.method = Method::Get,
         .prefix = "/api/v1/usage",
         .suffix = {},
         .hasParameter = false,
         .scope = std::nullopt,
         .open = openUsage,
         .needsKey = true});
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

http::ErrorShape ApiRouter::errorShape(QByteArrayView path) const
{
    const auto route = std::find_if(m_routes.begin(), m_routes.end(),
                                    [path](const Route &candidate) { return candidate.match(path).has_value(); });
    return route == m_routes.end() ? http::ErrorShape::OpenAi : route->errorShape;
}

http::HeadDecision ApiRouter::dispatch(const Route &route, QByteArrayView parameter, http::Exchange &exchange)
{
    const http::RequestHead &head = exchange.head();
    std::optional<domain::Principal> principal;
    if (route.scope || route.needsKey) {
        Result<domain::Principal> authenticated =
            authenticate(head, route.scope, m_context.keys, m_context.clock.wallNow());
        if (!authenticated)
            return refuse(authenticated.error(), route.errorShape, head);
        principal = std::move(*authenticated);
    }
    if (const std::optional<Error> obstacle = bodyObstacle(head))
        return refuse(*obstacle, route.errorShape, head);
    std::optional<QString> decoded = percentDecoded(parameter);
    if (!decoded) {
        return refuse({ErrorCode::InvalidRequest, QStringLiteral("The path is not properly percent-encoded.")},
                      route.errorShape, head);
    }
    return route.open({exchange, std::move(principal), std::move(*decoded)});
}

http::HeadDecision ApiRouter::openInfer(const ModelRoute &route, const Call &call)
{
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
    QByteArrayList allowed;
    for (const Route &route : m_routes) {
        const QByteArray name = methodName(route.method);
        if (route.match(head.path) && !allowed.contains(name))
            allowed.append(name);
    }
    const http::ErrorShape shape = errorShape(head.path);
    const QString path = QString::fromLatin1(head.path.left(200));
    if (allowed.isEmpty())
        return refuse({ErrorCode::RouteNotFound, QStringLiteral("There is no route %1 here.").arg(path)}, shape, head);
    const QByteArray methods = allowed.join(", ");
    http::Response response = http::errorResponse(
        {ErrorCode::MethodNotAllowed, QStringLiteral("%1 allows only %2.").arg(path, QString::fromLatin1(methods))},
        shape, head.requestId);
    response.fields.append("allow", methods);
    return http::Refused{response};
}

} // namespace hearth::api
