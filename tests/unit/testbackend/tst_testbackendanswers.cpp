// The other answers of the test backend, and that equal requests get equal bytes on every route.

#include "backendclient.h"
#include "testbackend.h"

#include <QJsonArray>
#include <QTest>
#include <QtEndian>

#include <cmath>

using namespace hearth;
using namespace hearth::testbackend;

namespace {

constexpr char chat[] = R"({"model":"org/m:1","messages":[{"role":"user","content":"Say \u0022hé\u0022 now"}])";

} // namespace

class TestTestBackendAnswers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void models();
    void unknownRoutes_data();
    void unknownRoutes();
    void responses();
    void responsesStream();
    void messages();
    void messagesStream();
    void countTokens();
    void embeddings();
    void embeddingsInputs_data();
    void embeddingsInputs();
    void rerank();
    void equalRequestsEqualBytes_data();
    void equalRequestsEqualBytes();
    void invalidJson();

private:
    Reply post(const QByteArray &target, const QByteArray &body);
    Reply get(const QByteArray &target);

    FakeClock m_clock;
    std::unique_ptr<TestBackend> m_backend;
};

void TestTestBackendAnswers::init()
{
    TestBackendSettings settings;
    settings.port = 0;
    settings.rate = 0;
    settings.models = {"org/m:1", "other"};
    m_backend = std::make_unique<TestBackend>(settings, m_clock);
    QVERIFY(m_backend->listen().ok());
}

Reply TestTestBackendAnswers::post(const QByteArray &target, const QByteArray &body)
{
    return BackendClient(m_backend->port()).call(BackendClient::request("POST", target, body));
}

Reply TestTestBackendAnswers::get(const QByteArray &target)
{
    return BackendClient(m_backend->port()).call(BackendClient::request("GET", target));
}

void TestTestBackendAnswers::models()
{
    const QJsonObject list = get("/v1/models?limit=3").json();
    QCOMPARE(textAt(list, "object"), QStringLiteral("list"));
    QCOMPARE(at(list, QStringLiteral("data")).toArray().size(), 2);
    QCOMPARE(textAt(list, "data/0/id"), QStringLiteral("org/m:1"));
    QCOMPARE(textAt(list, "data/0/object"), QStringLiteral("model"));
    QVERIFY(numberAt(list, "data/0/created") > 0);
    QVERIFY(!textAt(list, "data/0/owned_by").isEmpty());
    QCOMPARE(get("/v1/models/org/m:1").json(), at(list, QStringLiteral("data/0")).toObject());
    QCOMPARE(get("/v1/models/org%2Fm%3A1").json(), at(list, QStringLiteral("data/0")).toObject());
}

void TestTestBackendAnswers::unknownRoutes_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::newRow("model") << QByteArray("GET") << QByteArray("/v1/models/none") << 404 << "model_not_found";
    QTest::newRow("route") << QByteArray("POST") << QByteArray("/v1/none") << 404 << "route_not_found";
    QTest::newRow("report") << QByteArray("GET") << QByteArray("/test/none") << 404 << "route_not_found";
    QTest::newRow("get chat") << QByteArray("GET") << QByteArray("/v1/chat/completions") << 405 << "method_not_allowed";
    QTest::newRow("post models") << QByteArray("POST") << QByteArray("/v1/models") << 405 << "method_not_allowed";
}

void TestTestBackendAnswers::unknownRoutes()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, target);
    BackendClient client(m_backend->port());
    const Reply reply = client.call(BackendClient::request(method, target, "{}"));
    QTEST(reply.status, "status");
    QTEST(textAt(reply.json(), "error/code"), "code");
    QVERIFY(!textAt(reply.json(), "error/message").isEmpty());
}

void TestTestBackendAnswers::responses()
{
    const QJsonObject json = post("/v1/responses", R"({"model":"m","input":"one two"})").json();
    QCOMPARE(textAt(json, "object"), QStringLiteral("response"));
    QCOMPARE(textAt(json, "status"), QStringLiteral("completed"));
    QCOMPARE(textAt(json, "model"), QStringLiteral("m"));
    QCOMPARE(textAt(json, "output/0/type"), QStringLiteral("message"));
    QCOMPARE(textAt(json, "output/0/content/0/type"), QStringLiteral("output_text"));
    QVERIFY(textAt(json, "output/0/content/0/text").startsWith(QLatin1String("You said: one two ")));
    QCOMPARE(numberAt(json, "usage/input_tokens"), 2);
    QCOMPARE(numberAt(json, "usage/output_tokens"), 12);
}

void TestTestBackendAnswers::responsesStream()
{
    const QByteArray input = R"([{"role":"user","content":[{"type":"input_text","text":"one two"}]}])";
    const Reply reply = post("/v1/responses", R"({"max_output_tokens":4,"stream":true,"input":)" + input + '}');
    const QByteArrayList events = reply.events();
    QCOMPARE(events.size(), 4 + 4 + 4);
    QString text;
    for (qsizetype index = 0; index < events.size(); ++index) {
        const QJsonObject event = parsed(events[index]);
        const QByteArray frame = "event: " + textAt(event, "type").toUtf8() + "\ndata: " + events[index] + "\n\n";
        QCOMPARE(numberAt(event, "sequence_number"), index);
        QVERIFY(reply.body.contains(frame));
        text += textAt(event, "delta");
    }
    QCOMPARE(text, QStringLiteral("You said: one two"));
    QCOMPARE(textAt(parsed(events.first()), "type"), QStringLiteral("response.created"));
    const QJsonObject last = parsed(events.last());
    QCOMPARE(textAt(last, "type"), QStringLiteral("response.incomplete"));
    QCOMPARE(textAt(last, "response/incomplete_details/reason"), QStringLiteral("max_output_tokens"));
    QCOMPARE(textAt(last, "response/output/0/content/0/text"), text);
}

void TestTestBackendAnswers::messages()
{
    const QJsonObject json = post("/v1/messages", QByteArray(chat) + R"(,"max_tokens":4096})").json();
    QCOMPARE(textAt(json, "type"), QStringLiteral("message"));
    QCOMPARE(textAt(json, "role"), QStringLiteral("assistant"));
    QCOMPARE(textAt(json, "model"), QStringLiteral("org/m:1"));
    QCOMPARE(textAt(json, "content/0/type"), QStringLiteral("text"));
    QVERIFY(textAt(json, "content/0/text").startsWith(QStringLiteral("You said: Say \"hé\" now ")));
    QCOMPARE(textAt(json, "stop_reason"), QStringLiteral("end_turn"));
    QCOMPARE(numberAt(json, "usage/input_tokens"), 3);
    QCOMPARE(numberAt(json, "usage/output_tokens"), 12);
}

void TestTestBackendAnswers::messagesStream()
{
    const Reply reply = post("/v1/messages", QByteArray(chat) + R"(,"max_tokens":2,"stream":true})");
    QStringList types;
    QString text;
    const QByteArrayList events = reply.events();
    for (const QByteArray &event : events) {
        types.append(textAt(parsed(event), "type"));
        text += textAt(parsed(event), "delta/text");
        const QByteArray frame = "event: " + types.last().toUtf8() + "\ndata: " + event + "\n\n";
        QVERIFY(reply.body.contains(frame));
    }
    const QStringList expected{QStringLiteral("message_start"),
                               QStringLiteral("content_block_start"),
                               QStringLiteral("ping"),
                               QStringLiteral("content_block_delta"),
                               QStringLiteral("content_block_delta"),
                               QStringLiteral("content_block_stop"),
                               QStringLiteral("message_delta"),
                               QStringLiteral("message_stop")};
    QCOMPARE(types, expected);
    QCOMPARE(text, QStringLiteral("You said:"));
    QCOMPARE(textAt(parsed(events[6]), "delta/stop_reason"), QStringLiteral("max_tokens"));
    QCOMPARE(numberAt(parsed(events[6]), "usage/output_tokens"), 2);
}

void TestTestBackendAnswers::countTokens()
{
    const QByteArray body = QByteArray(chat) + R"(,"system":"be brief"})";
    QCOMPARE(post("/v1/messages/count_tokens", body).body, R"({"input_tokens":5})");
}

void TestTestBackendAnswers::embeddings()
{
    const QJsonObject floats = post("/v1/embeddings", R"({"model":"m","input":["a","b","a"],"dimensions":8})").json();
    QCOMPARE(textAt(floats, "object"), QStringLiteral("list"));
    QCOMPARE(textAt(floats, "data/1/object"), QStringLiteral("embedding"));
    QCOMPARE(numberAt(floats, "data/1/index"), 1);
    const QJsonArray first = at(floats, QStringLiteral("data/0/embedding")).toArray();
    QCOMPARE(first.size(), 8);
    QVERIFY(first != at(floats, QStringLiteral("data/1/embedding")).toArray());
    QCOMPARE(first, at(floats, QStringLiteral("data/2/embedding")).toArray());
    double squares = 0;
    for (const QJsonValue &element : first)
        squares += element.toDouble() * element.toDouble();
    QVERIFY(std::abs(squares - 1) < 1e-5);

    const QByteArray body = R"({"input":"a","dimensions":8,"encoding_format":"base64"})";
    const QByteArray encoded = textAt(post("/v1/embeddings", body).json(), "data/0/embedding").toUtf8();
    const QByteArray bytes = QByteArray::fromBase64(encoded);
    QCOMPARE(bytes.size(), 8 * 4);
    for (qsizetype index = 0; index < first.size(); ++index)
        QCOMPARE(qFromLittleEndian<float>(bytes.constData() + 4 * index), static_cast<float>(first[index].toDouble()));
}

void TestTestBackendAnswers::embeddingsInputs_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<qsizetype>("count");
    QTest::newRow("text") << QByteArray(R"("a")") << qsizetype(1);
    QTest::newRow("texts") << QByteArray(R"(["a","b"])") << qsizetype(2);
    QTest::newRow("tokens") << QByteArray("[1,2,3]") << qsizetype(1);
    QTest::newRow("lists of tokens") << QByteArray("[[1,2],[3]]") << qsizetype(2);
}

void TestTestBackendAnswers::embeddingsInputs()
{
    QFETCH(const QByteArray, input);
    const QJsonObject json = post("/v1/embeddings", R"({"input":)" + input + '}').json();
    QTEST(at(json, QStringLiteral("data")).toArray().size(), "count");
    QCOMPARE(at(json, QStringLiteral("data/0/embedding")).toArray().size(), 64);
}

void TestTestBackendAnswers::rerank()
{
    const QByteArray body = R"({"query":"red fox","documents":["a dog",{"text":"a red fox"},"red"],"top_n":2})";
    const QJsonObject json = post("/v1/rerank", body).json();
    QCOMPARE(at(json, QStringLiteral("results")).toArray().size(), 2);
    QCOMPARE(numberAt(json, "results/0/index"), 1);
    QCOMPARE(textAt(json, "results/0/document/text"), QStringLiteral("a red fox"));
    QCOMPARE(at(json, QStringLiteral("results/0/relevance_score")).toDouble(), 1.0);
    QCOMPARE(at(json, QStringLiteral("results/1/relevance_score")).toDouble(), 0.5);
}

void TestTestBackendAnswers::equalRequestsEqualBytes_data()
{
    QTest::addColumn<QByteArray>("target");
    const QByteArrayList targets{"/v1/chat/completions", "/v1/completions", "/v1/embeddings",           "/v1/responses",
                                 "/v1/rerank",           "/v1/messages",    "/v1/messages/count_tokens"};
    for (const QByteArray &target : targets)
        QTest::newRow(target.constData()) << target;
}

void TestTestBackendAnswers::equalRequestsEqualBytes()
{
    QFETCH(const QByteArray, target);
    for (const QByteArray stream : {"false", "true"}) {
        const QByteArray body =
            R"({"model":"m","messages":[{"role":"user","content":"hi"}],"input":"hi","prompt":"hi",)"
            R"("query":"hi","documents":["hi"],"stream":)" +
            stream + '}';
        const Reply first = post(target, body);
        m_clock.advance(std::chrono::hours(1));
        const Reply second = post(target, body);
        QVERIFY(first.complete && first.status == 200);
        QCOMPARE(second.body, first.body);
        QVERIFY(second.fields == first.fields);
        const Reply other = post(target, QByteArray(body).replace("\"hi\"", "\"hello there\""));
        QVERIFY(other.body != first.body);
    }
}

void TestTestBackendAnswers::invalidJson()
{
    for (const QByteArray body : {"", "[]", "{\"model\":", "null"}) {
        const Reply reply = post("/v1/chat/completions", body);
        QCOMPARE(reply.status, 400);
        QCOMPARE(textAt(reply.json(), "error/code"), QStringLiteral("invalid_json"));
    }
    const QJsonObject json = post("/v1/messages", "[]").json();
    QCOMPARE(textAt(json, "type"), QStringLiteral("error"));
    QCOMPARE(textAt(json, "error/type"), QStringLiteral("invalid_request_error"));
}

QTEST_GUILESS_MAIN(TestTestBackendAnswers)
#include "tst_testbackendanswers.moc"
