// wrapped(), on lines of twelve characters.

#include "textwrap.h"

#include <QTest>

using namespace hearth::commandline;

class TestTextWrap final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wraps_data();
    void wraps();
};

void TestTextWrap::wraps_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("lines");
    const auto row = [](const char *name, const char *text, const char *lines) {
        QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(lines).split(u'|');
    };
    row("nothing", "", "");
    row("one word", "word", "word");
    row("a full line", "twelve chars", "twelve chars");
    row("one too many", "thirteen char", "thirteen|char");
    row("several lines", "one two three four five six", "one two|three four|five six");
    row("white space", " one\n\n two   three", "one two|three");
    row("a long word", "abcdefghijklmnop", "abcdefghijkl|mnop");
    row("behind another", "one abcdefghijklmnop two", "one|abcdefghijkl|mnop two");
    row("two lines long", "abcdefghijklmnopqrstuvwxyz", "abcdefghijkl|mnopqrstuvwx|yz");
}

void TestTextWrap::wraps()
{
    QFETCH(const QString, text);
    QTEST(wrapped(text, 12), "lines");
}

QTEST_GUILESS_MAIN(TestTextWrap)
#include "tst_textwrap.moc"
