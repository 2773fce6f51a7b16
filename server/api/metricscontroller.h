// MetricsController: `GET /metrics`, for Prometheus. Main thread.

#pragma once

#include "apicontext.h"
#include "httpmessage.h"

namespace hearth::api {

class MetricsController
{
public:
    explicit MetricsController(const ApiContext &context)
        : m_context(context)
    {}

    /// In the text format 0.0.4.
    http::Response text() const;

private:
    const ApiContext &m_context;
};

} // namespace hearth::api
