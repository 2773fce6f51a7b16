#include "desktopentry.h"

#include <QTest>

using namespace hearth::platform;

class TestDesktopEntry final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void string_data();
    void string();
    void exec_data();
    void exec();
    void value_data();
    void value();
};

void TestDesktopEntry::string_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("escaped");
    QTest::newRow("plain") << QStringLiteral("/usr/bin/a b%$") << QStringLiteral("/usr/bin/a b%$");
    QTest::newRow("backslash") << QStringLiteral("a\\b") << QStringLiteral("a\\\\b");
    QTest::newRow("control") << QStringLiteral("a\nb\tc\rd") << QStringLiteral("a\\nb\\tc\\rd");
    QTest::newRow("what looks escaped") << QStringLiteral("a\\n") << QStringLiteral("a\\\\n");
}

void TestDesktopEntry::string()
{
    QFETCH(QString, text);
    QTEST(desktopEntryString(text), "escaped");
}

void TestDesktopEntry::exec_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("escaped");
    const auto row = [](const char *name, const QStringList &arguments, const QString &escaped) {
        QTest::newRow(name) << arguments << escaped;
    };
    row("plain", {QStringLiteral("/usr/bin/hearth-tray"), QStringLiteral("--hidden")},
        QStringLiteral("/usr/bin/hearth-tray --hidden"));
    row("space", {QStringLiteral("/opt/my apps/tray")}, QStringLiteral("\"/opt/my apps/tray\""));
    row("empty", {QStringLiteral("a"), QString()}, QStringLiteral("a \"\""));
    row("percent", {QStringLiteral("/a/100%u")}, QStringLiteral("/a/100%%u"));
    row("percent in quotes", {QStringLiteral("/a b/100%u")}, QStringLiteral("\"/a b/100%%u\""));
    // A dollar sign is escaped for the quotes, and the backslash of that once more for the string.
    row("dollar", {QStringLiteral("/a/$HOME")}, QStringLiteral("\"/a/\\\\$HOME\""));
    row("backquote", {QStringLiteral("/a/`id`")}, QStringLiteral("\"/a/\\\\`id\\\\`\""));
    row("double quote", {QStringLiteral("/a/\"b\"")}, QStringLiteral("\"/a/\\\\\"b\\\\\"\""));
    // The example of the specification: a literal backslash in quotes is four.
    row("backslash", {QStringLiteral("/a\\b")}, QStringLiteral("\"/a\\\\\\\\b\""));
    row("single quote", {QStringLiteral("/it's")}, QStringLiteral("\"/it's\""));
    row("semicolon", {QStringLiteral("a;b")}, QStringLiteral("\"a;b\""));
    row("line feed", {QStringLiteral("a\nb")}, QStringLiteral("\"a\\nb\""));
    row("umlaut", {QStringLiteral("/Fön")}, QStringLiteral("\"/Fön\""));
}

void TestDesktopEntry::exec()
{
    QFETCH(QStringList, arguments);
    QTEST(desktopEntryExec(arguments), "escaped");
}

void TestDesktopEntry::value_data()
{
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("set") << QByteArray("[Desktop Entry]\nHidden=true\n") << QByteArray("true");
    QTest::newRow("spaces") << QByteArray("[Desktop Entry]\n Hidden = true \n") << QByteArray("true");
    QTest::newRow("last line open") << QByteArray("[Desktop Entry]\nHidden=true") << QByteArray("true");
    QTest::newRow("equals in value") << QByteArray("[Desktop Entry]\nHidden=a=b\n") << QByteArray("a=b");
    QTest::newRow("not set") << QByteArray("[Desktop Entry]\nName=Hidden\n") << QByteArray();
    QTest::newRow("comment") << QByteArray("[Desktop Entry]\n#Hidden=true\n") << QByteArray();
    QTest::newRow("another group") << QByteArray("[Desktop Entry]\nName=a\n[Desktop Action x]\nHidden=true\n")
                                   << QByteArray();
    QTest::newRow("no group") << QByteArray("Hidden=true\n") << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TestDesktopEntry::value()
{
    QFETCH(QByteArray, entry);
    QTEST(desktopEntryValue(entry, "Hidden").value_or(QByteArray()), "expected");
}

QTEST_GUILESS_MAIN(TestDesktopEntry)

#include "tst_desktopentry.moc"
