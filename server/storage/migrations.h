// Migrations: brings the schema of a database up to the one that this program was built for.
//
// Called once after opening, by the storage thread and by `hearthd key …`. The steps are files with one number for both
// engines (resources/sql/README.md); each runs in a transaction together with the record of its number, under a lock,
// so an interrupted program goes on where it stopped and two programs may migrate at once. There is no way back: a
// database that a newer program has migrated is refused.

#pragma once

#include "databaseurl.h"
#include "result.h"

#include <QString>

#include <vector>

namespace hearth::storage {

class Database;

class Migrations
{
public:
    /// The steps in `folder`, by default those compiled into the program.
    explicit Migrations(QString folder = QStringLiteral(":/sql/migrations"));

    /// The number of the last step for `engine`; fails with Internal when numbers are missing or double.
    Result<int> newest(Engine engine) const;

    /// Runs the missing steps and returns how many they were. Fails with Configuration when the database is newer than
    /// the program, otherwise as Database::execute().
    Result<int> apply(Database &database) const;

private:
    struct Step
    {
        int number = 0;
        QString fileName;
    };

    Result<std::vector<Step>> steps(Engine engine) const;
    /// Runs the first missing step; false when none is missing.
    Result<bool> applyNext(Database &database, const std::vector<Step> &steps) const;
    Result<void> run(Database &database, const Step &step) const;

    const QString m_folder;
};

} // namespace hearth::storage
