#include "jsonreader.h"

#include <QJsonArray>
#include <QTest>

#include <functional>

using namespace hearth;
using namespace hearth::json;

namespace {

using Read = std::function<void(JsonReader &)>;

/// Reads everything that the tests need, whatever the order of the fields in the text.
struct Sample
{
    QString text;
    QByteArray utf8;
    bool flag = false;
    int number = 0;
    std::optional<QString> optionalText;
    std::optional<int> optionalNumber;
    QJsonObject object;
    QList<int> list;
    int inner = 0;

    void read(JsonReader &reader)
    {
        reader.read("text", text);
        reader.read("utf8", utf8);
        reader.read("flag", flag);
        reader.read("number", number);
        reader.read("optionalText", optionalText);
        reader.read("optionalNumber", optionalNumber);
        reader.read("object", object);
        reader.readList("list", [this](JsonReader &item) { item.read("n", list.emplaceBack()); });
        reader.readObject("nested", [this](JsonReader &nested) { nested.read("inner", inner); });
    }
};

template <typename Integer>
QString errorOfInteger(const QByteArray &number)
{
    Integer target = 0;
    JsonReader reader("{\"n\":" + number + "}");
    reader.read("n", target);
    return reader.error().value_or(QString::number(target));
}

} // namespace

class TestJsonReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fieldsInAnyOrder();
    void remembersTheFirstError();
    void errors_data();
    void errors();
    void refusesTexts_data();
    void refusesTexts();
    void optionalFields_data();
    void optionalFields();
    void integers_data();
    void integers();
    void integersWithBounds();
    void unicode();
    void lists();
    void listLimit();
    void stringLimit();
    void nestedObjects();
    void headerFields();
    void headerFieldLimit();
    void objectsKeepTheirContent();
    void unknownFieldsAreIgnored();
    void twoReadersAtATime();
    void largeText();
};

void TestJsonReader::fieldsInAnyOrder()
{
    const QByteArrayList fields{R"("text":"a")",
                                R"("utf8":"b\n")",
                                R"("flag":true)",
                                R"("number":-7)",
                                R"("optionalText":"c")",
                                R"("optionalNumber":8)",
                                R"("object":{"x":[1,{"y":null}]})",
                                R"("list":[{"n":1},{"m":[],"n":2},{"n":3}])",
                                R"("nested":{"other":{},"inner":9})"};
    for (qsizetype turn = 0; turn < fields.size(); ++turn) {
        for (const bool reversed : {false, true}) {
            QByteArrayList order = fields.mid(turn) + fields.mid(0, turn);
            if (reversed)
                std::reverse(order.begin(), order.end());
            JsonReader reader(" {" + order.join(" , ") + "}\n");
            Sample sample;
            sample.read(reader);
            QVERIFY2(!reader.error(), qPrintable(reader.error().value_or(QString())));
            QCOMPARE(sample.text, QStringLiteral("a"));
            QCOMPARE(sample.utf8, QByteArray("b\n"));
            QCOMPARE(sample.flag, true);
            QCOMPARE(sample.number, -7);
            QCOMPARE(sample.optionalText.value(), QStringLiteral("c"));
            QCOMPARE(sample.optionalNumber.value(), 8);
            QCOMPARE(sample.object.value(QStringLiteral("x")).toArray().size(), 2);
            QCOMPARE(sample.list, (QList<int>{1, 2, 3}));
            QCOMPARE(sample.inner, 9);
        }
    }
}

void TestJsonReader::remembersTheFirstError()
{
    JsonReader reader(R"({"b":1})");
    QString text;
    bool flag = true;
    reader.read("a", text);
    reader.read("b", flag);
    reader.fail("c", "is wrong, too");
    QCOMPARE(reader.error().value(), QStringLiteral("\"a\" is missing"));
}

void TestJsonReader::errors_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Read>("read");
    QTest::addColumn<QString>("error");
    const auto row = [](const char *name, const QByteArray &text, const Read &read, const char *error) {
        QTest::newRow(name) << text << read << QString::fromLatin1(error);
    };
    const Read string = [](JsonReader &r) { r.read("f", *std::make_unique<QString>()); };
    const Read bytes = [](JsonReader &r) { r.read("f", *std::make_unique<QByteArray>()); };
    const Read flag = [](JsonReader &r) { r.read("f", *std::make_unique<bool>()); };
    const Read integer = [](JsonReader &r) { r.read("f", *std::make_unique<int>()); };
    const Read object = [](JsonReader &r) { r.read("f", *std::make_unique<QJsonObject>()); };
    const Read headers = [](JsonReader &r) { r.read("f", *std::make_unique<HttpFields>()); };
    const Read optionalString = [](JsonReader &r) { r.read("f", *std::make_unique<std::optional<QString>>()); };
    const Read optionalInteger = [](JsonReader &r) { r.read("f", *std::make_unique<std::optional<int>>()); };
    const Read optionalObject = [](JsonReader &r) { r.read("f", *std::make_unique<std::optional<QJsonObject>>()); };
    const Read list = [](JsonReader &r) {
        r.readList("f", [](JsonReader &item) { item.read("n", *std::make_unique<int>()); });
    };
    const Read nested = [](JsonReader &r) {
        r.readObject("f", [](JsonReader &inner) { inner.read("n", *std::make_unique<int>()); });
    };

    for (const auto &[name, read] : {std::pair("string", string), std::pair("bytes", bytes), std::pair("flag", flag),
                                     std::pair("integer", integer), std::pair("object", object)}) {
        row(qPrintable(QLatin1String("missing ") + QLatin1String(name)), R"({"g":1})", read, "\"f\" is missing");
        row(qPrintable(QLatin1String("null ") + QLatin1String(name)), R"({"f":null})", read, "\"f\" is missing");
    }
    row("number for a string", R"({"f":1})", string, "\"f\" is not a string");
    row("object for a string", R"({"f":{}})", bytes, "\"f\" is not a string");
    row("bad escape in a string", R"({"f":"\q"})", string, "\"f\" is not a string");
    row("string for a flag", R"({"f":"true"})", flag, "\"f\" is neither true nor false");
    row("number for a flag", R"({"f":1})", flag, "\"f\" is neither true nor false");
    row("string for an integer", R"({"f":"1"})", integer, "\"f\" is not a whole number");
    row("fraction for an integer", R"({"f":1.5})", integer, "\"f\" is not a whole number");
    row("exponent for an integer", R"({"f":1e3})", integer, "\"f\" is not a whole number");
    row("array for an object", R"({"f":[]})", object, "\"f\" is not an object");
    row("string for an object", R"({"f":"{}"})", object, "\"f\" is not an object");
    row("broken object", R"({"f":{"a":tru}})", object, "\"f\" is not a valid object");
    row("number for an optional string", R"({"f":1})", optionalString, "\"f\" is not a string");
    row("string for an optional integer", R"({"f":"1"})", optionalInteger, "\"f\" is not a whole number");
    row("array for an optional object", R"({"f":[]})", optionalObject, "\"f\" is not an object");
    row("object for a list", R"({"f":{}})", list, "\"f\" is not a list");
    row("list of numbers", R"({"f":[{"n":1},1]})", list, "\"f\" has an item that is not an object");
    row("list of lists", R"({"f":[[]]})", list, "\"f\" has an item that is not an object");
    row("bad item", R"({"f":[{"n":1},{"n":"x"}]})", list, "\"f\", item 2: \"n\" is not a whole number");
    row("broken item", R"({"f":[{"n":1 "m":2}]})", list, "\"f\" has an item that is not an object");
    row("broken item that lacks a field", R"({"f":[{"m":1,}]})", list, "\"f\" has an item that is not an object");
    row("list without commas", R"({"f":[{"n":1} {"n":2}]})", list, "\"f\" has an item that is not an object");
    row("array for a nested object", R"({"f":[]})", nested, "\"f\" is not an object");
    row("bad field of a nested object", R"({"f":{"n":[]}})", nested, "\"f\": \"n\" is not a whole number");
    row("broken nested object", R"({"f":{"m":1,,}})", nested, "\"f\" is not an object");
    row("missing header fields", R"({"g":[]})", headers, "\"f\" is not a list of header fields");
    row("null header fields", R"({"f":null})", headers, "\"f\" is not a list of header fields");
    row("object for header fields", R"({"f":{"a":"b"}})", headers, "\"f\" is not a list of header fields");
    row("string for a header field", R"({"f":["a: b"]})", headers, "\"f\" is not a list of header fields");
    const char *const notAPair = "\"f\" has a header field that is not a name and a value";
    row("header field without a value", R"({"f":[["a"]]})", headers, notAPair);
    row("empty header field", R"({"f":[[]]})", headers, notAPair);
    row("header field of three", R"({"f":[["a","b","c"]]})", headers, notAPair);
    row("number in a header field", R"({"f":[["a",1]]})", headers, notAPair);
    row("header field beyond bytes", R"({"f":[["a","\u0100"]]})", headers, notAPair);
}

void TestJsonReader::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(Read, read);
    QFETCH(QString, error);
    JsonReader reader(text);
    QCOMPARE(reader.error().value_or(QStringLiteral("fine")), QStringLiteral("fine"));
    read(reader);
    QCOMPARE(reader.error().value_or(QStringLiteral("fine")), error);
}

void TestJsonReader::refusesTexts_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("empty") << QByteArray();
    QTest::newRow("blank") << QByteArray("  ");
    QTest::newRow("array") << QByteArray("[]");
    QTest::newRow("string") << QByteArray("\"a\"");
    QTest::newRow("open") << QByteArray(R"({"f":"a")");
    QTest::newRow("open string") << QByteArray(R"({"f":"a})");
    QTest::newRow("two objects") << QByteArray(R"({"f":"a"}{"f":"b"})");
    QTest::newRow("word behind") << QByteArray(R"({"f":"a"} b)");
    QTest::newRow("broken behind the field") << QByteArray(R"({"f":"a","g" 1})");
    QTest::newRow("comma behind the field") << QByteArray(R"({"f":"a",})");
    QTest::newRow("missing comma") << QByteArray(R"({"f":"a" "g":1})");
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf{\"f\":\"a\"}");
    QTest::newRow("invalid UTF-8") << QByteArray("{\"f\":\"\xff\"}");
}

void TestJsonReader::refusesTexts()
{
    QFETCH(QByteArray, text);
    JsonReader reader(text);
    QVERIFY(reader.error().has_value());
    QVERIFY(reader.error()->startsWith(QStringLiteral("not a JSON object (")));
    // Reading on is harmless and changes nothing.
    const QString error = *reader.error();
    Sample sample;
    sample.read(reader);
    HttpFields headers;
    reader.read("headers", headers);
    QCOMPARE(*reader.error(), error);
}

void TestJsonReader::optionalFields_data()
{
    QTest::addColumn<QByteArray>("text");

    QTest::newRow("missing") << QByteArray("{}");
    QTest::newRow("null") << QByteArray(R"({"text":null,"number":null,"object":null,"list":null,"nested":null})");
}

void TestJsonReader::optionalFields()
{
    QFETCH(QByteArray, text);
    JsonReader reader(text);
    std::optional<QString> string;
    std::optional<int> number;
    std::optional<QJsonObject> object;
    reader.read("text", string);
    reader.read("number", number);
    reader.read("object", object);
    const auto unexpected = [](JsonReader &) { QFAIL("nothing to read"); };
    reader.readList("list", unexpected);
    QVERIFY(!reader.readObject("nested", unexpected));
    QVERIFY(!string && !number && !object);
    QVERIFY(!reader.error());
}

void TestJsonReader::integers_data()
{
    QTest::addColumn<QString>("result");
    QTest::addColumn<QString>("expected");
    const QString outOfRange = QStringLiteral("\"n\" is out of range");
    const QString notWhole = QStringLiteral("\"n\" is not a whole number");

    QTest::newRow("int zero") << errorOfInteger<int>("0") << QStringLiteral("0");
    QTest::newRow("int highest") << errorOfInteger<int>("2147483647") << QStringLiteral("2147483647");
    QTest::newRow("int beyond") << errorOfInteger<int>("2147483648") << outOfRange;
    QTest::newRow("int lowest") << errorOfInteger<int>("-2147483647") << QStringLiteral("-2147483647");
    QTest::newRow("int below") << errorOfInteger<int>("-2147483649") << outOfRange;
    QTest::newRow("unsigned negative") << errorOfInteger<quint64>("-1") << outOfRange;
    QTest::newRow("2^53 - 1") << errorOfInteger<quint64>("9007199254740991") << QStringLiteral("9007199254740991");
    QTest::newRow("2^53") << errorOfInteger<quint64>("9007199254740992") << outOfRange;
    QTest::newRow("-(2^53 - 1)") << errorOfInteger<qint64>("-9007199254740991") << QStringLiteral("-9007199254740991");
    QTest::newRow("-2^53") << errorOfInteger<qint64>("-9007199254740992") << outOfRange;
    QTest::newRow("2^63") << errorOfInteger<quint64>("9223372036854775808") << notWhole;
    QTest::newRow("2^64") << errorOfInteger<quint64>("18446744073709551616") << notWhole;
    QTest::newRow("leading zero") << errorOfInteger<int>("01") << notWhole;
    QTest::newRow("followed by a letter") << errorOfInteger<int>("1a") << notWhole;
}

void TestJsonReader::integers()
{
    QFETCH(QString, result);
    QTEST(result, "expected");
}

void TestJsonReader::integersWithBounds()
{
    const auto status = [](const QByteArray &number) {
        JsonReader reader("{\"n\":" + number + "}");
        int target = -1;
        reader.read("n", target, 200, 599);
        return reader.error() ? -1 : target;
    };
    QCOMPARE(status("200"), 200);
    QCOMPARE(status("599"), 599);
    QCOMPARE(status("199"), -1);
    QCOMPARE(status("600"), -1);
}

void TestJsonReader::unicode()
{
    JsonReader reader("{\"f\":\"\xe2\x82\xac\\u00e4\\ud83d\\ude00\\u0000|\"}");
    QString text;
    reader.read("f", text);
    QVERIFY(!reader.error());
    QCOMPARE(text, QStringLiteral(u"\u20ac\u00e4\U0001F600") + QChar(0) + u'|');
}

void TestJsonReader::lists()
{
    JsonReader reader(R"({"empty":[],"a":[{"b":[{"n":1},{"n":2}]},{"b":[]},{"b":[{"n":3}]}],"after":"x"})");
    QStringList seen;
    reader.readList("empty", [](JsonReader &) { QFAIL("no item"); });
    reader.readList("a", [&seen](JsonReader &outer) {
        seen.append(QStringLiteral("("));
        outer.readList("b", [&seen](JsonReader &inner) {
            int n = 0;
            inner.read("n", n);
            seen.append(QString::number(n));
        });
        seen.append(QStringLiteral(")"));
    });
    QString after;
    reader.read("after", after);
    QVERIFY(!reader.error());
    QCOMPARE(seen.join(u' '), QStringLiteral("( 1 2 ) ( ) ( 3 )"));
    QCOMPARE(after, QStringLiteral("x"));
}

void TestJsonReader::listLimit()
{
    for (const int items : {3, 4}) {
        JsonReader reader("{\"a\":[" + QByteArrayList(items, "{}").join(',') + "]}", {.stringBytes = 8, .listItems = 3});
        int seen = 0;
        reader.readList("a", [&seen](JsonReader &) { ++seen; });
        QCOMPARE(seen, 3);
        QCOMPARE(reader.error().has_value(), items == 4);
    }
    JsonReader reader("{\"a\":[{},{},{},{}]}", {.stringBytes = 8, .listItems = 3});
    reader.readList("a", [](JsonReader &) {});
    QCOMPARE(reader.error().value(), QStringLiteral("\"a\" has too many items"));
}

void TestJsonReader::stringLimit()
{
    JsonReader reader("{\"fits\":\"\xe2\x82\xac\xe2\x82\xac..\",\"long\":\"\xe2\x82\xac\xe2\x82\xac...\"}",
                      {.stringBytes = 8, .listItems = 3});
    QString text;
    reader.read("fits", text);
    QVERIFY(!reader.error());
    QCOMPARE(text.size(), 4);
    reader.read("long", text);
    QCOMPARE(reader.error().value(), QStringLiteral("\"long\" is too long"));
}

void TestJsonReader::nestedObjects()
{
    JsonReader reader(R"({"a":{"b":{"n":1},"m":2},"n":3})");
    int inner = 0;
    int middle = 0;
    int outer = 0;
    QVERIFY(reader.readObject("a", [&](JsonReader &a) {
        QVERIFY(a.readObject("b", [&](JsonReader &b) { b.read("n", inner); }));
        a.read("m", middle);
    }));
    reader.read("n", outer);
    QVERIFY(!reader.error());
    QCOMPARE(inner, 1);
    QCOMPARE(middle, 2);
    QCOMPARE(outer, 3);
}

void TestJsonReader::headerFields()
{
    JsonReader reader(R"({"f":[["content-type","text/plain; a=\"b\""],["x","\u00ff\u0000"],["X",""]],"g":"y"})");
    HttpFields fields;
    QString after;
    reader.read("f", fields);
    reader.read("g", after);
    QVERIFY(!reader.error());
    const HttpFields expected{{"content-type", "text/plain; a=\"b\""}, {"x", QByteArray("\xff\0", 2)}, {"X", ""}};
    QVERIFY(fields == expected);
    QCOMPARE(after, QStringLiteral("y"));
}

void TestJsonReader::headerFieldLimit()
{
    const QByteArray pair = R"(["a","b"])";
    JsonReader reader("{\"f\":[" + QByteArrayList(4, pair).join(',') + "]}", {.stringBytes = 8, .listItems = 3});
    HttpFields fields;
    reader.read("f", fields);
    QCOMPARE(reader.error().value(), QStringLiteral("\"f\" has too many header fields"));
}

void TestJsonReader::objectsKeepTheirContent()
{
    JsonReader reader(R"({"f": { "a" : [1, 2.5, "x", null, true], "b" : {} } , "g": {} })");
    QJsonObject object;
    std::optional<QJsonObject> empty;
    reader.read("f", object);
    reader.read("g", empty);
    QVERIFY(!reader.error());
    const QJsonObject expected{
        {QStringLiteral("a"), QJsonArray{1, 2.5, QStringLiteral("x"), QJsonValue::Null, true}},
        {QStringLiteral("b"), QJsonObject()},
    };
    QCOMPARE(object, expected);
    QVERIFY(empty && empty->isEmpty());
}

void TestJsonReader::unknownFieldsAreIgnored()
{
    JsonReader reader(R"({"x":[[{"f":1}]],"f":"a","y":{"f":2},"z":1e400})");
    QString text;
    reader.read("f", text);
    QVERIFY(!reader.error());
    QCOMPARE(text, QStringLiteral("a"));
}

void TestJsonReader::twoReadersAtATime()
{
    JsonReader one(R"({"a":"one","b":[{"n":1},{"n":2}]})");
    JsonReader other(R"({"b":"a somewhat longer text","a":"other"})");
    QString text;
    one.read("a", text);
    QCOMPARE(text, QStringLiteral("one"));
    other.read("a", text);
    QCOMPARE(text, QStringLiteral("other"));
    int sum = 0;
    one.readList("b", [&sum](JsonReader &item) {
        int n = 0;
        item.read("n", n);
        JsonReader third(R"({"n":10})");
        int ten = 0;
        third.read("n", ten);
        sum += n + ten;
    });
    other.read("b", text);
    QCOMPARE(text, QStringLiteral("a somewhat longer text"));
    QCOMPARE(sum, 23);
    QVERIFY(!one.error() && !other.error());
}

void TestJsonReader::largeText()
{
    // Larger than what a thread keeps a parser for, with a small one before and behind.
    for (const int bytes : {1, 1'000'000, 1}) {
        JsonReader reader("{\"a\":\"" + QByteArray(bytes, 'x') + "\",\"b\":1}", {.stringBytes = 1'000'000, .listItems = 1});
        QByteArray text;
        int number = 0;
        reader.read("b", number);
        reader.read("a", text);
        QVERIFY(!reader.error());
        QCOMPARE(text.size(), qsizetype{bytes});
    }
}

QTEST_GUILESS_MAIN(TestJsonReader)
#include "tst_jsonreader.moc"
