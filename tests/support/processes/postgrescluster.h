// PostgresCluster: a PostgreSQL server of the test's own, which it may stop, kill and freeze.
//
// It is made with initdb in a temporary directory, listens on a free port of this machine, lets everybody in and does
// not care for its data. Root cannot run PostgreSQL: there it belongs to the user postgres. For the thread of the test.

#pragma once

#include "program.h"

namespace hearth::testsupport {

class PostgresCluster
{
public:
    PostgresCluster();
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster &) = delete;
    PostgresCluster &operator=(const PostgresCluster &) = delete;

    /// Whether PostgreSQL is installed here.
    static bool canRun();

    /// Starts it, unless it runs, on the same port every time; waits until it takes connections.
    bool start();
    /// What `pg_ctl stop --mode immediate` does: every connection ends at once, and the next start has to recover.
    bool stopAtOnce();
    /// Stops every process of it, or lets them go on: it is reachable, and says nothing.
    void freeze() const;
    void thaw() const;

    /// Makes an empty database and returns its URL as hearthd's `database` setting wants it; it must be running.
    QString createDatabase();
    /// What the URL holds as its password.
    static constexpr char password[] = "canary-password";

private:
    QStringList asOwner(const QStringList &command) const;
    void signalAll(int number) const;

    QString m_folder;
    quint16 m_port = 0;
    int m_starts = 0;
    int m_databases = 0;
    std::unique_ptr<Program> m_server;
};

} // namespace hearth::testsupport
