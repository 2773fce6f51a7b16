// becomeDataOwner(): what hearthd does with the rights of root: it gives them up before it touches its data.
//
// `sudo hearthd key create …` works on the database of a server that runs as a user of its own. A file that root makes
// there, be it SQLite's journal, is one that the server cannot write. So main() calls this before the database or the
// secret is opened. It is no sandbox: that is the affair of the service manager.

#pragma once

#include "databaseurl.h"

namespace hearth::server {

/// Makes this process, when it is root's, that of the user to whom the folder of the SQLite file belongs, with the
/// user's groups and no way back. Where the folder is yet to be made, the nearest one above decides. A user without a
/// name gets no groups but one of the same number. Root stays root where that is the owner, and beside PostgreSQL,
/// which knows its users itself. Says what it has become, for messages; empty where it has stayed what it was. Errors:
/// Io, with what to do instead.
Result<QString> becomeDataOwner(const storage::DatabaseUrl &database);

} // namespace hearth::server
