// What a text becomes in a manual page.

#include "roff.h"

#include <QTest>

using namespace hearth::manual;

class TestRoff final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void escapes_data();
    void escapes();
    void startsALineWithEachSentence();
    void guardsTheBeginningsOfLines();
};

void TestRoff::escapes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("roff");
    QTest::newRow("plain") << QStringLiteral("Longest body.") << QStringLiteral("Longest body.");
    QTest::newRow("hyphens stay minus signs") << QStringLiteral("--key-file") << QStringLiteral("\\-\\-key\\-file");
    QTest::newRow("backslash") << QStringLiteral("a\\b") << QStringLiteral("a\\(rsb");
    QTest::newRow("quotes") << QStringLiteral("'a' `b`") << QStringLiteral("\\(aqa\\(aq \\(gab\\(ga");
    QTest::newRow("home") << QStringLiteral("~/x") << QStringLiteral("\\(ti/x");
    QTest::newRow("beyond ASCII") << QStringLiteral("hk_…") << QStringLiteral("hk_\\[u2026]");
    QTest::newRow("beyond the first plane") << QString::fromUtf8("🔥") << QStringLiteral("\\[u1F525]");
}

void TestRoff::escapes()
{
    QFETCH(const QString, text);
    QFETCH(const QString, roff);
    QCOMPARE(roffText(text), roff);
    QCOMPARE(roffBold(text), QString(u"\\fB" + roff + u"\\fP"));
}

void TestRoff::startsALineWithEachSentence()
{
    QCOMPARE(roffSentences(QStringLiteral("One of e.g. two. Three? Four.")),
             QStringLiteral("One of e.g. two.\nThree?\nFour.\n"));
    QCOMPARE(roffSentences(QStringLiteral("Default: 0.5.")), QStringLiteral("Default: 0.5.\n"));
}

void TestRoff::guardsTheBeginningsOfLines()
{
    QCOMPARE(roffSentences(QStringLiteral(".yaml is meant.")), QStringLiteral("\\&.yaml is meant.\n"));
    QCOMPARE(roffExample(QStringLiteral("a: 1\n  b: -1\n.c\n")),
             QStringLiteral(".sp\n.RS 4\n.EX\na: 1\n  b: \\-1\n\\&.c\n.EE\n.RE\n"));
}

QTEST_APPLESS_MAIN(TestRoff)
#include "tst_roff.moc"
