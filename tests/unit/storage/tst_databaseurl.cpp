// Which database URLs are understood, and that messages about them keep the password.

#include "databaseurl.h"

#include <QTest>

using namespace hearth;
using namespace hearth::storage;

class TestDatabaseUrl final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sqlite();
    void postgreSql_data();
    void postgreSql();
    void refused_data();
    void refused();
};

void TestDatabaseUrl::sqlite()
{
    const auto url = DatabaseUrl::parse(QStringLiteral("sqlite:/var/lib/hearth/a b.db"));
    QVERIFY(url);
    QVERIFY(url->engine() == Engine::Sqlite);
    QCOMPARE(std::get<SqliteFile>(url->location()).path, QStringLiteral("/var/lib/hearth/a b.db"));
    QCOMPARE(url->display(), QStringLiteral("sqlite:/var/lib/hearth/a b.db"));
}

void TestDatabaseUrl::postgreSql_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QString>("display");

    const QString socket = QStringLiteral("/var/run/postgresql");
    QTest::newRow("complete") << QStringLiteral("postgresql://me:secret@db.example:5433/base")
                              << QStringLiteral("db.example") << 5433 << QStringLiteral("me")
                              << QStringLiteral("secret") << QStringLiteral("postgresql://me@db.example:5433/base");
    QTest::newRow("short scheme, default port")
        << QStringLiteral("postgres://me:secret@db.example/base") << QStringLiteral("db.example") << 5432
        << QStringLiteral("me") << QStringLiteral("secret") << QStringLiteral("postgresql://me@db.example:5432/base");
    QTest::newRow("percent form") << QStringLiteral("postgresql://m%40e:se%23cret%2F@h/base") << QStringLiteral("h")
                                  << 5432 << QStringLiteral("m@e") << QStringLiteral("se#cret/")
                                  << QStringLiteral("postgresql://m%40e@h:5432/base");
    QTest::newRow("IPv6") << QStringLiteral("postgresql://[::1]:5433/base") << QStringLiteral("::1") << 5433
                          << QString() << QString() << QStringLiteral("postgresql://[::1]:5433/base");
    QTest::newRow("socket by query") << QStringLiteral("postgresql://me:secret@/base?host=%1&port=5433").arg(socket)
                                     << socket << 5433 << QStringLiteral("me") << QStringLiteral("secret")
                                     << QStringLiteral("postgresql://me@/base?host=%1&port=5433").arg(socket);
    QTest::newRow("socket by default") << QStringLiteral("postgresql:///base") << QString() << 5432 << QString()
                                       << QString() << QStringLiteral("postgresql:///base?port=5432");
}

void TestDatabaseUrl::postgreSql()
{
    QFETCH(QString, text);
    const auto url = DatabaseUrl::parse(text);
    QVERIFY2(url.ok(), url ? "" : qPrintable(url.error().message));
    QVERIFY(url->engine() == Engine::PostgreSql);
    const auto &server = std::get<PostgreSqlServer>(url->location());
    QTEST(server.host, "host");
    QTEST(server.port, "port");
    QTEST(server.user, "user");
    QTEST(server.password, "password");
    QCOMPARE(server.name, QStringLiteral("base"));
    QTEST(url->display(), "display");
}

void TestDatabaseUrl::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");

    const QString invalid = QStringLiteral("not valid");
    QTest::newRow("empty") << QString() << QStringLiteral("must be");
    QTest::newRow("a path") << QStringLiteral("/var/lib/hearth.db") << QStringLiteral("must be");
    QTest::newRow("another engine") << QStringLiteral("mysql://h/secret") << QStringLiteral("must be");
    QTest::newRow("no file") << QStringLiteral("sqlite:") << QStringLiteral("no file");
    QTest::newRow("relative with slashes") << QStringLiteral("sqlite://hearth.db") << QStringLiteral("slashes");
    QTest::newRow("no database") << QStringLiteral("postgresql://me:secret@h") << QStringLiteral("no database");
    QTest::newRow("no authority") << QStringLiteral("postgresql:secret") << invalid;
    QTest::newRow("unescaped password") << QStringLiteral("postgresql://me:secret#x@h/base") << invalid;
    QTest::newRow("port out of range") << QStringLiteral("postgresql://me:secret@h:65536/base") << invalid;
    QTest::newRow("port is no number") << QStringLiteral("postgresql:///secret?port=x") << QStringLiteral("port");
    QTest::newRow("two ports") << QStringLiteral("postgresql://h:1/secret?port=2") << QStringLiteral("one port");
    QTest::newRow("two hosts") << QStringLiteral("postgresql://h/secret?host=i") << QStringLiteral("two hosts");
    QTest::newRow("unknown parameter") << QStringLiteral("postgresql://h/secret?sslmod=x")
                                       << QStringLiteral("'sslmod'");
}

void TestDatabaseUrl::refused()
{
    QFETCH(QString, text);
    QFETCH(QString, reason);
    const auto url = DatabaseUrl::parse(text);
    QVERIFY(!url);
    QVERIFY(url.error().code == ErrorCode::Configuration);
    QVERIFY2(url.error().message.contains(reason), qPrintable(url.error().message));
    QVERIFY2(!url.error().message.contains(QStringLiteral("secret")), qPrintable(url.error().message));
}

QTEST_GUILESS_MAIN(TestDatabaseUrl)
#include "tst_databaseurl.moc"
