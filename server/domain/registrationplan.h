// Registration: what becomes of a register message.
//
// A pure function from the present state and the message to a plan: the outcome of each entry and the rows as they will
// be. The control room stores the plan in one transaction and then applies it; a failure of the database changes
// nothing.

#pragma once

#include "keyring.h"
#include "lifecycle.h"
#include "registry.h"
#include "sessionmessages.h"

namespace hearth::domain {

/// What a register message does to the rows of one kind.
template <typename Row>
struct RowChanges
{
    /// One for each entry of the message, in its order.
    QList<channel::EntryOutcome> outcomes;
    /// Rows that are new, and rows with other content than before (still with their old version): edited or adopted.
    QList<Row> written;
    /// Rows of which only lifecycle fields changed: published again as they were, or withdrawn (inactive now).
    QList<Row> touched;
};

struct RegistrationPlan
{
    ProviderSession session;
    RowChanges<Llm> llms;
    /// New ones may be pinned to new Llms of the same plan.
    RowChanges<Agent> agents;
};

struct RegistrationContext
{
    WallTime now;
    /// The epoch under which the socket will be bound: one more than the session's for the first register of a socket,
    /// the same for later ones.
    bool firstOfSocket = true;
    bool adoptAcrossOwners = false;
    /// Whether a socket is bound to the session now.
    std::function<bool(const ProviderSessionId &)> isBound;
    /// Whether the members of a pool may have different owners.
    bool poolsAcrossOwners = true;
};

/// Errors: Conflict when the session id belongs to another owner, InvalidRequest when it is malformed, or when the
/// message lists too much; then nothing at all is registered.
Result<RegistrationPlan> planRegistration(const Registry &registry, const channel::Register &message,
                                          const Principal &principal, const RegistrationContext &context);

} // namespace hearth::domain
