#include "database.h"

#include "logging.h"
#include "sqlfailure.h"
#include "sqlresources.h"

#include <QSqlError>
#include <QThread>

namespace hearth::storage {

using namespace Qt::StringLiterals;

namespace {

/// Neither engine takes U+0000 in a text, and half a surrogate pair would be replaced in silence.
std::optional<Error> textProblem(const SqlBinding &binding)
{
    const QVariant &variant = binding.value.variant();
    if (variant.typeId() != QMetaType::QString)
        return std::nullopt;
    const QString text = variant.toString();
    if (!text.contains(QChar(u'\0')) && text.isValidUtf16())
        return std::nullopt;
    return Error{.code = ErrorCode::InvalidRequest,
                 .message = QStringLiteral("'%1' contains characters that cannot be stored (U+0000 or half a surrogate "
                                           "pair).")
                                .arg(binding.name),
                 .param = binding.name};
}

Error internal(const QString &message)
{
    return Error{.code = ErrorCode::Internal, .message = message};
}

/// The database's own words for the log: the first line, because the lines after it may quote rows.
QString firstLine(const QSqlError &error)
{
    return error.databaseText().section(u'\n', 0, 0);
}

} // namespace

Database::Database(DatabaseOptions options, std::shared_ptr<StatementWatch> watch)
    : m_options(std::move(options))
    , m_watch(watch ? std::move(watch) : std::make_shared<StatementWatch>())
    , m_thread(QThread::currentThread())
{}

Database::~Database()
{
    use(nullptr);
}

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options, std::shared_ptr<StatementWatch> watch)
{
    initialiseSqlResources();
    std::unique_ptr<Database> database(new Database(std::move(options), std::move(watch)));
    if (const Result<void> opened = database->reopen(); !opened)
        return opened.error();
    return database;
}

Result<void> Database::reopen()
{
    Q_ASSERT(m_thread == QThread::currentThread());
    Q_ASSERT(m_depth == 0);
    use(nullptr);
    Result<std::unique_ptr<SqlConnection>> connection = SqlConnection::open(m_options, m_watch);
    if (!connection)
        return connection.error();
    use(std::move(*connection));
    return {};
}

void Database::use(std::unique_ptr<SqlConnection> connection)
{
    m_connection = std::move(connection);
    // After the connection: see SqlConnection's destructor.
    m_statements.clear();
    m_doom.reset();
    m_lost = m_connection == nullptr;
    if (!m_lost)
        ++m_generation;
}

Result<qint64> Database::execute(QLatin1String statement, const SqlBindings &bindings)
{
    if (m_depth == 0)
        return internal(QStringLiteral("The statement '%1' needs a transaction.").arg(statement));
    const Result<QSqlQuery *> ran = run(statement, bindings);
    if (!ran)
        return ran.error();
    QSqlQuery &query = **ran;
    const qint64 changed = query.numRowsAffected();
    query.finish();
    return changed;
}

Result<void> Database::executeText(const QString &sql)
{
    if (const std::optional<Error> refused = refusal())
        return *refused;
    QSqlQuery query(m_connection->handle());
    const StatementWatch::Running running(*m_watch);
    if (!query.exec(sql))
        return failed(query.lastError(), sql);
    return {};
}

Result<QSqlQuery *> Database::run(QLatin1String statement, const SqlBindings &bindings)
{
    for (const SqlBinding &binding : bindings) {
        if (const std::optional<Error> problem = textProblem(binding))
            return *problem;
    }
    const StatementWatch::Running running(*m_watch);
    const Result<QSqlQuery *> found = prepared(statement);
    if (!found)
        return found;
    QSqlQuery &query = **found;
    for (const SqlBinding &binding : bindings)
        query.bindValue(u':' + binding.name, binding.value.variant());
    if (!query.exec()) {
        const QSqlError error = query.lastError();
        query.finish();
        return failed(error, statement);
    }
    return &query;
}

Result<QSqlQuery *> Database::prepared(QLatin1String statement)
{
    if (const std::optional<Error> refused = refusal())
        return *refused;
    const QString name(statement);
    if (const auto known = m_statements.find(name); known != m_statements.end())
        return &known->second;
    const std::optional<QString> file = readSql(QStringLiteral(":/sql/queries"), engine(), name + ".sql"_L1);
    const QStringList texts = splitStatements(file.value_or(QString()));
    if (texts.size() != 1) {
        qCCritical(lcStorage) << "There is no single statement named" << statement;
        return toError(SqlFailure::Defect);
    }
    QSqlQuery query(m_connection->handle());
    query.setForwardOnly(engine() == Engine::Sqlite);
    if (!query.prepare(texts.first()))
        return failed(query.lastError(), name);
    return &m_statements.emplace(name, std::move(query)).first->second;
}

std::optional<Error> Database::refusal() const
{
    Q_ASSERT(m_thread == QThread::currentThread());
    if (m_lost)
        return toError(SqlFailure::Lost);
    return m_doom;
}

Error Database::failed(const QSqlError &error, const QString &what)
{
    const SqlFailure failure = classify(engine(), error, m_connection->isAlive());
    const Error result = toError(failure);
    switch (failure) {
    case SqlFailure::Lost:
        m_lost = true;
        qCWarning(lcStorage).noquote() << "The connection to" << url().display() << "is lost:" << firstLine(error);
        break;
    case SqlFailure::Exhausted:
        if (m_depth > 0)
            m_doom = result;
        [[fallthrough]];
    case SqlFailure::Busy:
    case SqlFailure::Defect:
        qCWarning(lcStorage).noquote() << what << "failed:" << firstLine(error);
        break;
    case SqlFailure::Conflict:
        break;
    }
    return result;
}

Error Database::malformed(QLatin1String statement, const SqlRow &row) const
{
    qCWarning(lcStorage) << statement << "found a row whose column" << row.malformedColumn() << "cannot be understood";
    return internal(
        QStringLiteral("The database holds a row whose column '%1' cannot be understood.").arg(row.malformedColumn()));
}

std::optional<Error> Database::finish(QSqlQuery &query, QLatin1String statement)
{
    const QSqlError error = query.lastError();
    query.finish();
    if (!error.isValid())
        return std::nullopt;
    return failed(error, statement);
}

Result<void> Database::begin()
{
    // PostgreSQL takes a second BEGIN without an error.
    if (m_depth > 0)
        return internal(u"A transaction is open already."_s);
    if (const std::optional<Error> refused = refusal())
        return *refused;
    Result<void> begun;
    switch (engine()) {
    case Engine::Sqlite:
        // A deferred transaction that turns to writing later fails at once where this one waits its turn.
        begun = executeText(QStringLiteral("BEGIN IMMEDIATE"));
        break;
    case Engine::PostgreSql:
        begun = executeText(QStringLiteral("BEGIN"));
        break;
    }
    if (begun)
        m_depth = 1;
    return begun;
}

Result<void> Database::commit()
{
    Q_ASSERT(m_depth == 1);
    if (const std::optional<Error> refused = refusal())
        return *refused;
    QSqlDatabase handle = m_connection->handle();
    const StatementWatch::Running running(*m_watch);
    // Through the driver, which notices that PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK.
    if (!handle.commit())
        return failed(handle.lastError(), QStringLiteral("COMMIT"));
    m_depth = 0;
    return {};
}

void Database::rollback()
{
    Q_ASSERT(m_depth == 1);
    m_depth = 0;
    m_doom.reset();
    if (m_lost)
        return;
    const Result<void> rolledBack = executeText(QStringLiteral("ROLLBACK"));
    // SQLite has already rolled back by itself after some errors. A PostgreSQL connection that refuses is in no known
    // state.
    if (!rolledBack && engine() == Engine::PostgreSql)
        m_lost = true;
}

Result<void> Database::beginSavepoint()
{
    if (m_depth == 0)
        return internal(u"A savepoint needs a transaction."_s);
    const Result<void> begun = executeText(QStringLiteral("SAVEPOINT level%1").arg(m_depth + 1));
    if (begun)
        ++m_depth;
    return begun;
}

Result<void> Database::releaseSavepoint()
{
    const Result<void> released = executeText(QStringLiteral("RELEASE SAVEPOINT level%1").arg(m_depth));
    if (released)
        --m_depth;
    return released;
}

void Database::rollbackToSavepoint()
{
    const QString name = QStringLiteral("level%1").arg(m_depth--);
    if (refusal())
        return;
    const Result<void> rolledBack = executeText("ROLLBACK TO SAVEPOINT "_L1 + name);
    if (!rolledBack || !executeText("RELEASE SAVEPOINT "_L1 + name))
        m_doom = toError(SqlFailure::Defect);
}

} // namespace hearth::storage
