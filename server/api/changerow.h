// changeRow(): the way of every change that an administrator makes to a row.
//
// It is planned in its turn, on the present state; stored in one transaction; and only then applied to the Registry and
// answered. If it cannot be planned or stored, nothing has happened, and the answer says why. Used by the controllers
// of rows, on the main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

namespace hearth::api {

/// What a change consists of. `Planned` is what is to be stored or deleted, `Stored` what the database makes of it.
template <typename Planned, typename Stored>
struct RowChange
{
    std::function<Result<Planned>()> plan;
    /// On the storage thread; owns all that it needs.
    std::function<Result<Stored>(storage::Database &, const Planned &)> store;
    /// Makes it the present state; the answer.
    std::function<http::Response(const Stored &)> apply;
};

/// `context` outlives `controller`, which is asked nothing any more once it has been destroyed.
template <typename Planned, typename Stored>
void changeRow(const ApiContext &context, QObject &controller, std::shared_ptr<Reply> reply,
               RowChange<Planned, Stored> change)
{
    context.changes.add([&context, &controller, reply = std::move(reply),
                         change = std::move(change)](const SerialQueue::Finished &finished) {
        const auto refuse = [reply](const Error &error) {
            reply->send(http::errorResponse(error, http::ErrorShape::OpenAi));
        };
        const Result<Planned> planned = change.plan();
        if (!planned) {
            refuse(planned.error());
            return finished();
        }
        context.storage.submit<Stored>(
            &controller,
            [planned = *planned, store = change.store](storage::Database &database) {
                return store(database, planned);
            },
            [reply, refuse, finished, apply = change.apply](const Result<Stored> &stored) {
                if (stored)
                    reply->send(apply(*stored));
                else
                    refuse(stored.error());
                finished();
            });
    });
}

/// Errors: Conflict when the name belongs to another row than the one with `id`, ScopeMissing when the key may not use
/// it.
Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const QString &name,
                       const QString &id);

} // namespace hearth::api
