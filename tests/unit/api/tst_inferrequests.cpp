// Model requests on their way in: what their bodies must be, and what of them reaches the publisher.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;

class TestInferRequests final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void everyModelRouteIsRelayed_data();
    void everyModelRouteIsRelayed();
    void streamsAreAskedForTheirUsage_data();
    void streamsAreAskedForTheirUsage();
    void queryIsRelayed();
    void badBodies_data();
    void badBodies();
    void badStreamOptions();
    void modelIsSplicedInPlace_data();
    void modelIsSplicedInPlace();
    void namedLlmNeedsNoModel_data();
    void namedLlmNeedsNoModel();
    void unknownModels_data();
    void unknownModels();
    void hiddenModelIsUnknown();
    void errorsOnMessagesHaveItsShape_data();
    void errorsOnMessagesHaveItsShape();
    void onlyAllowedFieldsReachTheBackend();

private:
    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestInferRequests::init()
{
    m_api = std::make_unique<ApiHarness>();
    channel::LlmEntry m = entry(QStringLiteral("m"));
    m.model = QStringLiteral("Qwen/\"2.5\"");
    m_publisher = m_api->server.publish({m});
}

void TestInferRequests::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

void TestInferRequests::everyModelRouteIsRelayed_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/chat/completions", "/completions", "/embeddings", "/responses", "/rerank", "/messages"})
        QTest::newRow(path) << QByteArray("/v1") + path << QByteArray(path);
    QTest::newRow("infer") << QByteArray("/api/v1/llms/m/infer") << QByteArray("/chat/completions");
}

void TestInferRequests::everyModelRouteIsRelayed()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, path);
    const auto call = m_api->post(target, R"({"model":"m","user":"x"})");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->message.llm, QStringLiteral("m"));
    QCOMPARE(infer->message.path, path);
    QCOMPARE(infer->message.query, QByteArray());
    QCOMPARE(infer->body, QByteArray(R"({"model":"Qwen/\"2.5\"","user":"x"})"));
    m_publisher->answer(infer->message.task, 200, "{}");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
}

void TestInferRequests::streamsAreAskedForTheirUsage_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<bool>("isAsked");
    const QByteArray chat = "/v1/chat/completions";
    const QByteArray stream = R"({"model":"m","stream":true})";
    QTest::newRow("chat") << chat << stream << true;
    QTest::newRow("completion") << QByteArray("/v1/completions") << stream << true;
    QTest::newRow("infer") << QByteArray("/api/v1/llms/m/infer") << stream << true;
    QTest::newRow("infer without a model")
        << QByteArray("/api/v1/llms/m/infer") << QByteArray(R"({"stream":true})") << true;
    QTest::newRow("responses") << QByteArray("/v1/responses") << stream << false;
    QTest::newRow("messages") << QByteArray("/v1/messages") << stream << false;
    QTest::newRow("no stream") << chat << QByteArray(R"({"model":"m","stream":false})") << false;
    QTest::newRow("own options") << chat
                                 << QByteArray(R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})")
                                 << false;
}

void TestInferRequests::streamsAreAskedForTheirUsage()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QFETCH(bool, isAsked);
    const auto call = m_api->post(target, body);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QJsonObject expected = QJsonDocument::fromJson(body).object();
    expected[QLatin1String("model")] = QStringLiteral("Qwen/\"2.5\"");
    if (isAsked)
        expected[QLatin1String("stream_options")] = QJsonObject{{QStringLiteral("include_usage"), true}};
    QCOMPARE(QJsonDocument::fromJson(infer->body).object(), expected);
}

void TestInferRequests::queryIsRelayed()
{
    const auto call = m_api->post("/v1/chat/completions?a=1&b=%20?&c", R"({"model":"m"})");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->message.path, QByteArray("/chat/completions"));
    QCOMPARE(infer->message.query, QByteArray("a=1&b=%20?&c"));
}

void TestInferRequests::badBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("param");
    const auto json = [](const char *tag, const QByteArray &body) {
        QTest::newRow(tag) << body << QStringLiteral("invalid_json") << QString();
    };
    const auto request = [](const char *tag, const QByteArray &body, const char *param = "model") {
        QTest::newRow(tag) << body << QStringLiteral("invalid_request") << QString::fromLatin1(param);
    };
    json("empty", {});
    json("an array", R"([{"model":"m"}])");
    json("a string", R"("model")");
    json("null", "null");
    json("two objects", R"({"model":"m"}{"model":"m"})");
    json("not closed", R"({"model":"m")");
    json("no comma", R"({"model":"m" "stream":true})");
    json("comma behind", R"({"model":"m",})");
    json("not UTF-8", "{\"model\":\"m\",\"a\":\"\xff\"}");
    json("single quotes", "{'model':'m'}");
    json("text behind", R"({"model":"m"} x)");
    request("no member", "{}");
    request("no model", R"({"messages":[]})");
    request("model is null", R"({"model":null})");
    request("model is a number", R"({"model":7})");
    request("model is an object", R"({"model":{"name":"m"}})");
    request("model is a list", R"({"model":["m"]})");
    request("model is empty", R"({"model":""})");
    request("model within", R"({"a":{"model":"m"}})");
    request("model in another case", R"({"Model":"m"})");
    request("two models", R"({"model":"m","model":"m"})");
    request("two models, one escaped", R"({"model":"m","mod\u0065l":"n"})");
    request("two streams", R"({"model":"m","stream":true,"stream":false})", "stream");
    request("two users", R"({"model":"m","user":"a","us\u0065r":"b"})", "user");
    request("two stream options", R"({"model":"m","stream_options":{},"stream_options":{}})", "stream_options");
    request("two messages", R"({"model":"m","messages":[],"messages":[]})", "messages");
}

void TestInferRequests::badStreamOptions()
{
    for (const char *const options : {"[]", R"({"include_usage":true,"include_usage":false})"}) {
        const QByteArray body = R"({"model":"m","stream":true,"stream_options":)" + QByteArray(options) + "}";
        const auto call = m_api->post("/v1/chat/completions", body);
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 400);
        QCOMPARE(call->errorCode(), QStringLiteral("invalid_request"));
        QCOMPARE(call->error(QLatin1String("param")), QStringLiteral("stream_options"));
    }
}

void TestInferRequests::badBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, param);
    // Scanned at once, and elsewhere.
    ApiHarness scanningElsewhere({.api = {.scanInlineLimit = 0}});
    for (ApiHarness *const harness : {m_api.get(), &scanningElsewhere}) {
        const auto call = harness->post("/v1/chat/completions", body);
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 400);
        QCOMPARE(call->errorCode(), code);
        QCOMPARE(call->error(QLatin1String("param")), param);
        QCOMPARE(call->error(QLatin1String("type")), QStringLiteral("invalid_request_error"));
        QVERIFY(!call->error(QLatin1String("message")).isEmpty());
    }
}

void TestInferRequests::modelIsSplicedInPlace_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("relayed");
    QTest::newRow("escaped key") << QByteArray(R"({"mod\u0065l":"m"})")
                                 << QByteArray(R"({"mod\u0065l":"Qwen/\"2.5\""})");
    QTest::newRow("escaped value") << QByteArray(R"({"model":"\u006d"})") << QByteArray(R"({"model":"Qwen/\"2.5\""})");
    QTest::newRow("nothing else changes")
        << QByteArray(
               "\r\n { \"n\":1.0e400,\t\"n\":-0,\"model\" : \"m\" ,\"x\":{\"model\":\"m\"},\"u\":\"\\ud800\" }\n")
        << QByteArray("\r\n { \"n\":1.0e400,\t\"n\":-0,\"model\" : \"Qwen/\\\"2.5\\\"\" "
                      ",\"x\":{\"model\":\"m\"},\"u\":\"\\ud800\" }\n");
}

void TestInferRequests::modelIsSplicedInPlace()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, relayed);
    const auto call = m_api->post("/v1/chat/completions", body);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->body, relayed);
    QCOMPARE(infer->message.size, relayed.size());
}

void TestInferRequests::namedLlmNeedsNoModel_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("relayed");
    QTest::newRow("inserted first") << QByteArray(R"( { "messages":[]})")
                                    << QByteArray(R"( {"model":"Qwen/\"2.5\"", "messages":[]})");
    QTest::newRow("empty object") << QByteArray("{}") << QByteArray(R"({"model":"Qwen/\"2.5\""})");
    QTest::newRow("empty object with space") << QByteArray("{ }") << QByteArray(R"({"model":"Qwen/\"2.5\"" })");
    QTest::newRow("the same model") << QByteArray(R"({"model":"m"})") << QByteArray(R"({"model":"Qwen/\"2.5\""})");
    QTest::newRow("another model") << QByteArray(R"({"a":1,"model":"other"})")
                                   << QByteArray(R"({"a":1,"model":"Qwen/\"2.5\""})");
    QTest::newRow("null") << QByteArray(R"({"model":null})") << QByteArray(R"({"model":"Qwen/\"2.5\""})");
}

void TestInferRequests::namedLlmNeedsNoModel()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, relayed);
    const auto call = m_api->post("/api/v1/llms/m/infer", body);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->body, relayed);
}

void TestInferRequests::unknownModels_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("in the body") << QByteArray("/v1/chat/completions") << QByteArray(R"({"model":"nobody"})");
    QTest::newRow("another case") << QByteArray("/v1/chat/completions") << QByteArray(R"({"model":"M"})");
    QTest::newRow("what the backend calls it")
        << QByteArray("/v1/chat/completions") << QByteArray(R"({"model":"Qwen/\"2.5\""})");
    QTest::newRow("in the path") << QByteArray("/api/v1/llms/nobody/infer") << QByteArray("{}");
    QTest::newRow("in the path, known in the body")
        << QByteArray("/api/v1/llms/nobody/infer") << QByteArray(R"({"model":"m"})");
}

void TestInferRequests::unknownModels()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    const auto call = m_api->post(target, body);
    QCOMPARE(call->status(), 404);
    QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
    QCOMPARE(call->error(QLatin1String("param")), QStringLiteral("model"));
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestInferRequests::hiddenModelIsUnknown()
{
    const QByteArray key =
        m_api->makeKey({domain::Scope::Infer}, [](domain::ApiKey &row) { row.models = {QStringLiteral("m?*")}; });
    for (const QByteArray &target : {QByteArray("/v1/chat/completions"), QByteArray("/api/v1/llms/m/infer")}) {
        const QByteArray body = R"({"model":"m"})";
        const auto call = m_api->call(
            {.method = http::Method::Post, .target = target, .fields = jsonFields(key, body.size()), .body = body});
        QCOMPARE(call->status(), 404);
        QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
    }
}

void TestInferRequests::errorsOnMessagesHaveItsShape_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<HttpFields>("fields");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    const QByteArray good = R"({"model":"nobody"})";
    const HttpFields fields = {{"content-type", "application/json"}, {"content-length", "18"}};
    const auto row = [&](const char *tag, const QByteArray &body, const HttpFields &some, int status,
                         const char *type) {
        QTest::newRow(tag) << body << some << status << QString::fromLatin1(type);
    };
    HttpFields withKey = fields;
    withKey.append("x-api-key", "KEY");
    HttpFields publishing = fields;
    publishing.append("x-api-key", "PUBLISH");
    row("no key", good, fields, 401, "authentication_error");
    row("wrong scope", good, publishing, 403, "permission_error");
    row("unknown model", good, withKey, 404, "not_found_error");
    row("broken JSON", "{", withKey, 400, "invalid_request_error");
    row("no model", "{}", withKey, 400, "invalid_request_error");
    row("not JSON", "x", {{"content-type", "text/plain"}, {"x-api-key", "KEY"}}, 415, "invalid_request_error");
    row("offline", R"({"model":"gone"})", withKey, 503, "overloaded_error");
}

void TestInferRequests::errorsOnMessagesHaveItsShape()
{
    QFETCH(QByteArray, body);
    QFETCH(HttpFields, fields);
    QFETCH(int, status);
    QFETCH(QString, type);
    QVERIFY(m_publisher->registerLlms({entry(QStringLiteral("gone"), channel::ReportedState::Inactive)}));
    HttpFields sent;
    for (const HttpField &field : fields) {
        sent.append(field.name,
                    QByteArray(field.value).replace("KEY", m_api->inferKey).replace("PUBLISH", m_api->publishKey));
    }
    const auto call =
        m_api->call({.method = http::Method::Post, .target = "/v1/messages", .fields = sent, .body = body});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), status);
    const QJsonObject json = call->json();
    QCOMPARE(json.keys(), (QStringList{QStringLiteral("error"), QStringLiteral("request_id"), QStringLiteral("type")}));
    QCOMPARE(json[QLatin1String("type")].toString(), QStringLiteral("error"));
    QCOMPARE(json[QLatin1String("request_id")].toString(), QStringLiteral("request-1"));
    QCOMPARE(call->error(QLatin1String("type")), type);
    QVERIFY(!call->error(QLatin1String("message")).isEmpty());
}

void TestInferRequests::onlyAllowedFieldsReachTheBackend()
{
    const auto call = m_api->post("/v1/chat/completions", R"({"model":"m"})",
                                  {{"Accept", "text/event-stream"},
                                   {"anthropic-version", "2023-06-01"},
                                   {"Anthropic-Beta", "a,b"},
                                   {"OpenAI-Organization", "org"},
                                   {"x-api-key", m_api->inferKey},
                                   {"Cookie", "a=b"},
                                   {"Host", "hearth.example"},
                                   {"Connection", "keep-alive"},
                                   {"Accept-Encoding", "gzip"},
                                   {"X-Forwarded-For", "10.0.0.1"},
                                   {"X-Stainless-Lang", "js"},
                                   {"Expect", "100-continue"},
                                   {"Anthropic-", "no name"},
                                   {"Openai-X", "line\r\nInjected: yes"},
                                   {"Accept\r\nX", "y"}});
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->message.headers, (HttpFields{{"Content-Type", "application/json"},
                                                 {"Accept", "text/event-stream"},
                                                 {"anthropic-version", "2023-06-01"},
                                                 {"Anthropic-Beta", "a,b"},
                                                 {"OpenAI-Organization", "org"}}));
    QVERIFY(!channel::encode(infer->message).contains(m_api->inferKey));
}

QTEST_GUILESS_MAIN(TestInferRequests)
#include "tst_inferrequests.moc"
