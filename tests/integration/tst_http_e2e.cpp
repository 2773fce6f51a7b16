// The HTTP API of the running server, from outside: refusals, health, CORS, TLS, large bodies, and the rows it shows.

#include "stacktest.h"

#include <QJsonDocument>
#include <QSet>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestHttpE2e final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void refusesInAnthropicsShape_data();
    void refusesInAnthropicsShape();
    void numbersEveryAnswer();
    void tellsItsHealth_data();
    void tellsItsHealth();
    void answersHeadAndKeepsConnections();
    void letsBrowsersIn();
    void keepsBrowsersOutByDefault();
    void relaysOverTls();
    void relaysALargeBody_data();
    void relaysALargeBody();
    void refusesATooLargeBody_data();
    void refusesATooLargeBody();
    void showsAllFieldsOfAnLlm();
    void showsSessions();
    void deletesAnLlm();

private:
    std::unique_ptr<HttpCall> ask(const HttpRequest &request) const;
};

namespace {

constexpr qsizetype megabyte = 1000 * 1000;

QByteArray asJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// In chunks of 1 MB at most.
QByteArray chunked(const QByteArray &body)
{
    QByteArray bytes;
    for (qsizetype at = 0; at < body.size(); at += megabyte) {
        const QByteArray piece = body.mid(at, megabyte);
        bytes += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
    }
    return bytes + "0\r\n\r\n";
}

} // namespace

std::unique_ptr<HttpCall> TestHttpE2e::ask(const HttpRequest &request) const
{
    auto call = m_stack->call(request);
    call->waitForEnd();
    return call;
}

void TestHttpE2e::refuses_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const QByteArray chat = "POST /v1/chat/completions";
    const auto row = [](const char *name, const QByteArray &request, const QByteArray &key, const QByteArray &body,
                        int status, const char *code) {
        QTest::newRow(name) << request << key << body << status << QString::fromLatin1(code);
    };
    row("no key", "GET /v1/models", {}, {}, 401, "invalid_api_key");
    row("no key, infer", chat, {}, "{}", 401, "invalid_api_key");
    row("no key, publish", "GET /api/v1/publish", {}, {}, 401, "invalid_api_key");
    row("no key, sessions", "GET /api/v1/sessions", {}, {}, 401, "invalid_api_key");
    row("infer lists no sessions", "GET /api/v1/sessions", "client", {}, 403, "scope_missing");
    row("infer deletes nothing", "DELETE /api/v1/llms/test-llm", "client", {}, 403, "scope_missing");
    row("infer publishes nothing", "GET /api/v1/publish", "client", {}, 403, "scope_missing");
    row("publish infers nothing", chat, "publisher", "{}", 403, "scope_missing");
    row("publish lists nothing", "GET /v1/models", "publisher", {}, 403, "scope_missing");
    row("no such route", "GET /v2/models", "client", {}, 404, "route_not_found");
    row("no such route of a backend", "POST /v1/images/generations", "client", "{}", 404, "route_not_found");
    row("management of a backend", "POST /api/pull", "client", "{}", 404, "route_not_found");
    row("no such model", chat, "client", R"({"model":"other"})", 404, "model_not_found");
    row("no such model, one", "GET /v1/models/other/model", "client", {}, 404, "model_not_found");
    row("no such llm", "GET /api/v1/llms/other", "client", {}, 404, "model_not_found");
    row("no such llm, infer", "POST /api/v1/llms/other/infer", "client", "{}", 404, "model_not_found");
    row("no such llm, delete", "DELETE /api/v1/llms/other", "admin", {}, 404, "model_not_found");
    row("wrong method", "GET /v1/chat/completions", "client", {}, 405, "method_not_allowed");
    row("wrong method, models", "POST /v1/models", "client", "{}", 405, "method_not_allowed");
    row("wrong method, health", "DELETE /livez", {}, {}, 405, "method_not_allowed");
    row("no JSON", chat, "client", "model=test-llm", 400, "invalid_json");
    row("JSON, but no object", chat, "client", "[]", 400, "invalid_json");
    row("two objects", chat, "client", R"({"model":"test-llm"}{})", 400, "invalid_json");
    row("an empty body", chat, "client", {}, 400, "invalid_json");
    row("no model", chat, "client", "{}", 400, "invalid_request");
    row("a model that is no text", chat, "client", R"({"model":7})", 400, "invalid_request");
    row("two models", chat, "client", R"({"model":"test-llm","mod\u0065l":"test-llm"})", 400, "invalid_request");
    row("no JSON by its type\r\nContent-Type: text/plain", chat, "client", "{}", 415, "unsupported_media_type");
    row("a form\r\nContent-Type: multipart/form-data; boundary=x", chat, "client", "--x--", 415,
        "unsupported_media_type");
    row("unknown expectation\r\nExpect: magic", chat, "client", "{}", 417, "expectation_failed");
    row("unknown coding\r\nTransfer-Encoding: gzip", chat, "client", "{}", 501, "not_implemented");
}

void TestHttpE2e::refuses()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, code);
    QVERIFY(startStack());
    HttpRequest sent{.method = request.split(' ')[0], .target = request.split(' ')[1], .fields = {}, .body = body};
    if (!key.isEmpty())
        sent.fields.append("Authorization", "Bearer " + m_stack->key(key));
    // A field that makes the case stands behind its name.
    for (const QByteArray &field : QByteArray(QTest::currentDataTag()).split('\n').mid(1))
        sent.fields.append(field.left(field.indexOf(':')), field.mid(field.indexOf(':') + 2));
    const auto call = ask(sent);
    QCOMPARE(call->status(), status);
    QVERIFY(call->isComplete());
    QCOMPARE(call->errorCode(), code);
    QCOMPARE(call->field("content-type"), QByteArray("application/json"));
    QVERIFY(!call->field("x-request-id").isEmpty());
    const QJsonObject error = call->json()[QLatin1String("error")].toObject();
    QCOMPARE(error.keys(), QStringList({QStringLiteral("code"), QStringLiteral("message"), QStringLiteral("param"),
                                        QStringLiteral("type")}));
    QVERIFY(!error[QLatin1String("message")].toString().isEmpty());
    QCOMPARE(status == 405, call->fields().contains("allow"));
    QVERIFY(m_stack->backendRequests().isEmpty());
}

void TestHttpE2e::refusesInAnthropicsShape_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    QTest::newRow("no key") << QByteArray() << QByteArray("{}") << 401 << QStringLiteral("authentication_error");
    QTest::newRow("wrong scope") << QByteArray("publisher") << QByteArray("{}") << 403
                                 << QStringLiteral("permission_error");
    QTest::newRow("no such model") << QByteArray("client") << QByteArray(R"({"model":"x"})") << 404
                                   << QStringLiteral("not_found_error");
    QTest::newRow("no JSON") << QByteArray("client") << QByteArray("x") << 400
                             << QStringLiteral("invalid_request_error");
}

void TestHttpE2e::refusesInAnthropicsShape()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, type);
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    HttpRequest sent{.method = "POST", .target = "/v1/messages", .fields = {}, .body = body};
    if (!key.isEmpty())
        sent.fields.append("x-api-key", m_stack->key(key));
    const auto call = ask(sent);
    QCOMPARE(call->status(), status);
    QCOMPARE(call->json()[QLatin1String("type")].toString(), QStringLiteral("error"));
    QCOMPARE(call->json()[QLatin1String("error")][QLatin1String("type")].toString(), type);
    QVERIFY(!call->json()[QLatin1String("error")][QLatin1String("message")].toString().isEmpty());
}

void TestHttpE2e::numbersEveryAnswer()
{
    QVERIFY(startStack());
    QSet<QByteArray> ids;
    for (const char *target : {"/livez", "/v1/models", "/nowhere", "/api/v1/sessions"})
        ids.insert(m_stack->get(target)->field("x-request-id"));
    // The backend's own number does not reach the client beside ours.
    for (const QJsonObject &members : {QJsonObject(), directive({{QStringLiteral("status"), 500}})}) {
        const auto call = ask(m_stack->chat(members));
        ids.insert(call->field("x-request-id"));
        const auto isId = [](const HttpField &field) { return field.name.toLower() == "x-request-id"; };
        QCOMPARE(std::count_if(call->fields().begin(), call->fields().end(), isId), 1);
        QVERIFY(!call->field("x-request-id").startsWith("req_"));
    }
    QCOMPARE(ids.size(), 6);
    QVERIFY(!ids.contains(QByteArray()));
}

void TestHttpE2e::tellsItsHealth_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("livez") << QByteArray("/livez") << QByteArray(R"({"status":"ok"})");
    QTest::newRow("readyz") << QByteArray("/readyz") << QByteArray(R"({"status":"ok","storage":"ok"})");
    QTest::newRow("healthz") << QByteArray("/healthz") << QByteArray(R"("status":"ok")");
    QTest::newRow("version") << QByteArray("/version") << QByteArray(R"({"version":"0.)");
}

void TestHttpE2e::tellsItsHealth()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, body);
    QVERIFY(startStack({.publisher = {{QStringLiteral("watchIntervalSeconds"), QStringLiteral("600")}}}));
    const int received = m_stack->backendStats()[QLatin1String("received")].toInt();
    const auto call = ask({.target = target});
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("content-type"), QByteArray("application/json"));
    QVERIFY2(call->body().contains(body), call->body().constData());
    // No model, and not even a backend, is asked.
    QCOMPARE(m_stack->backendStats()[QLatin1String("received")].toInt(), received);
}

void TestHttpE2e::answersHeadAndKeepsConnections()
{
    makeStack();
    QVERIFY(m_stack->startServer());
    const auto head = m_stack->callRaw(
        "HEAD /livez HTTP/1.1\r\nHost: h\r\n\r\nGET /version HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    QVERIFY(head->waitForHead());
    QCOMPARE(head->status(), 200);
    QCOMPARE(head->field("content-length"), QByteArray("15"));
    // The client takes what follows the first head for its body; the second answer is in there.
    QTRY_VERIFY(head->hasEnded());
    QVERIFY(head->body().startsWith("HTTP/1.1 200 OK"));
}

void TestHttpE2e::letsBrowsersIn()
{
    const QByteArray origin = "https://chat.example";
    QVERIFY(startStack({.server = {{QStringLiteral("http.allowedOrigins"), QString::fromUtf8(origin)}}}));
    const auto preflight =
        ask({.method = "OPTIONS",
             .target = "/v1/chat/completions",
             .fields = {{"Origin", origin},
                        {"Access-Control-Request-Method", "POST"},
                        {"Access-Control-Request-Headers", "authorization,content-type,x-stainless-os"}}});
    QCOMPARE(preflight->status(), 204);
    QCOMPARE(preflight->field("access-control-allow-origin"), origin);
    QVERIFY(preflight->field("access-control-allow-methods").contains("POST"));
    QCOMPARE(preflight->field("access-control-allow-headers"), QByteArray("authorization,content-type,x-stainless-os"));

    HttpRequest request = m_stack->chat();
    request.fields.append("Origin", origin);
    const auto stream = ask(request);
    QVERIFY(stream->saysDone());
    QCOMPARE(stream->field("access-control-allow-origin"), origin);
    const auto refused = ask({.target = "/v1/models", .fields = {{"Origin", origin}}});
    QCOMPARE(refused->status(), 401);
    QCOMPARE(refused->field("access-control-allow-origin"), origin);
    const auto foreign = ask({.target = "/livez", .fields = {{"Origin", "https://evil.example"}}});
    QVERIFY(!foreign->fields().contains("access-control-allow-origin"));
}

void TestHttpE2e::keepsBrowsersOutByDefault()
{
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    const auto preflight = ask({.method = "OPTIONS",
                                .target = "/v1/models",
                                .fields = {{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "GET"}}});
    QCOMPARE(preflight->status(), 405);
    QVERIFY(!preflight->fields().contains("access-control-allow-origin"));
}

void TestHttpE2e::relaysOverTls()
{
    QVERIFY(startStack({.tls = true}));
    QCOMPARE(m_stack->serverUrl().scheme(), QStringLiteral("https"));
    const auto stream = ask(m_stack->chat());
    QVERIFY(stream->isComplete() && stream->saysDone());
    const auto big =
        ask(m_stack->modelRequest("/v1/chat/completions", directive({{QStringLiteral("bytes"), 3'000'000}})));
    QVERIFY(big->isComplete());
    QVERIFY(big->body().size() > 3'000'000);
    // The publisher came the same way.
    QCOMPARE(m_stack->sessions().first()[QLatin1String("bound")], QJsonValue(true));

    const QByteArray request = "GET /livez HTTP/1.1\r\nHost: h\r\n\r\n";
    HttpCall untrusting(m_stack->serverUrl(), request, {});
    QVERIFY(untrusting.waitForEnd());
    QCOMPARE(untrusting.status(), 0);
    QUrl plainUrl = m_stack->serverUrl();
    plainUrl.setScheme(QStringLiteral("http"));
    HttpCall plain(plainUrl, request, {});
    QVERIFY(plain.waitForEnd());
    QCOMPARE(plain.status(), 0);
    QCOMPARE(ask({.target = "/livez"})->status(), 200);
}

void TestHttpE2e::relaysALargeBody_data()
{
    QTest::addColumn<bool>("isChunked");
    QTest::addColumn<bool>("tls");
    QTest::newRow("with its length") << false << false;
    QTest::newRow("in chunks") << true << false;
    QTest::newRow("over TLS") << false << true;
}

void TestHttpE2e::relaysALargeBody()
{
    QFETCH(bool, isChunked);
    QFETCH(bool, tls);
    QVERIFY(startStack({.tls = tls}));
    // The model comes last, behind 5 MB that are scanned off the event loop.
    const QByteArray prompt =
        R"({"messages":[{"role":"user","content":")" + QByteArray(5 * megabyte, 'x') + R"("}],"max_tokens":3,"model":)";
    HttpRequest request = m_stack->modelRequest("/v1/chat/completions", {});
    request.body = prompt + "\"test-llm\"}";
    if (isChunked) {
        request.fields.append("Transfer-Encoding", "chunked");
        request.body = chunked(request.body);
    }
    const auto call = m_stack->call(request);
    // Meanwhile the server answers others.
    const auto other = ask(m_stack->chat());
    QVERIFY(other->saysDone());
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
    const QByteArray received = m_stack->askBackend({.target = "/test/requests/last/body"})->body();
    const QByteArray expected = prompt + "\"test-model\"}";
    QVERIFY(received == expected ||
            m_stack->backendRequests().first()[QLatin1String("bodyBytes")].toInteger() == expected.size());
}

void TestHttpE2e::refusesATooLargeBody_data()
{
    QTest::addColumn<bool>("isChunked");
    QTest::newRow("by its length") << false;
    QTest::newRow("while it arrives") << true;
}

void TestHttpE2e::refusesATooLargeBody()
{
    QFETCH(bool, isChunked);
    QVERIFY(startStack());
    HttpRequest request = m_stack->modelRequest("/v1/chat/completions", {});
    const qsizetype size = 34 * megabyte;
    request.fields.append(isChunked ? "Transfer-Encoding" : "Content-Length",
                          isChunked ? QByteArray("chunked") : QByteArray::number(size));
    request.body = {};
    const auto call = m_stack->call(request);
    // A client that looks for an answer while it sends gets one, even if it does not stop at once.
    const QByteArray piece(megabyte, ' ');
    for (qsizetype sent = 0; sent < size && call->status() == 0; sent += megabyte) {
        call->send(isChunked ? QByteArray("f4240\r\n" + piece + "\r\n") : piece);
        QTest::qWait(0);
    }
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 413);
    QCOMPARE(call->errorCode(), QStringLiteral("body_too_large"));
    QVERIFY(ask(m_stack->chat())->saysDone());
}

void TestHttpE2e::showsAllFieldsOfAnLlm()
{
    QVERIFY(startStack());
    const QJsonArray rows = QJsonDocument::fromJson(m_stack->get("/api/v1/llms")->body()).array();
    QCOMPARE(rows.size(), 1);
    const QJsonObject row = rows.first().toObject();
    QCOMPARE(m_stack->llm(row[QLatin1String("id")].toString().toUtf8()).keys(), row.keys());
    const QJsonObject expected{
        {QStringLiteral("name"), QStringLiteral("test-llm")},
        {QStringLiteral("kind"), QStringLiteral("virtual")},
        {QStringLiteral("status"), QStringLiteral("active")},
        {QStringLiteral("statusReason"), QJsonValue::Null},
        {QStringLiteral("owner"), QStringLiteral("publisher")},
        {QStringLiteral("publisher"), QStringLiteral("publisher")},
        {QStringLiteral("type"), QStringLiteral("openai")},
        {QStringLiteral("model"), QStringLiteral("test-model")},
        {QStringLiteral("tier"), QStringLiteral("fast")},
        {QStringLiteral("description"), QString()},
        {QStringLiteral("extraConfig"), QJsonObject()},
        {QStringLiteral("maxConcurrency"), 4},
        {QStringLiteral("running"), 0},
        {QStringLiteral("waiting"), 0},
        {QStringLiteral("wake"), QJsonValue::Null},
        {QStringLiteral("inactiveSince"), QJsonValue::Null},
    };
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        QVERIFY2(row.contains(it.key()), qPrintable(it.key()));
        QCOMPARE(row[it.key()], it.value());
    }
    for (const char *time : {"createdAt", "updatedAt", "lastHeartbeatAt"}) {
        const auto stamp = QDateTime::fromString(row[QLatin1String(time)].toString(), Qt::ISODateWithMs);
        QVERIFY2(std::abs(stamp.secsTo(QDateTime::currentDateTimeUtc())) < 60, time);
    }
    QVERIFY(row[QLatin1String("version")].toInt() >= 1);
    QCOMPARE(row[QLatin1String("providerSessionId")], m_stack->sessions().first()[QLatin1String("id")]);
    const QJsonObject model = m_stack->get("/v1/models/test-llm")->json();
    QCOMPARE(model[QLatin1String("object")].toString(), QStringLiteral("model"));
    QCOMPARE(m_stack->get("/v1/models")->json()[QLatin1String("data")].toArray(), QJsonArray{model});
}

void TestHttpE2e::showsSessions()
{
    QVERIFY(startStack());
    const auto stream =
        m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}})));
    QVERIFY(stream->waitForEvents(1));
    const QJsonArray sessions = m_stack->sessions();
    QCOMPARE(sessions.size(), 1);
    const QJsonObject session = sessions.first().toObject();
    QCOMPARE(session[QLatin1String("publisher")].toString(), QStringLiteral("publisher"));
    QCOMPARE(session[QLatin1String("owner")].toString(), QStringLiteral("publisher"));
    QCOMPARE(session[QLatin1String("epoch")].toInt(), 1);
    QCOMPARE(session[QLatin1String("bound")], QJsonValue(true));
    QCOMPARE(session[QLatin1String("inFlight")].toInt(), 1);
    QCOMPARE(session[QLatin1String("llms")].toArray(), QJsonArray{QStringLiteral("test-llm")});
    const double age = session[QLatin1String("heartbeatAgeSeconds")].toDouble(-1);
    QVERIFY(age >= 0 && age < 30);
    QCOMPARE(m_stack->llm()[QLatin1String("running")].toInt(), 1);
}

void TestHttpE2e::deletesAnLlm()
{
    QVERIFY(startStack());
    const QString id = m_stack->llm()[QLatin1String("id")].toString();
    const HttpRequest request{.method = "DELETE",
                              .target = "/api/v1/llms/test-llm",
                              .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}}};
    QCOMPARE(ask(request)->status(), 409);
    QVERIFY(ask(m_stack->chat())->saysDone());

    m_stack->publisher().kill();
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    const auto deleted = ask(request);
    QCOMPARE(deleted->status(), 204);
    QVERIFY(deleted->body().isEmpty());
    QCOMPARE(ask(request)->status(), 404);
    QCOMPARE(m_stack->get("/api/v1/llms")->body(), QByteArray("[]"));
    QCOMPARE(ask(m_stack->chat())->status(), 404);

    // It is gone from the database, too; a publisher that returns brings a new one.
    m_stack->server().kill();
    QVERIFY(m_stack->startServer());
    QCOMPARE(m_stack->get("/api/v1/llms")->body(), QByteArray("[]"));
    m_stack->startPublisher();
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    QVERIFY(m_stack->llm()[QLatin1String("id")].toString() != id);
}

QTEST_GUILESS_MAIN(TestHttpE2e)
#include "tst_http_e2e.moc"
