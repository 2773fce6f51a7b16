// Pool rules: which pool an Llm belongs to, and which names pools keep from others.
//
// Everybody who makes or edits rows asks here: registration, and the api for public rows. Pure functions of the present
// state; whoever changes it asks again.

#pragma once

#include "keyring.h"
#include "registry.h"
#include "result.h"

namespace hearth::domain {

/// Who wants to join, in which state of the server.
struct PoolScope
{
    const Registry &registry;
    /// Whose key publishes the Llm or makes it.
    const Principal &principal;
    /// Whether the members of a pool may have different owners.
    bool acrossOwners = true;
};

/// The pool that `llm`, which belongs to the one that it has, is to belong to: the one that was asked for, none for an
/// empty text, and when nothing was asked for the one of its model, if it may join that and nobody else has an Llm or
/// agent of that name; else none. Errors, only for what was asked for: InvalidRequest for a name that no pool may have,
/// ScopeMissing for one that the key may not use, Conflict for one that belongs to another owner or is the name of an
/// Llm or agent.
Result<QString> poolFor(const PoolScope &scope, const Llm &llm, const std::optional<QString> &asked);

/// Conflict when an Llm or agent that is new under `name` would hide a pool of others than `owner`.
Result<void> checkHidesNoPool(const Registry &registry, const QString &name, const QString &owner);

} // namespace hearth::domain
