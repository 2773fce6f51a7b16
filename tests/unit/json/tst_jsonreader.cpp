#include "jsonreader.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace hearth;
using namespace hearth::json;

namespace {

/// Reads everything that the tests need, whatever the order of the fields in the text.
struct Sample
{
    QString text;
    QByteArray utf8;
    bool flag = false;
    int number = 0;
    std::optional<QString> optionalText;
    std::optional<int> optionalNumber;
    std::optional<bool> optionalFlag;
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
        reader.read("optionalFlag", optionalFlag);
        reader.read("object", object);
        reader.readList("list", [this](JsonReader &item) { item.read("n", list.emplaceBack()); });
        reader.readObject("nested", [this](JsonReader &nested) { nested.read("inner", inner); });
    }
};

} // namespace

class TestJsonReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fieldsInAnyOrder();
    void remembersTheFirstError();
    void refusesTexts_data();
    void refusesTexts();
    void optionalFields_data();
    void optionalFields();
    void unicode();
    void lists();
    void nestedObjects();
    void headerFields();
    void objectsKeepTheirContent();
    void unknownFieldsAreIgnored();
    void twoReadersAtATime();
    void largeText();
    void readsNothingBehindTheText();
};

void TestJsonReader::fieldsInAnyOrder()
{
    const QByteArrayList fields{R"("text":"a")",
                                R"("utf8":"b\n")",
                                R"("flag":true)",
                                R"("number":-7)",
                                R"("optionalText":"c")",
                                R"("optionalNumber":8)",
                                R"("optionalFlag":false)",
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
            QCOMPARE(sample.optionalFlag.value(), false);
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
    QTest::newRow("null") << QByteArray(
        R"({"text":null,"number":null,"flag":null,"object":null,"list":null,"nested":null})");
}

void TestJsonReader::optionalFields()
{
    QFETCH(QByteArray, text);
    JsonReader reader(text);
    std::optional<QString> string;
    std::optional<int> number;
    std::optional<bool> flag;
    std::optional<QJsonObject> object;
    reader.read("text", string);
    reader.read("number", number);
    reader.read("flag", flag);
    reader.read("object", object);
    const auto unexpected = [](JsonReader &) { QFAIL("nothing to read"); };
    reader.readList("list", unexpected);
    QVERIFY(!reader.readObject("nested", unexpected));
    QVERIFY(!string && !number && !flag && !object);
    QVERIFY(!reader.error());
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
        JsonReader reader("{\"a\":\"" + QByteArray(bytes, 'x') + "\",\"b\":1}",
                          {.stringBytes = 1'000'000, .listItems = 1});
        QByteArray text;
        int number = 0;
        reader.read("b", number);
        reader.read("a", text);
        QVERIFY(!reader.error());
        QCOMPARE(text.size(), qsizetype{bytes});
    }
}

void TestJsonReader::readsNothingBehindTheText()
{
    // simdjson unescapes strings a block at a time; the address sanitizer sees it when the block leaves the allocation.
    const QByteArray text = R"({"f":"a"})";
    const auto read = [](const QByteArray &bytes) {
        JsonReader reader(bytes);
        QString f;
        reader.read("f", f);
        return f;
    };
    const auto tight = std::make_unique<char[]>(static_cast<size_t>(text.size()));
    std::copy(text.begin(), text.end(), tight.get());
    QCOMPARE(read(QByteArray::fromRawData(tight.get(), text.size())), QStringLiteral("a"));

    // Removing from the front moves the beginning of the bytes, not their end: capacity() stays the same.
    QByteArray shifted = QByteArray(512, ' ') + text;
    shifted.squeeze();
    shifted.remove(0, 512);
    QVERIFY(shifted.capacity() > shifted.size() + 64);
    QCOMPARE(read(shifted), QStringLiteral("a"));
}

QTEST_GUILESS_MAIN(TestJsonReader)
#include "tst_jsonreader.moc"
