// SettingFlags, on a table and an app of its own.

#include "arguments.h"
#include "makeapp.h"
#include "parse.h"
#include "settingflags.h"

#include <CLI/CLI.hpp>
#include <QTest>

using namespace hearth;
using namespace hearth::commandline;
using hearth::testing::Arguments;

namespace {

SettingTable table()
{
    return SettingTable({Setting::text("listen", QStringLiteral("here"), "Where.").withFlag("--listen", "HOST:PORT"),
                         Setting::path("keyFile", {}, "The key.").withFlag("--key-file", "FILE"),
                         Setting::text("name", QStringLiteral("box-17"), "The box.")
                             .withFlag("--name", "NAME")
                             .withDefaultWords("the name of this machine"),
                         Setting::text("unflagged", {}, "Only in the file.")});
}

} // namespace

class TestSettingFlags final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void explainsTheSettings_data();
    void explainsTheSettings();
    void onlyFlagsBecomeOptions();
    void valuesAreGivenBack_data();
    void valuesAreGivenBack();
    void emptyValuesAreRefused();

private:
    std::unique_ptr<CLI::App> m_app;
    std::unique_ptr<SettingFlags> m_flags;
};

void TestSettingFlags::init()
{
    m_app = makeApp({.name = "program", .description = "A program.", .manual = "program(1)"});
    m_flags = std::make_unique<SettingFlags>(table());
    m_flags->addTo(*m_app);
    m_flags->addTo(*m_app->add_subcommand("sub", "A command."), QStringLiteral("name"), "Another meaning.");
}

void TestSettingFlags::explainsTheSettings_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("description");
    QTest::newRow("--listen") << QStringLiteral("HOST:PORT") << QStringLiteral("Where. Default: here.");
    QTest::newRow("--key-file") << QStringLiteral("FILE") << QStringLiteral("The key.");
    QTest::newRow("--name") << QStringLiteral("NAME") << QStringLiteral("The box. Default: the name of this machine.");
}

void TestSettingFlags::explainsTheSettings()
{
    const CLI::Option *const option = m_app->get_option_no_throw(QTest::currentDataTag());
    QVERIFY(option);
    QTEST(QString::fromStdString(option->get_type_name()), "type");
    QTEST(QString::fromStdString(option->get_description()), "description");
}

void TestSettingFlags::onlyFlagsBecomeOptions()
{
    // Beside --help, --version and the three.
    QCOMPARE(m_app->get_options().size(), size_t(5));
}

void TestSettingFlags::valuesAreGivenBack_data()
{
    QTest::addColumn<QMap<QString, QString>>("values");
    using Values = QMap<QString, QString>;
    const QString listen = QStringLiteral("listen");
    const QString name = QStringLiteral("name");
    QTest::newRow("program") << Values{};
    QTest::newRow("program --listen x") << Values{{listen, QStringLiteral("x")}};
    QTest::newRow("program --name=a --listen=b") << Values{{name, QStringLiteral("a")}, {listen, QStringLiteral("b")}};
    QTest::newRow("program --name a sub") << Values{{name, QStringLiteral("a")}};
    QTest::newRow("program sub --name a") << Values{{name, QStringLiteral("a")}};
}

void TestSettingFlags::valuesAreGivenBack()
{
    Arguments arguments(QTest::currentDataTag());
    QVERIFY(!parse(*m_app, arguments.count(), arguments.values()));
    QMap<QString, QString> given;
    for (const FlagValue &flag : m_flags->given()) {
        given[flag.key] = flag.value;
        QCOMPARE(m_flags->value(flag.key), flag.value);
    }
    QTEST(given, "values");
}

void TestSettingFlags::emptyValuesAreRefused()
{
    Arguments arguments("program --listen ''");
    const std::optional<EarlyExit> exit = parse(*m_app, arguments.count(), arguments.values());
    QVERIFY(exit);
    QCOMPARE(exit->code, 2);
    QVERIFY(m_flags->given().isEmpty());
}

QTEST_GUILESS_MAIN(TestSettingFlags)
#include "tst_settingflags.moc"
