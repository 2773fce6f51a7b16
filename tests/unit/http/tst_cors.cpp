#include "cors.h"

#include <QTest>

using namespace hearth;
using namespace hearth::http;

class TestCors final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersPreflights_data();
    void answersPreflights();
    void marksAnswers_data();
    void marksAnswers();

private:
    static const inline QByteArrayList someOrigins{"https://app.example", "http://localhost:3000"};
    static const inline QByteArrayList allOrigins{"*"};
};

void TestCors::answersPreflights_data()
{
    QTest::addColumn<QByteArrayList>("allowed");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<bool>("asks");
    QTest::addColumn<QByteArray>("granted");
    const QByteArray app = "https://app.example";
    QTest::newRow("off") << QByteArrayList() << app << true << QByteArray();
    QTest::newRow("allowed") << someOrigins << app << true << app;
    QTest::newRow("another allowed one") << someOrigins << someOrigins.last() << true << someOrigins.last();
    QTest::newRow("all") << allOrigins << app << true << QByteArray("*");
    QTest::newRow("not allowed") << someOrigins << QByteArray("https://evil.example") << true << QByteArray();
    QTest::newRow("longer than allowed") << someOrigins << QByteArray(app + ".evil.example") << true << QByteArray();
    QTest::newRow("other scheme") << someOrigins << QByteArray("http://app.example") << true << QByteArray();
    QTest::newRow("null origin") << someOrigins << QByteArray("null") << true << QByteArray();
    QTest::newRow("plain OPTIONS") << someOrigins << app << false << QByteArray();
}

void TestCors::answersPreflights()
{
    QFETCH(QByteArrayList, allowed);
    QFETCH(QByteArray, origin);
    QFETCH(bool, asks);
    QFETCH(QByteArray, granted);
    RequestHead head;
    head.method = Method::Options;
    head.fields = {{"Origin", origin}, {"Access-Control-Request-Headers", "authorization,x-stainless-os"}};
    if (asks)
        head.fields.append("Access-Control-Request-Method", "POST");
    const std::optional<Response> answer = Cors(allowed).preflight(head);
    QCOMPARE(answer.has_value(), !granted.isEmpty());
    if (!answer)
        return;
    QCOMPARE(answer->status, 204);
    QCOMPARE(answer->fields.value("access-control-allow-origin"), granted);
    QCOMPARE(answer->fields.value("access-control-allow-headers"), QByteArray("authorization,x-stainless-os"));
    QVERIFY(answer->fields.value("access-control-allow-methods").contains("DELETE"));
    QVERIFY(answer->fields.value("access-control-max-age").toInt() > 0);
    QVERIFY(!answer->fields.contains("access-control-allow-credentials"));
    QCOMPARE(answer->fields.value("vary"), granted == "*" ? QByteArray() : QByteArray("Origin"));

    head.method = Method::Get;
    QVERIFY(!Cors(allowed).preflight(head));
}

void TestCors::marksAnswers_data()
{
    QTest::addColumn<QByteArrayList>("allowed");
    QTest::addColumn<QByteArray>("origin");
    QTest::addColumn<HttpFields>("fields");
    const HttpField expose{"Access-Control-Expose-Headers",
                           "x-request-id, retry-after, x-should-retry, x-hearth-llm, x-hearth-queue-ms"};
    const QByteArray app = "https://app.example";
    QTest::newRow("off") << QByteArrayList() << app << HttpFields();
    QTest::newRow("allowed") << someOrigins << app
                             << HttpFields{{"Access-Control-Allow-Origin", app}, {"Vary", "Origin"}, expose};
    QTest::newRow("not allowed") << someOrigins << QByteArray("https://evil.example") << HttpFields{{"Vary", "Origin"}};
    QTest::newRow("no browser") << someOrigins << QByteArray() << HttpFields{{"Vary", "Origin"}};
    QTest::newRow("all") << allOrigins << app << HttpFields{{"Access-Control-Allow-Origin", "*"}, expose};
}

void TestCors::marksAnswers()
{
    QFETCH(QByteArrayList, allowed);
    QFETCH(QByteArray, origin);
    QFETCH(HttpFields, fields);
    RequestHead head;
    if (!origin.isEmpty())
        head.fields = {{"Origin", origin}};
    QVERIFY(Cors(allowed).answerFields(head) == fields);
}

QTEST_APPLESS_MAIN(TestCors)
#include "tst_cors.moc"
