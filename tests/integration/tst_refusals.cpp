// What the running server refuses, and in which words: every status that comes before anything is dispatched.

#include "stack.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;

class TestRefusals final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void refuses_data();
    void refuses();
    void refusesBrokenRequests_data();
    void refusesBrokenRequests();
    void refusesInAnthropicsShape_data();
    void refusesInAnthropicsShape();

private:
    /// Sends `request`, a method and a target, with a field on each further line.
    std::unique_ptr<HttpCall> ask(const QByteArray &request, const QByteArray &keyName, const QByteArray &body) const;

    /// One for all: a refusal changes nothing.
    Stack m_stack;
};

void TestRefusals::initTestCase()
{
    QVERIFY2(m_stack.start(), m_stack.logTails().constData());
}

void TestRefusals::cleanupTestCase()
{
    QVERIFY(m_stack.backendRequests().isEmpty());
    const QString problems = m_stack.finish();
    QVERIFY2(problems.isEmpty(), qPrintable(problems));
}

std::unique_ptr<HttpCall> TestRefusals::ask(const QByteArray &request, const QByteArray &keyName,
                                            const QByteArray &body) const
{
    const QList<QByteArray> lines = request.split('\n');
    const QList<QByteArray> first = lines.first().split(' ');
    HttpRequest sent{.method = first[0], .target = first[1], .fields = {}, .body = body};
    for (const QByteArray &line : lines.sliced(1))
        sent.fields.append(line.first(line.indexOf(':')), line.sliced(line.indexOf(':') + 2));
    if (!keyName.isEmpty())
        sent.fields.append("Authorization", "Bearer " + m_stack.key(keyName));
    auto call = m_stack.call(sent);
    call->waitForEnd();
    return call;
}

void TestRefusals::refuses_data()
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
    row("no JSON by its type", chat + "\nContent-Type: text/plain", "client", "{}", 415, "unsupported_media_type");
    row("a form", chat + "\nContent-Type: multipart/form-data; boundary=x", "client", "--x--", 415,
        "unsupported_media_type");
    row("unknown expectation", chat + "\nExpect: magic", "client", "{}", 417, "expectation_failed");
    row("unknown coding", chat + "\nTransfer-Encoding: gzip", "client", "{}", 501, "not_implemented");
}

void TestRefusals::refuses()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, code);
    const auto call = ask(request, key, body);
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
}

void TestRefusals::refusesBrokenRequests_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const QByteArray end = "Host: h\r\n\r\n";
    QTest::newRow("no length") << QByteArray("POST /v1/chat/completions HTTP/1.1\r\nAuthorization: Bearer KEY\r\n" +
                                             end)
                               << 411 << QStringLiteral("length_required");
    QTest::newRow("a long target") << QByteArray("GET /" + QByteArray(9000, 'x') + " HTTP/1.1\r\n" + end) << 414
                                   << QStringLiteral("uri_too_long");
    QTest::newRow("a large head") << QByteArray("GET / HTTP/1.1\r\nX: " + QByteArray(33'000, 'x') + "\r\n" + end) << 431
                                  << QStringLiteral("head_too_large");
    QTest::newRow("another version") << QByteArray("GET / HTTP/3.0\r\n" + end) << 505
                                     << QStringLiteral("http_version_not_supported");
    QTest::newRow("no request") << QByteArray("hello\r\n\r\n") << 400 << QStringLiteral("invalid_request");
}

void TestRefusals::refusesBrokenRequests()
{
    QFETCH(QByteArray, bytes);
    QFETCH(int, status);
    QFETCH(QString, code);
    const auto call = m_stack.callRaw(bytes.replace("KEY", m_stack.key("client")));
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), status);
    QCOMPARE(call->errorCode(), code);
    QVERIFY(!call->field("x-request-id").isEmpty());
}

void TestRefusals::refusesInAnthropicsShape_data()
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

void TestRefusals::refusesInAnthropicsShape()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, type);
    const auto call = ask("POST /v1/messages", key, body);
    QCOMPARE(call->status(), status);
    QCOMPARE(call->json()[QLatin1String("type")].toString(), QStringLiteral("error"));
    QCOMPARE(call->json()[QLatin1String("error")][QLatin1String("type")].toString(), type);
    QVERIFY(!call->json()[QLatin1String("error")][QLatin1String("message")].toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
