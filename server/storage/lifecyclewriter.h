// writeLifecycles(): stores write-behind records through the table classes.
//
// Called by the storage worker inside a transaction. A record that the database refuses for its content is logged and
// given up: trying it again would fail again and hold up the others.

#pragma once

#include "lifecyclebuffer.h"
#include "result.h"

namespace hearth::storage {

class Database;

/// Fails only with StorageUnavailable: the transaction must then be rolled back and the records kept.
Result<void> writeLifecycles(Database &database, const LifecycleBuffer &records);

} // namespace hearth::storage
