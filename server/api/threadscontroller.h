// ThreadsController: `GET /api/v1/agents/{name}/threads`, `GET·DELETE /api/v1/threads/{id}`,
// `GET /api/v1/threads/{id}/messages`.
//
// Rows come from the database. A key sees the threads of its owner with agents whose names it may use; any other is not
// there. Lists are paged: `{"data":[…],"nextCursor":…}`, the cursor null on the last page. Main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

namespace hearth::api {

class ThreadsController : public QObject
{
    Q_OBJECT

public:
    explicit ThreadsController(const ApiContext &context, QObject *parent = nullptr);

    /// The newest first. 404 `model_not_found` when there is neither such an agent nor a thread with one.
    void list(const domain::Principal &principal, const QString &agentName, const QByteArray &query,
              std::shared_ptr<Reply> reply);
    /// 404 `not_found`.
    void one(const domain::Principal &principal, const domain::ThreadId &id, std::shared_ptr<Reply> reply);
    /// The last messages, in the order of the conversation; the cursor leads to those before them.
    void messages(const domain::Principal &principal, const domain::ThreadId &id, const QByteArray &query,
                  std::shared_ptr<Reply> reply);
    /// 204 when it has been deleted with its messages; 404, 409 while a message is being answered in it.
    void remove(const domain::Principal &principal, const domain::ThreadId &id, std::shared_ptr<Reply> reply);

private:
    /// Runs `work`, whose result is the body, or nothing for a 204, and answers with it.
    void answer(std::function<Result<QByteArray>(storage::Database &)> work, std::shared_ptr<Reply> reply);

    const ApiContext &m_context;
};

} // namespace hearth::api
