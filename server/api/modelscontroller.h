// ModelsController: `GET /v1/models` and `/v1/models/{id}`, in OpenAI's shape.
//
// Answered from memory: Llms, agents and pools. Hibernating Llms are listed, since the first request wakes them;
// inactive ones, and pools and agents that only such ones could serve, are not, since nothing can be asked of them. A
// key sees the names that it may call. Main thread.

#pragma once

#include "apicontext.h"
#include "httpmessage.h"

namespace hearth::api {

class ModelsController
{
public:
    explicit ModelsController(const ApiContext &context)
        : m_context(context)
    {}

    /// `{"object":"list","data":[{"id","object","created","owned_by"}]}`
    http::Response list(const domain::Principal &principal) const;
    /// One entry of the list, inactive ones included; 404 `model_not_found`.
    http::Response one(const domain::Principal &principal, const QString &id) const;

private:
    const ApiContext &m_context;
};

} // namespace hearth::api
