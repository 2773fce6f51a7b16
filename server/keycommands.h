// The `hearthd key …` commands: make, list, change and revoke API keys.
//
// Called by main() after the configuration was read; they work on the database directly, whether or not a server is
// running, and block. Each prints its answer to standard output and returns an error instead of printing one.

#pragma once

#include "databaseurl.h"
#include "keyoptions.h"
#include "result.h"

namespace hearth::server {

/// Makes a key and prints it, the only time that it can be seen. InvalidRequest for bad options, Conflict for a name
/// that is taken.
Result<void> createKey(const storage::DatabaseUrl &url, const KeyOptions &options);
Result<void> listKeys(const storage::DatabaseUrl &url, bool asJson);
/// Changes what `options` says of the key that it names. NotFound; otherwise as createKey().
Result<void> updateKey(const storage::DatabaseUrl &url, const KeyOptions &options);
/// Revokes the key with this name, or else the one whose whole prefix this is. NotFound; Conflict when several have the
/// prefix.
Result<void> revokeKey(const storage::DatabaseUrl &url, const QString &nameOrPrefix, bool asJson);

} // namespace hearth::server
