// ApiKeyTable: the rows of `api_keys`, and the version that tells running servers of a change.
//
// Used by the `hearthd key` commands on a Database of their own thread, and on the storage thread to load the keys. The
// database holds the SHA-256 of a key and its prefix, never the key. Every write raises the version in the same
// transaction. Each write is all or nothing by itself: after a failure the transaction around goes on.

#pragma once

#include "apikey.h"
#include "result.h"

#include <functional>

namespace hearth::storage {

class Database;

class ApiKeyTable
{
public:
    explicit ApiKeyTable(Database &database)
        : m_database(database)
    {}

    /// By name, revoked and expired ones included. Like all reads, fails only with StorageUnavailable or Internal.
    Result<QList<domain::ApiKey>> all() const;
    Result<std::optional<domain::ApiKey>> findByName(const QString &name) const;
    /// Prefixes are not unique by construction, only in practice.
    Result<QList<domain::ApiKey>> findByPrefix(const QString &prefix) const;

    /// Differs from an earlier answer whenever a key was changed in between, by whichever program. Only for comparing.
    Result<qint64> version() const;

    /// Conflict when the name is taken or the hash is stored already; InvalidRequest when the hash has not 32 bytes.
    Result<void> insert(const domain::ApiKey &key);

    /// Replaces the row, except createdAt. NotFound; otherwise as insert().
    Result<void> update(const domain::ApiKey &key);

    /// NotFound. Revoking keeps the row: set revokedAt with update().
    Result<void> remove(const ApiKeyId &id);

private:
    /// Runs `write` and raises the version, or does neither.
    Result<void> change(const std::function<Result<void>()> &write);

    Database &m_database;
};

} // namespace hearth::storage
