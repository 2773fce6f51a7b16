// The elements of an array, one after the other.

#include "arraywalk.h"

#include <QTest>

using namespace hearth::json;

class TestArrayWalk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void elements_data();
    void elements();
};

void TestArrayWalk::elements_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArrayList>("expected");
    const auto row = [](const char *name, const char *text, const QByteArrayList &expected) {
        QTest::newRow(name) << QByteArray(text) << expected;
    };
    row("empty", "[]", {});
    row("blank", " [ \n ] ", {});
    row("scalars", R"([1, "a" ,true,null])", {"1", "\"a\"", "true", "null"});
    row("nested", R"([ {"a":[1,2],"b":{}} , [[],[3]] ])", {R"({"a":[1,2],"b":{}})", "[[],[3]]"});
    row("brackets in strings", R"([{"a":"]},["},"[\"]"])", {R"({"a":"]},["})", R"("[\"]")"});
    row("not an array", R"({"a":1})", {});
    row("nothing", "", {});
    row("not closed", "[1,2", {"1"});
    row("string not closed", R"([1,"2])", {"1"});
    row("backslash at the end", "[1,\"2\\", {"1"});
    row("element missing", "[1,,2]", {"1"});
}

void TestArrayWalk::elements()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArrayList, expected);
    QByteArrayList found;
    ArrayWalk walk(text);
    while (const std::optional<QByteArrayView> element = walk.next())
        found += element->toByteArray();
    QCOMPARE(found, expected);
}

QTEST_GUILESS_MAIN(TestArrayWalk)
#include "tst_arraywalk.moc"
