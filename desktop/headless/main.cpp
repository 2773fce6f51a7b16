// hearth-publisher: shares the Llms of this box, without a face.
//
// Reads the command line and hands over to whoever does what it asks for: SetupCommand, CheckRun or PublishRun.

#include "posixterminal.h"
#include "publisherconfig.h"
#include "publishrun.h"
#include "setupcommand.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTextStream>

namespace {

using namespace hearth;
using namespace hearth::headless;

enum ExitCode { Success = 0, Failure = 1, BadUsage = 2 };

void complain(const QString &text)
{
    QTextStream(stderr) << "hearth-publisher: " << text << Qt::endl;
}

/// For whoever has no configuration that they may read.
QString adviceWithoutFile()
{
    const QString ofTheSystem = publisher::systemConfigFile();
    return QFileInfo::exists(ofTheSystem)
               ? QStringLiteral("Only root and the service can read %1: use sudo, or make a configuration of your own "
                                "with \"hearth-publisher setup\".")
                     .arg(ofTheSystem)
               : QStringLiteral("There is no configuration file. Make one with \"hearth-publisher setup\", or name one "
                                "with --config.");
}

int setUp(const SetupOptions &options)
{
    SystemClock clock;
    PosixTerminal terminal;
    SetupCommand setup(options, terminal, clock);
    // It may end before there is an event loop to end.
    QObject::connect(
        &setup, &SetupCommand::finished, &setup, [](int code) { QCoreApplication::exit(code); }, Qt::QueuedConnection);
    setup.start();
    return QCoreApplication::exec();
}

int check(const publisher::PublisherSettings &settings, const QString &configFile, Clock &clock)
{
    PosixTerminal terminal;
    terminal.say(
        lineOf({true, configFile.isEmpty()
                          ? QStringLiteral("No configuration file is read; flags and environment are in order.")
                          : QStringLiteral("The configuration %1 is in order.").arg(configFile)}));
    CheckRun run(settings, terminal, clock);
    QObject::connect(&run, &CheckRun::finished, &run,
                     [](bool allIsWell) { QCoreApplication::exit(allIsWell ? Success : Failure); });
    run.start();
    return QCoreApplication::exec();
}

int publish(const RunConfiguration &configuration, const ConfigurationReader &reader, Clock &clock)
{
    PublishRun run(configuration, reader, clock);
    if (!run.hasWork()) {
        complain(QStringLiteral("Nothing is published: no entry of llms has \"publish: true\".\n%1")
                     .arg(reader.file().isEmpty() ? adviceWithoutFile()
                                                  : QStringLiteral("The configuration is %1.").arg(reader.file())));
        return BadUsage;
    }
    QObject::connect(&run, &PublishRun::finished, &run, [] { QCoreApplication::quit(); });
    if (const Result<void> started = run.start(); !started) {
        complain(started.error().message +
                 QStringLiteral(" Stop that one first, or give this one a configuration of its own with --config."));
        return Failure;
    }
    return QCoreApplication::exec();
}

int run(const PublishOptions &options)
{
    const ConfigurationReader reader(options);
    const Result<RunConfiguration> configuration = reader.read();
    if (!configuration) {
        QTextStream err(stderr);
        if (options.isCheck)
            QTextStream(stdout) << lineOf({false, QStringLiteral("The configuration cannot be used.")}) << Qt::endl;
        err << configuration.error().message << Qt::endl;
        if (reader.file().isEmpty())
            err << adviceWithoutFile() << Qt::endl;
        return BadUsage;
    }
    setLogLevel(configuration->logLevel);
    SystemClock clock;
    return options.isCheck ? check(configuration->settings, reader.file(), clock)
                           : publish(*configuration, reader, clock);
}

} // namespace

int main(int argc, char *argv[])
{
    installLogging(LogLevel::Info);
    // Nothing here needs glib's event sources, and Qt's own dispatcher costs less per turn.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("hearth-publisher"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HEARTH_VERSION));

    PublisherCommandLine commandLine(publisher::publisherSettingTable());
    const auto parsed = commandLine.parse(argc, argv);
    if (const auto *exit = std::get_if<commandline::EarlyExit>(&parsed))
        return exit->code;
    if (const auto *options = std::get_if<SetupOptions>(&parsed))
        return setUp(*options);
    return run(std::get<PublishOptions>(parsed));
}
