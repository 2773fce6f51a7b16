#include "objectscan.h"

#include <QTest>

using namespace hearth::json;

class TestDecodeString final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void decodesStrings_data();
    void decodesStrings();
    void refusesStrings_data();
    void refusesStrings();
};

void TestDecodeString::decodesStrings_data()
{
    QTest::addColumn<QByteArray>("literal");
    QTest::addColumn<QString>("content");

    QTest::newRow("empty") << QByteArray(R"("")") << QStringLiteral("");
    QTest::newRow("plain") << QByteArray(R"("abc")") << QStringLiteral("abc");
    QTest::newRow("UTF-8") << QByteArray("\"\xe2\x82\xac\xf0\x9f\x98\x80\"") << QStringLiteral(u"\u20ac\U0001F600");
    QTest::newRow("escapes") << QByteArray(R"("\"\\\/\b\f\n\r\t")") << QStringLiteral("\"\\/\b\f\n\r\t");
    QTest::newRow("unicode escape") << QByteArray(R"("\u20AC\u00e4")") << QStringLiteral(u"\u20ac\u00e4");
    QTest::newRow("surrogate pair") << QByteArray(R"("\ud83d\uDE00")") << QStringLiteral(u"\U0001F600");
    QTest::newRow("UTF-8 and escapes") << QByteArray("\"\xc3\xa4\\u00e4\"") << QStringLiteral(u"\u00e4\u00e4");
    QTest::newRow("NUL") << QByteArray(R"("a\u0000b")")
                         << QString(QStringLiteral("a") + QChar(0) + QStringLiteral("b"));
    QTest::newRow("lone surrogate") << QByteArray(R"("a\ud800")") << QString(QStringLiteral("a") + QChar(0xd800));
}

void TestDecodeString::decodesStrings()
{
    QFETCH(QByteArray, literal);
    const auto content = decodeString(literal);
    QVERIFY(content.has_value());
    QTEST(*content, "content");
}

void TestDecodeString::refusesStrings_data()
{
    QTest::addColumn<QByteArray>("literal");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("number") << QByteArray("123");
    QTest::newRow("null") << QByteArray("null");
    QTest::newRow("one mark") << QByteArray("\"");
    QTest::newRow("open") << QByteArray("\"abc");
    QTest::newRow("closed only") << QByteArray("abc\"");
    QTest::newRow("two strings") << QByteArray(R"("a","b")");
    QTest::newRow("mark within") << QByteArray(R"("a"b")");
    QTest::newRow("escaped last mark") << QByteArray(R"("a\")");
    QTest::newRow("bad escape") << QByteArray(R"("\x41")");
    QTest::newRow("short escape") << QByteArray(R"("\u12")");
    QTest::newRow("raw line feed") << QByteArray("\"a\nb\"");
    QTest::newRow("blank behind") << QByteArray("\"a\" ");
    QTest::newRow("array") << QByteArray(R"(["a"])");
}

void TestDecodeString::refusesStrings()
{
    QFETCH(QByteArray, literal);
    QVERIFY(!decodeString(literal).has_value());
}

QTEST_GUILESS_MAIN(TestDecodeString)
#include "tst_decodestring.moc"
