#include "shellword.h"

#include <QProcess>
#include <QTest>

using namespace hearth;

class TestShellWord final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quotesWhatTheShellWouldChange_data();
    void quotesWhatTheShellWouldChange();
};

void TestShellWord::quotesWhatTheShellWouldChange_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const char *text, const char *word) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(word);
    };
    row("path", "/etc/hearth/publisher.yaml", "/etc/hearth/publisher.yaml");
    row("address", "http://127.0.0.1:4327/v1", "http://127.0.0.1:4327/v1");
    row("blank", "/srv/my box/p.yaml", "'/srv/my box/p.yaml'");
    row("quote", "it's", "'it'\\''s'");
    row("home of somebody", "~alice", "'~alice'");
    row("commands", "$(id);`id`", "'$(id);`id`'");
    row("new line", "a\n", "'a\n'");
    row("umlaut", "/srv/ö", "'/srv/ö'");
    row("nothing", "", "''");
}

void TestShellWord::quotesWhatTheShellWouldChange()
{
    QFETCH(QString, text);
    QTEST(shellWord(text), "word");
    QProcess shell;
    shell.start(QStringLiteral("sh"), {QStringLiteral("-c"), QStringLiteral("printf %s ") + shellWord(text)});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput(), text.toUtf8());
}

QTEST_GUILESS_MAIN(TestShellWord)
#include "tst_shellword.moc"
