// hearthd: the server.
//
// Reads the command line and the configuration, then serves or runs one command. Exit codes: 0 ok, 1 failure, 2 usage
// or configuration.

#include "commandline.h"
#include "daemon.h"
#include "dataowner.h"
#include "keycommands.h"
#include "logging.h"
#include "serversettings.h"
#include "tls.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTextStream>

#include <sys/resource.h>

namespace {

using namespace hearth;
using namespace hearth::server;

enum ExitCode { Success = 0, Failure = 1, BadUsage = 2 };

ExitCode report(const Error &error)
{
    QTextStream(stderr) << "hearthd: " << redact(error.message) << '\n';
    const bool usage = error.code == ErrorCode::Configuration || error.code == ErrorCode::InvalidRequest;
    return usage ? BadUsage : Failure;
}

ExitCode report(const Result<void> &result)
{
    return result ? Success : report(result.error());
}

/// Every connection is a descriptor; the soft limit is often 1,024.
void raiseDescriptorLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// As it is for most people with the system's file.
void explainUnreadable(const QString &file)
{
    const QFileInfo info(file);
    if (info.exists() && !info.isReadable()) {
        QTextStream(stderr) << "A password may stand in this file, so it is not for everybody to read. Run the command "
                               "with sudo.\n";
    }
}

Result<void> serve(const ServerSettings &settings, const SettingTable &table, const ConfigurationSources &sources,
                   const SettingValues &values)
{
    raiseDescriptorLimit();
    return Daemon(settings, table, sources, values).serve();
}

Result<void> changeKeys(const CommandLine &commandLine, const storage::DatabaseUrl &database)
{
    switch (commandLine.command) {
    case Command::KeyCreate:
        return createKey(database, commandLine.key);
    case Command::KeyList:
        return listKeys(database, commandLine.key.json);
    case Command::KeyUpdate:
        return updateKey(database, commandLine.key);
    case Command::KeyRevoke:
        return revokeKey(database, commandLine.key.name, commandLine.key.json);
    case Command::Serve:
    case Command::ConfigCheck:
    case Command::ConfigShow:
        break;
    }
    Q_UNREACHABLE();
}

/// Whoever has started hearthd as root wonders what root may not do.
void explainLackOfRights(const Error &error, const QString &newOwner)
{
    const bool mayBeRights = error.code == ErrorCode::Io || error.code == ErrorCode::StorageUnavailable ||
                             error.code == ErrorCode::Configuration;
    if (mayBeRights && !newOwner.isEmpty())
        QTextStream(stderr) << "hearthd was started by root and is " << newOwner << ".\n";
}

/// The settings themselves are in order; so are the files that a start reads because of them.
Result<void> check(const http::HttpSettings &settings)
{
    if (!settings.certificateFile.isEmpty()) {
        if (const auto loaded = http::loadTls(settings.certificateFile, settings.keyFile); !loaded)
            return loaded.error();
    }
    QTextStream(stdout) << "The configuration is in order.\n";
    return {};
}

ExitCode show(const SettingValues &values, bool withOrigin)
{
    QTextStream(stdout) << values.show(withOrigin ? SettingValues::Show::Origins : SettingValues::Show::Values);
    return Success;
}

ExitCode run(const CommandLine &commandLine, const SettingTable &table)
{
    const ConfigurationSources sources =
        sourcesAtStart(commandLine.configFile, QStringLiteral("/etc/hearth/hearthd.yaml"),
                       QProcessEnvironment::systemEnvironment(), commandLine.flags);
    const Result<SettingValues> values = loadConfiguration(table, sources);
    if (!values) {
        const ExitCode code = report(values.error());
        explainUnreadable(sources.file);
        return code;
    }
    const Result<ServerSettings> settings = readServerSettings(*values);
    if (!settings)
        return report(settings.error());
    if (commandLine.command == Command::ConfigShow)
        return show(*values, commandLine.showOrigin);

    // The commands answer on standard output; what goes well beside that is of no interest.
    setLogLevel(commandLine.command == Command::Serve ? settings->logLevel : LogLevel::Warning);
    const storage::DatabaseUrl &database = settings->storage.url;
    const Result<QString> newOwner = becomeDataOwner(database);
    if (!newOwner)
        return report(newOwner.error());
    const auto execute = [&]() -> Result<void> {
        if (commandLine.command == Command::Serve)
            return serve(*settings, table, sources, *values);
        // Run by root beside SQLite, it sees the files as the server would; beside PostgreSQL, root still sees all.
        if (commandLine.command == Command::ConfigCheck)
            return check(settings->http);
        return changeKeys(commandLine, database);
    };
    const Result<void> done = execute();
    const ExitCode code = report(done);
    if (!done)
        explainLackOfRights(done.error(), *newOwner);
    return code;
}

} // namespace

int main(int argc, char *argv[])
{
    installLogging(LogLevel::Info);
    // Nothing here needs glib's event sources, and Qt's own dispatcher costs less per turn.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("hearthd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HEARTH_VERSION));
    const SettingTable table = serverSettingTable();
    const auto commandLine = ServerCommandLine(table).parse(argc, argv);
    if (const auto *const exit = std::get_if<commandline::EarlyExit>(&commandLine))
        return exit->code;
    return run(std::get<CommandLine>(commandLine), table);
}
