// AgentTable: the rows of `agents`, and their share of `names`.
//
// Used inside a piece of work on the storage thread. Owns all statements that touch agents and returns plain structs;
// it knows no lifecycle rule. insert(), update() and remove() are all or nothing by themselves: after a failure the
// transaction around goes on.

#pragma once

#include "lifecyclewrites.h"
#include "result.h"

#include <QList>

namespace hearth::storage {

class Database;

class AgentTable
{
public:
    explicit AgentTable(Database &database)
        : m_database(database)
    {}

    /// By name. Like all reads, fails only with StorageUnavailable or Internal.
    Result<QList<domain::Agent>> all() const;
    Result<std::optional<domain::Agent>> find(const AgentId &id) const;
    Result<std::optional<domain::Agent>> findByName(const QString &name) const;

    /// Stores `agent` as it is. Conflict when an Llm or an agent has its name, or when its Llm or its provider session
    /// is not stored.
    Result<void> insert(const domain::Agent &agent);

    /// Replaces the row with the id and the version of `agent`, except createdAt, and returns `agent` with the version
    /// that it now has. PreconditionFailed when the stored version is another one, NotFound, Conflict as insert().
    Result<domain::Agent> update(const domain::Agent &agent);

    /// NotFound.
    Result<void> remove(const AgentId &id);

    /// Has no effect on a row that is gone or that the guard of AgentLifecycle protects.
    Result<void> writeLifecycle(const AgentLifecycle &lifecycle);
    Result<void> writeHeartbeat(const SessionHeartbeat &heartbeat);

private:
    Result<void> rename(const domain::Agent &agent);
    Error staleOrGone(const domain::Agent &agent) const;

    Database &m_database;
};

} // namespace hearth::storage
