// LlmsController: `GET /api/v1/llms`, `GET·DELETE /api/v1/llms/{nameOrId}`.
//
// Rows with all lifecycle fields, read from the Registry. A key sees, and an administrator's deletes, only the names
// that it may use. Main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

namespace hearth::api {

class LlmsController : public QObject
{
    Q_OBJECT

public:
    explicit LlmsController(const ApiContext &context, QObject *parent = nullptr);

    /// An array of rows, sorted by name.
    http::Response list(const domain::Principal &principal) const;
    /// One row; 404 `model_not_found`.
    http::Response one(const domain::Principal &principal, const QString &nameOrId) const;
    /// 204 when it has been deleted, 404, 409 while agents are pinned to it or its publisher is connected, 503
    /// `storage_unavailable`.
    void remove(const domain::Principal &principal, const QString &nameOrId, std::shared_ptr<Reply> reply);

private:
    /// The Llm, if there is one that the key may know of.
    const domain::Llm *visible(const domain::Principal &principal, const QString &nameOrId) const;
    Result<LlmId> removable(const domain::Principal &principal, const QString &nameOrId) const;

    const ApiContext &m_context;
};

} // namespace hearth::api
