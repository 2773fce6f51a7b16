// hearth-tray: shares the Llms of this box from an icon in the tray.
//
// Reads the command line, makes the parts of this desktop and leaves everything to TrayApp. Where a hearth-tray runs
// with the same configuration already, its window is raised instead, but not by --hidden.

#include "backendfinder.h"
#include "desktopkeyring.h"
#include "displaycheck.h"
#include "publisherconfig.h"
#include "secondstart.h"
#include "signalwatch.h"
#include "translations.h"
#include "trayapp.h"
#include "traycommandline.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QSessionManager>
#include <QStandardPaths>
#include <QTextStream>

#include <csignal>

namespace {

using namespace hearth;

enum ExitCode { Success = 0, Failure = 1 };

/// The file that is used; where there is none yet, the wizard will make it.
QString configFileOf(const tray::StartOptions &options)
{
    if (!options.configFile.isEmpty())
        return QFileInfo(options.configFile).absoluteFilePath();
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

/// The desktop starts this program by Autostart or not at all. A session that is restored would do it on top of that,
/// with an option `-session` that is not one of ours.
void leaveSessionsAlone(const QGuiApplication &application)
{
    // Answered on the spot, as long as the session manager listens.
    QObject::connect(
        &application, &QGuiApplication::saveStateRequest, &application,
        [](QSessionManager &manager) { manager.setRestartHint(QSessionManager::RestartNever); }, Qt::DirectConnection);
}

/// Whether a program that runs already stands for this one. It shows its window, unless this is the desktop's own
/// start.
bool raiseRunning(const QString &configFile, const tray::StartOptions &options, Clock &clock)
{
    tray::SecondStart secondStart(configFile, clock, {.raises = !options.isHidden});
    QObject::connect(&secondStart, &tray::SecondStart::finished, &secondStart,
                     [](bool isRaised) { QCoreApplication::exit(isRaised ? Success : Failure); });
    return secondStart.begin() && QCoreApplication::exec() == Success;
}

int run(const tray::StartOptions &options, const QString &configFile, Clock &clock)
{
    const std::unique_ptr<platform::PresenceProbes> probes = platform::makeDesktopProbes();
    platform::DesktopKeyring keyring;
    platform::DesktopNotifier notifier;
    platform::Autostart autostart(QCoreApplication::applicationFilePath(),
                                  options.configFile.isEmpty() ? QString() : configFile);
    tray::TrayApp app({.configFile = configFile,
                       .environment = QProcessEnvironment::systemEnvironment(),
                       .clock = clock,
                       .keys = keyring,
                       .notifier = notifier,
                       .probes = *probes,
                       .autostart = autostart,
                       .backendPorts = discovery::BackendFinder::usualPorts()},
                      {.startsHidden = options.isHidden});
    const SignalWatch termination({SIGTERM, SIGINT}, SignalWatch::Takes::First);
    QObject::connect(&termination, &SignalWatch::received, &app, &tray::TrayApp::quitNow);
    // Not quit(): that asks all windows first, of which one only hides.
    QObject::connect(
        &app, &tray::TrayApp::finished, &app, [] { QCoreApplication::exit(Success); }, Qt::QueuedConnection);
    // Two that are started at once find nobody at first.
    if (!app.host().reserve() && raiseRunning(configFile, options, clock))
        return Success;
    app.start();
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    installLogging(LogLevel::Info);
    const auto parsed = tray::TrayCommandLine().parse(argc, argv);
    if (const auto *const exit = std::get_if<commandline::EarlyExit>(&parsed))
        return exit->code;
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
    leaveSessionsAlone(application);
    tray::installTranslations(application, QLocale());

    const tray::StartOptions &options = std::get<tray::StartOptions>(parsed);
    const QString configFile = configFileOf(options);
    SystemClock clock;
    return raiseRunning(configFile, options, clock) ? Success : run(options, configFile, clock);
}
