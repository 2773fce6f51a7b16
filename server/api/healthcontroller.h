// HealthController: `GET /livez`, `/readyz`, `/healthz` and `/version`.
//
// For load balancers and people, without a key; never calls a model. Main thread.

#pragma once

#include "apicontext.h"
#include "httpmessage.h"

namespace hearth::api {

class HealthController
{
public:
    explicit HealthController(const ApiContext &context)
        : m_context(context)
    {}

    /// 200 for as long as the process serves requests.
    http::Response livez() const;
    /// 200 when new requests make sense; 503 while the database is away or the server is stopping, with the reason.
    http::Response readyz() const;

    /// The same answer as readyz, for those who look for this name.
    http::Response healthz() const { return readyz(); }

    /// `{"version"}`
    http::Response version() const;

private:
    const ApiContext &m_context;
};

} // namespace hearth::api
