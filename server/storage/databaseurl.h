// DatabaseUrl: where the database is, as the setting `database` and the flag `--database` name it.
//
// Two forms: `sqlite:PATH`, and `postgresql://user:password@host:port/name` (also `postgres://`). A PostgreSQL host
// that is missing, or `?host=/var/run/postgresql`, means the local socket; what the URL leaves out, libpq takes from
// its own defaults. Besides `host` and `port`, the query may carry `sslmode` and `sslrootcert`. A plain value.

#pragma once

#include "result.h"

#include <QString>

#include <variant>

namespace hearth::storage {

enum class Engine { Sqlite, PostgreSql };

/// `sqlite`, `postgresql`: also the names of the folders with the engine's own SQL.
QLatin1String toString(Engine engine);

struct SqliteFile
{
    QString path;

    friend bool operator==(const SqliteFile &, const SqliteFile &) = default;
};

struct PostgreSqlServer
{
    /// A name, an address, or the absolute path of a socket's folder; empty leaves the choice to libpq.
    QString host;
    int port = 5432;
    QString user;
    QString password;
    QString name;
    QString sslMode;
    QString sslRootCert;

    friend bool operator==(const PostgreSqlServer &, const PostgreSqlServer &) = default;
};

class DatabaseUrl
{
public:
    using Location = std::variant<SqliteFile, PostgreSqlServer>;

    /// Names no database: opening it fails.
    DatabaseUrl() = default;

    explicit DatabaseUrl(Location location)
        : m_location(std::move(location))
    {}

    /// Fails with Configuration and a message that never contains the password.
    static Result<DatabaseUrl> parse(const QString &text);

    Engine engine() const;

    const Location &location() const { return m_location; }

    /// The URL for logs and messages: without the password.
    QString display() const;

    friend bool operator==(const DatabaseUrl &, const DatabaseUrl &) = default;

private:
    static Result<DatabaseUrl> parsePostgreSql(const QString &text);

    Location m_location;
};

} // namespace hearth::storage
