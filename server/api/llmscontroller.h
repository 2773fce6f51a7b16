// LlmsController: `GET·POST /api/v1/llms`, `GET·PATCH·DELETE /api/v1/llms/{nameOrId}`.
//
// Rows with all lifecycle fields, read from the Registry. Public Llms are made and edited here; virtual ones belong to
// their publisher. A key sees, and an administrator's changes, only the names that it may use; the pools of others are
// hidden from all but administrators. Main thread.

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
    /// 201 with the new public Llm; 400 for what it may not hold, 409 for a name that is taken.
    void create(const domain::Principal &principal, const QByteArray &body, std::shared_ptr<Reply> reply);
    /// 200 with the row as it is now; 409 for a virtual Llm, and for the last member of a pool that would leave it
    /// while agents are pinned to it; 412 when `ifMatch` (empty: whatever it is) names another version.
    void edit(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
              const QByteArray &body, std::shared_ptr<Reply> reply);
    /// 204 when it has been deleted, 404, 409 while agents are pinned to it, or to its pool that has no other member,
    /// or its publisher is connected, 503 `storage_unavailable`.
    void remove(const domain::Principal &principal, const QString &nameOrId, std::shared_ptr<Reply> reply);

private:
    /// The Llm, if there is one that the key may know of.
    const domain::Llm *visible(const domain::Principal &principal, const QString &nameOrId) const;
    Result<domain::Llm> planned(const domain::Principal &principal, const QByteArray &body) const;
    Result<domain::Llm> edited(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
                               const QByteArray &body) const;
    /// The row as `principal` may see it.
    http::Response rowResponse(const domain::Principal &principal, const domain::Llm &llm, int status) const;
    Result<LlmId> removable(const domain::Principal &principal, const QString &nameOrId) const;

    const ApiContext &m_context;
};

} // namespace hearth::api
