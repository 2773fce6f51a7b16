// changeRow(): the way of every change that an administrator makes to a row.
//
// It is planned in its turn, on the present state; stored in one transaction; and only then applied to the Registry and
// answered. If it cannot be planned or stored, nothing has happened, and the answer says why. Where the database turns
// out to hold another state than the Registry, after a commit whose answer was lost, its state is taken over, so that
// the next attempt succeeds. Used by the controllers of rows, on the main thread.

#pragma once

#include "apicontext.h"
#include "handlers.h"

namespace hearth::api {

/// What a change of a `Row` consists of. `Planned` is what is to be stored or deleted, `Stored` what the database makes
/// of it. The functions that get a Database run on the storage thread and own all that they need.
template <typename Row, typename Planned, typename Stored>
struct RowChange
{
    std::function<Result<Planned>()> plan;
    std::function<Result<Stored>(storage::Database &, const Planned &)> store;
    /// What the database holds in place of what was planned.
    std::function<Result<std::optional<Row>>(storage::Database &, const Planned &)> find;
    /// Makes it the present state; the answer.
    std::function<http::Response(const Stored &)> apply;
};

/// Makes what the database holds of a public row the present state; nothing when it holds no row with `id`. The rows of
/// publishers follow their publishers.
void takeOver(const ApiContext &context, const LlmId &id, const std::optional<domain::Llm> &stored);
void takeOver(const ApiContext &context, const AgentId &id, const std::optional<domain::Agent> &stored);

inline const LlmId &idOf(const domain::Llm &llm)
{
    return llm.id;
}

inline const AgentId &idOf(const domain::Agent &agent)
{
    return agent.id;
}

template <typename Id>
const Id &idOf(const Id &id)
{
    return id;
}

/// Whether a failure means that the database holds something else than was planned on.
inline bool isSurprise(ErrorCode code)
{
    return code == ErrorCode::Conflict || code == ErrorCode::NotFound || code == ErrorCode::PreconditionFailed;
}

/// `context` outlives `controller`, which is asked nothing any more once it has been destroyed.
template <typename Row, typename Planned, typename Stored>
void changeRow(const ApiContext &context, QObject &controller, std::shared_ptr<Reply> reply,
               RowChange<Row, Planned, Stored> change)
{
    context.changes.add([&context, &controller, reply = std::move(reply),
                         change = std::move(change)](const SerialQueue::Finished &finished) {
        const auto refuse = [reply, finished](const Error &error) {
            reply->send(http::errorResponse(error, http::ErrorShape::OpenAi));
            finished();
        };
        const Result<Planned> planned = change.plan();
        if (!planned)
            return refuse(planned.error());
        const auto surprised = [&context, &controller, refuse, planned = *planned,
                                find = change.find](const Error &error) {
            context.storage.submit<std::optional<Row>>(
                &controller, [planned, find](storage::Database &database) { return find(database, planned); },
                [&context, refuse, planned, error](const Result<std::optional<Row>> &found) {
                    if (found)
                        takeOver(context, idOf(planned), *found);
                    refuse(error);
                });
        };
        context.storage.submit<Stored>(
            &controller,
            [planned = *planned, store = change.store](storage::Database &database) {
                return store(database, planned);
            },
            [reply, finished, refuse, surprised, apply = change.apply](const Result<Stored> &stored) {
                if (!stored)
                    return isSurprise(stored.error().code) ? surprised(stored.error()) : refuse(stored.error());
                reply->send(apply(*stored));
                finished();
            });
    });
}

/// Errors: Conflict when the row's name belongs to another one or would hide a pool of another owner, ScopeMissing when
/// the key may not use it.
Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const domain::Llm &llm);
Result<void> checkName(const ApiContext &context, const domain::Principal &principal, const domain::Agent &agent);

} // namespace hearth::api
