// The SQL texts: how they are split, that overrides win, and that every query is one statement.

#include "sqlresources.h"

#include <QDir>
#include <QTest>

using namespace hearth::storage;

class TestSqlResources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { initialiseSqlResources(); }

    void split_data();
    void split();
    void overrideWins();
    void missingFile();
    void queriesAreSingleStatements();
};

void TestSqlResources::split_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QStringList>("statements");

    QTest::newRow("nothing") << QStringLiteral(" \n-- only a comment") << QStringList();
    QTest::newRow("no final semicolon") << QStringLiteral("SELECT 1") << QStringList{QStringLiteral("SELECT 1")};
    QTest::newRow("two") << QStringLiteral("SELECT 1;\n\nSELECT 2;\n")
                         << QStringList{QStringLiteral("SELECT 1"), QStringLiteral("SELECT 2")};
    QTest::newRow("comment with quote, colon and semicolon")
        << QStringLiteral("-- don't; :stop\nSELECT 1") << QStringList{QStringLiteral("SELECT 1")};
    QTest::newRow("comment between") << QStringLiteral("SELECT -- one\n1") << QStringList{QStringLiteral("SELECT \n1")};
    QTest::newRow("quoted") << QStringLiteral("SELECT ';--', 'it''s;', \"a;b\"")
                            << QStringList{QStringLiteral("SELECT ';--', 'it''s;', \"a;b\"")};
    QTest::newRow("minus") << QStringLiteral("SELECT 2 - 1") << QStringList{QStringLiteral("SELECT 2 - 1")};
}

void TestSqlResources::split()
{
    QFETCH(QString, sql);
    QTEST(splitStatements(sql), "statements");
}

void TestSqlResources::overrideWins()
{
    const QString folder = QStringLiteral(":/sql/queries");
    const QString name = QStringLiteral("schema_lock.sql");
    QVERIFY(readSql(folder, Engine::PostgreSql, name).value_or(QString()).contains(QStringLiteral("advisory")));
    QVERIFY(!readSql(folder, Engine::Sqlite, name)
                 .value_or(QStringLiteral("advisory"))
                 .contains(QStringLiteral("advisory")));
}

void TestSqlResources::missingFile()
{
    QVERIFY(!readSql(QStringLiteral(":/sql/queries"), Engine::Sqlite, QStringLiteral("no_such.sql")));
}

void TestSqlResources::queriesAreSingleStatements()
{
    for (const Engine engine : {Engine::Sqlite, Engine::PostgreSql}) {
        const QStringList names =
            QDir(QStringLiteral(":/sql/queries")).entryList({QStringLiteral("*.sql")}, QDir::Files);
        QVERIFY(names.size() > 30);
        for (const QString &name : names) {
            const auto sql = readSql(QStringLiteral(":/sql/queries"), engine, name);
            QVERIFY(sql);
            QVERIFY2(splitStatements(*sql).size() == 1, qPrintable(name));
        }
    }
}

QTEST_GUILESS_MAIN(TestSqlResources)
#include "tst_sqlresources.moc"
