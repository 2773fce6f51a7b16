#include "jsonreader.h"

#include <QTest>

#include <functional>

using namespace hearth;
using namespace hearth::json;

namespace {

using Read = std::function<void(JsonReader &)>;

template <typename Integer>
QString errorOfInteger(const QByteArray &number)
{
    Integer target = 0;
    JsonReader reader("{\"n\":" + number + "}");
    reader.read("n", target);
    return reader.error().value_or(QString::number(target));
}

} // namespace

class TestJsonReaderErrors final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errors_data();
    void errors();
    void integers_data();
    void integers();
    void integersWithBounds();
    void listLimit();
    void stringLimit();
    void headerFieldLimit();
};

void TestJsonReaderErrors::errors_data()
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

void TestJsonReaderErrors::errors()
{
    QFETCH(QByteArray, text);
    QFETCH(Read, read);
    QFETCH(QString, error);
    JsonReader reader(text);
    QCOMPARE(reader.error().value_or(QStringLiteral("fine")), QStringLiteral("fine"));
    read(reader);
    QCOMPARE(reader.error().value_or(QStringLiteral("fine")), error);
}

void TestJsonReaderErrors::integers_data()
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

void TestJsonReaderErrors::integers()
{
    QFETCH(QString, result);
    QTEST(result, "expected");
}

void TestJsonReaderErrors::integersWithBounds()
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

void TestJsonReaderErrors::listLimit()
{
    for (const int items : {3, 4}) {
        JsonReader reader("{\"a\":[" + QByteArrayList(items, "{}").join(',') + "]}",
                          {.stringBytes = 8, .listItems = 3});
        int seen = 0;
        reader.readList("a", [&seen](JsonReader &) { ++seen; });
        QCOMPARE(seen, 3);
        QCOMPARE(reader.error().has_value(), items == 4);
    }
    JsonReader reader("{\"a\":[{},{},{},{}]}", {.stringBytes = 8, .listItems = 3});
    reader.readList("a", [](JsonReader &) {});
    QCOMPARE(reader.error().value(), QStringLiteral("\"a\" has too many items"));
}

void TestJsonReaderErrors::stringLimit()
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

void TestJsonReaderErrors::headerFieldLimit()
{
    const QByteArray pair = R"(["a","b"])";
    JsonReader reader("{\"f\":[" + QByteArrayList(4, pair).join(',') + "]}", {.stringBytes = 8, .listItems = 3});
    HttpFields fields;
    reader.read("f", fields);
    QCOMPARE(reader.error().value(), QStringLiteral("\"f\" has too many header fields"));
}

QTEST_GUILESS_MAIN(TestJsonReaderErrors)
#include "tst_jsonreadererrors.moc"
