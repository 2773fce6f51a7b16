// ProviderSessionTable: the rows of `provider_sessions`.
//
// Used inside a piece of work on the storage thread. A row has no version: its epoch orders its writers. Each write is
// all or nothing by itself: after a failure the transaction around goes on.

#pragma once

#include "lifecyclewrites.h"
#include "providersession.h"
#include "result.h"

#include <QList>

namespace hearth::storage {

class Database;

class ProviderSessionTable
{
public:
    explicit ProviderSessionTable(Database &database)
        : m_database(database)
    {}

    /// The oldest first. Like all reads, fails only with StorageUnavailable or Internal.
    Result<QList<domain::ProviderSession>> all() const;
    Result<std::optional<domain::ProviderSession>> find(const ProviderSessionId &id) const;

    /// Conflict when the id is in use.
    Result<void> insert(const domain::ProviderSession &session);

    /// Replaces the row, except createdAt. PreconditionFailed when the stored epoch is higher: the writer is stale.
    /// NotFound.
    Result<void> update(const domain::ProviderSession &session);

    /// Conflict while Llms or agents belong to it; NotFound.
    Result<void> remove(const ProviderSessionId &id);

    /// Has no effect on a session that is gone or has a higher epoch.
    Result<void> writeHeartbeat(const SessionHeartbeat &heartbeat);

private:
    Error staleOrGone(const domain::ProviderSession &session) const;

    Database &m_database;
};

} // namespace hearth::storage
