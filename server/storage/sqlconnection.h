// SqlConnection: one open QSqlDatabase, set up the way Hearth needs it, closed with the object.
//
// Made by Database on the thread that uses it; a QSqlDatabase knows no other thread. Setting up means: for SQLite the
// file (0600) and its folder, write-ahead log, full synchronisation, foreign keys, a check of the file; for PostgreSQL
// the limits after which a silent server counts as lost. No statement of Hearth's own is run here.

#pragma once

#include "clock.h"
#include "databaseurl.h"
#include "result.h"
#include "statementwatch.h"

#include <QSqlDatabase>

#include <memory>

namespace hearth::storage {

struct DatabaseOptions
{
    DatabaseUrl url;
    /// One statement, and for SQLite the wait for another program's lock.
    Duration statementTimeout = std::chrono::seconds(5);
    /// PostgreSQL: per address of the host.
    std::chrono::seconds connectTimeout = std::chrono::seconds(3);
    /// PostgreSQL: idle time before the first TCP probe, between probes, and their number.
    std::chrono::seconds keepAliveIdle = std::chrono::seconds(10);
    std::chrono::seconds keepAliveInterval = std::chrono::seconds(5);
    int keepAliveProbes = 3;
    /// PostgreSQL: how long sent bytes may stay unacknowledged.
    Duration tcpUserTimeout = std::chrono::seconds(10);
};

class SqlConnection
{
public:
    /// Blocks. Fails with Io (SQLite) or StorageUnavailable (PostgreSQL) and a message for the administrator, and with
    /// Configuration when the URL names no database.
    /// `watch` is told the socket, and about the statements of the set-up.
    static Result<std::unique_ptr<SqlConnection>> open(const DatabaseOptions &options,
                                                       std::shared_ptr<StatementWatch> watch);

    /// Queries that were made on the connection may still live: they have become inert and cost no farewell.
    ~SqlConnection();
    SqlConnection(const SqlConnection &) = delete;
    SqlConnection &operator=(const SqlConnection &) = delete;

    /// Not to be kept: a copy would outlive the connection.
    QSqlDatabase handle() const { return QSqlDatabase::database(m_name, false); }

    /// Whether the client library believes that the connection is usable.
    bool isAlive() const;

private:
    SqlConnection(Engine engine, QString name, std::shared_ptr<StatementWatch> watch);

    Result<void> openSqlite(const SqliteFile &file, const DatabaseOptions &options);
    Result<void> openPostgreSql(const PostgreSqlServer &server, const DatabaseOptions &options);
    /// Runs a statement of the set-up; the first column of its first row, empty where there is none.
    /// While another program has the file locked, it is tried again for as long as `patience`.
    Result<QString> setUp(const QString &sql, const QString &display, Duration patience = {});

    const Engine m_engine;
    const QString m_name;
    const std::shared_ptr<StatementWatch> m_watch;
};

} // namespace hearth::storage
