// RouteController: `GET /api/v1/route?model=X`: what the scheduler would do with a request, and why. Main thread.

#pragma once

#include "apicontext.h"
#include "httpmessage.h"

namespace hearth::api {

class RouteController
{
public:
    explicit RouteController(const ApiContext &context)
        : m_context(context)
    {}

    /// `{model, kind, destination, verdict, chosen, reason, candidates, waiting, estimateSeconds}`. `kind` is what the
    /// name stands for: `llm`, `agent` or `pool`; `destination` is `{llm}` or `{pool}`; `verdict` is `dispatch`,
    /// `queue`, `wake` or `refuse`. Nothing is changed by asking. `query` is what stands behind the question mark.
    http::Response explain(const domain::Principal &principal, QByteArrayView query) const;

private:
    /// What `model` means to a caller.
    struct Target
    {
        QLatin1String kind;
        domain::Destination destination;
        /// Why nobody is asked at all.
        std::optional<Error> obstacle = std::nullopt;
    };

    std::optional<Target> resolve(const QString &model) const;
    scheduling::Explanation explanation(const Target &target, const domain::Principal &principal) const;
    QByteArray written(const QString &model, const Target &target, const scheduling::Explanation &explanation) const;

    const ApiContext &m_context;
};

} // namespace hearth::api
