// hearthd: the server.
//
// Reads the command line and the configuration, then serves or runs one command. Exit codes: 0 ok, 1 failure, 2 usage
// or configuration.

#include "commandline.h"
#include "hearthserver.h"
#include "keycommands.h"
#include "logging.h"
#include "serversettings.h"
#include "terminationsignal.h"

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

ExitCode serve(const ServerSettings &settings)
{
    setLogLevel(settings.logLevel);
    raiseDescriptorLimit();
    HearthServer server(settings);
    TerminationSignal termination;
    std::optional<Error> failure;
    const QString scheme = QLatin1String(settings.http.certificateFile.isEmpty() ? "http" : "https");
    QObject::connect(&server, &HearthServer::started, &server, [&server, &settings, scheme] {
        const QString &host = settings.http.host;
        const QString shownHost = host.contains(u':') ? u'[' + host + u']' : host;
        qCInfo(lcServer).noquote().nospace() << "listening on " << scheme << "://" << shownHost << ":" << server.port();
    });
    QObject::connect(&server, &HearthServer::failed, &server, [&failure](const Error &error) {
        failure = error;
        QCoreApplication::exit();
    });
    QObject::connect(&server, &HearthServer::stopped, &server, [] { QCoreApplication::exit(); });
    QObject::connect(&termination, &TerminationSignal::received, &server, [&server] {
        qCInfo(lcServer) << "stopping: running answers may finish";
        server.stop();
    });
    // From inside the event loop, so that a failure can end it.
    QMetaObject::invokeMethod(&server, &HearthServer::start, Qt::QueuedConnection);
    QCoreApplication::exec();
    return failure ? report(*failure) : Success;
}

ExitCode run(const CommandLine &commandLine, const SettingTable &table)
{
    static const QString systemFile = QStringLiteral("/etc/hearth/hearthd.yaml");
    const bool isNamed = !commandLine.configFile.isEmpty();
    const Result<SettingValues> values =
        loadConfiguration(table, {.file = isNamed ? commandLine.configFile : systemFile,
                                  .fileRequired = isNamed,
                                  .environment = QProcessEnvironment::systemEnvironment(),
                                  .flags = commandLine.flags});
    if (!values)
        return report(values.error());
    const Result<ServerSettings> settings = readServerSettings(*values);
    if (!settings)
        return report(settings.error());

    // The commands answer on standard output; what goes well beside that is of no interest.
    if (commandLine.command != Command::Serve)
        setLogLevel(LogLevel::Warning);
    const storage::DatabaseUrl &database = settings->storage.url;
    switch (commandLine.command) {
    case Command::Serve:
        return serve(*settings);
    case Command::KeyCreate:
        return report(createKey(database, commandLine.key));
    case Command::KeyList:
        return report(listKeys(database, commandLine.key.json));
    case Command::KeyUpdate:
        return report(updateKey(database, commandLine.key));
    case Command::KeyRevoke:
        return report(revokeKey(database, commandLine.key.name, commandLine.key.json));
    case Command::ConfigCheck:
        QTextStream(stdout) << "The configuration is in order.\n";
        return Success;
    case Command::ConfigShow:
        QTextStream(stdout) << values->show(commandLine.showOrigin ? SettingValues::Show::Origins
                                                                   : SettingValues::Show::Values);
        return Success;
    }
    Q_UNREACHABLE();
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
    const auto commandLine = parseCommandLine(argc, argv, table);
    if (const EarlyExit *const exit = std::get_if<EarlyExit>(&commandLine))
        return exit->code;
    return run(std::get<CommandLine>(commandLine), table);
}
