// SessionsController: `GET /api/v1/sessions`, the provider sessions for administrators. Main thread.

#pragma once

#include "apicontext.h"
#include "httpmessage.h"

namespace hearth::api {

class SessionsController
{
public:
    explicit SessionsController(const ApiContext &context)
        : m_context(context)
    {}

    /// An array of `{id, owner, publisher, publisherVersion, epoch, bound, createdAt, lastHeartbeatAt,
    /// heartbeatAgeSeconds, inFlight, llms}`, the oldest first.
    http::Response list() const;

private:
    const ApiContext &m_context;
};

} // namespace hearth::api
