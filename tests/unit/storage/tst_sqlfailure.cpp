// What the engines' error codes mean, and what callers see of them.

#include "sqlfailure.h"

#include <QTest>

using namespace hearth;
using namespace hearth::storage;

class TestSqlFailure final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classification_data();
    void classification();
    void deadConnectionIsLost();
    void errors_data();
    void errors();
};

void TestSqlFailure::classification_data()
{
    QTest::addColumn<Engine>("engine");
    QTest::addColumn<QString>("code");
    QTest::addColumn<SqlFailure>("failure");

    const auto row = [](const char *name, Engine engine, const char *code, SqlFailure failure) {
        QTest::newRow(name) << engine << QString::fromLatin1(code) << failure;
    };
    row("SQLite: unique", Engine::Sqlite, "2067", SqlFailure::Conflict);
    row("SQLite: primary key", Engine::Sqlite, "1555", SqlFailure::Conflict);
    row("SQLite: foreign key", Engine::Sqlite, "787", SqlFailure::Conflict);
    row("SQLite: check", Engine::Sqlite, "275", SqlFailure::Defect);
    row("SQLite: busy", Engine::Sqlite, "5", SqlFailure::Busy);
    row("SQLite: busy snapshot", Engine::Sqlite, "517", SqlFailure::Busy);
    row("SQLite: locked", Engine::Sqlite, "6", SqlFailure::Busy);
    row("SQLite: disk full", Engine::Sqlite, "13", SqlFailure::Exhausted);
    row("SQLite: read-only", Engine::Sqlite, "8", SqlFailure::Exhausted);
    row("SQLite: I/O while syncing", Engine::Sqlite, "1034", SqlFailure::Exhausted);
    row("SQLite: damaged", Engine::Sqlite, "11", SqlFailure::Defect);
    row("SQLite: no code", Engine::Sqlite, "", SqlFailure::Defect);
    row("PostgreSQL: unique", Engine::PostgreSql, "23505", SqlFailure::Conflict);
    row("PostgreSQL: foreign key", Engine::PostgreSql, "23503", SqlFailure::Conflict);
    row("PostgreSQL: not null", Engine::PostgreSql, "23502", SqlFailure::Defect);
    row("PostgreSQL: statement timeout", Engine::PostgreSql, "57014", SqlFailure::Busy);
    row("PostgreSQL: deadlock", Engine::PostgreSql, "40P01", SqlFailure::Busy);
    row("PostgreSQL: administrator's command", Engine::PostgreSql, "57P01", SqlFailure::Lost);
    row("PostgreSQL: connection failure", Engine::PostgreSql, "08006", SqlFailure::Lost);
    row("PostgreSQL: disk full", Engine::PostgreSql, "53100", SqlFailure::Exhausted);
    row("PostgreSQL: read-only standby", Engine::PostgreSql, "25006", SqlFailure::Exhausted);
    row("PostgreSQL: syntax", Engine::PostgreSql, "42601", SqlFailure::Defect);
    row("PostgreSQL: no code", Engine::PostgreSql, "", SqlFailure::Defect);
}

void TestSqlFailure::classification()
{
    QFETCH(Engine, engine);
    QFETCH(QString, code);
    const QSqlError error(QString(), QString(), QSqlError::StatementError, code);
    QTEST(classify(engine, error, true), "failure");
}

void TestSqlFailure::deadConnectionIsLost()
{
    const QSqlError error(QString(), QString(), QSqlError::StatementError, QString());
    QCOMPARE(classify(Engine::PostgreSql, error, false), SqlFailure::Lost);
}

void TestSqlFailure::errors_data()
{
    QTest::addColumn<SqlFailure>("failure");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<bool>("mayRetry");

    QTest::newRow("lost") << SqlFailure::Lost << ErrorCode::StorageUnavailable << true;
    QTest::newRow("busy") << SqlFailure::Busy << ErrorCode::StorageUnavailable << true;
    QTest::newRow("exhausted") << SqlFailure::Exhausted << ErrorCode::StorageUnavailable << true;
    QTest::newRow("conflict") << SqlFailure::Conflict << ErrorCode::Conflict << false;
    QTest::newRow("defect") << SqlFailure::Defect << ErrorCode::Internal << false;
}

void TestSqlFailure::errors()
{
    QFETCH(SqlFailure, failure);
    QFETCH(ErrorCode, code);
    QFETCH(bool, mayRetry);
    const Error error = toError(failure);
    QVERIFY(error.code == code);
    QCOMPARE(error.retryAfter == std::chrono::seconds(1), mayRetry);
    QVERIFY(error.message.endsWith(u'.'));
}

QTEST_GUILESS_MAIN(TestSqlFailure)
#include "tst_sqlfailure.moc"
