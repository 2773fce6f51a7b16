// What is seen of a command line from outside.

#include "commanddescription.h"

#include <CLI/CLI.hpp>
#include <QTest>

using namespace hearth::manual;
using namespace Qt::StringLiterals;

namespace {

/// A program with every kind of option, and commands below commands.
class SampleProgram
{
public:
    SampleProgram()
    {
        m_app.add_option("-c,--config", m_text, "The configuration. There may be none.")->type_name("FILE");
        m_app.add_flag("--json", m_flag, "Prints JSON.");
        CLI::App *const key = m_app.add_subcommand("key", "Deals with keys.");
        key->require_subcommand(1);
        key->fallthrough();
        CLI::App *const make = key->add_subcommand("make", "Makes a key.");
        make->fallthrough();
        make->add_option("--scope", m_list, "What it may do.")->type_name("infer|publish");
        make->add_option("name", m_text, "Its name.")->type_name("NAME")->required();
        m_app.add_subcommand("alone", "Takes nothing of the program's.");
    }

    CommandDescription description() const { return describe(m_app); }

private:
    CLI::App m_app{"Does things.", "sample"};
    std::string m_text;
    std::vector<std::string> m_list;
    bool m_flag = false;
};

QStringList namesOf(const QList<OptionDescription> &options)
{
    QStringList names;
    for (const OptionDescription &option : options)
        names += option.names;
    return names;
}

} // namespace

class TestCommandDescription final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesOptions();
    void seesCommands();
    void seesWhatACommandTakesFromThoseAround();
    void findsEachValueOptionOnce();
    void shortens_data();
    void shortens();
};

void TestCommandDescription::seesOptions()
{
    const CommandDescription program = SampleProgram().description();
    QCOMPARE(program.name, QStringLiteral("sample"));
    QCOMPARE(program.summary, QStringLiteral("Does things."));
    QCOMPARE(namesOf(program.options), QString("-h --help -c --config --json"_L1).split(u' '));
    QVERIFY(program.arguments.isEmpty());

    const OptionDescription &config = program.options[1];
    QCOMPARE(config.value, QStringLiteral("FILE"));
    QVERIFY(config.takesFile());
    QVERIFY(config.choices().isEmpty());
    QVERIFY(!config.isRequired);
    QVERIFY(!config.isRepeatable);
    QVERIFY(program.options[2].value.isEmpty());
}

void TestCommandDescription::seesCommands()
{
    const CommandDescription program = SampleProgram().description();
    QStringList paths;
    for (const CommandDescription *command : commandsOf(program))
        paths.append(command->path);
    QCOMPARE(paths, (QStringList{"sample"_L1, "sample key"_L1, "sample key make"_L1, "sample alone"_L1}));
    QVERIFY(!program.needsCommand);
    QVERIFY(program.commands[0].needsCommand);

    const CommandDescription &make = program.commands[0].commands[0];
    QCOMPARE(make.arguments.size(), 1);
    QCOMPARE(make.arguments[0].value, QStringLiteral("NAME"));
    QVERIFY(make.arguments[0].isRequired);
    const OptionDescription &scope = make.options.last();
    QCOMPARE(scope.choices(), (QStringList{"infer"_L1, "publish"_L1}));
    QVERIFY(scope.isRepeatable);
}

void TestCommandDescription::seesWhatACommandTakesFromThoseAround()
{
    const CommandDescription program = SampleProgram().description();
    const CommandDescription &make = program.commands[0].commands[0];
    QCOMPARE(namesOf(make.options), (QStringList{"-h"_L1, "--help"_L1, "--scope"_L1}));
    // Its own --help stands before the program's.
    QCOMPARE(namesOf(make.inherited), (QStringList{"-c"_L1, "--config"_L1, "--json"_L1}));
    QVERIFY(program.commands[1].inherited.isEmpty());
}

void TestCommandDescription::findsEachValueOptionOnce()
{
    QCOMPARE(namesOf(valueOptionsOf(SampleProgram().description())),
             (QStringList{"-c"_L1, "--config"_L1, "--scope"_L1}));
}

void TestCommandDescription::shortens_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shortened");
    QTest::newRow("one sentence") << QStringLiteral("Prints JSON.") << QStringLiteral("Prints JSON");
    QTest::newRow("two") << QStringLiteral("It is. It was.") << QStringLiteral("It is");
    QTest::newRow("dots inside") << QStringLiteral("Reads hearthd.yaml.") << QStringLiteral("Reads hearthd.yaml");
    QTest::newRow("no sentence") << QStringLiteral("Nothing") << QStringLiteral("Nothing");
}

void TestCommandDescription::shortens()
{
    QFETCH(const QString, text);
    QTEST(firstSentence(text), "shortened");
}

QTEST_APPLESS_MAIN(TestCommandDescription)
#include "tst_commanddescription.moc"
