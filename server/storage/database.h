// Database: one connection to the database, its prepared statements, and what its errors mean.
//
// Owned and used by one thread: the storage thread in hearthd, the calling thread in `hearthd key …`. The table classes
// run their statements here by name; rooms outside storage get to see a Database only inside a piece of work that they
// submitted. It blocks. It does not reconnect by itself: isLost() tells that reopen() is due.
//
// Writes are refused outside a Transaction (transaction.h), so that nothing is ever half stored.

#pragma once

#include "sqlconnection.h"
#include "sqlrow.h"
#include "sqlvalue.h"

#include <QSqlQuery>

#include <type_traits>
#include <unordered_map>

class QThread;

namespace hearth::storage {

enum class SqlFailure;

class Database
{
public:
    /// Blocks, for errors see SqlConnection::open(). `watch` is told about every statement. The schema is not touched:
    /// see migrations.h.
    static Result<std::unique_ptr<Database>> open(DatabaseOptions options,
                                                  std::shared_ptr<StatementWatch> watch = nullptr);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    Engine engine() const { return m_options.url.engine(); }

    const DatabaseUrl &url() const { return m_options.url; }

    /// True once a statement found the connection lost. Then every statement fails until reopen() succeeds.
    bool isLost() const { return m_lost; }

    /// Closes the connection and opens a new one; prepared statements are made again at their next use. Not inside a
    /// transaction.
    Result<void> reopen();

    /// How often the connection has been opened.
    int generation() const { return m_generation; }

    /// Runs a statement that changes rows; the number of rows it changed. `statement` is the name of a file in
    /// resources/sql/queries.
    ///
    /// Errors: Conflict (a key is taken, a referenced row is missing or still needed), InvalidRequest (a text with
    /// U+0000 or half a surrogate pair, which no database stores; `param` names the value), StorageUnavailable with
    /// retryAfter, Internal.
    Result<qint64> execute(QLatin1String statement, const SqlBindings &bindings = {});

    /// Runs a query and reads each row with `read`, a `T(const SqlRow &)`. Errors as execute(), except Conflict.
    template <typename Read>
    auto select(QLatin1String statement, const SqlBindings &bindings, Read read)
        -> Result<QList<std::invoke_result_t<Read, const SqlRow &>>>;

    /// The same for a query that finds one row or none.
    template <typename Read>
    auto selectOne(QLatin1String statement, const SqlBindings &bindings, Read read)
        -> Result<std::optional<std::invoke_result_t<Read, const SqlRow &>>>;

    /// Runs SQL that cannot be prepared: schema statements, never values. Errors as execute().
    Result<void> executeText(const QString &sql);

private:
    friend class Transaction;
    friend class Savepoint;

    Database(DatabaseOptions options, std::shared_ptr<StatementWatch> watch);

    void use(std::unique_ptr<SqlConnection> connection);
    /// Binds and runs; the query stays this object's and must be finished before the statement is used again.
    Result<QSqlQuery *> run(QLatin1String statement, const SqlBindings &bindings);
    Result<QSqlQuery *> prepared(QLatin1String statement);
    /// Why statements cannot run at all at the moment.
    std::optional<Error> refusal() const;
    Error failed(const QSqlError &error, const QString &what);
    Error malformed(QLatin1String statement, const SqlRow &row) const;
    /// After the last row: the error that ended the rows early, if one did.
    std::optional<Error> finish(QSqlQuery &query, QLatin1String statement);

    // For Transaction and Savepoint, which keep the depth in order.
    Result<void> begin();
    Result<void> commit();
    void rollback();
    Result<void> beginSavepoint();
    Result<void> releaseSavepoint();
    void rollbackToSavepoint();

    const DatabaseOptions m_options;
    const std::shared_ptr<StatementWatch> m_watch;
    const QThread *const m_thread;
    std::unique_ptr<SqlConnection> m_connection;
    std::unordered_map<QString, QSqlQuery> m_statements;
    int m_generation = 0;
    /// 0 outside a transaction, 1 in one, more inside savepoints.
    int m_depth = 0;
    bool m_lost = false;
    /// Set when the engine may have ended the transaction behind our back; nothing runs until it is rolled back.
    std::optional<Error> m_doom;
};

template <typename Read>
auto Database::select(QLatin1String statement, const SqlBindings &bindings, Read read)
    -> Result<QList<std::invoke_result_t<Read, const SqlRow &>>>
{
    const Result<QSqlQuery *> ran = run(statement, bindings);
    if (!ran)
        return ran.error();
    QSqlQuery &query = **ran;
    QList<std::invoke_result_t<Read, const SqlRow &>> rows;
    std::optional<Error> problem;
    while (!problem && query.next()) {
        const SqlRow row(query.record());
        rows.append(read(row));
        if (!row.malformedColumn().isEmpty())
            problem = malformed(statement, row);
    }
    if (const std::optional<Error> cutShort = finish(query, statement); cutShort && !problem)
        problem = cutShort;
    if (problem)
        return *problem;
    return rows;
}

template <typename Read>
auto Database::selectOne(QLatin1String statement, const SqlBindings &bindings, Read read)
    -> Result<std::optional<std::invoke_result_t<Read, const SqlRow &>>>
{
    auto rows = select(statement, bindings, read);
    if (!rows)
        return rows.error();
    using Found = std::optional<std::invoke_result_t<Read, const SqlRow &>>;
    return rows->isEmpty() ? Found() : Found(std::move(rows->first()));
}

} // namespace hearth::storage
