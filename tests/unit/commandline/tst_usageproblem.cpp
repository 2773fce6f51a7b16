// What a person is told about a wrong command line.

#include "arguments.h"
#include "makeapp.h"
#include "usageproblem.h"
#include "valuechecks.h"

#include <QTest>

using namespace hearth::commandline;
using hearth::testing::Arguments;

class TestUsageProblem final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysWhereToLook_data();
    void saysWhereToLook();

private:
    /// What is said about these words; empty where nothing is wrong.
    QString problem(const char *words);

    std::unique_ptr<CLI::App> m_app;
    std::string m_text;
    std::vector<std::string> m_texts;
    int m_number = 0;
    bool m_flag = false;
};

void TestUsageProblem::init()
{
    m_app = makeApp({.name = "program", .description = "A program.", .manual = "program(1)"});
    m_app->add_option("--listen", m_text, "Where.")->type_name("HOST")->check(notEmpty());
    CLI::Option *const check = m_app->add_flag("--check", m_flag, "Check.");
    m_app->require_subcommand(0, 1);
    CLI::App *const key = m_app->add_subcommand("key", "Keys.")->fallthrough();
    key->require_subcommand(1);
    CLI::App *const create = key->add_subcommand("create", "Make one.")->fallthrough();
    create->add_option("--name", m_text, "Its name.")->type_name("NAME")->required();
    create->add_option("--priority", m_number, "How urgent.")->type_name("N")->check(wholeNumber(1, 9));
    key->add_subcommand("list", "List them.")->fallthrough();
    key->add_subcommand("revoke", "End one.")
        ->fallthrough()
        ->add_option("name", m_text, "Its name.")
        ->type_name("NAME")
        ->required();
    CLI::App *const setup = m_app->add_subcommand("setup", "Set up.");
    setup->excludes(check);
    setup->add_option("--publish", m_texts, "What.")->type_name("MODEL")->allow_extra_args(false);
}

QString TestUsageProblem::problem(const char *words)
{
    Arguments arguments(words);
    try {
        m_app->parse(arguments.count(), arguments.values());
    } catch (const CLI::ParseError &error) {
        return usageProblem(*m_app, error);
    }
    return {};
}

void TestUsageProblem::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("said");
    const auto row = [](const char *words, const char *said) { QTest::newRow(words) << QString::fromLatin1(said); };
    row("program", "");
    row("program key create --name x --priority 9 --listen y", "");
    row("program setup --publish a --publish b", "");
    row("program --lissen x", "--lissen is not an option of program. Did you mean --listen?");
    row("program --lissen=x", "--lissen is not an option of program. Did you mean --listen?");
    row("program --nothing-like-it", "--nothing-like-it is not an option of program.");
    row("program -x", "-x is not an option of program.");
    row("program -listen x", "-listen is not an option of program.");
    row("program setub", "\"setub\" is not a command of program. Did you mean setup?");
    row("program serve", "\"serve\" is not a command of program.");
    row("program key", "A command is missing after \"program key\": create, list or revoke.");
    row("program key creat --name x", "\"creat\" is not a command of program key. Did you mean create?");
    row("program key create", "--name NAME is missing after \"program key create\".");
    row("program key create --nam x", "--nam is not an option of program key create. Did you mean --name?");
    row("program key create --name x --lissen y",
        "--lissen is not an option of program key create. Did you mean --listen?");
    row("program key create --name", "--name needs a value: --name NAME.");
    row("program key list --listen", "--listen needs a value: --listen HOST.");
    row("program key revoke", "NAME is missing after \"program key revoke\".");
    row("program key revoke a b", "\"b\" is not expected after \"program key revoke\".");
    row("program --listen a --listen b", "--listen may be given only once.");
    row("program --listen ''", "--listen must not be empty.");
    row("program key create --name x --priority 0", "--priority must be a whole number from 1 to 9.");
    row("program key create --name x --priority 10", "--priority must be a whole number from 1 to 9.");
    row("program key create --name x --priority high", "--priority must be a whole number from 1 to 9.");
    row("program key create --name x --priority 05", "--priority must be a whole number from 1 to 9.");
    row("program key create --name x --priority 0x5", "--priority must be a whole number from 1 to 9.");
    row("program key create --name x --priority +5", "--priority must be a whole number from 1 to 9.");
    row("program --check setup", "setup cannot be used with --check.");
    // The option belongs to the program alone.
    row("program setup --check", "--check is not an option of program setup.");
    row("program setup --publish a b", "\"b\" is not expected after \"program setup\".");
}

void TestUsageProblem::saysWhatIsWrong()
{
    QTEST(problem(QTest::currentDataTag()), "said");
}

void TestUsageProblem::saysWhereToLook_data()
{
    QTest::addColumn<QString>("said");
    const auto row = [](const char *words, const char *said) { QTest::newRow(words) << QString::fromLatin1(said); };
    row("program --nonsense", "Run \"program --help\" for its options and commands.");
    row("program key", "Run \"program key --help\" for its options and commands.");
    row("program key create", "Run \"program key create --help\" for its options.");
}

void TestUsageProblem::saysWhereToLook()
{
    QVERIFY(!problem(QTest::currentDataTag()).isEmpty());
    QTEST(whereToLook(*m_app), "said");
}

QTEST_GUILESS_MAIN(TestUsageProblem)
#include "tst_usageproblem.moc"
