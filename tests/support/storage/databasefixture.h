// DatabaseFixture: an empty database of its own for one test, on the engine that the test's row asks for.
//
// SQLite is always there. PostgreSQL is there when HEARTH_TEST_POSTGRESQL holds a postgresql:// URL whose user may
// create databases (in CI, pg_virtualenv provides it); with HEARTH_TEST_REQUIRE_POSTGRESQL=1 a missing URL fails the
// tests.
//
//     void initTestCase_data() { DatabaseFixture::addEngines(); }
//     void init()
//     {
//         QFETCH_GLOBAL(Engine, engine);
//         m_fixture.emplace(engine);
//         QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
//     }
//     void cleanup() { m_fixture.reset(); }
//
// For the thread of the test. Everything that was opened on the database must be closed before the fixture goes.

#pragma once

#include "database.h"

#include <QTemporaryDir>

#include <optional>

namespace hearth::testsupport {

class DatabaseFixture
{
public:
    /// Adds a column `engine` (storage::Engine) with a row for each engine that can be tested here.
    static void addEngines();
    /// The same for tests that make sense on one engine only; the test is skipped when it cannot be tested here.
    static bool canTest(storage::Engine engine);

    explicit DatabaseFixture(storage::Engine engine);
    ~DatabaseFixture();
    DatabaseFixture(const DatabaseFixture &) = delete;
    DatabaseFixture &operator=(const DatabaseFixture &) = delete;

    /// Why the database could not be made; empty when it was.
    const QString &problem() const { return m_problem; }

    const storage::DatabaseUrl &url() const { return m_url; }

    /// A connection for the test's own use; stops the program when there is none to be had.
    std::unique_ptr<storage::Database> open(bool migrated = true) const;

    /// The first column of the first row, over a connection of its own; stops the program when the SQL fails.
    QVariant query(const QString &sql) const;

    // PostgreSQL only.

    /// The process ids of the backends that serve connections to this database.
    QList<qint64> backends() const;
    /// Ends all connections to this database, as a restart of the server would.
    void terminateBackends() const;
    /// Whether new connections are let in; those that exist stay.
    void setAcceptsConnections(bool accepts) const;

private:
    void makePostgreSql();
    void administer(const QString &sql) const;

    QTemporaryDir m_folder;
    QString m_problem;
    storage::DatabaseUrl m_url;
    /// The name of the PostgreSQL database, and a connection to the one beside it.
    QString m_name;
    std::unique_ptr<storage::SqlConnection> m_administrator;
};

} // namespace hearth::testsupport
