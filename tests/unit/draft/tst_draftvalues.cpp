// How values are read from a text, and how they are spelled in one.

#include "drafttest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::draft;
using namespace std::chrono_literals;

class TestDraftValues final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsValues();
    void refusesWhatIsNoMap_data();
    void refusesWhatIsNoMap();
    void spellsTexts_data();
    void spellsTexts();
    void spellsNumbers();
    void keepsWhatIsTheSame();
};

void TestDraftValues::readsValues()
{
    const ConfigDraft draft = draftOf("server: 'http://h'\n"
                                      "llms:\n"
                                      "  - name: a\n"
                                      "    wake: {type: http, args: [x, 1], headers: {B: c, A: 2}}\n"
                                      "    probe:\n"
                                      "  - {name: b, extraConfig: {n: 1.5, t: '1'}}\n");
    QCOMPARE(draft.scalar(u"server"_s).value_or(QString()), u"http://h"_s);
    QCOMPARE(draft.scalar(u"llms[0].wake.type"_s).value_or(QString()), u"http"_s);
    QVERIFY(!draft.scalar(u"llms"_s));
    QVERIFY(!draft.scalar(u"name"_s));
    QVERIFY(!draft.scalar(u"llms[2].name"_s));
    QVERIFY(!draft.scalar(u"server.name"_s));
    QCOMPARE(draft.list(u"llms[0].wake.args"_s), (QStringList{u"x"_s, u"1"_s}));
    QVERIFY(draft.list(u"server"_s).isEmpty());
    QCOMPARE(draft.map(u"llms[0].wake.headers"_s), (TextMap{{u"B"_s, u"c"_s}, {u"A"_s, u"2"_s}}));
    QCOMPARE(draft.object(u"llms[1].extraConfig"_s), (QJsonObject{{u"n"_s, 1.5}, {u"t"_s, u"1"_s}}));
    QCOMPARE(draft.entryCount(u"llms"_s), 2);
    QCOMPARE(draft.entryCount(u"agents"_s), 0);
    QCOMPARE(draft.entry(u"llms"_s, u"b"_s).value_or(QString()), u"llms[1]"_s);
    QVERIFY(!draft.entry(u"llms"_s, u"c"_s));
    QVERIFY(draft.hasSection(u"llms[0].wake"_s));
    QVERIFY(draft.hasSection(u"llms[0].probe"_s));
    QVERIFY(!draft.hasSection(u"llms[1].wake"_s));
    QVERIFY(!draft.hasSection(u"server"_s));
}

void TestDraftValues::refusesWhatIsNoMap_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("message");
    QTest::newRow("list") << QByteArray("- a\n") << u"p.yaml: must be a map of settings"_s;
    QTest::newRow("text") << QByteArray("hello\n") << u"p.yaml: must be a map of settings"_s;
    QTest::newRow("broken") << QByteArray("a: [1\n") << u"p.yaml:2:1: end of sequence flow not found"_s;
}

void TestDraftValues::refusesWhatIsNoMap()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, message);
    const auto draft = ConfigDraft::fromText(text, QStringLiteral("p.yaml"));
    QVERIFY(!draft.ok());
    QVERIFY(draft.error().code == ErrorCode::Configuration);
    QCOMPARE(draft.error().message, message);
}

void TestDraftValues::spellsTexts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("spelling");
    const auto row = [](const QString &text, const QByteArray &spelling) {
        QTest::newRow(text.isEmpty() ? "empty" : spelling.simplified().constData()) << text << spelling;
    };
    row(u""_s, R"("")");
    row(u"http://127.0.0.1:8000/v1"_s, "http://127.0.0.1:8000/v1");
    row(u"Qwen/Qwen2.5-7B"_s, "Qwen/Qwen2.5-7B");
    row(u"it's two words"_s, "it's two words");
    row(u"grüße 🔥"_s, "grüße 🔥");
    for (const char *taken :
         {"true",  "No",   "ON",   "y",     "null", "~",          "12", "-1.5", "1e3", ".5", "0x1f", "0o17",
          "1_000", "1:30", ".inf", "-.INF", ".NaN", "2001-12-14", "=",  "<<",   "- a", "-a", "?",    "a: b",
          "a:",    "a #b", "#a",   "a#b",   "[a",   "{a",         "a]", "a, b", "&a",  "*a", "!a",   "|",
          ">",     "'a'",  "%a",   "@a",    "`a",   " a",         "a ", "...",  "---"})
        row(QString::fromUtf8(taken), QByteArray("\"") + taken + '"');
    row(u"a\\b\"c"_s, R"("a\\b\"c")");
    row(u"a\tb\r\n\u0001\u007f\u0085\u2028\ufeff"_s, R"("a\tb\u000d\n\u0001\u007f\u0085\u2028\ufeff")");
    row(u"one\ntwo"_s, "|-\n  one\n  two");
    row(u"one\n\n  two\n"_s, "|\n  one\n\n    two");
    row(u"one \n\ttwo"_s, R"("one \n\ttwo")");
    row(u"  one\ntwo\n"_s, "|2\n    one\n  two");
    row(u"\none"_s, R"("\none")");
    row(u" \none"_s, R"(" \none")");
    row(u"one\n\n"_s, R"("one\n\n")");
    row(u"\n"_s, R"("\n")");
    row(QString(QChar(0xd800)) + u"a", R"("?a")");
}

void TestDraftValues::spellsTexts()
{
    QFETCH(QString, text);
    QFETCH(QByteArray, spelling);
    ConfigDraft draft;
    draft.setText(u"a"_s, text);
    draft.setText(u"b"_s, u"behind"_s);
    QCOMPARE(draft.text(), "a: " + spelling + "\nb: behind\n");
    QCOMPARE(draftOf(draft.text()).scalar(u"a"_s).value_or(QString()), QString::fromUtf8(text.toUtf8()));
    ConfigDraft inFlow = draftOf("m: {x: 1}\n");
    inFlow.setText(u"m.a"_s, text);
    QCOMPARE(draftOf(inFlow.text()).scalar(u"m.a"_s).value_or(QString()), QString::fromUtf8(text.toUtf8()));
}

void TestDraftValues::spellsNumbers()
{
    ConfigDraft draft;
    draft.setBoolean(u"b"_s, true);
    draft.setInteger(u"i"_s, -5);
    draft.setSeconds(u"s"_s, 1250ms);
    draft.setMinutes(u"m"_s, 90s);
    draft.setList(u"l"_s, {});
    draft.setMap(u"e"_s, {});
    draft.setObject(u"o"_s, {{u"big"_s, qint64(9007199254740993)}, {u"small"_s, 0.1}, {u"no"_s, false}});
    QCOMPARE(draft.text(), QByteArray("b: true\ni: -5\ns: 1.25\nm: 1.5\nl: []\ne: {}\n"
                                      "o:\n  big: 9007199254740993\n  \"no\": false\n  small: 0.1\n"));
}

void TestDraftValues::keepsWhatIsTheSame()
{
    const QByteArray text = "a: '8000'\nb: 8000\nc:\n  - 1\n  - \"x\"\nd: {k: 'v'}\no: {n: 1e0}\nt: !!str 5\n";
    ConfigDraft draft = draftOf(text);
    draft.setInteger(u"a"_s, 8000);
    draft.setText(u"b"_s, u"8000"_s);
    draft.setList(u"c"_s, {u"1"_s, u"x"_s});
    draft.setMap(u"d"_s, {{u"k"_s, u"v"_s}});
    draft.setObject(u"o"_s, {{u"n"_s, 1}});
    draft.setText(u"t"_s, u"5"_s);
    QCOMPARE(draft.text(), text);
}

QTEST_APPLESS_MAIN(TestDraftValues)
#include "tst_draftvalues.moc"
