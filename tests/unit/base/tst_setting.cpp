#include "setting.h"
#include "suggestion.h"

#include <QTest>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

Setting settingOf(const QString &type)
{
    if (type == u"integer")
        return Setting::integer("a", 5, -10, 100, "things", "");
    if (type == u"seconds")
        return Setting::seconds("a", 60s, 50ms, 24h, "");
    if (type == u"minutes")
        return Setting::minutes("a", 15min, 60ms, 24h, "");
    if (type == u"size")
        return Setting::size("a", 4096, 1024, qint64(2) << 30, "");
    if (type == u"boolean")
        return Setting::boolean("a", true, "");
    if (type == u"choice")
        return Setting::choice("a", QStringLiteral("fast"), {QStringLiteral("fast"), QStringLiteral("heavy")}, "");
    if (type == u"list")
        return Setting::textList("a", {}, "");
    if (type == u"path")
        return Setting::path("a", {}, "");
    return Setting::text("a", {}, "");
}

} // namespace

class TestSetting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reads_data();
    void reads();
    void readsMinutes();
    void refuses_data();
    void refuses();
    void requirements();
    void tableFinds();
    void carriesWhatDocumentationNeeds();
    void suggestions_data();
    void suggestions();
};

void TestSetting::reads_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *type, const char *text, const char *shown) {
        QTest::addRow("%s %s", type, text)
            << QString::fromLatin1(type) << QString::fromUtf8(text) << QString::fromUtf8(shown);
    };
    row("integer", "7", "7");
    row("integer", "-10", "-10");
    row("integer", "100", "100");
    row("integer", " 007 ", "7");
    row("seconds", "60", "60");
    row("seconds", "0.05", "0.05");
    row("seconds", "1.5", "1.5");
    row("seconds", "1.234", "1.234");
    row("seconds", "86400.000", "86400");
    row("minutes", "15", "15");
    row("minutes", "0.01", "0.01");
    row("minutes", "0.001", "0.001");
    row("minutes", "1440", "1440");
    row("size", "1024", "1KiB");
    row("size", "32MiB", "32MiB");
    row("size", "1 GiB", "1GiB");
    row("size", "1025", "1025");
    row("boolean", "true", "true");
    row("boolean", "False", "false");
    row("choice", "heavy", "heavy");
    row("list", "a, b,,c ", "[a, b, c]");
    row("list", "", "[]");
    row("path", " /etc/hearth ", "/etc/hearth");
    row("text", " padded ", "\" padded \"");
    row("text", "", "\"\"");
    row("text", "a: b", "\"a: b\"");
    row("text", "127.0.0.1:4327", "127.0.0.1:4327");
    row("text", "say \"x\"", "\"say \\\"x\\\"\"");
    row("text", "größe", "größe");
}

void TestSetting::reads()
{
    QFETCH(QString, type);
    QFETCH(QString, text);
    QFETCH(QString, shown);
    const Setting setting = settingOf(type);
    const std::optional<SettingValue> value = setting.parse(text);
    QVERIFY(value);
    QCOMPARE(toText(setting.type, *value), shown);
}

void TestSetting::refuses_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("text");
    const auto rows = [](const char *type, std::initializer_list<const char *> texts) {
        for (const char *text : texts)
            QTest::addRow("%s '%s'", type, text) << QString::fromLatin1(type) << QString::fromUtf8(text);
    };
    rows("integer",
         {"", "-", "x", "1.0", "+5", "1e2", "0x10", "1_000", "1 0", "-11", "101", "99999999999999999999", "٣"});
    rows("seconds", {"", ".5", "5.", "1.2345", "-1", "-0.5", "1.-5", "0.04", "86400.001", "1e2", "nan", "60s",
                     "9223372036854775807", "9223372036854775.999"});
    rows("minutes", {"", ".5", "0.0001", "0", "-1", "1440.001", "15min", "9223372036854775807"});
    rows("size", {"", "1023", "3GiB", "32MB", "32 M", "MiB", "1.5MiB", "-1KiB", "9223372036854775807GiB"});
    rows("boolean", {"", "yes", "1", "on", "truee"});
    rows("choice", {"", "Fast", "slow", "fast,heavy"});
}

void TestSetting::readsMinutes()
{
    const std::optional<SettingValue> value = settingOf(QStringLiteral("minutes")).parse(u"0.01");
    QVERIFY(value);
    QCOMPARE(std::get<Duration>(*value), Duration(600ms));
}

void TestSetting::refuses()
{
    QFETCH(QString, type);
    QFETCH(QString, text);
    QVERIFY(!settingOf(type).parse(text));
}

void TestSetting::requirements()
{
    QCOMPARE(settingOf(QStringLiteral("integer")).requirement(),
             QStringLiteral("must be a whole number between -10 and 100"));
    QCOMPARE(settingOf(QStringLiteral("seconds")).requirement(),
             QStringLiteral("must be a number of seconds between 0.05 and 86400"));
    QCOMPARE(settingOf(QStringLiteral("minutes")).requirement(),
             QStringLiteral("must be a number of minutes between 0.001 and 1440"));
    QCOMPARE(settingOf(QStringLiteral("size")).requirement(),
             QStringLiteral("must be a size between 1KiB and 2GiB, in bytes or with KiB, MiB or GiB"));
    QCOMPARE(settingOf(QStringLiteral("choice")).requirement(), QStringLiteral("must be one of fast, heavy"));
    QCOMPARE(settingOf(QStringLiteral("boolean")).requirement(), QStringLiteral("must be true or false"));
}

void TestSetting::tableFinds()
{
    const SettingTable table(
        {Setting::text("listen", {}, ""), Setting::seconds("lifecycle.sweepIntervalSeconds", 1min, 1s, 24h, "")});
    QVERIFY(table.find(u"listen"));
    QVERIFY(!table.find(u"Listen"));
    QVERIFY(!table.find(u"lifecycle"));
    QVERIFY(table.isSection(u"lifecycle"));
    QVERIFY(!table.isSection(u"listen"));
    QVERIFY(!table.isSection(u"life"));
    const Setting *sweep = table.findVariable(u"HEARTH_LIFECYCLE__SWEEPINTERVALSECONDS");
    QVERIFY(sweep);
    QCOMPARE(sweep->key, QStringLiteral("lifecycle.sweepIntervalSeconds"));
    QCOMPARE(table.findVariable(u"HEARTH_lifecycle__sweepIntervalSeconds"), sweep);
    QVERIFY(!table.findVariable(u"HEARTH_LIFECYCLE_SWEEPINTERVALSECONDS"));
}

void TestSetting::carriesWhatDocumentationNeeds()
{
    const SettingTable table(
        {Setting::text("server", {}, "The server.").withFlag("--server", "URL").asRequired(),
         Setting::entries("llms", "The models.", SettingTable({Setting::text("apiKey", {}, "A key.").asSecret()}))});
    const Setting &server = *table.begin();
    QCOMPARE(server.help, QStringLiteral("The server."));
    QCOMPARE(server.flag, QStringLiteral("--server"));
    QCOMPARE(server.placeholder, QStringLiteral("URL"));
    QVERIFY(server.required);
    QVERIFY(!server.isStructure());
    const Setting &llms = *std::next(table.begin());
    QVERIFY(llms.isStructure());
    QVERIFY(llms.fields.find(u"apiKey")->secret);
    QCOMPARE(settingOf(QStringLiteral("integer")).unit, QStringLiteral("things"));
    QCOMPARE(settingOf(QStringLiteral("seconds")).unit, QStringLiteral("seconds"));
    QCOMPARE(settingOf(QStringLiteral("seconds")).minimum, 50);
    QCOMPARE(settingOf(QStringLiteral("minutes")).unit, QStringLiteral("minutes"));
}

void TestSetting::suggestions_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("nearest");
    const auto row = [](const char *name, const char *nearest) {
        QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(nearest);
    };
    row("listne", "listen");
    row("Listen", "listen");
    row("lifecycle.sweepInterval", "lifecycle.sweepIntervalSeconds");
    row("sweepIntervalSeconds", "lifecycle.sweepIntervalSeconds");
    row("lifecycle.sweepIntervalSecs", "lifecycle.sweepIntervalSeconds");
    row("lifecylce", "lifecycle");
    row("databaseUrl", "database");
    row("colour", "");
    row("x", "");
    row("", "");
}

void TestSetting::suggestions()
{
    QFETCH(QString, name);
    QFETCH(QString, nearest);
    const QStringList names{QStringLiteral("listen"), QStringLiteral("database"), QStringLiteral("lifecycle"),
                            QStringLiteral("lifecycle.heartbeatTimeoutSeconds"),
                            QStringLiteral("lifecycle.sweepIntervalSeconds")};
    QCOMPARE(nearestName(name, names), nearest);
}

QTEST_APPLESS_MAIN(TestSetting)
#include "tst_setting.moc"
