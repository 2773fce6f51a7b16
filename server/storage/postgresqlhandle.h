// Two facts about a PostgreSQL connection that Qt does not tell: its socket, and whether libpq still believes in it.
//
// Used by SqlConnection on the thread that owns the connection. libpq is not linked: the QPSQL plugin has loaded it
// wherever there is a connection to ask about, and a server on SQLite does without.

#pragma once

class QSqlDatabase;

namespace hearth::storage {

/// The socket's descriptor, which stays libpq's; -1 when it cannot be found out.
int postgreSqlSocket(const QSqlDatabase &database);

/// Whether the connection is usable as far as libpq knows; true when it cannot be found out.
bool postgreSqlAlive(const QSqlDatabase &database);

} // namespace hearth::storage
