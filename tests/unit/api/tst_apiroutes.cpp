// The router: paths, methods, parameters in paths, what a body must be, and the health of the server.

#include "apiharness.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using http::Method;

class TestApiRoutes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void unknownRoutes_data();
    void unknownRoutes();
    void otherMethods_data();
    void otherMethods();
    void wrongMethodOnMessagesHasItsShape();
    void headIsAnsweredLikeGet_data();
    void headIsAnsweredLikeGet();
    void namesInPaths_data();
    void namesInPaths();
    void brokenPercentEncodingIsRefused_data();
    void brokenPercentEncodingIsRefused();
    void contentTypes_data();
    void contentTypes();
    void routesWithoutABodyTakeNone_data();
    void routesWithoutABodyTakeNone();

    void healthNeedsNothing_data();
    void healthNeedsNothing();

private:
    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestApiRoutes::initTestCase()
{
    m_api = std::make_unique<ApiHarness>();
    m_publisher = m_api->server.publish({entry(QStringLiteral("qwen")), entry(QStringLiteral("Qwen/Qwen2.5-7B:latest")),
                                         entry(QStringLiteral("a/infer")), entry(QStringLiteral("x@y"))});
}

void TestApiRoutes::cleanupTestCase()
{
    m_publisher.reset();
    m_api.reset();
}

void TestApiRoutes::unknownRoutes_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path :
         {"/", "/v1", "/v1/", "/v1/models/", "/V1/models", "/v1/chat", "/v1/chat/completions/", "//v1/models",
          "/api/v1/sessions/x", "/livez/", "/%76%31/models", "/v1/chat/completions%2F"})
        QTest::newRow(path) << QByteArray(path);
}

void TestApiRoutes::unknownRoutes()
{
    QFETCH(QByteArray, path);
    for (const Method method : {Method::Get, Method::Head, Method::Post, Method::Delete, Method::Options}) {
        const auto call = m_api->call({.method = method, .target = path, .fields = bearer(m_api->adminKey)});
        QCOMPARE(call->status(), 404);
        QCOMPARE(call->errorCode(), QStringLiteral("route_not_found"));
        QVERIFY(call->error(QLatin1String("message")).contains(QString::fromLatin1(path)));
        QCOMPARE(call->end(), ApiCall::End::Refused);
        QCOMPARE(call->field("allow"), QByteArray());
    }
}

void TestApiRoutes::otherMethods_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("allowed");
    QTest::newRow("GET of a model route") << Method::Get << QByteArray("/v1/chat/completions") << QByteArray("POST");
    QTest::newRow("HEAD of a model route") << Method::Head << QByteArray("/v1/embeddings") << QByteArray("POST");
    QTest::newRow("POST of a list") << Method::Post << QByteArray("/v1/models") << QByteArray("GET, HEAD");
    QTest::newRow("DELETE of a model") << Method::Delete << QByteArray("/v1/models/qwen") << QByteArray("GET, HEAD");
    QTest::newRow("PUT of an Llm") << Method::Put << QByteArray("/api/v1/llms/qwen")
                                   << QByteArray("GET, HEAD, PATCH, DELETE");
    QTest::newRow("PUT of infer") << Method::Put << QByteArray("/api/v1/llms/qwen/infer")
                                  << QByteArray("POST, GET, HEAD, PATCH, DELETE");
    QTest::newRow("POST of an Llm") << Method::Post << QByteArray("/api/v1/llms/infer")
                                    << QByteArray("GET, HEAD, PATCH, DELETE");
    QTest::newRow("infer without a name")
        << Method::Post << QByteArray("/api/v1/llms//infer") << QByteArray("GET, HEAD, PATCH, DELETE");
    QTest::newRow("OPTIONS of sessions") << Method::Options << QByteArray("/api/v1/sessions")
                                         << QByteArray("GET, HEAD");
    QTest::newRow("unknown method") << Method::Other << QByteArray("/livez") << QByteArray("GET, HEAD");
    QTest::newRow("POST of publish") << Method::Post << QByteArray("/api/v1/publish") << QByteArray("GET, HEAD");
}

void TestApiRoutes::otherMethods()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, allowed);
    // Whether a path exists is no secret: no key is asked for.
    const auto call = m_api->call({.method = method, .target = path + "?x=y"});
    QCOMPARE(call->status(), 405);
    QCOMPARE(call->errorCode(), QStringLiteral("method_not_allowed"));
    QCOMPARE(call->field("allow"), allowed);
}

void TestApiRoutes::wrongMethodOnMessagesHasItsShape()
{
    const auto call = m_api->call({.target = "/v1/messages", .requestId = "request-7"});
    QCOMPARE(call->status(), 405);
    QCOMPARE(call->field("allow"), QByteArray("POST"));
    QCOMPARE(call->json()[QLatin1String("type")].toString(), QStringLiteral("error"));
    QCOMPARE(call->json()[QLatin1String("request_id")].toString(), QStringLiteral("request-7"));
}

void TestApiRoutes::headIsAnsweredLikeGet_data()
{
    QTest::addColumn<QByteArray>("path");
    for (const char *path : {"/livez", "/version", "/v1/models", "/v1/models/qwen", "/v1/models/nobody", "/api/v1/llms",
                             "/api/v1/llms/qwen", "/api/v1/sessions"})
        QTest::newRow(path) << QByteArray(path);
}

void TestApiRoutes::headIsAnsweredLikeGet()
{
    QFETCH(QByteArray, path);
    const auto ask = [&](Method method) {
        return m_api->call({.method = method, .target = path, .fields = bearer(m_api->adminKey)});
    };
    const auto get = ask(Method::Get);
    const auto head = ask(Method::Head);
    QCOMPARE(head->status(), get->status());
    QCOMPARE(head->fields(), get->fields());
    QCOMPARE(head->body(), get->body());
}

void TestApiRoutes::namesInPaths_data()
{
    QTest::addColumn<QByteArray>("inPath");
    QTest::addColumn<QString>("name");
    const QString big = QStringLiteral("Qwen/Qwen2.5-7B:latest");
    QTest::newRow("plain") << QByteArray("qwen") << QStringLiteral("qwen");
    QTest::newRow("slash and colon as they are") << QByteArray("Qwen/Qwen2.5-7B:latest") << big;
    QTest::newRow("encoded") << QByteArray("Qwen%2FQwen2.5-7B%3Alatest") << big;
    QTest::newRow("encoded in small letters") << QByteArray("Qwen%2fQwen2.5-7B%3alatest") << big;
    QTest::newRow("encoded for no reason") << QByteArray("%71wen") << QStringLiteral("qwen");
    QTest::newRow("at sign") << QByteArray("x%40y") << QStringLiteral("x@y");
    QTest::newRow("ends in infer") << QByteArray("a/infer") << QStringLiteral("a/infer");
    QTest::newRow("decoded once") << QByteArray("%2571wen") << QString();
    QTest::newRow("case matters") << QByteArray("Qwen") << QString();
    QTest::newRow("slash behind") << QByteArray("qwen/") << QString();
    QTest::newRow("plus is no space") << QByteArray("qwen+") << QString();
    QTest::newRow("dot segments are not resolved") << QByteArray("x/../qwen") << QString();
    QTest::newRow("zero byte") << QByteArray("qwen%00") << QString();
    QTest::newRow("not UTF-8") << QByteArray("%ff") << QString();
}

void TestApiRoutes::namesInPaths()
{
    QFETCH(QByteArray, inPath);
    QFETCH(QString, name);
    const auto model = m_api->get("/v1/models/" + inPath + "?ignored=1");
    const auto llm = m_api->get("/api/v1/llms/" + inPath);
    const auto infer = m_api->post("/api/v1/llms/" + inPath + "/infer", "{}");
    if (name.isEmpty()) {
        for (const auto &call : {model.get(), llm.get(), infer.get()}) {
            QCOMPARE(call->status(), 404);
            QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
        }
        return;
    }
    QCOMPARE(model->json()[QLatin1String("id")].toString(), name);
    QCOMPARE(llm->json()[QLatin1String("name")].toString(), name);
    const auto task = m_api->nextInfer(*m_publisher);
    QVERIFY(task);
    QCOMPARE(task->message.llm, name);
}

void TestApiRoutes::brokenPercentEncodingIsRefused_data()
{
    QTest::addColumn<QByteArray>("inPath");
    for (const char *inPath : {"%", "qwen%", "qwen%2", "%zz", "%2", "%-1", "%2/", "q%%77en", "%u0071wen"})
        QTest::newRow(inPath) << QByteArray(inPath);
}

void TestApiRoutes::brokenPercentEncodingIsRefused()
{
    QFETCH(QByteArray, inPath);
    for (const auto &call :
         {m_api->get("/v1/models/" + inPath), m_api->get("/api/v1/llms/" + inPath),
          m_api->remove("/api/v1/llms/" + inPath), m_api->post("/api/v1/llms/" + inPath + "/infer", "{}")}) {
        QCOMPARE(call->status(), 400);
        QCOMPARE(call->errorCode(), QStringLiteral("invalid_request"));
    }
}

void TestApiRoutes::contentTypes_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<bool>("accepted");
    const auto row = [](const char *type, bool accepted) { QTest::newRow(type) << QByteArray(type) << accepted; };
    row("application/json", true);
    row("application/json; charset=utf-8", true);
    row("application/json;charset=UTF-8", true);
    row("application/json ; profile=x", true);
    row("Application/JSON", true);
    row("application/jsonx", false);
    row("application/json-seq", false);
    row("application/json+x", false);
    row("application/x-www-form-urlencoded", false);
    row("multipart/form-data; boundary=application/json", false);
    row("text/plain", false);
    row("text/json", false);
    row("json", false);
    row("", false);
}

void TestApiRoutes::contentTypes()
{
    QFETCH(QByteArray, type);
    QFETCH(bool, accepted);
    for (const char *path : {"/v1/chat/completions", "/v1/messages", "/api/v1/llms/nobody/infer"}) {
        HttpFields fields = bearer(m_api->inferKey);
        fields.append("Content-Length", "18");
        fields.append("Content-Type", type);
        const auto call =
            m_api->call({.method = Method::Post, .target = path, .fields = fields, .body = R"({"model":"nobody"})"});
        QCOMPARE(call->status(), accepted ? 404 : 415);
        QCOMPARE(call->end(), accepted ? ApiCall::End::Responded : ApiCall::End::Refused);
    }
}

void TestApiRoutes::routesWithoutABodyTakeNone_data()
{
    QTest::addColumn<Method>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::newRow("without a key") << Method::Get << QByteArray("/livez");
    QTest::newRow("HEAD") << Method::Head << QByteArray("/livez");
    QTest::newRow("list") << Method::Get << QByteArray("/v1/models");
    QTest::newRow("DELETE") << Method::Delete << QByteArray("/api/v1/llms/nobody");
}

void TestApiRoutes::routesWithoutABodyTakeNone()
{
    QFETCH(Method, method);
    QFETCH(QByteArray, path);
    const auto ask = [&](const HttpField &framing) {
        HttpFields fields = bearer(m_api->adminKey);
        fields.append(framing.name, framing.value);
        auto call = m_api->call({.method = method, .target = path, .fields = fields});
        call->waitForEnd();
        return call;
    };
    // Whoever has no key must not be able to fill the memory with bodies.
    for (const HttpField &framing : HttpFields{{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}) {
        const auto refused = ask(framing);
        QCOMPARE(refused->status(), 400);
        QCOMPARE(refused->errorCode(), QStringLiteral("invalid_request"));
        QCOMPARE(refused->end(), ApiCall::End::Refused);
    }
    QVERIFY(ask({"Content-Length", "0"})->status() != 400);
}

void TestApiRoutes::healthNeedsNothing_data()
{
    QTest::addColumn<bool>("databaseIsAway");
    QTest::addColumn<bool>("stopping");
    QTest::addColumn<int>("readyStatus");
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("storage");
    QTest::newRow("well") << false << false << 200 << QStringLiteral("ok") << QStringLiteral("ok");
    QTest::newRow("database away") << true << false << 503 << QStringLiteral("unavailable")
                                   << QStringLiteral("storage_unavailable");
    QTest::newRow("stopping") << false << true << 503 << QStringLiteral("shutting_down") << QStringLiteral("ok");
    QTest::newRow("both") << true << true << 503 << QStringLiteral("shutting_down")
                          << QStringLiteral("storage_unavailable");
}

void TestApiRoutes::healthNeedsNothing()
{
    QFETCH(bool, databaseIsAway);
    QFETCH(bool, stopping);
    QFETCH(int, readyStatus);
    QFETCH(QString, status);
    QFETCH(QString, storage);
    ApiHarness harness({.databaseIsAway = databaseIsAway});
    if (stopping)
        harness.server.relay.beginShutdown();
    for (const char *path : {"/readyz", "/healthz"}) {
        const auto ready = harness.call({.target = path});
        QCOMPARE(ready->status(), readyStatus);
        QCOMPARE(ready->json()[QLatin1String("status")].toString(), status);
        QCOMPARE(ready->json()[QLatin1String("storage")].toString(), storage);
    }
    QCOMPARE(harness.call({.target = "/livez"})->status(), 200);
    QCoreApplication::setApplicationVersion(QStringLiteral("1.2.3"));
    QCOMPARE(harness.call({.target = "/version"})->body(), QByteArray(R"({"version":"1.2.3"})"));
}

QTEST_GUILESS_MAIN(TestApiRoutes)
#include "tst_apiroutes.moc"
