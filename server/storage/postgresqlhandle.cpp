#include "postgresqlhandle.h"

#include <QLibrary>
#include <QSqlDatabase>
#include <QSqlDriver>
#include <QVariant>

namespace hearth::storage {

namespace {

constexpr int libpqMajorVersion = 5;
/// CONNECTION_OK of libpq's ConnStatusType.
constexpr int connectionOk = 0;

/// The `PGconn *` in the variant that QSqlDriver::handle() documents; null where there is none.
void *connectionOf(const QSqlDatabase &database)
{
    const QVariant handle = database.driver()->handle();
    // The first is how Qt 6 spells the type, the second what its documentation says.
    if (qstrcmp(handle.typeName(), "pg_conn*") != 0 && qstrcmp(handle.typeName(), "PGconn*") != 0)
        return nullptr;
    return *static_cast<void *const *>(handle.constData());
}

using ConnectionFunction = int (*)(const void *connection);

ConnectionFunction resolve(const char *symbol)
{
    return reinterpret_cast<ConnectionFunction>(QLibrary::resolve(QStringLiteral("pq"), libpqMajorVersion, symbol));
}

} // namespace

int postgreSqlSocket(const QSqlDatabase &database)
{
    static const ConnectionFunction socket = resolve("PQsocket");
    void *const connection = connectionOf(database);
    return socket && connection ? socket(connection) : -1;
}

bool postgreSqlAlive(const QSqlDatabase &database)
{
    static const ConnectionFunction status = resolve("PQstatus");
    void *const connection = connectionOf(database);
    return !status || (connection && status(connection) == connectionOk);
}

} // namespace hearth::storage
