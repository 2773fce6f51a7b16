// hearth-tray: shares the Llms of this box from an icon in the tray.
//
// Reads the command line, makes the parts of this desktop and leaves everything to TrayApp. Where a hearth-tray runs
// with the same configuration already, its window is raised instead, but not by --hidden.

#include "backendfinder.h"
#include "desktopkeyring.h"
#include "displaycheck.h"
#include "publisherconfig.h"
#include "secondstart.h"
#include "terminationsignal.h"
#include "translations.h"
#include "trayapp.h"

#include <CLI/CLI.hpp>
#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTextStream>

namespace {

using namespace hearth;

enum ExitCode { Success = 0, Failure = 1, BadUsage = 2 };

struct CommandLine
{
    /// Empty when none was named.
    QString configFile;
    bool isHidden = false;
};

/// The parsed command line, or the exit code when there is nothing left to do.
std::variant<CommandLine, ExitCode> parseCommandLine(int argc, char *argv[])
{
    CLI::App app{"Shares the language models of this box through a Hearth server, from an icon in the tray.",
                 "hearth-tray"};
    app.set_version_flag("--version", "hearth-tray " HEARTH_VERSION);
    std::string configFile;
    app.add_option("--config", configFile,
                   "The configuration. Default: publisher.yaml in $XDG_CONFIG_HOME/hearth or /etc/hearth.")
        ->type_name("FILE");
    CommandLine commandLine;
    app.add_flag("--hidden", commandLine.isHidden, "Starts without a window, where the desktop has a tray.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? Success : BadUsage;
    }
    commandLine.configFile = QString::fromStdString(configFile);
    return commandLine;
}

/// The file that is used; where there is none yet, the wizard will make it.
QString configFileOf(const CommandLine &commandLine)
{
    if (!commandLine.configFile.isEmpty())
        return QFileInfo(commandLine.configFile).absoluteFilePath();
    const QString existing = publisher::defaultConfigFile();
    if (!existing.isEmpty())
        return existing;
    return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation))
        .filePath(QStringLiteral("hearth/publisher.yaml"));
}

void describeProgram()
{
    QCoreApplication::setApplicationName(QStringLiteral("hearth-tray"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HEARTH_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Hearth"));
    QGuiApplication::setDesktopFileName(QStringLiteral("hearth-tray"));
    QGuiApplication::setWindowIcon(
        QIcon::fromTheme(QStringLiteral("hearth-tray"), QIcon(QStringLiteral(":/icons/hearth-tray.png"))));
}

/// Whether a program that runs already stands for this one. It shows its window, unless this is the desktop's own
/// start.
bool raiseRunning(const QString &configFile, const CommandLine &commandLine, Clock &clock)
{
    tray::SecondStart secondStart(configFile, clock, {.raises = !commandLine.isHidden});
    QObject::connect(&secondStart, &tray::SecondStart::finished, &secondStart,
                     [](bool isRaised) { QCoreApplication::exit(isRaised ? Success : Failure); });
    return secondStart.begin() && QCoreApplication::exec() == Success;
}

int run(const CommandLine &commandLine, const QString &configFile, Clock &clock)
{
    const std::unique_ptr<platform::PresenceProbes> probes = platform::makeDesktopProbes();
    platform::DesktopKeyring keyring;
    platform::DesktopNotifier notifier;
    platform::Autostart autostart(QCoreApplication::applicationFilePath(),
                                  commandLine.configFile.isEmpty() ? QString() : configFile);
    tray::TrayApp app({.configFile = configFile,
                       .environment = QProcessEnvironment::systemEnvironment(),
                       .clock = clock,
                       .keys = keyring,
                       .notifier = notifier,
                       .probes = *probes,
                       .autostart = autostart,
                       .backendPorts = discovery::BackendFinder::usualPorts()},
                      {.startsHidden = commandLine.isHidden});
    const TerminationSignal termination;
    QObject::connect(&termination, &TerminationSignal::received, &app, &tray::TrayApp::quitNow);
    // Not quit(): that asks all windows first, of which one only hides.
    QObject::connect(
        &app, &tray::TrayApp::finished, &app, [] { QCoreApplication::exit(Success); }, Qt::QueuedConnection);
    // Two that are started at once find nobody at first.
    if (!app.host().reserve() && raiseRunning(configFile, commandLine, clock))
        return Success;
    app.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    installLogging(LogLevel::Info);
    const auto parsed = parseCommandLine(argc, argv);
    if (const auto *code = std::get_if<ExitCode>(&parsed))
        return *code;
    const QString problem = tray::displayProblem(QProcessEnvironment::systemEnvironment());
    if (!problem.isEmpty()) {
        QTextStream(stderr) << "hearth-tray: " << problem << Qt::endl;
        return Failure;
    }
    // Qt's own dispatcher costs less per turn than glib's, and a stream has many. What needs glib all the same brings
    // its turns along (GlibTurns), except for a GTK desktop's file dialogs: Qt's own take their place.
    qputenv("QT_NO_GLIB", "1");
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    describeProgram();
    tray::installTranslations(application, QLocale());

    const CommandLine &commandLine = std::get<CommandLine>(parsed);
    const QString configFile = configFileOf(commandLine);
    SystemClock clock;
    return raiseRunning(configFile, commandLine, clock) ? Success : run(commandLine, configFile, clock);
}
