// AgentsController: `GET·POST /api/v1/agents`, `GET·PATCH·DELETE /api/v1/agents/{nameOrId}`.
//
// Reads come from the Registry. Public agents are made and edited here; virtual ones belong to their publisher. A key
// sees and changes only the names that it may use, of pools too. Main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

namespace hearth::api {

class ResourceReader;

class AgentsController : public QObject
{
    Q_OBJECT

public:
    explicit AgentsController(const ApiContext &context, QObject *parent = nullptr);

    /// An array of rows, sorted by name.
    http::Response list(const domain::Principal &principal) const;
    /// One row, its version as `ETag`; 404 `model_not_found`.
    http::Response one(const domain::Principal &principal, const QString &nameOrId) const;
    /// 201 with the new public agent; 400 for what it may not hold, 404 for an Llm or pool that does not exist, 409 for
    /// a name that is taken.
    void create(const domain::Principal &principal, const QByteArray &body, std::shared_ptr<Reply> reply);
    /// 200 with the row as it is now; 409 for a virtual agent, 412 when `ifMatch` (empty: whatever it is) names another
    /// version.
    void edit(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
              const QByteArray &body, std::shared_ptr<Reply> reply);
    /// 204 when it has been deleted; 409 while its publisher is connected and publishes it.
    void remove(const domain::Principal &principal, const QString &nameOrId, std::shared_ptr<Reply> reply);

private:
    const domain::Agent *visible(const domain::Principal &principal, const QString &nameOrId) const;
    /// Takes over what `reader` has for an agent.
    Result<domain::Agent> read(const domain::Principal &principal, domain::Agent agent, ResourceReader &reader) const;
    Result<domain::Destination> pinnableLlm(const domain::Principal &principal, const QString &nameOrId) const;
    Result<domain::Destination> pinnablePool(const domain::Principal &principal, const QString &name) const;
    Result<domain::Agent> planned(const domain::Principal &principal, const QByteArray &body) const;
    Result<domain::Agent> edited(const domain::Principal &principal, const QString &nameOrId, const QByteArray &ifMatch,
                                 const QByteArray &body) const;
    Result<AgentId> removable(const domain::Principal &principal, const QString &nameOrId) const;
    /// The row as `principal` may see it.
    http::Response rowResponse(const domain::Principal &principal, const domain::Agent &agent, int status) const;

    const ApiContext &m_context;
};

} // namespace hearth::api
