// hearth-publisher: shares the Llms of this box, without a face.
//
// Reads the command line and the configuration, makes sure that no other program publishes with them, then leaves
// everything to Publisher, or with --check to SelfCheck.

#include "configuration.h"
#include "instancelock.h"
#include "keyfile.h"
#include "logging.h"
#include "publisher.h"
#include "publisherconfig.h"
#include "selfcheck.h"
#include "statusreport.h"
#include "terminationsignal.h"
#include "websocketdialer.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QRandomGenerator>
#include <QTextStream>

namespace {

using namespace hearth;

enum ExitCode { Success = 0, Failure = 1, BadUsage = 2 };

struct CommandLine
{
    QString configFile;
    bool check = false;
    QList<FlagValue> flags;
};

struct Configured
{
    publisher::PublisherSettings settings;
    /// Empty where there was none.
    QString file;
};

/// The parsed command line, or the exit code when there is nothing left to do.
std::variant<CommandLine, ExitCode> parseCommandLine(int argc, char *argv[])
{
    CLI::App app{"Shares the language models of this box through a Hearth server.", "hearth-publisher"};
    app.set_version_flag("--version", "hearth-publisher " HEARTH_VERSION);
    std::string configFile;
    app.add_option("--config", configFile,
                   "The configuration. Default: publisher.yaml in $XDG_CONFIG_HOME/hearth or /etc/hearth.")
        ->type_name("FILE");
    CommandLine commandLine;
    app.add_flag("--check", commandLine.check, "Tells what is in order and what is not, and exits.");

    const SettingTable table = publisher::publisherSettingTable();
    std::map<QString, std::string> values;
    for (const Setting &setting : table) {
        if (!setting.flag.isEmpty())
            app.add_option(setting.flag.toStdString(), values[setting.key], setting.help.toStdString())
                ->type_name(setting.placeholder.toStdString());
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? Success : BadUsage;
    }
    commandLine.configFile = QString::fromStdString(configFile);
    for (const auto &[key, value] : values) {
        if (!value.empty())
            commandLine.flags.append({key, QString::fromStdString(value)});
    }
    return commandLine;
}

Result<Configured> configure(const CommandLine &commandLine)
{
    const bool isNamed = !commandLine.configFile.isEmpty();
    const QString file = isNamed ? commandLine.configFile : publisher::defaultConfigFile();
    const Result<SettingValues> values =
        loadConfiguration(publisher::publisherSettingTable(), {.file = file,
                                                               .fileRequired = isNamed,
                                                               .environment = QProcessEnvironment::systemEnvironment(),
                                                               .flags = commandLine.flags});
    if (!values)
        return values.error();
    if (const auto level = logLevelFromString(values->text("logLevel")))
        setLogLevel(*level);
    const Result<publisher::PublisherSettings> settings = publisher::readPublisherSettings(*values, file);
    if (!settings)
        return settings.error();
    if (settings->keyStore == publisher::KeyStore::Keyring) {
        return configurationError(
            {{.place = file,
              .key = QStringLiteral("keyStore"),
              .what = QStringLiteral("hearth-publisher cannot read the keyring of a desktop; put "
                                     "the key into a file of its own and name it with keyFile in "
                                     "place of keyStore, or with --key-file, or use hearth-tray")}});
    }
    return Configured{*settings, file};
}

int check(const Configured &configured, publisher::Dialer &dialer, httpclient::HttpClient &client, Clock &clock)
{
    QTextStream out(stdout);
    const auto print = [&out](const publisher::Finding &finding) {
        out << (finding.isWell ? "ok    " : "FAIL  ") << finding.text << Qt::endl;
    };
    print({true, configured.file.isEmpty()
                     ? QStringLiteral("There is no configuration file; flags and environment are in order.")
                     : QStringLiteral("The configuration %1 is in order.").arg(configured.file)});
    publisher::SelfCheck selfCheck(configured.settings, dialer, client, clock);
    QObject::connect(&selfCheck, &publisher::SelfCheck::found, &selfCheck, print);
    QObject::connect(&selfCheck, &publisher::SelfCheck::finished, &selfCheck,
                     [](bool allIsWell) { QCoreApplication::exit(allIsWell ? Success : Failure); });
    selfCheck.start();
    return QCoreApplication::exec();
}

/// What tells this publisher from others: no two programs may publish with the same.
QString identityOf(const Configured &configured)
{
    return configured.file.isEmpty() ? configured.settings.stateFile : configured.file;
}

/// False when another program publishes with this configuration.
bool takeLock(status::InstanceLock &lock)
{
    const Result<void> taken = lock.take();
    if (taken)
        return true;
    if (taken.error().code != ErrorCode::Conflict) {
        // A container without a home has nowhere to put a lock, and nobody to share it with.
        qCWarning(lcPublisher).noquote() << taken.error().message;
        return true;
    }
    QTextStream(stderr) << "hearth-publisher: " << taken.error().message
                        << " Stop that one first, or give this one a configuration of its own with --config."
                        << Qt::endl;
    return false;
}

void sayThatNothingIsPublished(const Configured &configured)
{
    QTextStream(stderr) << "hearth-publisher: Nothing is published: no entry of llms has \"publish: true\"." << Qt::endl
                        << (configured.file.isEmpty() ? QStringLiteral("There is no configuration file.")
                                                      : QStringLiteral("The configuration is %1.").arg(configured.file))
                        << Qt::endl;
}

int publish(const Configured &configured, publisher::Dialer &dialer, httpclient::HttpClient &client, Clock &clock)
{
    const QString keyFile = configured.settings.keyFile;
    publisher::Publisher publisher(configured.settings,
                                   {.dialer = dialer,
                                    .client = client,
                                    .clock = clock,
                                    .key = [keyFile] { return publisher::readKeyFile(keyFile); },
                                    .random = [] { return QRandomGenerator::global()->generateDouble(); }});
    if (publisher.llms().empty() && publisher.agents().empty()) {
        sayThatNothingIsPublished(configured);
        return BadUsage;
    }
    // From here on others can see it, and may want it to end.
    const TerminationSignal termination;
    status::InstanceLock lock(identityOf(configured));
    if (!takeLock(lock))
        return Failure;
    headless::StatusReport report(publisher, configured.file, clock);
    if (lock.isHeld()) {
        if (const Result<void> listening = report.listen(lock.socketPath()); !listening)
            qCWarning(lcPublisher).noquote() << listening.error().message;
    }
    QObject::connect(&termination, &TerminationSignal::received, &publisher, &publisher::Publisher::stop);
    QObject::connect(&publisher, &publisher::Publisher::stopped, &publisher, [] { QCoreApplication::quit(); });
    publisher.start();
    return QCoreApplication::exec();
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

    const auto parsed = parseCommandLine(argc, argv);
    if (const auto *code = std::get_if<ExitCode>(&parsed))
        return *code;
    const CommandLine &commandLine = std::get<CommandLine>(parsed);
    const Result<Configured> configured = configure(commandLine);
    if (!configured) {
        if (commandLine.check)
            QTextStream(stdout) << "FAIL  The configuration cannot be used." << Qt::endl;
        QTextStream(stderr) << configured.error().message << Qt::endl;
        if (commandLine.configFile.isEmpty() && publisher::defaultConfigFile().isEmpty())
            QTextStream(stderr) << "There is no configuration file; name one with --config." << Qt::endl;
        return BadUsage;
    }

    SystemClock clock;
    const publisher::PublisherSettings &settings = configured->settings;
    httpclient::HttpClient client(publisher::httpClientSettings(settings), clock);
    publisher::WebSocketDialer dialer({settings.channel, settings.caFile}, clock);
    return commandLine.check ? check(*configured, dialer, client, clock) : publish(*configured, dialer, client, clock);
}
