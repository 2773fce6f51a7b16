// Public Llms over HTTP: made, edited and deleted, and what is refused; their API keys go in and never come out.

#include "apiharness.h"
#include "domainrows.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using http::Method;

namespace {

/// Takes one request and never answers it.
class SilentTarget final : public relay::TaskTarget
{
public:
    TaskId start(const domain::Llm &, const relay::InferRequest &, int, relay::Slot slot,
                 relay::TaskObserver &) override
    {
        m_slot = std::move(slot);
        return TaskId{1};
    }

    void cancel(TaskId) override { m_slot = {}; }

    void consumed(TaskId, qint64) override {}

private:
    relay::Slot m_slot;
};

} // namespace

class TestPublicLlmResources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_api = std::make_unique<ApiHarness>(); }

    void cleanup() { m_api.reset(); }

    void createdLlmHasItsFields();
    void refusedCreations_data();
    void refusedCreations();
    void editKeepsWhatItDoesNotName();
    void apiKeyIsSealedReplacedAndRemoved();
    void virtualLlmsAreEditedByTheirPublisher();
    void preconditionsAreKept();
    void keyDoesNotFollowToAnotherUrl();
    void deletedLlmIsGone();
    void deletionEndsWhatWaits();

private:
    std::unique_ptr<ApiCall> send(Method method, const QByteArray &target, const QByteArray &body,
                                  const HttpFields &fields = {})
    {
        return m_api->administer(method, target, body, fields);
    }

    std::unique_ptr<ApiCall> create(const QByteArray &body) { return send(Method::Post, "/api/v1/llms", body); }

    std::unique_ptr<ApiHarness> m_api;
};

void TestPublicLlmResources::createdLlmHasItsFields()
{
    const auto created = create(
        R"({"name":"cloud","url":"https://api.example.org/v1/","model":"gpt","type":"openai","apiKey":"sk-secret",
                   "tier":"heavy","description":"d","extraConfig":{"a":1},"maxConcurrency":9})");
    QCOMPARE(created->status(), 201);
    QCOMPARE(created->field("etag"), QByteArray("\"1\""));
    const QJsonObject row = created->json();
    QCOMPARE(row[QLatin1String("kind")].toString(), QStringLiteral("public"));
    QCOMPARE(row[QLatin1String("status")].toString(), QStringLiteral("active"));
    QCOMPARE(row[QLatin1String("url")].toString(), QStringLiteral("https://api.example.org/v1"));
    QCOMPARE(row[QLatin1String("hasApiKey")].toBool(), true);
    QCOMPARE(row[QLatin1String("model")].toString(), QStringLiteral("gpt"));
    QCOMPARE(row[QLatin1String("maxConcurrency")].toInt(), 9);
    QCOMPARE(m_api->get("/api/v1/llms/cloud")->json(), row);
    const auto listed = m_api->get("/api/v1/llms");
    for (const ApiCall *call : {created.get(), listed.get()})
        QVERIFY(!call->body().contains("sk-secret") && !call->body().contains("sealed"));
    // Its model is its name where nothing else is said.
    const auto plain = create(R"({"name":"plain","url":"http://10.0.0.9:8000/v1"})");
    QCOMPARE(plain->json()[QLatin1String("model")].toString(), QStringLiteral("plain"));
}

void TestPublicLlmResources::refusedCreations_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("param");
    const auto row = [](const char *name, const char *body, int status, const char *param) {
        QTest::newRow(name) << QByteArray(body) << status << QString::fromLatin1(param);
    };
    row("no url", R"({"name":"a"})", 400, "url");
    row("no name", R"({"url":"https://x.example"})", 400, "name");
    row("unknown type", R"({"name":"a","url":"https://x.example","type":"gemini"})", 400, "");
    row("kind", R"({"name":"a","url":"https://x.example","kind":"virtual"})", 400, "kind");
    row("status", R"({"name":"a","url":"https://x.example","status":"inactive"})", 400, "status");
    row("wake", R"({"name":"a","url":"https://x.example","wake":{}})", 400, "wake");
    row("half a request", R"({"name":"a","url":"https://x.example","maxConcurrency":1.5})", 400, "maxConcurrency");
    row("no requests", R"({"name":"a","url":"https://x.example","maxConcurrency":0})", 400, "");
    row("file", R"({"name":"a","url":"file:///etc/passwd"})", 400, "url");
    row("link-local", R"({"name":"a","url":"http://169.254.1.2/v1"})", 400, "url");
    row("metadata", R"({"name":"a","url":"http://169.254.169.254/latest"})", 400, "url");
    row("metadata by name", R"({"name":"a","url":"http://metadata.google.internal/"})", 400, "url");
    row("metadata as a number", R"({"name":"a","url":"http://2852039166/"})", 400, "url");
    row("mapped link-local", R"({"name":"a","url":"http://[::ffff:169.254.169.254]/"})", 400, "url");
    row("the relay", R"({"name":"a","url":"http://127.0.0.1:4327/v1"})", 400, "url");
    row("the relay by name", R"({"name":"a","url":"http://localhost:4327/v1"})", 400, "url");
    row("credentials", R"({"name":"a","url":"https://u:p@x.example/v1"})", 400, "url");
    row("query", R"({"name":"a","url":"https://x.example/v1?key=1"})", 400, "url");
    row("key with a line end", "{\"name\":\"a\",\"url\":\"https://x.example\",\"apiKey\":\"a\\nb\"}", 400, "apiKey");
}

void TestPublicLlmResources::refusedCreations()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, param);
    const auto refused = create(body);
    QCOMPARE(refused->status(), status);
    if (!param.isEmpty())
        QCOMPARE(refused->error(QLatin1String("param")), param);
    QVERIFY(m_api->server.registry.llms().empty());
}

void TestPublicLlmResources::editKeepsWhatItDoesNotName()
{
    create(R"({"name":"cloud","url":"https://api.example.org/v1","apiKey":"sk-1","description":"d","model":"gpt"})");
    const auto edited = send(Method::Patch, "/api/v1/llms/cloud", R"({"name":"sky","maxConcurrency":2})");
    QCOMPARE(edited->status(), 200);
    const QJsonObject row = edited->json();
    QCOMPARE(row[QLatin1String("name")].toString(), QStringLiteral("sky"));
    QCOMPARE(row[QLatin1String("description")].toString(), QStringLiteral("d"));
    QCOMPARE(row[QLatin1String("model")].toString(), QStringLiteral("gpt"));
    QCOMPARE(row[QLatin1String("hasApiKey")].toBool(), true);
    QCOMPARE(row[QLatin1String("version")].toInt(), 2);
    QCOMPARE(send(Method::Patch, "/api/v1/llms/sky", R"({"lastHeartbeatAt":null})")->status(), 400);
    QCOMPARE(send(Method::Patch, "/api/v1/llms/cloud", "{}")->status(), 404);
}

void TestPublicLlmResources::apiKeyIsSealedReplacedAndRemoved()
{
    create(R"({"name":"cloud","url":"https://api.example.org/v1","apiKey":"sk-first"})");
    const auto stored = [this] { return m_api->server.registry.findLlm(QStringLiteral("cloud"))->sealedApiKey; };
    const QByteArray first = stored();
    QVERIFY(!first.isEmpty() && !first.contains("sk-first"));
    QCOMPARE(m_api->secrets.open(first)->bytes(), QByteArray("sk-first"));
    send(Method::Patch, "/api/v1/llms/cloud", R"({"apiKey":"sk-second"})");
    QCOMPARE(m_api->secrets.open(stored())->bytes(), QByteArray("sk-second"));
    const auto removed = send(Method::Patch, "/api/v1/llms/cloud", R"({"apiKey":""})");
    QCOMPARE(removed->json()[QLatin1String("hasApiKey")].toBool(true), false);
    QVERIFY(stored().isEmpty());
}

void TestPublicLlmResources::virtualLlmsAreEditedByTheirPublisher()
{
    const auto publisher = m_api->server.publish({entry(QStringLiteral("m"))});
    const auto edited = send(Method::Patch, "/api/v1/llms/m", R"({"description":"x"})");
    QCOMPARE(edited->status(), 409);
    QVERIFY(edited->error(QLatin1String("message")).contains(QLatin1String("gpu-box")));
    const auto created = create(R"({"name":"m","url":"https://x.example"})");
    QCOMPARE(created->status(), 409);
}

void TestPublicLlmResources::preconditionsAreKept()
{
    create(R"({"name":"cloud","url":"https://api.example.org/v1"})");
    QCOMPARE(send(Method::Patch, "/api/v1/llms/cloud", R"({"tier":"heavy"})", {{"if-match", "\"1\""}})->status(), 200);
    QCOMPARE(send(Method::Patch, "/api/v1/llms/cloud", R"({"tier":"fast"})", {{"if-match", "\"1\""}})->status(), 412);
}

void TestPublicLlmResources::deletedLlmIsGone()
{
    create(R"({"name":"cloud","url":"https://api.example.org/v1"})");
    QCOMPARE(send(Method::Delete, "/api/v1/llms/cloud", {})->status(), 204);
    QCOMPARE(m_api->get("/api/v1/llms/cloud")->status(), 404);
}

void TestPublicLlmResources::deletionEndsWhatWaits()
{
    // A public Llm can be deleted while requests wait for it; here one waits because it is full.
    SilentTarget target;
    m_api->server.relay.setPublicTarget(target);
    domain::Llm llm = publicLlm(QStringLiteral("m"), m_api->clock.wallNow());
    llm.maxConcurrency = 1;
    m_api->server.add(llm);
    const auto running = m_api->chat("m");
    const auto waiting = m_api->chat("m");
    const auto removed = send(Method::Delete, "/api/v1/llms/m", {});
    QCOMPARE(removed->status(), 204);
    QCOMPARE(waiting->status(), 503);
    QCOMPARE(waiting->errorCode(), QStringLiteral("publisher_offline"));
    QCOMPARE(running->end(), ApiCall::End::Not);
}

void TestPublicLlmResources::keyDoesNotFollowToAnotherUrl()
{
    create(R"({"name":"cloud","url":"https://api.example.org/v1","apiKey":"sk-1"})");
    const auto refused = send(Method::Patch, "/api/v1/llms/cloud", R"({"url":"https://evil.example/v1"})");
    QCOMPARE(refused->status(), 400);
    QCOMPARE(refused->error(QLatin1String("param")), QStringLiteral("apiKey"));
    const auto same = send(Method::Patch, "/api/v1/llms/cloud", R"({"url":"https://api.example.org/v1/"})");
    QCOMPARE(same->status(), 200);
    const auto both =
        send(Method::Patch, "/api/v1/llms/cloud", R"({"url":"https://other.example/v1","apiKey":"sk-2"})");
    QCOMPARE(both->status(), 200);
    const auto without = send(Method::Patch, "/api/v1/llms/cloud", R"({"url":"https://third.example","apiKey":""})");
    QCOMPARE(without->json()[QLatin1String("hasApiKey")].toBool(true), false);
}

QTEST_GUILESS_MAIN(TestPublicLlmResources)
#include "tst_publicllmresources.moc"
