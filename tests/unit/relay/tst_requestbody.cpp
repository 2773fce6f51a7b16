// The body of a request: the backend's own model name in the place of the client's, the question for the usage where it
// is wanted, and every other byte as it came.

#include "answerrecorder.h"

#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;

namespace {

std::optional<metering::BodyEdit> usageEdit(const QByteArray &body)
{
    static constexpr std::array<QByteArrayView, 1> keys{"stream_options"};
    const Result<json::ObjectScan> scan = json::scanObject(body, keys);
    return *metering::usageRequest(body, scan->values[0], scan->firstMember);
}

} // namespace

class TestRequestBody final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void splices_data();
    void splices();
    void splicesForEveryAttempt();
    void asksForUsage_data();
    void asksForUsage();
    void originalIsShared();
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
    QCOMPARE(makeRequest(QStringLiteral("m"), original).body.spliced(model).joined(), expected);
}

void TestRequestBody::splicesForEveryAttempt()
{
    const RequestBody body = makeRequest(QStringLiteral("m"), R"({"model":"m","n":1})").body;
    QCOMPARE(body.spliced(QStringLiteral("first")).joined(), QByteArray(R"({"model":"first","n":1})"));
    QCOMPARE(body.spliced(QStringLiteral("second")).joined(), QByteArray(R"({"model":"second","n":1})"));
}

void TestRequestBody::asksForUsage_data()
{
    QTest::addColumn<QByteArray>("original");
    QTest::addColumn<QByteArray>("expected");

    const auto row = [](const char *name, const char *original, const char *expected) {
        QTest::newRow(name) << QByteArray(original) << QByteArray(expected);
    };
    row("no options", R"({"model":"m","stream":true})",
        R"({"stream_options":{"include_usage":true},"model":"B","stream":true})");
    row("no options and no model", R"({"stream":true})",
        R"({"model":"B","stream_options":{"include_usage":true},"stream":true})");
    row("options before the model", R"({"stream_options":{},"stream":true,"model":"m"})",
        R"({"stream_options":{"include_usage":true},"stream":true,"model":"B"})");
    row("options behind the model", R"({"model":"m","stream":true,"stream_options":{"x":1}})",
        R"({"model":"B","stream":true,"stream_options":{"include_usage":true,"x":1}})");
    row("asked by the client", R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})",
        R"({"model":"B","stream":true,"stream_options":{"include_usage":true}})");
}

void TestRequestBody::asksForUsage()
{
    QFETCH(QByteArray, original);
    QFETCH(QByteArray, expected);
    InferRequest request = makeRequest(QStringLiteral("m"), original);
    request.body.setUsageEdit(usageEdit(original));
    domain::Llm llm;
    llm.model = QStringLiteral("B");
    QCOMPARE(request.bodyFor(llm).joined(), expected);
    QCOMPARE(request.addsUsageFor(llm), request.body.hasUsageEdit());

    llm.streamUsage = false;
    QVERIFY(!request.addsUsageFor(llm));
    QCOMPARE(request.bodyFor(llm).joined(), request.body.spliced(llm.model).joined());
}

void TestRequestBody::originalIsShared()
{
    const QByteArray original = R"({"n":1,"model":"m","rest":"…"})";
    InferRequest request = makeRequest(QStringLiteral("m"), original);
    request.body.setUsageEdit(usageEdit(original));
    const BodyPieces pieces = request.body.spliced(QStringLiteral("b"), UsageEdit::Apply);
    qsizetype shared = 0;
    for (const BodyPieces::Piece &piece : pieces) {
        QVERIFY(piece.bytes.begin() >= piece.source.cbegin() && piece.bytes.end() <= piece.source.cend());
        if (piece.source.constData() == original.constData())
            shared += piece.bytes.size();
    }
    QCOMPARE(shared, original.size() - qsizetype(qstrlen(R"("m")")));
}

void TestRequestBody::sizeIsThatOfThePieces()
{
    const RequestBody body = makeRequest(QStringLiteral("m"), R"({"model":"m","n":1})").body;
    const BodyPieces pieces = body.spliced(QStringLiteral("another"));
    QCOMPARE(pieces.size(), pieces.joined().size());
}

QTEST_GUILESS_MAIN(TestRequestBody)
#include "tst_requestbody.moc"
