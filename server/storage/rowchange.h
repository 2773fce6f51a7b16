// The outcomes that all tables share: a row that should have been there, a version that was another one, a taken name.
//
// Used by the table classes only. Free functions without state.

#pragma once

#include "result.h"

#include <QString>

namespace hearth::storage {

/// NotFound when a statement that changes one row by its key changed none.
Result<void> requireOneRow(const Result<qint64> &changed, const QString &what);

/// For statements that may well change no row.
Result<void> withoutCount(const Result<qint64> &changed);

/// `conflict` in place of a Conflict of the database, which cannot say it in words; other errors as they are.
Error explained(const Error &error, const QString &conflict);

/// Conflict's words where an Llm or agent cannot have a name.
QString nameTaken(const QString &name);

/// PreconditionFailed: somebody else has changed the row since it was read.
Error versionDiffers(const QString &what, int expected, int stored);

Error notFound(const QString &what);

} // namespace hearth::storage
