#include "migrations.h"

#include "database.h"
#include "logging.h"
#include "sqlresources.h"
#include "transaction.h"

#include <QDir>

namespace hearth::storage {

using namespace Qt::StringLiterals;

namespace {

Error internal(const QString &message)
{
    return Error{.code = ErrorCode::Internal, .message = message};
}

/// Takes the lock that other migrating programs wait for and reads the database's number.
Result<int> lockAndReadNumber(Database &database)
{
    const auto asNumber = [](const SqlRow &row) { return static_cast<int>(row.integer("number"_L1)); };
    const auto locked = database.select("schema_lock"_L1, {}, [](const SqlRow &) { return true; });
    if (!locked)
        return locked.error();
    const std::optional<QString> create =
        readSql(QStringLiteral(":/sql/queries"), database.engine(), QStringLiteral("schema_create.sql"));
    if (const Result<void> created = database.executeText(create.value_or(QString())); !created)
        return created.error();
    const auto number = database.selectOne("schema_number"_L1, {}, asNumber);
    if (!number)
        return number.error();
    return number->value_or(0);
}

} // namespace

Migrations::Migrations(QString folder)
    : m_folder(std::move(folder))
{
    initialiseSqlResources();
}

Result<int> Migrations::newest(Engine engine) const
{
    const Result<std::vector<Step>> found = steps(engine);
    if (!found)
        return found.error();
    return static_cast<int>(found->size());
}

Result<int> Migrations::apply(Database &database) const
{
    const Result<std::vector<Step>> found = steps(database.engine());
    if (!found)
        return found.error();
    for (int applied = 0;; ++applied) {
        const Result<bool> more = applyNext(database, *found);
        if (!more)
            return more.error();
        if (!*more)
            return applied;
    }
}

Result<std::vector<Migrations::Step>> Migrations::steps(Engine engine) const
{
    const QStringList pattern{QStringLiteral("[0-9][0-9][0-9][0-9]_*.sql")};
    QStringList names = QDir(m_folder).entryList(pattern, QDir::Files);
    names += QDir(m_folder + u'/' + toString(engine)).entryList(pattern, QDir::Files);
    names.removeDuplicates();
    names.sort();
    std::vector<Step> steps;
    for (const QString &name : std::as_const(names)) {
        steps.push_back({.number = static_cast<int>(steps.size()) + 1, .fileName = name});
        if (name.left(4).toInt() != steps.back().number)
            return internal(QStringLiteral("The migrations are not numbered without gaps: found %1.").arg(name));
    }
    return steps;
}

Result<bool> Migrations::applyNext(Database &database, const std::vector<Step> &steps) const
{
    Result<Transaction> transaction = Transaction::begin(database);
    if (!transaction)
        return transaction.error();
    const Result<int> number = lockAndReadNumber(database);
    if (!number)
        return number.error();
    const auto newestStep = static_cast<int>(steps.size());
    if (*number > newestStep) {
        return Error{.code = ErrorCode::Configuration,
                     .message = QStringLiteral("The database %1 has schema %2, but this program knows only up to %3. "
                                               "Use the newer program that migrated it.")
                                    .arg(database.url().display())
                                    .arg(*number)
                                    .arg(newestStep),
                     .param = QStringLiteral("database")};
    }
    const bool isMissing = *number < newestStep;
    if (isMissing) {
        if (const Result<void> done = run(database, steps[static_cast<size_t>(*number)]); !done)
            return done.error();
    }
    if (const Result<void> committed = transaction->commit(); !committed)
        return committed.error();
    return isMissing;
}

Result<void> Migrations::run(Database &database, const Step &step) const
{
    const std::optional<QString> sql = readSql(m_folder, database.engine(), step.fileName);
    if (!sql)
        return internal(QStringLiteral("The migration %1 cannot be read.").arg(step.fileName));
    for (const QString &statement : splitStatements(*sql)) {
        if (const Result<void> done = database.executeText(statement); !done)
            return done;
    }
    // The date of the machine, for people: nothing is computed from it.
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const Result<qint64> recorded =
        database.execute("schema_record"_L1, {{"number", step.number}, {"name", step.fileName}, {"appliedAt", now}});
    if (!recorded)
        return recorded.error();
    qCInfo(lcStorage).noquote() << "Migrated" << database.url().display() << "with" << step.fileName;
    return {};
}

} // namespace hearth::storage
