#include "jsonwriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <functional>
#include <limits>

using namespace hearth::json;

namespace {

using Write = std::function<void(JsonWriter &)>;

QByteArray written(const Write &write)
{
    QByteArray text;
    JsonWriter writer(text);
    write(writer);
    return text;
}

} // namespace

class TestJsonWriter final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writes_data();
    void writes();
    void escapesEveryControlCharacter();
    void agreesWithQt_data();
    void agreesWithQt();
    void appends();
};

void TestJsonWriter::writes_data()
{
    QTest::addColumn<Write>("write");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const QByteArray &text, const Write &write) {
        QTest::newRow(name) << write << text;
    };

    row("empty object", "{}", [](JsonWriter &w) { w.beginObject().endObject(); });
    row("empty array", "[]", [](JsonWriter &w) { w.beginArray().endArray(); });
    row("literals", "[true,false,null]",
        [](JsonWriter &w) { w.beginArray().value(true).value(false).null().endArray(); });
    row("commas between members", R"({"a":1,"b":"x","c":null})", [](JsonWriter &w) {
        w.beginObject().field(QLatin1String("a"), 1).field(QLatin1String("b"), QLatin1String("x"));
        w.key(QLatin1String("c")).null().endObject();
    });
    row("commas around nested values", R"([[],{},[1,[2],3],{"a":{"b":[]},"c":[{}]},4])", [](JsonWriter &w) {
        w.beginArray().beginArray().endArray().beginObject().endObject();
        w.beginArray().value(1).beginArray().value(2).endArray().value(3).endArray();
        w.beginObject()
            .key(QLatin1String("a"))
            .beginObject()
            .key(QLatin1String("b"))
            .beginArray()
            .endArray()
            .endObject();
        w.key(QLatin1String("c")).beginArray().beginObject().endObject().endArray().endObject();
        w.value(4).endArray();
    });
    row("raw values", R"([{"a":1.0 },2,{"b":[ ]}])", [](JsonWriter &w) {
        w.beginArray().raw(R"({"a":1.0 })").value(2).beginObject().key(QLatin1String("b")).raw("[ ]").endObject();
        w.endArray();
    });
    row("64-bit limits", "[-9223372036854775808,9223372036854775807,18446744073709551615]", [](JsonWriter &w) {
        w.beginArray().value(std::numeric_limits<qint64>::min()).value(std::numeric_limits<qint64>::max());
        w.value(std::numeric_limits<quint64>::max()).endArray();
    });
    row("small integers", "[0,-1,255,-32768,65535]", [](JsonWriter &w) {
        w.beginArray().value(0).value(-1).value(quint8{255}).value(qint16{-32768}).value(quint16{65535}).endArray();
    });
    row("doubles", "[0,-0,0.5,-1.25,1e+22,1e-07,0.1]", [](JsonWriter &w) {
        w.beginArray().value(0.0).value(-0.0).value(0.5).value(-1.25).value(1e22).value(1e-7).value(0.1).endArray();
    });
    row("doubles that JSON cannot hold", "[null,null,null]", [](JsonWriter &w) {
        w.beginArray().value(std::numeric_limits<double>::quiet_NaN()).value(std::numeric_limits<double>::infinity());
        w.value(-std::numeric_limits<double>::infinity()).endArray();
    });
    row("empty strings", R"(["","",""])",
        [](JsonWriter &w) { w.beginArray().value(QString()).value(QByteArray()).value(QLatin1String("")).endArray(); });
    row("marks and solidi", R"(["a\"b\\c/d"])",
        [](JsonWriter &w) { w.beginArray().value(QStringLiteral("a\"b\\c/d")).endArray(); });
    row("escapes side by side and at both ends", R"(["\"\"\\\u000a"])",
        [](JsonWriter &w) { w.beginArray().value(QByteArray("\"\"\\\n")).endArray(); });
    row("DEL and line separator go as they are", "[\"\x7f\xe2\x80\xa8\"]",
        [](JsonWriter &w) { w.beginArray().value(QStringLiteral("\x7f\u2028")).endArray(); });
    row("UTF-8 from UTF-16", "[\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"]",
        [](JsonWriter &w) { w.beginArray().value(QStringLiteral(u"\u00e4\u20ac\U0001F600")).endArray(); });
    row("UTF-8 as it is", "[\"\xc3\xa4\xe2\x82\xac\"]",
        [](JsonWriter &w) { w.beginArray().value(QByteArray("\xc3\xa4\xe2\x82\xac")).endArray(); });
    row("Latin-1 becomes UTF-8", "[\"\xc3\xa4\xc3\xbf\"]",
        [](JsonWriter &w) { w.beginArray().value(QLatin1String("\xe4\xff")).endArray(); });
    row("Latin-1 is escaped", R"(["a\"\u0001"])",
        [](JsonWriter &w) { w.beginArray().value(QLatin1String("a\"\x01")).endArray(); });
    row("object", R"({"o":{"a":[1,"x"]},"n":1})", [](JsonWriter &w) {
        const QJsonObject object{{QStringLiteral("a"), QJsonArray{1, QStringLiteral("x")}}};
        w.beginObject().field(QLatin1String("o"), object).field(QLatin1String("n"), 1).endObject();
    });
}

void TestJsonWriter::writes()
{
    QFETCH(Write, write);
    QTEST(written(write), "text");
}

void TestJsonWriter::escapesEveryControlCharacter()
{
    for (char character = 0; character < 0x20; ++character) {
        const QByteArray text = written([&](JsonWriter &w) { w.value(QByteArrayView(&character, 1)); });
        QCOMPARE(text, "\"\\u" + QByteArray::number(character, 16).rightJustified(4, '0') + '"');
    }
}

void TestJsonWriter::agreesWithQt_data()
{
    QTest::addColumn<QString>("string");

    QString all;
    for (char16_t character = 0; character < 0x500; ++character)
        all.append(QChar(character));
    QTest::newRow("all characters up to U+04FF") << all;
    QTest::newRow("surrogate pairs") << QStringLiteral(u"\U0001F600\U0010FFFF");
    QTest::newRow("only escapes") << QString(1000, u'"');
}

void TestJsonWriter::agreesWithQt()
{
    QFETCH(QString, string);
    const QByteArray text = written([&](JsonWriter &w) { w.beginArray().value(string).endArray(); });
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    QVERIFY2(error.error == QJsonParseError::NoError, qPrintable(error.errorString()));
    QCOMPARE(document.array().at(0).toString(), string);
}

void TestJsonWriter::appends()
{
    QByteArray text = "data: ";
    JsonWriter(text).beginObject().endObject();
    QCOMPARE(text, QByteArray("data: {}"));
}

QTEST_GUILESS_MAIN(TestJsonWriter)
#include "tst_jsonwriter.moc"
