// The help of all programs and their commands, at several widths.

#include "backendcommandline.h"
#include "commandline.h"
#include "helpformatter.h"
#include "optiontext.h"
#include "publishercommandline.h"
#include "publisherconfig.h"
#include "serversettings.h"
#include "traycommandline.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace hearth;
using namespace hearth::commandline;

namespace {

struct Command
{
    const CLI::App *app;
    /// How it is called, from the program on.
    QString path;
};

void collect(const CLI::App &app, const QString &parent, QList<Command> &commands)
{
    const QString name = QString::fromStdString(app.get_name());
    const QString path = parent.isEmpty() ? name : parent + u' ' + name;
    commands.append({&app, path});
    for (const CLI::App *command : app.get_subcommands({}))
        collect(*command, path, commands);
}

/// Words may be broken at the end of a line, so what is there is compared without any white space.
QString compact(QString text)
{
    static const QRegularExpression space(QStringLiteral("\\s+"));
    return text.remove(space);
}

QString help(const Command &command, int width)
{
    return QString::fromStdString(
        HelpFormatter(width).make_help(command.app, command.path.toStdString(), CLI::AppFormatMode::Normal));
}

} // namespace

class TestHelpFormatter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fits_data();
    void fits();

    void losesNothing_data() { fits_data(); }

    void losesNothing();

    void optionsAreExplained_data() { fits_data(); }

    void optionsAreExplained();
    void looksLikeThis();
    void usageIsRight_data();
    void usageIsRight();
    void listsWhatACommandTakesOver();
    void programsFitTheirTerminal();

private:
    Command commandOf(const QString &path) const;
    QList<Command> allCommands() const;

    const server::ServerCommandLine m_server{server::serverSettingTable()};
    const headless::PublisherCommandLine m_publisher{publisher::publisherSettingTable()};
    const tray::TrayCommandLine m_tray;
    const testbackend::BackendCommandLine m_backend;
};

QList<Command> TestHelpFormatter::allCommands() const
{
    QList<Command> commands;
    for (const CLI::App *app : {&m_server.app(), &m_publisher.app(), &m_tray.app(), &m_backend.app()})
        collect(*app, {}, commands);
    return commands;
}

Command TestHelpFormatter::commandOf(const QString &path) const
{
    for (const Command &command : allCommands()) {
        if (command.path == path)
            return command;
    }
    return {nullptr, path};
}

void TestHelpFormatter::fits_data()
{
    QTest::addColumn<QString>("path");
    for (const Command &command : allCommands())
        QTest::newRow(qUtf8Printable(command.path)) << command.path;
}

void TestHelpFormatter::fits()
{
    QFETCH(const QString, path);
    for (const int width : {40, 60, 80, 100}) {
        for (const QString &line : help(commandOf(path), width).split(u'\n')) {
            QVERIFY2(line.size() <= width, qUtf8Printable(line));
            QVERIFY2(!line.endsWith(u' '), qUtf8Printable(line));
        }
    }
}

void TestHelpFormatter::losesNothing()
{
    QFETCH(const QString, path);
    const Command command = commandOf(path);
    for (const int width : {40, 60, 80, 100}) {
        const QString said = compact(help(command, width));
        const auto says = [&said](const QString &text) {
            const bool isThere = said.contains(compact(text));
            if (!isThere)
                qWarning() << "not in the help:" << text;
            return isThere;
        };
        QVERIFY(says(QString::fromStdString(command.app->get_description())));
        QVERIFY(says(QString::fromStdString(command.app->get_footer())));
        for (const CLI::Option *option : command.app->get_options())
            QVERIFY(says(spelling(*option) + explanation(*option)));
        QList<Command> below;
        collect(*command.app, {}, below);
        below.removeFirst();
        for (const Command &sub : below)
            QVERIFY(says(sub.path.section(u' ', 1) + QString::fromStdString(sub.app->get_description())));
    }
}

void TestHelpFormatter::optionsAreExplained()
{
    QFETCH(const QString, path);
    const Command command = commandOf(path);
    static const QRegularExpression sentence(QStringLiteral("^[A-Z].*\\.$"));
    QVERIFY(sentence.match(QString::fromStdString(command.app->get_description())).hasMatch());
    // What CLI11 says by itself where nobody has said what an option takes.
    static const QRegularExpression ownWord(QStringLiteral("^(TEXT|INT|UINT|FLOAT|BOOLEAN)?$"));
    for (const CLI::Option *option : command.app->get_options()) {
        QVERIFY2(sentence.match(explanation(*option)).hasMatch(), qUtf8Printable(explanation(*option)));
        const QString type = QString::fromStdString(option->get_type_name());
        QVERIFY2(option->get_items_expected_max() == 0 || !ownWord.match(type).hasMatch(),
                 qUtf8Printable(spelling(*option)));
    }
}

void TestHelpFormatter::looksLikeThis()
{
    QCOMPARE(help(commandOf(QStringLiteral("hearth-tray")), 60),
             QStringLiteral("Shares the language models of this box through a Hearth\n"
                            "server, from an icon in the tray.\n"
                            "\n"
                            "Usage: hearth-tray [OPTIONS]\n"
                            "\n"
                            "Options:\n"
                            "  --config FILE  The configuration. Default: publisher.yaml\n"
                            "                 in $XDG_CONFIG_HOME/hearth or /etc/hearth.\n"
                            "  --hidden       Start without a window, where the desktop\n"
                            "                 has a tray.\n"
                            "  -h, --help     Print this help and exit.\n"
                            "  --version      Print the version and exit.\n"
                            "\n"
                            "More in hearth-tray(1) and publisher.yaml(5).\n"));
    // A name that is too long for the column has a line of its own.
    const QString narrow = help(commandOf(QStringLiteral("hearth-tray")), 40);
    QVERIFY2(narrow.contains(QStringLiteral("\n  --config FILE\n              The configuration.")),
             qUtf8Printable(narrow));
}

void TestHelpFormatter::usageIsRight_data()
{
    QTest::addColumn<QString>("usage");
    const auto row = [](const char *path, const char *usage) { QTest::newRow(path) << QString::fromLatin1(usage); };
    row("hearthd", "hearthd [OPTIONS] [COMMAND]");
    row("hearthd key", "hearthd key [OPTIONS] COMMAND");
    row("hearthd key create", "hearthd key create [OPTIONS] --name NAME");
    row("hearthd key revoke", "hearthd key revoke [OPTIONS] NAME-OR-PREFIX");
    row("hearth-publisher", "hearth-publisher [OPTIONS] [COMMAND]");
    row("hearth-publisher setup", "hearth-publisher setup [OPTIONS]");
    row("hearth-testbackend", "hearth-testbackend [OPTIONS]");
}

void TestHelpFormatter::usageIsRight()
{
    QFETCH(const QString, usage);
    const QString said = help(commandOf(QString::fromLatin1(QTest::currentDataTag())), 80);
    QVERIFY2(said.contains(u"\n\nUsage: " + usage + u"\n\n"), qUtf8Printable(said));
}

void TestHelpFormatter::listsWhatACommandTakesOver()
{
    const QString create = help(commandOf(QStringLiteral("hearthd key create")), 80);
    const qsizetype inherited = create.indexOf(QStringLiteral("Options of hearthd that work here, too:"));
    QVERIFY2(inherited > 0, qUtf8Printable(create));
    QVERIFY(create.indexOf(QStringLiteral("--database URL"), inherited) > 0);
    QCOMPARE(create.count(QStringLiteral("--help")), 1);
    QVERIFY(!create.contains(QStringLiteral("--version")));
    // Setup takes nothing over.
    const QString setup = help(commandOf(QStringLiteral("hearth-publisher setup")), 80);
    QVERIFY2(!setup.contains(QStringLiteral("--check")), qUtf8Printable(setup));
}

void TestHelpFormatter::programsFitTheirTerminal()
{
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("COLUMNS"), QStringLiteral("50"));
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(HEARTH_BIN_DIR "/hearth-testbackend"), {QStringLiteral("--help")});
    QVERIFY(program.waitForFinished());
    QCOMPARE(program.exitCode(), 0);
    QCOMPARE(QString::fromUtf8(program.readAllStandardOutput()),
             help(commandOf(QStringLiteral("hearth-testbackend")), 50));
}

QTEST_GUILESS_MAIN(TestHelpFormatter)
#include "tst_helpformatter.moc"
