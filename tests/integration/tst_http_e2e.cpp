// The running server's HTTP from outside: request ids, health, CORS, TLS and large bodies.

#include "stacktest.h"

#include <QCryptographicHash>
#include <QSet>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestHttpE2e final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
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

private:
    std::unique_ptr<HttpCall> ask(const HttpRequest &request) const;
};

namespace {

constexpr qsizetype megabyte = 1000 * 1000;

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
    const QByteArray relayed = prompt + "\"test-model\"}";
    const QByteArray expected = QCryptographicHash::hash(relayed, QCryptographicHash::Sha256).toHex();
    const QList<QJsonObject> requests = m_stack->backendRequests();
    QVERIFY(std::any_of(requests.begin(), requests.end(), [&expected](const QJsonObject &received) {
        return received[QLatin1String("bodySha256")].toString().toLatin1() == expected;
    }));
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

QTEST_GUILESS_MAIN(TestHttpE2e)
#include "tst_http_e2e.moc"
