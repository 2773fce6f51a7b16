#include "postgrescluster.h"

#include <QDir>
#include <QTcpServer>

#include <csignal>
#include <memory>
#include <unistd.h>

namespace hearth::testsupport {

namespace {

/// The folder of initdb and postgres, which Debian keeps out of the PATH; empty where they are not installed.
QString binaries()
{
    const QDir versions(QStringLiteral("/usr/lib/postgresql"));
    for (const QString &version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed)) {
        const QString folder = versions.filePath(version + QStringLiteral("/bin/"));
        if (QFile::exists(folder + QStringLiteral("initdb")))
            return folder;
    }
    return {};
}

bool isRoot()
{
    return ::geteuid() == 0;
}

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

/// The value of a field of /proc/PID/status.
QByteArray statusField(qint64 pid, const QByteArray &name)
{
    QFile file(QStringLiteral("/proc/%1/status").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(name) && line.mid(name.size()).startsWith(':'))
            return line.mid(name.size() + 1).trimmed();
    }
    return {};
}

} // namespace

PostgresCluster::PostgresCluster()
    : m_port(freePort())
{
    const CommandResult made =
        runCommand(QStringLiteral("setpriv"),
                   asOwner({QStringLiteral("mktemp"), QStringLiteral("--directory"), QStringLiteral("--tmpdir"),
                            QStringLiteral("hearth-postgresql-XXXXXX")}),
                   cleanEnvironment(QDir::tempPath()));
    m_folder = QString::fromUtf8(made.output.trimmed());
    const QStringList initialise{binaries() + QStringLiteral("initdb"), QStringLiteral("--no-sync"),
                                 QStringLiteral("--auth=trust"), QStringLiteral("--username=hearth"),
                                 QStringLiteral("--pgdata=") + m_folder + QStringLiteral("/data")};
    const CommandResult initialised =
        runCommand(QStringLiteral("setpriv"), asOwner(initialise), cleanEnvironment(m_folder));
    if (initialised.exitCode != 0)
        qFatal("initdb fails: %s", initialised.errors.constData());
}

PostgresCluster::~PostgresCluster()
{
    stopAtOnce();
    QDir(m_folder).removeRecursively();
}

bool PostgresCluster::canRun()
{
    return !binaries().isEmpty();
}

QStringList PostgresCluster::asOwner(const QStringList &command) const
{
    QStringList arguments{QStringLiteral("--pdeathsig"), QStringLiteral("KILL")};
    if (isRoot())
        arguments << QStringLiteral("--reuid=postgres") << QStringLiteral("--regid=postgres")
                  << QStringLiteral("--init-groups");
    return arguments + command;
}

bool PostgresCluster::start()
{
    if (m_server && m_server->isRunning())
        return true;
    const QStringList serve{binaries() + QStringLiteral("postgres"),
                            QStringLiteral("-D"),
                            m_folder + QStringLiteral("/data"),
                            QStringLiteral("-p"),
                            QString::number(m_port),
                            QStringLiteral("-h"),
                            QStringLiteral("127.0.0.1"),
                            QStringLiteral("-c"),
                            QStringLiteral("unix_socket_directories="),
                            QStringLiteral("-c"),
                            QStringLiteral("fsync=off")};
    const QString logFile = QStringLiteral("%1/%2.log").arg(m_folder).arg(++m_starts);
    m_server =
        std::make_unique<Program>(QStringLiteral("setpriv"), asOwner(serve), cleanEnvironment(m_folder), logFile);
    return m_server->waitForLog("ready to accept connections");
}

bool PostgresCluster::stopAtOnce()
{
    if (!m_server)
        return true;
    thaw();
    m_server->signal(SIGQUIT);
    return m_server->waitForExit();
}

void PostgresCluster::freeze() const
{
    signalAll(SIGSTOP);
}

void PostgresCluster::thaw() const
{
    signalAll(SIGCONT);
}

void PostgresCluster::signalAll(int number) const
{
    if (!m_server->isRunning())
        return;
    m_server->signal(number);
    const QByteArray parent = QByteArray::number(m_server->pid());
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        bool isProcess = false;
        const qint64 pid = entry.toLongLong(&isProcess);
        if (isProcess && statusField(pid, "PPid") == parent)
            ::kill(static_cast<pid_t>(pid), number);
    }
}

QString PostgresCluster::createDatabase()
{
    const QString name = QStringLiteral("hearth%1").arg(++m_databases);
    const QString port = QString::number(m_port);
    const CommandResult created = runCommand(binaries() + QStringLiteral("createdb"),
                                             {QStringLiteral("-h"), QStringLiteral("127.0.0.1"), QStringLiteral("-p"),
                                              port, QStringLiteral("-U"), QStringLiteral("hearth"), name},
                                             cleanEnvironment(m_folder));
    if (created.exitCode != 0)
        qFatal("createdb fails: %s", created.errors.constData());
    return QStringLiteral("postgresql://hearth:%1@127.0.0.1:%2/%3").arg(QLatin1String(password), port, name);
}

} // namespace hearth::testsupport
