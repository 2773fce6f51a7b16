// Globs over names: what an API key may call or publish.

#include "glob.h"

#include <QTest>

using namespace hearth::domain;

class TestGlob final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data();
    void matches();
    void noPatternsAllowEverything();
    void onePatternIsEnough();
    void manyStarsTakeNoTime();
};

void TestGlob::matches_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("expected");

    const auto row = [](const char *pattern, const char *name, bool expected) {
        QTest::addRow("%s on %s", pattern, name)
            << QString::fromLatin1(pattern) << QString::fromLatin1(name) << expected;
    };
    row("qwen", "qwen", true);
    row("qwen", "qwen2", false);
    row("qwen", "Qwen", false);
    row("*", "", true);
    row("*", "qwen/7b", true);
    row("qwen*", "qwen", true);
    row("qwen*", "qwen/7b", true);
    row("qwen*", "my-qwen", false);
    row("*-7b", "qwen-7b", true);
    row("*-7b", "qwen-7b-awq", false);
    row("a*b*c", "a-b-b-c", true);
    row("a*b*c", "a-c-b", false);
    row("?wen", "qwen", true);
    row("?wen", "wen", false);
    row("**", "x", true);
    row("", "", true);
    row("", "x", false);
    row("a.c", "abc", false);
    row("[a]", "a", false);
}

void TestGlob::matches()
{
    QFETCH(QString, pattern);
    QFETCH(QString, name);
    QFETCH(bool, expected);
    QCOMPARE(globMatches(pattern, name), expected);
}

void TestGlob::noPatternsAllowEverything()
{
    QVERIFY(allowedBy({}, u"anything"));
}

void TestGlob::onePatternIsEnough()
{
    const QStringList patterns{QStringLiteral("team-*"), QStringLiteral("shared")};
    QVERIFY(allowedBy(patterns, u"team-a"));
    QVERIFY(allowedBy(patterns, u"shared"));
    QVERIFY(!allowedBy(patterns, u"private"));
}

void TestGlob::manyStarsTakeNoTime()
{
    // Exponential in a naive matcher: it would not end.
    const QString pattern = QStringLiteral("a*").repeated(60) + u'b';
    QVERIFY(!globMatches(pattern, QString(128, u'a')));
}

QTEST_GUILESS_MAIN(TestGlob)
#include "tst_glob.moc"
