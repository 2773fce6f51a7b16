#include "sqlconnection.h"

#include "logging.h"
#include "postgresqlhandle.h"
#include "sqlfailure.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QThread>
#include <QUuid>

#include <sys/statvfs.h>

namespace hearth::storage {

using namespace Qt::StringLiterals;

namespace {

/// Between two attempts on a file that another program has locked.
constexpr std::chrono::milliseconds busyStep{10};

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

QLatin1String driverName(Engine engine)
{
    switch (engine) {
    case Engine::Sqlite:
        return "QSQLITE"_L1;
    case Engine::PostgreSql:
        return "QPSQL"_L1;
    }
    Q_UNREACHABLE();
}

Error unusable(Engine engine, const QString &message)
{
    switch (engine) {
    case Engine::Sqlite:
        return Error{.code = ErrorCode::Io, .message = message};
    case Engine::PostgreSql:
        return Error{.code = ErrorCode::StorageUnavailable, .message = message, .retryAfter = std::chrono::seconds(1)};
    }
    Q_UNREACHABLE();
}

/// Whether the file, or the nearest folder above it that can be seen, is on a file system that this process may only
/// read, whatever their permissions say. For a service, most are.
bool isOnReadOnlyFileSystem(QString path)
{
    struct statvfs status = {};
    while (::statvfs(QFile::encodeName(path).constData(), &status) != 0) {
        const QString above = QFileInfo(path).absolutePath();
        if (above == path)
            return false;
        path = above;
    }
    return (status.f_flag & ST_RDONLY) != 0;
}

/// Makes the folder and the empty file, readable by nobody else. SQLite gives its side files the same permissions.
Result<void> makeFile(const QString &path)
{
    const QDir folder = QFileInfo(path).absoluteDir();
    if (!folder.exists()) {
        const QDir parent(QFileInfo(folder.absolutePath()).absolutePath());
        if (!parent.mkpath(QStringLiteral(".")) || !parent.mkdir(folder.dirName(), ownerOnly | QFileDevice::ExeOwner)) {
            return unusable(
                Engine::Sqlite,
                QStringLiteral("The folder %1 for the database cannot be made.").arg(folder.absolutePath()));
        }
    }
    QFile file(path);
    if (file.exists())
        return {};
    // Append, not truncate: another program may have made and filled the file meanwhile.
    if (!file.open(QIODevice::ReadWrite | QIODevice::Append, ownerOnly)) {
        return unusable(Engine::Sqlite,
                        QStringLiteral("The database file %1 cannot be made: %2.").arg(path, file.errorString()));
    }
    return {};
}

/// A value in libpq's connection string.
QString quoted(QString value)
{
    value.replace(u'\\', "\\\\"_L1).replace(u'\'', "\\'"_L1);
    return u'\'' + value + u'\'';
}

QString connectOptions(const PostgreSqlServer &server, const DatabaseOptions &options)
{
    QStringList parts{
        QStringLiteral("application_name=hearth"),
        QStringLiteral("connect_timeout=%1").arg(options.connectTimeout.count()),
        QStringLiteral("keepalives_idle=%1").arg(options.keepAliveIdle.count()),
        QStringLiteral("keepalives_interval=%1").arg(options.keepAliveInterval.count()),
        QStringLiteral("keepalives_count=%1").arg(options.keepAliveProbes),
        QStringLiteral("tcp_user_timeout=%1").arg(options.tcpUserTimeout.count()),
    };
    if (!server.sslMode.isEmpty())
        parts.append("sslmode="_L1 + quoted(server.sslMode));
    if (!server.sslRootCert.isEmpty())
        parts.append("sslrootcert="_L1 + quoted(server.sslRootCert));
    return parts.join(u';');
}

} // namespace

SqlConnection::SqlConnection(Engine engine, QString name, std::shared_ptr<StatementWatch> watch)
    : m_engine(engine)
    , m_name(std::move(name))
    , m_watch(std::move(watch))
{
    QSqlDatabase::addDatabase(driverName(engine), m_name);
}

SqlConnection::~SqlConnection()
{
    m_watch->releaseSocket();
    // Removing the connection deletes its driver. Queries that are destroyed afterwards find none; those destroyed
    // before would each ask a server that may be gone to forget their statement.
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<SqlConnection>> SqlConnection::open(const DatabaseOptions &options,
                                                           std::shared_ptr<StatementWatch> watch)
{
    const Engine engine = options.url.engine();
    if (!QSqlDatabase::isDriverAvailable(driverName(engine))) {
        return Error{
            .code = ErrorCode::Configuration,
            .message =
                QStringLiteral("Qt's plugin %1 for this kind of database is not installed.").arg(driverName(engine)),
            .param = QStringLiteral("database")};
    }
    const QString name = "hearth-"_L1 + QUuid::createUuid().toString(QUuid::Id128);
    std::unique_ptr<SqlConnection> connection(new SqlConnection(engine, name, std::move(watch)));
    const auto &location = options.url.location();
    const auto *file = std::get_if<SqliteFile>(&location);
    const Result<void> opened = file ? connection->openSqlite(*file, options)
                                     : connection->openPostgreSql(std::get<PostgreSqlServer>(location), options);
    if (!opened)
        return opened.error();
    return connection;
}

bool SqlConnection::isAlive() const
{
    switch (m_engine) {
    case Engine::Sqlite:
        return true;
    case Engine::PostgreSql:
        return postgreSqlAlive(handle());
    }
    Q_UNREACHABLE();
}

Result<void> SqlConnection::openSqlite(const SqliteFile &file, const DatabaseOptions &options)
{
    if (file.path.isEmpty()) {
        return Error{.code = ErrorCode::Configuration,
                     .message = QStringLiteral("No database is configured."),
                     .param = QStringLiteral("database")};
    }
    if (isOnReadOnlyFileSystem(file.path)) {
        return Error{.code = ErrorCode::Configuration,
                     .message = QStringLiteral("The database file %1 is where nothing can be written: Read-only file "
                                               "system. Choose another place, or name the folder with ReadWritePaths= "
                                               "in the unit of the service.")
                                    .arg(file.path),
                     .param = QStringLiteral("database")};
    }
    if (const Result<void> made = makeFile(file.path); !made)
        return made;
    QSqlDatabase database = handle();
    database.setDatabaseName(file.path);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(options.statementTimeout.count()));
    if (!database.open()) {
        return unusable(m_engine, QStringLiteral("The database file %1 cannot be opened: %2.")
                                      .arg(file.path, database.lastError().databaseText()));
    }
    const QString display = options.url.display();
    for (const char *pragma : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON"}) {
        if (const Result<QString> done = setUp(QLatin1String(pragma), display, options.statementTimeout); !done)
            return done.error();
    }
    const Result<QString> checked = setUp(QStringLiteral("PRAGMA quick_check(1)"), display);
    if (!checked)
        return checked.error();
    if (*checked != "ok"_L1) {
        return unusable(m_engine,
                        QStringLiteral("The database file %1 is damaged (%2). Restore it from a backup, or move "
                                       "it away to start with an empty one.")
                            .arg(file.path, *checked));
    }
    return {};
}

Result<void> SqlConnection::openPostgreSql(const PostgreSqlServer &server, const DatabaseOptions &options)
{
    QSqlDatabase database = handle();
    database.setHostName(server.host);
    database.setPort(server.port);
    database.setUserName(server.user);
    database.setPassword(server.password);
    database.setDatabaseName(server.name);
    database.setConnectOptions(connectOptions(server, options));
    const QString display = options.url.display();
    if (!database.open()) {
        return unusable(m_engine, QStringLiteral("The database %1 cannot be reached: %2")
                                      .arg(display, database.lastError().databaseText().simplified()));
    }
    if (const int socket = postgreSqlSocket(database); socket != -1)
        m_watch->watchSocket(socket);
    else
        qCWarning(lcStorage) << "libpq does not tell its socket: a hung database cannot be cut off.";
    const QString limit = QStringLiteral("SET statement_timeout = %1").arg(options.statementTimeout.count());
    // libpq prints notices to standard error, around the log.
    for (const QString &setting : {limit, QStringLiteral("SET client_min_messages = error")}) {
        if (const Result<QString> done = setUp(setting, display); !done)
            return done.error();
    }
    return {};
}

Result<QString> SqlConnection::setUp(const QString &sql, const QString &display, Duration patience)
{
    QSqlQuery query(handle());
    const StatementWatch::Running running(*m_watch);
    bool done = query.exec(sql);
    // SQLite's own timeout does not cover the first change to WAL, when several programs make it at once.
    for (const QDeadlineTimer deadline(patience);
         !done && classify(m_engine, query.lastError(), true) == SqlFailure::Busy && !deadline.hasExpired();) {
        QThread::msleep(busyStep.count());
        done = query.exec(sql);
    }
    if (!done) {
        return unusable(m_engine, QStringLiteral("The database %1 cannot be used: %2.")
                                      .arg(display, query.lastError().databaseText().simplified()));
    }
    return query.next() ? query.value(0).toString() : QString();
}

} // namespace hearth::storage
