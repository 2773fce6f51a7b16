#include "sqlfailure.h"

#include <algorithm>
#include <array>

namespace hearth::storage {

namespace {

// Primary result codes of SQLite; the low byte of the extended code that the driver reports.
constexpr int sqliteBusy = 5;
constexpr int sqliteLocked = 6;
constexpr int sqliteReadOnly = 8;
constexpr int sqliteIoError = 10;
constexpr int sqliteFull = 13;
constexpr int sqliteCannotOpen = 14;

// Extended result codes of SQLite.
constexpr int sqliteConstraintForeignKey = 787;
constexpr int sqliteConstraintPrimaryKey = 1555;
constexpr int sqliteConstraintUnique = 2067;

SqlFailure classifySqlite(int extendedCode)
{
    switch (extendedCode) {
    case sqliteConstraintForeignKey:
    case sqliteConstraintPrimaryKey:
    case sqliteConstraintUnique:
        return SqlFailure::Conflict;
    default:
        break;
    }
    switch (extendedCode & 0xff) {
    case sqliteBusy:
    case sqliteLocked:
        return SqlFailure::Busy;
    case sqliteReadOnly:
    case sqliteIoError:
    case sqliteFull:
    case sqliteCannotOpen:
        return SqlFailure::Exhausted;
    default:
        return SqlFailure::Defect;
    }
}

template <size_t Count>
bool startsWithOneOf(const QString &state, const std::array<const char *, Count> &prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&state](const char *prefix) { return state.startsWith(QLatin1String(prefix)); });
}

// SQLSTATE codes and classes, PostgreSQL 15 manual, appendix A.
SqlFailure classifyPostgreSql(const QString &state)
{
    static constexpr std::array lost{"08", "57P"};
    static constexpr std::array busy{"57014", "40", "55P03"};
    static constexpr std::array exhausted{"53", "25006", "58"};
    static constexpr std::array conflict{"23505", "23503"};
    if (startsWithOneOf(state, lost))
        return SqlFailure::Lost;
    if (startsWithOneOf(state, busy))
        return SqlFailure::Busy;
    if (startsWithOneOf(state, exhausted))
        return SqlFailure::Exhausted;
    if (startsWithOneOf(state, conflict))
        return SqlFailure::Conflict;
    return SqlFailure::Defect;
}

} // namespace

SqlFailure classify(Engine engine, const QSqlError &error, bool connectionAlive)
{
    if (!connectionAlive)
        return SqlFailure::Lost;
    switch (engine) {
    case Engine::Sqlite:
        return classifySqlite(error.nativeErrorCode().toInt());
    case Engine::PostgreSql:
        return classifyPostgreSql(error.nativeErrorCode());
    }
    Q_UNREACHABLE();
}

Error toError(SqlFailure failure)
{
    static constexpr std::chrono::seconds soon(1);
    switch (failure) {
    case SqlFailure::Lost:
        return Error{.code = ErrorCode::StorageUnavailable,
                     .message = QStringLiteral("The connection to the database is lost."),
                     .retryAfter = soon};
    case SqlFailure::Busy:
        return Error{.code = ErrorCode::StorageUnavailable,
                     .message = QStringLiteral("The database did not answer in time."),
                     .retryAfter = soon};
    case SqlFailure::Exhausted:
        return Error{.code = ErrorCode::StorageUnavailable,
                     .message = QStringLiteral("The database cannot store anything at the moment."),
                     .retryAfter = soon};
    case SqlFailure::Conflict:
        return Error{.code = ErrorCode::Conflict, .message = QStringLiteral("The change contradicts what is stored.")};
    case SqlFailure::Defect:
        return Error{.code = ErrorCode::Internal,
                     .message = QStringLiteral("The database refused a statement; the server's log says why.")};
    }
    Q_UNREACHABLE();
}

} // namespace hearth::storage
