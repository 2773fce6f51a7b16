// The command line of hearthd, as far as it can be seen before anything is done.

#include "commandline.h"
#include "serversettings.h"

#include <CLI/CLI.hpp>
#include <QTest>

#include <algorithm>

using namespace hearth;
using namespace hearth::server;
using commandline::EarlyExit;

namespace {

std::variant<CommandLine, EarlyExit> parse(const QStringList &arguments)
{
    QByteArrayList texts{"hearthd"};
    for (const QString &argument : arguments)
        texts.append(argument.toUtf8());
    std::vector<char *> pointers;
    for (QByteArray &text : texts)
        pointers.push_back(text.data());
    return ServerCommandLine(serverSettingTable()).parse(static_cast<int>(pointers.size()), pointers.data());
}

/// Words that are separated by spaces.
std::variant<CommandLine, EarlyExit> parseWords(const char *words)
{
    return parse(QString::fromLatin1(words).split(u' ', Qt::SkipEmptyParts));
}

} // namespace

class TestCommandLine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void commands_data();
    void commands();
    void settingsBecomeFlags_data();
    void settingsBecomeFlags();
    void emptyValuesAreRefused_data();
    void emptyValuesAreRefused();
    void keyOptions();
    void unsaidKeyOptionsAreEmpty();
    void namesDefaultsOfNewKeysOnly();
    void exits_data();
    void exits();
};

void TestCommandLine::commands_data()
{
    QTest::addColumn<Command>("command");
    const auto row = [](const char *words, Command command) { QTest::newRow(words) << command; };
    row("", Command::Serve);
    row("--listen 127.0.0.1:0", Command::Serve);
    row("key create --name x", Command::KeyCreate);
    row("key list", Command::KeyList);
    row("key update x", Command::KeyUpdate);
    row("key revoke x", Command::KeyRevoke);
    row("config check", Command::ConfigCheck);
    row("config show", Command::ConfigShow);
    row("config show --origin", Command::ConfigShow);
}

void TestCommandLine::commands()
{
    QFETCH(Command, command);
    const auto parsed = parseWords(QTest::currentDataTag());
    QVERIFY(std::holds_alternative<CommandLine>(parsed));
    QVERIFY(std::get<CommandLine>(parsed).command == command);
    QCOMPARE(std::get<CommandLine>(parsed).showOrigin, QByteArray(QTest::currentDataTag()).endsWith("--origin"));
}

void TestCommandLine::settingsBecomeFlags_data()
{
    QTest::addColumn<QString>("words");
    for (const char *words : {"--config /a.yaml --database sqlite:/b --listen [::1]:1",
                              "--config=/a.yaml --database=sqlite:/b --listen=[::1]:1 config check",
                              "key list --config /a.yaml --database sqlite:/b --listen [::1]:1",
                              "key --config /a.yaml create --name x --database sqlite:/b --listen [::1]:1",
                              "config show --database sqlite:/b --listen [::1]:1 --config /a.yaml"})
        QTest::newRow(words) << QString::fromLatin1(words);
}

void TestCommandLine::settingsBecomeFlags()
{
    const auto parsed = parseWords(QTest::currentDataTag());
    QVERIFY(std::holds_alternative<CommandLine>(parsed));
    const auto &line = std::get<CommandLine>(parsed);
    QCOMPARE(line.configFile, QStringLiteral("/a.yaml"));
    QMap<QString, QString> flags;
    for (const FlagValue &flag : line.flags)
        flags[flag.key] = flag.value;
    QCOMPARE(flags, (QMap<QString, QString>{{QStringLiteral("database"), QStringLiteral("sqlite:/b")},
                                            {QStringLiteral("listen"), QStringLiteral("[::1]:1")}}));
}

void TestCommandLine::emptyValuesAreRefused_data()
{
    QTest::addColumn<QString>("option");
    QTest::newRow("config") << QStringLiteral("--config");
    QTest::newRow("database") << QStringLiteral("--database");
    QTest::newRow("listen") << QStringLiteral("--listen");
}

void TestCommandLine::emptyValuesAreRefused()
{
    QFETCH(QString, option);
    // What comes of a variable of the shell that is not set must not select the default.
    for (const QStringList &arguments :
         {QStringList{option, QString()},
          QStringList{QStringLiteral("key"), QStringLiteral("list"), option, QString()}}) {
        const auto parsed = parse(arguments);
        QVERIFY(std::holds_alternative<EarlyExit>(parsed));
        QCOMPARE(std::get<EarlyExit>(parsed).code, 2);
    }
}

void TestCommandLine::keyOptions()
{
    const auto parsed = parseWords("key create --name box --scope publish --scope infer --owner alice --models a,b "
                                   "--expires 90d --json");
    QVERIFY(std::holds_alternative<CommandLine>(parsed));
    const KeyOptions &key = std::get<CommandLine>(parsed).key;
    QCOMPARE(key.name, QStringLiteral("box"));
    QCOMPARE(key.scopes, (QStringList{QStringLiteral("publish"), QStringLiteral("infer")}));
    QCOMPARE(key.owner.value(), QStringLiteral("alice"));
    QCOMPARE(key.models.value(), QStringLiteral("a,b"));
    QCOMPARE(key.expires.value(), QStringLiteral("90d"));
    QVERIFY(key.json);
}

void TestCommandLine::unsaidKeyOptionsAreEmpty()
{
    const KeyOptions key = std::get<CommandLine>(parseWords("key update box")).key;
    QCOMPARE(key.name, QStringLiteral("box"));
    QVERIFY(key.scopes.isEmpty() && !key.owner && !key.models && !key.expires && !key.json);
    const auto emptied = parse({QStringLiteral("key"), QStringLiteral("update"), QStringLiteral("box"),
                                QStringLiteral("--models"), QString()});
    QVERIFY(std::get<CommandLine>(emptied).key.models.value_or(QStringLiteral("unsaid")).isEmpty());
}

void TestCommandLine::namesDefaultsOfNewKeysOnly()
{
    const ServerCommandLine commandLine{SettingTable()};
    const auto speaksOfDefaults = [&commandLine](const char *command) {
        const auto options = commandLine.app().get_subcommand("key")->get_subcommand(command)->get_options();
        return std::ranges::any_of(options, [](const CLI::Option *option) {
            return option->get_description().find("Default: ") != std::string::npos;
        });
    };
    QVERIFY(speaksOfDefaults("create"));
    // What is not said stays as it is.
    QVERIFY(!speaksOfDefaults("update"));
}

void TestCommandLine::exits_data()
{
    QTest::addColumn<int>("code");
    const auto row = [](const char *words, int code) { QTest::newRow(words) << code; };
    row("--help", 0);
    row("--version", 0);
    row("key --help", 0);
    row("key create --help", 0);
    row("key", 2);
    row("key create", 2);
    row("key create --name", 2);
    row("key update", 2);
    row("key revoke", 2);
    row("key destroy x", 2);
    row("key list --owner x", 2);
    row("config", 2);
    row("config edit", 2);
    row("--unknown", 2);
    row("serve", 2);
    row("--listen", 2);
    row("key list config show", 2);
    row("--listen a:1 --listen b:2", 2);
}

void TestCommandLine::exits()
{
    QFETCH(int, code);
    const auto parsed = parseWords(QTest::currentDataTag());
    QVERIFY(std::holds_alternative<EarlyExit>(parsed));
    QCOMPARE(std::get<EarlyExit>(parsed).code, code);
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_commandline.moc"
