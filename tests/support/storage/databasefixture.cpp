#include "databasefixture.h"

#include "migrations.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QTest>
#include <QUuid>

namespace hearth::testsupport {

using storage::Database;
using storage::DatabaseUrl;
using storage::Engine;
using storage::SqlConnection;

namespace {

QString serverUrl()
{
    return qEnvironmentVariable("HEARTH_TEST_POSTGRESQL");
}

bool isPostgreSqlRequired()
{
    return qEnvironmentVariableIntValue("HEARTH_TEST_REQUIRE_POSTGRESQL") == 1;
}

/// Making a database copies a template; a loaded machine takes a while.
constexpr std::chrono::seconds patience(60);

} // namespace

void DatabaseFixture::addEngines()
{
    QTest::addColumn<Engine>("engine");
    for (const Engine engine : {Engine::Sqlite, Engine::PostgreSql}) {
        if (canTest(engine))
            QTest::newRow(toString(engine).data()) << engine;
    }
}

bool DatabaseFixture::canTest(Engine engine)
{
    switch (engine) {
    case Engine::Sqlite:
        return true;
    case Engine::PostgreSql:
        // Without a URL the fixture then says what is missing, and the test fails.
        return !serverUrl().isEmpty() || isPostgreSqlRequired();
    }
    Q_UNREACHABLE();
}

DatabaseFixture::DatabaseFixture(Engine engine)
{
    switch (engine) {
    case Engine::Sqlite:
        m_url = *DatabaseUrl::parse(QLatin1String("sqlite:") + m_folder.filePath(QStringLiteral("hearth.db")));
        break;
    case Engine::PostgreSql:
        makePostgreSql();
        break;
    }
}

DatabaseFixture::~DatabaseFixture()
{
    if (m_administrator && m_problem.isEmpty())
        administer(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(m_name));
}

std::unique_ptr<Database> DatabaseFixture::open(bool migrated) const
{
    Result<std::unique_ptr<Database>> database = Database::open({.url = m_url});
    if (!database)
        qFatal("%s", qPrintable(database.error().message));
    if (migrated) {
        if (const Result<int> applied = storage::Migrations().apply(**database); !applied)
            qFatal("%s", qPrintable(applied.error().message));
    }
    return std::move(*database);
}

QVariant DatabaseFixture::query(const QString &sql) const
{
    const auto connection = SqlConnection::open({.url = m_url}, std::make_shared<storage::StatementWatch>());
    if (!connection)
        qFatal("%s", qPrintable(connection.error().message));
    QSqlQuery query((*connection)->handle());
    if (!query.exec(sql))
        qFatal("%s: %s", qPrintable(sql), qPrintable(query.lastError().text()));
    return query.next() ? query.value(0) : QVariant();
}

QList<qint64> DatabaseFixture::backends() const
{
    QList<qint64> processes;
    QSqlQuery query(m_administrator->handle());
    query.exec(QStringLiteral("SELECT pid FROM pg_stat_activity WHERE datname = '%1'").arg(m_name));
    while (query.next())
        processes.append(query.value(0).toLongLong());
    return processes;
}

void DatabaseFixture::terminateBackends() const
{
    administer(QStringLiteral("SELECT pg_terminate_backend(pid, %2) FROM pg_stat_activity WHERE datname = '%1'")
                   .arg(m_name)
                   .arg(std::chrono::milliseconds(patience).count()));
}

void DatabaseFixture::setAcceptsConnections(bool accepts) const
{
    administer(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS %2")
                   .arg(m_name, accepts ? QStringLiteral("true") : QStringLiteral("false")));
}

void DatabaseFixture::makePostgreSql()
{
    if (serverUrl().isEmpty()) {
        m_problem = QStringLiteral("HEARTH_TEST_REQUIRE_POSTGRESQL is set, but HEARTH_TEST_POSTGRESQL is not.");
        return;
    }
    const Result<DatabaseUrl> server = DatabaseUrl::parse(serverUrl());
    if (!server) {
        m_problem = server.error().message;
        return;
    }
    Result<std::unique_ptr<SqlConnection>> administrator = SqlConnection::open(
        {.url = *server, .statementTimeout = patience}, std::make_shared<storage::StatementWatch>());
    if (!administrator) {
        m_problem = administrator.error().message;
        return;
    }
    m_administrator = std::move(*administrator);
    m_name = QLatin1String("hearth_test_") + QUuid::createUuid().toString(QUuid::Id128);
    administer(QStringLiteral("CREATE DATABASE %1").arg(m_name));
    auto location = std::get<storage::PostgreSqlServer>(server->location());
    location.name = m_name;
    m_url = DatabaseUrl(location);
}

void DatabaseFixture::administer(const QString &sql) const
{
    QSqlQuery query(m_administrator->handle());
    if (!query.exec(sql))
        qFatal("%s: %s", qPrintable(sql), qPrintable(query.lastError().text()));
}

} // namespace hearth::testsupport
