#include "objectscan.h"

#include "tighttext.h"

#include <QTest>

#include <array>

using namespace hearth;
using namespace hearth::json;

namespace {

constexpr std::array<QByteArrayView, 2> keys{"model", "stream"};

QByteArray at(const QByteArray &text, const std::optional<Span> &span)
{
    return span ? text.mid(span->offset, span->length) : QByteArray("(none)");
}

/// The wire spelling of the error, or nothing.
QString codeOf(const QByteArray &text)
{
    const auto scan = scanObject(text, keys);
    return scan ? QString() : QString(toString(scan.error().code));
}

} // namespace

class TestObjectScan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finds_data();
    void finds();
    void splices_data();
    void splices();
    void insertsMember_data();
    void insertsMember();
    void needsNoSlackOfTheCaller();
    void slackInFrontIsNotSlackBehind();
    void sharedTextIsLeftAlone();
    void deepNesting();
    void largeBody();
    void everyPrefixOfABodyIsRefused();
    void everyChangedByteIsHandled();
    void noKeys();
};

void TestObjectScan::finds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("stream");

    const QByteArray none = "(none)";
    const auto row = [](const char *name, const QByteArray &text, const QByteArray &model, const QByteArray &stream) {
        QTest::newRow(name) << text << model << stream;
    };
    row("both", R"({"model":"a","stream":true})", R"("a")", "true");
    row("other order", R"({"stream":true,"model":"a"})", R"("a")", "true");
    row("others between", R"({"x":1,"stream":null,"y":[],"model":"a","z":{}})", R"("a")", "null");
    row("empty object", "{}", none, none);
    row("empty object with blanks", " \t\r\n{ \n } \n", none, none);
    row("blanks around everything", " { \"model\" :  \"a\" \n, \"stream\"\t: false } ", R"("a")", "false");
    row("blanks behind a nested value", R"({"model": {"a": 1}   , "stream": [1, 2]   })", R"({"a": 1})", "[1, 2]");
    row("escaped name", R"({"mod\u0065l":"a"})", R"("a")", none);
    row("wholly escaped name", R"({"\u006d\u006F\u0064\u0065\u006c":"a"})", R"("a")", none);
    row("other case is another name", R"({"Model":"a"})", none, none);
    row("longer name", R"({"models":"a","mode":"b"})", none, none);
    row("name with a quotation mark", R"({"mo\"del":"a","\"model":"b","model\"":"c"})", none, none);
    row("name that ends in a reverse solidus", R"({"model\\":"a","stream":true})", none, "true");
    row("other duplicates survive", R"({"x":1,"x":2,"model":"a","x":3})", R"("a")", none);
    row("nested names are ignored", R"({"messages":[{"model":"b"}],"model":"a","o":{"model":"c","stream":1}})",
        R"("a")", none);
    row("string with quotation marks", R"({"model":"a\"b\\","stream":"\\\""})", R"("a\"b\\")", R"("\\\"")");
    row("string with structure", R"({"model":"{[,]}:","stream":1})", R"("{[,]}:")", "1");
    row("empty string", R"({"model":""})", R"("")", none);
    row("nested value last", R"({"model":{"a":[1,{"b":"}"}]}})", R"({"a":[1,{"b":"}"}]})", none);
    row("nested value first", R"({"model":[[],{}],"stream":0})", "[[],{}]", "0");
    row("empty nested values", R"({"model":{},"stream":[]})", "{}", "[]");
    row("empty nested values with blanks", R"({"model":{ } ,"stream":[ ] })", "{ }", "[ ]");
    row("largest 64-bit number", R"({"model":18446744073709551615})", "18446744073709551615", none);
    row("number that no integer holds", R"({"model":123456789012345678901234567890})", "123456789012345678901234567890",
        none);
    row("number that no double holds", R"({"model":1e400,"stream":-1E-400})", "1e400", "-1E-400");
    row("negative zero", R"({"model":-0,"stream":-0.0e+0})", "-0", "-0.0e+0");
    row("fraction with blanks", "{\"model\":1.50 \n}", "1.50", none);
    row("lone surrogate in a watched value", R"({"model":"\ud800"})", R"("\ud800")", none);
    row("lone surrogate in another value", R"({"x":"\udfff","model":"a"})", R"("a")", none);
    row("lone surrogate in a name", R"({"\ud83d":1,"model":"a"})", R"("a")", none);
    row("UTF-8", "{\"model\":\"\xe2\x82\xac\xf0\x9f\x98\x80\",\"\xc3\xbc\":1}", "\"\xe2\x82\xac\xf0\x9f\x98\x80\"",
        none);
    row("NUL as an escape", R"({"model":"a\u0000b"})", R"("a\u0000b")", none);
    row("broken literals inside a nested value", R"({"x":[tru,01,{"a" 1,}],"model":"a"})", R"("a")", none);
    row("brackets that do not match inside a nested value", R"({"x":[{]],"model":"a"})", R"("a")", none);
    row("lone surrogate and bad escape inside a nested value", R"({"x":["\ud800","\q"],"model":"a"})", R"("a")", none);
}

void TestObjectScan::finds()
{
    QFETCH(QByteArray, text);
    const auto scan = scanObject(text, keys);
    QVERIFY2(scan.ok(), scan ? "" : qPrintable(scan.error().message));
    QCOMPARE(scan->values.size(), keys.size());
    QTEST(at(text, scan->values[0]), "model");
    QTEST(at(text, scan->values[1]), "stream");
    QCOMPARE(scan->empty, !text.contains(':'));
    QCOMPARE(scan->firstMember, text.indexOf('{') + 1);
}

void TestObjectScan::splices_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("after");

    QTest::newRow("first") << QByteArray(R"({"model":)") << QByteArray(R"("a")") << QByteArray(R"(,"x":1.0})");
    QTest::newRow("last") << QByteArray(R"({"x" : 1e400, "model":)") << QByteArray(R"("a")") << QByteArray(" }\n");
    QTest::newRow("middle, strange spacing") << QByteArray("\n {\"b\":2 ,\"a\" :1,\t\"model\"  :  ")
                                             << QByteArray(R"("a\"\\")") << QByteArray(" \t ,\"a\":1\n , \"a\": 2 } ");
    QTest::newRow("non-ASCII in front") << QByteArray("{\"\xe2\x82\xac\":\"\xf0\x9f\x98\x80\",\"model\":")
                                        << QByteArray("\"\xc3\xbc\"") << QByteArray(",\"\xe2\x82\xac\":0}");
    QTest::newRow("nested value") << QByteArray(R"({"model":)") << QByteArray(R"({ "a" : [ 1 , 2 ] })")
                                  << QByteArray(R"(   ,"stream":true})");
    QTest::newRow("number") << QByteArray(R"({"model":)") << QByteArray("-12.5e3") << QByteArray("\r\n}");
}

void TestObjectScan::splices()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, after);
    const QByteArray text = before + value + after;
    const auto scan = scanObject(text, keys);
    QVERIFY(scan.ok());
    const Span expected{before.size(), value.size()};
    QVERIFY(scan->values[0] == expected);

    QByteArray spliced = text;
    spliced.replace(expected.offset, expected.length, "\"other-and-longer\"");
    QCOMPARE(spliced, before + "\"other-and-longer\"" + after);
    const auto again = scanObject(spliced, keys);
    QVERIFY(again.ok());
    QCOMPARE(at(spliced, again->values[0]), QByteArray("\"other-and-longer\""));
}

void TestObjectScan::insertsMember_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("result");

    QTest::newRow("empty") << QByteArray(" { } ") << QByteArray(R"( {"model":"m" } )");
    QTest::newRow("one member") << QByteArray(R"({"a":1})") << QByteArray(R"({"model":"m","a":1})");
    QTest::newRow("brace in a string") << QByteArray("\n{ \"{\":\"}\"}")
                                       << QByteArray("\n{\"model\":\"m\", \"{\":\"}\"}");
}

void TestObjectScan::insertsMember()
{
    QFETCH(QByteArray, text);
    const auto scan = scanObject(text, keys);
    QVERIFY(scan.ok());
    QByteArray member = R"("model":"m")";
    if (!scan->empty)
        member += ',';
    text.insert(scan->firstMember, member);
    QTEST(text, "result");
    QCOMPARE(at(text, scanObject(text, keys)->values[0]), QByteArray(R"("m")"));
}

void TestObjectScan::needsNoSlackOfTheCaller()
{
    // Every length around the block sizes of simdjson, with a string, a number or a blank as the last thing in memory.
    for (int length = 0; length < 200; ++length) {
        const QByteArray text = "{\"x\":\"" + QByteArray(length, 'a') + "\",\"model\":\"m\"}";
        const TightText tight(text);
        const auto scan = scanObject(tight.raw(), keys);
        QVERIFY(scan.ok());
        QCOMPARE(at(text, scan->values[0]), QByteArray("\"m\""));
    }
}

void TestObjectScan::slackInFrontIsNotSlackBehind()
{
    // Removing from the front moves the beginning of the bytes, not their end: capacity() stays the same.
    const QByteArray text = R"({"x":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa","model":"m"})";
    QByteArray shifted = QByteArray(512, ' ') + text;
    shifted.squeeze();
    shifted.remove(0, 512);
    QVERIFY(shifted.capacity() > shifted.size() + 64);
    const auto scan = scanObject(shifted, keys);
    QVERIFY(scan.ok());
    QCOMPARE(at(shifted, scan->values[0]), QByteArray("\"m\""));
}

void TestObjectScan::sharedTextIsLeftAlone()
{
    QByteArray text = R"({"model":"m"})";
    text.reserve(4096);
    const char *const bytes = text.constData();
    const auto scan = scanObject(text, keys);
    QVERIFY(scan.ok());
    QCOMPARE(text.constData(), bytes);
    QVERIFY(text.isDetached());
}

void TestObjectScan::deepNesting()
{
    const int levels = 2000;
    const QByteArray arrays = "{\"x\":" + QByteArray(levels, '[') + QByteArray(levels, ']') + ",\"model\":\"a\"}";
    auto scan = scanObject(arrays, keys);
    QVERIFY2(scan.ok(), scan ? "" : qPrintable(scan.error().message));
    QCOMPARE(at(arrays, scan->values[0]), QByteArray("\"a\""));

    const QByteArray objects = QByteArray("{\"model\":").repeated(levels) + "1" + QByteArray(levels, '}');
    scan = scanObject(objects, keys);
    QVERIFY(scan.ok());
    QCOMPARE(scan->values[0]->offset, qsizetype{9});
    QCOMPARE(scan->values[0]->length, objects.size() - 10);

    QCOMPARE(codeOf("{\"x\":" + QByteArray(levels, '[')), QStringLiteral("invalid_json"));
}

void TestObjectScan::largeBody()
{
    const QByteArray message = R"({"role":"user","content":"Tell me \"more\" about \\ {and} [so] on, \u00e4\u00f6."},)";
    QByteArray text = R"({"messages":[)" + message.repeated(5 * 1024 * 1024 / static_cast<int>(message.size()));
    text.chop(1);
    text += R"(] , "prompt":")" + QByteArray(1024 * 1024, 'p') + R"(","model":"m"})";
    QVERIFY(text.size() > 5 * 1024 * 1024);
    const auto scan = scanObject(text, keys);
    QVERIFY(scan.ok());
    QVERIFY(*scan->values[0] == (Span{text.size() - 4, 3}));
    // A small one behind it, on the same thread.
    QVERIFY(scanObject("{}", keys).ok());
}

void TestObjectScan::everyPrefixOfABodyIsRefused()
{
    const QByteArray text = "{\"a\":[1,{\"b\":null}],\"mod\\u0065l\" : \"\xe2\x82\xac\\\"x\\\\\" , "
                            "\"n\":-1.5e+3,\"t\":true,\"stream\":{\"c\":[]}}";
    for (qsizetype size = 0; size < text.size(); ++size) {
        const TightText prefix(text.first(size));
        QCOMPARE(codeOf(prefix.raw()), QStringLiteral("invalid_json"));
    }
    QVERIFY(scanObject(text, keys).ok());
}

void TestObjectScan::everyChangedByteIsHandled()
{
    const QByteArray text = R"({"a":[1,{"b":nul}],"model":"x\n","n":-1.5e3,"s":{}, "stream":false})";
    for (qsizetype i = 0; i < text.size(); ++i) {
        for (const char byte : QByteArrayView("{}[]\",:\\ \n\x01\xff"
                                              "0a-",
                                              15)) {
            QByteArray changed = text;
            changed[i] = byte;
            const TightText tight(changed);
            const auto scan = scanObject(tight.raw(), keys);
            if (!scan)
                continue;
            for (const auto &span : scan->values) {
                QVERIFY(!span ||
                        (span->offset > 0 && span->length > 0 && span->offset + span->length < changed.size()));
                // What is delimited is a whole value: it may stand anywhere a value may.
                QVERIFY(!span || scanObject("{\"v\":" + at(changed, span) + "}", keys).ok());
            }
        }
    }
}

void TestObjectScan::noKeys()
{
    QVERIFY(scanObject(R"({"model":1,"model":2})", {}).ok());
    QVERIFY(!scanObject(R"({"model":1,"model":2)", {}).ok());
}

QTEST_GUILESS_MAIN(TestObjectScan)
#include "tst_objectscan.moc"
