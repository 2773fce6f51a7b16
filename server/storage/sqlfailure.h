// SqlFailure: what a database's error means for Hearth, and the Error that callers see.
//
// Used by Database for every statement that fails. Free functions without state; the caller logs the database's own
// words, which never reach a client.

#pragma once

#include "databaseurl.h"
#include "result.h"

#include <QSqlError>

namespace hearth::storage {

enum class SqlFailure {
    /// The connection is gone; everything on it fails until it is reopened.
    Lost,
    /// Locked, deadlocked, or slower than the statement timeout: the same may work later.
    Busy,
    /// Disk full, too many connections, read-only: an administrator has to act.
    Exhausted,
    /// A unique key is taken, or a row that is referred to is missing or would go missing.
    Conflict,
    /// Anything else is a fault in Hearth or in the database's content.
    Defect,
};

/// `connectionAlive` is what the client library says about the connection after the failure.
SqlFailure classify(Engine engine, const QSqlError &error, bool connectionAlive);

Error toError(SqlFailure failure);

} // namespace hearth::storage
