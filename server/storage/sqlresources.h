// The SQL texts that are compiled into the program (resources/sql).
//
// Used by Database for queries and by Migrations for the schema. Free functions, safe from any thread.

#pragma once

#include "databaseurl.h"

#include <QStringList>

#include <optional>

namespace hearth::storage {

/// Makes `:/sql` visible; a static library's resources are not linked in by themselves. Cheap to repeat.
void initialiseSqlResources();

/// The text of `folder`/`engine`/`fileName` if it exists, else of `folder`/`fileName`; nothing where neither exists.
std::optional<QString> readSql(const QString &folder, Engine engine, const QString &fileName);

/// The statements of a text, in order, without comments and final semicolons. Knows quotes and `--` comments, and
/// nothing else: no block comments, no bodies with inner semicolons.
QStringList splitStatements(const QString &sql);

} // namespace hearth::storage
