// The body of a request: the backend's own model name in the place of the client's, and every other byte as it came.

#include "answerrecorder.h"

#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;

namespace {

QByteArray joined(const RequestBody::Pieces &pieces)
{
    return pieces.before.toByteArray() + pieces.model + pieces.after.toByteArray();
}

} // namespace

class TestRequestBody final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splices_data();
    void splices();
    void splicesForEveryAttempt();
    void outerPiecesShareTheOriginal();
    void sizeIsThatOfThePieces();
};

void TestRequestBody::splices_data()
{
    QTest::addColumn<QByteArray>("original");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QByteArray>("expected");

    const auto row = [](const char *name, const char *original, const QString &model, const char *expected) {
        QTest::newRow(name) << QByteArray(original) << model << QByteArray(expected);
    };
    const QString backend = QStringLiteral("B/7b");
    row("plain", R"({"model":"m","n":1})", backend, R"({"model":"B/7b","n":1})");
    row("last member", R"({"n":1,"model":"m"})", backend, R"({"n":1,"model":"B/7b"})");
    row("white space stays", "{ \"model\" :\n \"m\" ,\t\"n\" : 1 }\n", backend,
        "{ \"model\" :\n \"B/7b\" ,\t\"n\" : 1 }\n");
    row("escaped key", R"({"mod\u0065l":"m"})", backend, R"({"mod\u0065l":"B/7b"})");
    row("escaped value", R"({"model":"\u006d\"\\"})", backend, R"({"model":"B/7b"})");
    row("only the top level", R"({"x":{"model":"in"},"model":"m"})", backend, R"({"x":{"model":"in"},"model":"B/7b"})");
    row("numbers and duplicates stay", R"({"a":1.0e400,"a":-0,"model":"m"})", backend,
        R"({"a":1.0e400,"a":-0,"model":"B/7b"})");
    row("longer name", R"({"model":"m"})", QString(100, u'x'),
        QByteArray(R"({"model":")" + QByteArray(100, 'x') + R"("})").constData());
    row("name that needs escaping", R"({"model":"m"})", QStringLiteral("a\"b\\c\n"), R"({"model":"a\"b\\c\u000a"})");
    row("inserted", R"({"messages":[]})", backend, R"({"model":"B/7b","messages":[]})");
    row("inserted before white space", "{ \"n\":1}", backend, "{\"model\":\"B/7b\", \"n\":1}");
    row("inserted into the empty object", "{}", backend, R"({"model":"B/7b"})");
    row("inserted into an empty object with space", " { \n}", backend, " {\"model\":\"B/7b\" \n}");
}

void TestRequestBody::splices()
{
    QFETCH(QByteArray, original);
    QFETCH(QString, model);
    QFETCH(QByteArray, expected);
    QCOMPARE(joined(makeRequest(QStringLiteral("m"), original).body.spliced(model)), expected);
}

void TestRequestBody::splicesForEveryAttempt()
{
    const RequestBody body = makeRequest(QStringLiteral("m"), R"({"model":"m","n":1})").body;
    QCOMPARE(joined(body.spliced(QStringLiteral("first"))), QByteArray(R"({"model":"first","n":1})"));
    QCOMPARE(joined(body.spliced(QStringLiteral("second"))), QByteArray(R"({"model":"second","n":1})"));
}

void TestRequestBody::outerPiecesShareTheOriginal()
{
    const QByteArray original = R"({"n":1,"model":"m","rest":"…"})";
    const RequestBody body = makeRequest(QStringLiteral("m"), original).body;
    const RequestBody::Pieces pieces = body.spliced(QStringLiteral("b"));
    QVERIFY(pieces.before.data() == original.constData());
    QVERIFY(pieces.after.data() + pieces.after.size() == original.constData() + original.size());
}

void TestRequestBody::sizeIsThatOfThePieces()
{
    const RequestBody body = makeRequest(QStringLiteral("m"), R"({"model":"m","n":1})").body;
    const RequestBody::Pieces pieces = body.spliced(QStringLiteral("another"));
    QCOMPARE(pieces.size(), joined(pieces).size());
}

QTEST_GUILESS_MAIN(TestRequestBody)
#include "tst_requestbody.moc"
