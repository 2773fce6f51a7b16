// ApiRouter: which controller answers a request, and who may ask.
//
// The server's one Router: it holds the table of all routes with the scope that each needs, authenticates before any
// body is read, and makes the handler. To add a route, add a row to the table in apirouter.cpp. Main thread only.

#pragma once

#include "agentscontroller.h"
#include "apicontext.h"
#include "exchange.h"
#include "healthcontroller.h"
#include "llmscontroller.h"
#include "metricscontroller.h"
#include "modelroute.h"
#include "modelscontroller.h"
#include "routecontroller.h"
#include "sessionscontroller.h"
#include "threadscontroller.h"
#include "usagecontroller.h"

#include <vector>

namespace hearth::api {

class ApiRouter final : public http::Router
{
public:
    explicit ApiRouter(ApiContext context);
    ~ApiRouter() override;

    /// For requests that come from now on.
    void setSettings(const ApiSettings &settings) { m_context.settings = settings; }

    const ApiSettings &settings() const { return m_context.settings; }

    http::HeadDecision routeHead(http::Exchange &exchange) override;
    http::ErrorShape errorShape(QByteArrayView path) const override;

private:
    /// A request for a route: who asks, and what the variable part of the path says.
    struct Call
    {
        http::Exchange &exchange;
        /// Nothing on routes that need no key.
        std::optional<domain::Principal> principal;
        /// Percent-decoded.
        QString parameter;
    };

    struct Route
    {
        http::Method method;
        /// The whole path or, where the route has a parameter, what comes before it.
        QByteArray prefix;
        /// What comes behind the parameter.
        QByteArray suffix;
        bool hasParameter;
        /// Nothing for routes that need none of them.
        std::optional<domain::Scope> scope;
        std::function<http::HeadDecision(const Call &)> open;
        http::ErrorShape errorShape = http::ErrorShape::OpenAi;
        /// Whether a route without a scope needs a key all the same.
        bool needsKey = false;

        /// The parameter, or an empty text where the route has none; nothing when the path is another.
        std::optional<QByteArrayView> match(QByteArrayView path) const;
    };

    void addHealthRoutes();
    void addModelRoutes();
    void addResourceRoutes();
    /// In chatroutes.cpp.
    void addChatRoutes();
    void addAgentRoutes();
    /// For those who run the server.
    void addOperatorRoutes();

    void add(Route route) { m_routes.push_back(std::move(route)); }

    http::HeadDecision dispatch(const Route &route, QByteArrayView parameter, http::Exchange &exchange);
    http::HeadDecision openInfer(const ModelRoute &route, const Call &call);
    http::HeadDecision openPublish(const Call &call);
    http::HeadDecision noSuchRoute(const http::RequestHead &head) const;

    ApiContext m_context;
    HealthController m_health;
    ModelsController m_models;
    LlmsController m_llms;
    AgentsController m_agents;
    SessionsController m_sessions;
    ThreadsController m_threads;
    MetricsController m_metrics;
    RouteController m_route;
    UsageController m_usage;
    std::vector<Route> m_routes;
};

} // namespace hearth::api
