// LlmTable: the rows of `llms`, and their share of `names`.
//
// Used inside a piece of work on the storage thread. Owns all statements that touch Llms and returns plain structs; it
// knows no lifecycle rule. insert(), update() and remove() are all or nothing by themselves: after a failure the
// transaction around goes on.

#pragma once

#include "lifecyclewrites.h"
#include "result.h"

#include <QList>

namespace hearth::storage {

class Database;

class LlmTable
{
public:
    explicit LlmTable(Database &database)
        : m_database(database)
    {}

    /// By name. Like all reads, fails only with StorageUnavailable or Internal.
    Result<QList<domain::Llm>> all() const;
    Result<std::optional<domain::Llm>> find(const LlmId &id) const;
    Result<std::optional<domain::Llm>> findByName(const QString &name) const;

    /// Stores `llm` as it is. Conflict when an Llm or an agent has its name, or when its provider session is not
    /// stored.
    Result<void> insert(const domain::Llm &llm);

    /// Replaces the row with the id and the version of `llm`, except createdAt, and returns `llm` with the version that
    /// it now has. PreconditionFailed when the stored version is another one, NotFound, Conflict as insert().
    Result<domain::Llm> update(const domain::Llm &llm);

    /// Conflict while agents are pinned to it; NotFound.
    Result<void> remove(const LlmId &id);

    /// Has no effect on a row that is gone or that the guard of LlmLifecycle protects.
    Result<void> writeLifecycle(const LlmLifecycle &lifecycle);
    Result<void> writeHeartbeat(const SessionHeartbeat &heartbeat);

private:
    Result<void> rename(const domain::Llm &llm);
    Error staleOrGone(const domain::Llm &llm) const;

    Database &m_database;
};

} // namespace hearth::storage
