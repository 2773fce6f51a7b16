#include "objectscan.h"

#include "tighttext.h"

#include <QTest>

#include <array>

using namespace hearth;
using namespace hearth::json;

namespace {

constexpr std::array<QByteArrayView, 2> keys{"model", "stream"};

/// The wire spelling of the error, or nothing.
QString codeOf(const QByteArray &text)
{
    const auto scan = scanObject(text, keys);
    return scan ? QString() : QString(toString(scan.error().code));
}

} // namespace

class TestObjectScanRefusals final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void duplicateOfWatchedKey_data();
    void duplicateOfWatchedKey();
    void namesTheDuplicate();
};

void TestObjectScanRefusals::refuses_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("empty but not null") << QByteArray("");
    QTest::newRow("blanks") << QByteArray(" \n\t ");
    QTest::newRow("array") << QByteArray(R"([{"model":"a"}])");
    QTest::newRow("string") << QByteArray(R"("model")");
    QTest::newRow("number") << QByteArray("1");
    QTest::newRow("null") << QByteArray("null");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{\"model\":\"a\"}");
    QTest::newRow("UTF-16") << QByteArray("\xff\xfe{\0}\0", 6);
    QTest::newRow("two objects") << QByteArray("{}{}");
    QTest::newRow("two objects on two lines") << QByteArray("{\"model\":1}\n{\"model\":2}");
    QTest::newRow("two objects with a comma") << QByteArray("{\"model\":1},{}");
    QTest::newRow("word behind") << QByteArray("{} x");
    QTest::newRow("word and brace behind") << QByteArray("{\"model\":1} x}");
    QTest::newRow("brace behind") << QByteArray("{}}");
    QTest::newRow("bracket behind") << QByteArray("{\"model\":1}]");
    QTest::newRow("NUL behind") << QByteArray("{}\0", 3);
    QTest::newRow("form feed behind") << QByteArray("{}\f");
    QTest::newRow("word in front") << QByteArray("x{}");
    QTest::newRow("comma in front") << QByteArray(",{}");
    QTest::newRow("open") << QByteArray("{");
    QTest::newRow("open behind a member") << QByteArray(R"({"model":"a")");
    QTest::newRow("open behind a comma") << QByteArray(R"({"model":"a",)");
    QTest::newRow("trailing comma") << QByteArray(R"({"model":"a",})");
    QTest::newRow("leading comma") << QByteArray(R"({,"model":"a"})");
    QTest::newRow("comma alone") << QByteArray("{,}");
    QTest::newRow("two commas") << QByteArray(R"({"model":"a",,"stream":1})");
    QTest::newRow("missing comma") << QByteArray(R"({"model":"a" "stream":1})");
    QTest::newRow("missing colon") << QByteArray(R"({"model" "a"})");
    QTest::newRow("two colons") << QByteArray(R"({"model"::"a"})");
    QTest::newRow("equals sign") << QByteArray(R"({"model"="a"})");
    QTest::newRow("missing value") << QByteArray(R"({"model":})");
    QTest::newRow("missing value before a comma") << QByteArray(R"({"model":,"stream":1})");
    QTest::newRow("name alone") << QByteArray(R"({"model"})");
    QTest::newRow("value alone") << QByteArray(R"({1})");
    QTest::newRow("name without quotation marks") << QByteArray(R"({model:"a"})");
    QTest::newRow("name in apostrophes") << QByteArray(R"({'model':"a"})");
    QTest::newRow("number as a name") << QByteArray(R"({1:"a"})");
    QTest::newRow("two values") << QByteArray(R"({"model":"a" "b"})");
    QTest::newRow("two values without a blank") << QByteArray(R"({"model":"a""b"})");
    QTest::newRow("two numbers") << QByteArray(R"({"model":1 2})");
    QTest::newRow("string and word") << QByteArray(R"({"model":"a"b})");
    QTest::newRow("number and string") << QByteArray(R"({"model":1"b"})");
    QTest::newRow("comment") << QByteArray("{\"model\":1/*x*/}");
    QTest::newRow("array closed by a brace") << QByteArray(R"({"x":[1}})");
    QTest::newRow("object closed by a bracket") << QByteArray(R"({"x":{"a":1]})");
    QTest::newRow("array closed by a brace, then a bracket") << QByteArray(R"({"x":[{]})");
    QTest::newRow("object closed by a bracket itself") << QByteArray(R"({"x":1])");
    QTest::newRow("open array") << QByteArray(R"({"x":[1,2)");
    QTest::newRow("open array, closed object") << QByteArray(R"({"x":[1,2})");
    QTest::newRow("open nested object") << QByteArray(R"({"x":{"a":1})");
    QTest::newRow("open string") << QByteArray(R"({"model":"a)");
    QTest::newRow("open string and brace") << QByteArray(R"({"model":"a})");
    QTest::newRow("string that ends in an escape") << QByteArray(R"({"model":"a\"})");
    QTest::newRow("open name") << QByteArray(R"({"model)");
    QTest::newRow("raw line feed in a watched value") << QByteArray("{\"model\":\"a\nb\"}");
    QTest::newRow("raw NUL in a watched value") << QByteArray("{\"model\":\"a\0b\"}", 15);
    QTest::newRow("raw tab in a name") << QByteArray("{\"mo\tdel\":\"a\"}");
    QTest::newRow("raw tab in a nested string") << QByteArray("{\"x\":[\"a\tb\"]}");
    QTest::newRow("bad escape in a watched value") << QByteArray(R"({"model":"\q"})");
    QTest::newRow("bad escape in another value") << QByteArray(R"({"x":"\q","model":"a"})");
    QTest::newRow("bad escape in a name") << QByteArray(R"({"mo\del":"a"})");
    QTest::newRow("short unicode escape") << QByteArray(R"({"model":"\u12"})");
    QTest::newRow("short unicode escape before more") << QByteArray(R"({"model":"\u12 4"})");
    QTest::newRow("unicode escape of no digits") << QByteArray(R"({"model":"\u00g0"})");
    QTest::newRow("short unicode escape in a name") << QByteArray(R"({"mod\u006":"a"})");
    for (const char *word :
         {"tru", "truee", "True", "TRUE",  "nul", "nil", "NaN",   "Infinity", "-Infinity", "undefined",
          "01",  "00",    "-01",  "+1",    ".5",  "1.",  "-",     "-.5",      "1.e5",      "1e",
          "1e+", "1.5.2", "0x10", "1_000", "1a",  "--1", "1e5.5", "e5",       "'a'",       "\\u0031"}) {
        QTest::addRow("literal %s", word) << QByteArray("{\"model\":").append(word).append('}');
        QTest::addRow("literal %s of another", word)
            << QByteArray("{\"x\":").append(word).append(" , \"model\":\"a\"}");
    }
    QTest::newRow("UTF-8 cut short") << QByteArray("{\"model\":\"\xe2\x82\"}");
    QTest::newRow("UTF-8 of one byte too many") << QByteArray("{\"model\":\"\x80\"}");
    QTest::newRow("UTF-8 longer than need be") << QByteArray("{\"model\":\"\xc0\xaf\"}");
    QTest::newRow("UTF-8 of a surrogate") << QByteArray("{\"model\":\"\xed\xa0\x80\"}");
    QTest::newRow("UTF-8 beyond U+10FFFF") << QByteArray("{\"model\":\"\xf4\x90\x80\x80\"}");
    QTest::newRow("invalid UTF-8 in a nested value") << QByteArray("{\"x\":[\"\xff\"]}");
    QTest::newRow("invalid UTF-8 in a name") << QByteArray("{\"\xff\":1}");
}

void TestObjectScanRefusals::refuses()
{
    QFETCH(QByteArray, text);
    const auto scan = scanObject(text, keys);
    QVERIFY(!scan.ok());
    QCOMPARE(toString(scan.error().code), QLatin1String("invalid_json"));
    QVERIFY(scan.error().message.startsWith(QStringLiteral("The request body is not a valid JSON object (")));
    const TightText tight(text);
    QCOMPARE(codeOf(tight.raw()), QStringLiteral("invalid_json"));
}

void TestObjectScanRefusals::duplicateOfWatchedKey_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("side by side") << QByteArray(R"({"model":"a","model":"b"})");
    QTest::newRow("the same value twice") << QByteArray(R"({"model":"a","model":"a"})");
    QTest::newRow("far apart") << QByteArray(R"({"model":"a","x":{"model":1},"y":[],"model":null})");
    QTest::newRow("the second escaped") << QByteArray(R"({"model":"a","mod\u0065l":"b"})");
    QTest::newRow("the first escaped") << QByteArray(R"({"mode\u006C":"a","model":"b"})");
    QTest::newRow("both escaped") << QByteArray(R"({"\u006dodel":"a","mode\u006c":"b"})");
    QTest::newRow("three times") << QByteArray(R"({"model":"a","model":"b","model":"c"})");
    QTest::newRow("the other key") << QByteArray(R"({"stream":true,"model":"a","stream":false})");
}

void TestObjectScanRefusals::duplicateOfWatchedKey()
{
    QFETCH(QByteArray, text);
    QCOMPARE(codeOf(text), QStringLiteral("invalid_request"));
}

void TestObjectScanRefusals::namesTheDuplicate()
{
    const auto scan = scanObject(R"({"stream":1,"str\u0065am":2})", keys);
    QVERIFY(!scan);
    QCOMPARE(scan.error().param, QStringLiteral("stream"));
    QVERIFY(scan.error().message.contains(QStringLiteral("more than one \"stream\"")));
}

QTEST_GUILESS_MAIN(TestObjectScanRefusals)
#include "tst_objectscanrefusals.moc"
