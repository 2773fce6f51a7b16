// Pools over HTTP: how models and rows show them, how public Llms join them and agents are pinned to them, and what
// keeps their last member.

#include "apiharness.h"
#include "domainrows.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using http::Method;

namespace {

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

channel::LlmEntry member(const char *name, const char *pool)
{
    channel::LlmEntry listed = entry(text(name));
    listed.pool = text(pool);
    return listed;
}

} // namespace

class TestPoolResources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_api = std::make_unique<ApiHarness>(); }

    void cleanup() { m_api.reset(); }

    void modelsListPools();
    void poolsThatCannotBeCalledAreNotListed();
    void agentsThatNobodyServesAreNotListed();
    void keySeesItsPoolsOnly();
    void rowsHidePoolsOfOtherKeys();
    void publicLlmJoins_data();
    void publicLlmJoins();
    void editedLlmStaysInItsPool_data();
    void editedLlmStaysInItsPool();
    void poolsOfOthersMayBeClosed();
    void namesHideNoPoolOfOthers();
    void agentIsPinnedAndRepinned();
    void keyPinsToItsPoolsOnly();
    void lastMemberIsKept();
    void lastMemberStaysInItsPool();
    void refusalNamesWhatTheKeyMayUse();
    void publisherMayLeaveAPinnedPool();

private:
    std::unique_ptr<ApiCall> send(Method method, const QByteArray &target, const QByteArray &body)
    {
        return m_api->administer(method, target, body);
    }

    std::unique_ptr<ApiCall> createLlm(const QByteArray &fields)
    {
        return send(Method::Post, "/api/v1/llms", "{\"url\":\"https://api.example.org/v1\"," + fields + "}");
    }

    /// With a key of an administrator who may use `names` only.
    std::unique_ptr<ApiCall> sendBounded(Method method, const QByteArray &target, const QByteArray &body,
                                         const QStringList &names)
    {
        const QByteArray key =
            m_api->makeKey({domain::Scope::Admin}, [&names](domain::ApiKey &row) { row.models = names; });
        auto call =
            m_api->call({.method = method, .target = target, .fields = jsonFields(key, body.size()), .body = body});
        call->waitForEnd();
        return call;
    }

    QByteArray models(const QByteArray &key)
    {
        return m_api->call({.target = "/v1/models", .fields = bearer(key)})->body();
    }

    std::unique_ptr<ApiHarness> m_api;
};

void TestPoolResources::modelsListPools()
{
    const auto alice = m_api->server.publish({member("a", "p")});
    m_api->clock.advance(std::chrono::seconds(5));
    const auto bob = m_api->server.publish({member("b", "p")}, text("bob"));
    // As old as its oldest member.
    const QByteArray pool = R"({"id":"p","object":"model","created":1800000000,"owned_by":"alice"})";
    const QByteArray listed = models(m_api->inferKey);
    QVERIFY2(listed.endsWith(QByteArray("," + pool + "]}")), listed.constData());
    QCOMPARE(m_api->get("/v1/models/p")->body(), pool);
    QCOMPARE(m_api->get("/v1/models/q")->status(), 404);
    QCOMPARE(m_api->get("/api/v1/llms/a")->json()[QLatin1String("pool")].toString(), text("p"));
}

void TestPoolResources::poolsThatCannotBeCalledAreNotListed()
{
    auto publisher = m_api->server.publish({member("a", "p"), member("b", "p")});
    QVERIFY(models(m_api->inferKey).contains(R"("id":"p")"));
    // Its agent is called in its place, and listed once.
    m_api->server.add(publicAgent(text("p"), m_api->server.llm(text("a")), m_api->clock.wallNow()));
    QCOMPARE(models(m_api->inferKey).count(R"("id":"p")"), 1);
    QVERIFY(m_api->get("/v1/models/p")->json()[QLatin1String("owned_by")].isString());
    m_api->server.registry.removeAgent(m_api->server.agent(text("p")).id);
    QVERIFY(models(m_api->inferKey).contains(R"("id":"p")"));

    publisher->breakOff();
    QTRY_VERIFY(!models(m_api->inferKey).contains(R"("id":"p")"));
    // Like an Llm that is inactive, it is known all the same.
    QCOMPARE(m_api->get("/v1/models/p")->status(), 200);
}

void TestPoolResources::agentsThatNobodyServesAreNotListed()
{
    auto publisher = m_api->server.publish({member("a", "p")});
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"of-pool","pool":"p"})")->status(), 201);
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"of-llm","llm":"a"})")->status(), 201);
    const auto isListed = [this](const char *name) { return models(m_api->inferKey).contains(name); };
    QVERIFY(isListed("of-pool") && isListed("of-llm"));

    // The last member has left the pool.
    QVERIFY(publisher->registerLlms({member("a", "q")}));
    QVERIFY(!isListed("of-pool") && isListed("of-llm"));
    QVERIFY(publisher->registerLlms({member("a", "p")}));
    QVERIFY(isListed("of-pool"));

    publisher->breakOff();
    QTRY_VERIFY(!isListed("of-llm"));
    QVERIFY(!isListed("of-pool"));
    QCOMPARE(m_api->get("/v1/models/of-pool")->status(), 200);
}

void TestPoolResources::keySeesItsPoolsOnly()
{
    const auto publisher = m_api->server.publish({member("a", "p"), member("b", "q")});
    const QByteArray key =
        m_api->makeKey({domain::Scope::Infer}, [](domain::ApiKey &row) { row.models = {text("p")}; });
    QCOMPARE(models(key).count(R"("id":)"), 1);
    QVERIFY(models(key).contains(R"("id":"p")"));
    QCOMPARE(m_api->call({.target = "/v1/models/q", .fields = bearer(key)})->status(), 404);
}

void TestPoolResources::rowsHidePoolsOfOtherKeys()
{
    const auto publisher = m_api->server.publish({member("a", "p")});
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"coder","pool":"p"})")->status(), 201);
    const auto pool = [this](const QByteArray &target, const QStringList &names, domain::Scope scope) {
        const QByteArray key = m_api->makeKey({scope}, [&names](domain::ApiKey &row) { row.models = names; });
        return m_api->call({.target = target, .fields = bearer(key)})->json()[QLatin1String("pool")];
    };
    const QStringList names{text("a"), text("coder")};
    for (const char *target : {"/api/v1/llms/a", "/api/v1/agents/coder"}) {
        QVERIFY(pool(target, names, domain::Scope::Infer).isNull());
        QCOMPARE(pool(target, names + QStringList(text("p")), domain::Scope::Infer).toString(), text("p"));
        QCOMPARE(pool(target, names, domain::Scope::Admin).toString(), text("p"));
    }
    const QByteArray key =
        m_api->makeKey({domain::Scope::Infer}, [&names](domain::ApiKey &row) { row.models = names; });
    for (const char *target : {"/api/v1/llms", "/api/v1/agents"}) {
        const QByteArray rows = m_api->call({.target = target, .fields = bearer(key)})->body();
        QVERIFY2(rows.contains(R"("pool":null)"), rows.constData());
    }
}

void TestPoolResources::publicLlmJoins_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::addColumn<QJsonValue>("pool");

    const auto row = [](const char *name, const char *fields, int status, const QJsonValue &pool = {}) {
        QTest::newRow(name) << QByteArray(fields) << status << pool;
    };
    row("by its model", R"("name":"a","model":"gpt")", 201, text("gpt"));
    row("as it asks", R"("name":"a","model":"gpt","pool":"p","streamUsage":false)", 201, text("p"));
    row("none, as it asks", R"("name":"a","model":"gpt","pool":"")", 201);
    row("none for a model that is no name", R"("name":"a","model":"g p t")", 201);
    row("no name", R"("name":"a","pool":"a pool")", 400);
    row("its own name", R"("name":"a","pool":"a")", 400);
    row("the name of an Llm", R"("name":"a","pool":"taken")", 409);
    row("by its model, as null asks", R"("name":"a","model":"gpt","pool":null)", 201, text("gpt"));
    row("of another type", R"("name":"a","pool":5)", 400);
    row("streamUsage of another type", R"("name":"a","streamUsage":1)", 400);
}

void TestPoolResources::publicLlmJoins()
{
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    QFETCH(QJsonValue, pool);
    QCOMPARE(createLlm(R"("name":"taken")")->status(), 201);
    const auto created = createLlm(fields);
    QCOMPARE(created->status(), status);
    if (status == 201) {
        QCOMPARE(created->json()[QLatin1String("pool")], pool);
        QCOMPARE(created->json()[QLatin1String("streamUsage")].toBool(), !fields.contains("false"));
        QVERIFY(m_api->server.storedLlm(text("a")) == m_api->server.llm(text("a")));
    } else {
        QVERIFY(!m_api->server.registry.findLlm(text("a")));
    }
}

void TestPoolResources::editedLlmStaysInItsPool_data()
{
    QTest::addColumn<QByteArray>("made");
    QTest::addColumn<QByteArray>("edited");
    QTest::addColumn<QJsonValue>("pool");

    const auto row = [](const char *name, const char *made, const char *edited, const QJsonValue &pool) {
        QTest::newRow(name) << QByteArray(made) << QByteArray(edited) << pool;
    };
    row("another description", R"("model":"gpt","pool":"p")", R"({"description":"d"})", text("p"));
    row("another model", R"("model":"gpt","pool":"p")", R"({"model":"claude"})", text("p"));
    row("another model, whose pool it was in", R"("model":"gpt")", R"({"model":"claude"})", text("claude"));
    row("in no pool, another model", R"("model":"gpt","pool":"")", R"({"model":"claude"})", {});
    row("another pool", R"("model":"gpt")", R"({"pool":"p"})", text("p"));
    row("out of its pool", R"("model":"gpt")", R"({"pool":""})", {});
    row("back to that of its model", R"("model":"gpt","pool":"p")", R"({"pool":null})", text("gpt"));
    row("in no pool, to that of its new model", R"("model":"gpt","pool":"")", R"({"pool":null,"model":"claude"})",
        text("claude"));
}

void TestPoolResources::editedLlmStaysInItsPool()
{
    QFETCH(QByteArray, made);
    QFETCH(QByteArray, edited);
    QFETCH(QJsonValue, pool);
    QCOMPARE(createLlm(R"("name":"a",)" + made)->status(), 201);
    const auto answer = send(Method::Patch, "/api/v1/llms/a", edited);
    QCOMPARE(answer->status(), 200);
    QCOMPARE(answer->json()[QLatin1String("pool")], pool);
    QVERIFY(m_api->server.storedLlm(text("a")) == m_api->server.llm(text("a")));
}

void TestPoolResources::poolsOfOthersMayBeClosed()
{
    api::ApiSettings closed;
    closed.poolsAcrossOwners = false;
    m_api = std::make_unique<ApiHarness>(ApiHarnessSettings{.api = closed});
    const auto publisher = m_api->server.publish({member("b", "p")}, text("bob"));
    const auto refused = createLlm(R"("name":"a","pool":"p")");
    QCOMPARE(refused->status(), 409);
    QCOMPARE(refused->error(QLatin1String("param")), text("pool"));
    QVERIFY(createLlm(R"("name":"a","model":"p")")->json()[QLatin1String("pool")].isNull());
}

void TestPoolResources::namesHideNoPoolOfOthers()
{
    const auto bob = m_api->server.publish({member("b", "p")}, text("bob"));
    const auto alice = m_api->server.publish({member("a", "q")});
    const auto hiding = createLlm(R"("name":"p")");
    QCOMPARE(hiding->status(), 409);
    const auto agent = send(Method::Post, "/api/v1/agents", R"({"name":"p","llm":"a"})");
    QCOMPARE(agent->status(), 409);
    // A pool of one's own may be hidden.
    const auto own = send(Method::Post, "/api/v1/agents", R"({"name":"q","llm":"a"})");
    QCOMPARE(own->status(), 201);
    const auto renamed = send(Method::Patch, "/api/v1/agents/q", R"({"name":"p"})");
    QCOMPARE(renamed->status(), 409);
    QVERIFY(renamed->error(QLatin1String("message")).contains(text("is a pool of another owner")));
}

void TestPoolResources::agentIsPinnedAndRepinned()
{
    const auto publisher = m_api->server.publish({member("a", "p")});
    const auto created = send(Method::Post, "/api/v1/agents", R"({"name":"coder","pool":"p"})");
    QCOMPARE(created->status(), 201);
    QCOMPARE(created->json()[QLatin1String("pool")].toString(), text("p"));
    QVERIFY(created->json()[QLatin1String("llm")].isNull() && created->json()[QLatin1String("llmId")].isNull());
    QVERIFY(m_api->server.storedAgent(text("coder")) == m_api->server.agent(text("coder")));

    const auto kept = send(Method::Patch, "/api/v1/agents/coder", R"({"description":"d"})");
    QCOMPARE(kept->json()[QLatin1String("pool")].toString(), text("p"));
    const auto repinned = send(Method::Patch, "/api/v1/agents/coder", R"({"llm":"a"})");
    QCOMPARE(repinned->json()[QLatin1String("llm")].toString(), text("a"));
    QVERIFY(repinned->json()[QLatin1String("pool")].isNull());
    QVERIFY(m_api->server.storedAgent(text("coder")) == m_api->server.agent(text("coder")));
}

void TestPoolResources::keyPinsToItsPoolsOnly()
{
    const auto publisher = m_api->server.publish({member("a", "p")});
    const QByteArray key =
        m_api->makeKey({domain::Scope::Admin}, [](domain::ApiKey &row) { row.models = {text("coder")}; });
    const QByteArray body = R"({"name":"coder","pool":"p"})";
    const auto refused = m_api->call(
        {.method = Method::Post, .target = "/api/v1/agents", .fields = jsonFields(key, body.size()), .body = body});
    QVERIFY(refused->waitForEnd());
    QCOMPARE(refused->status(), 404);
}

void TestPoolResources::lastMemberIsKept()
{
    for (const char *fields : {R"("name":"a","pool":"p")", R"("name":"b","pool":"p")"}) {
        const auto created = createLlm(fields);
        QCOMPARE(created->status(), 201);
    }
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"coder","pool":"p"})")->status(), 201);
    QCOMPARE(send(Method::Delete, "/api/v1/llms/a", {})->status(), 204);
    const auto refused = send(Method::Delete, "/api/v1/llms/b", {});
    QCOMPARE(refused->status(), 409);
    QCOMPARE(
        refused->error(QLatin1String("message")),
        text(
            "Llm 'b' is the last member of its pool, which is pinned by 1 agent (coder); delete or repin them first."));
    QCOMPARE(send(Method::Delete, "/api/v1/agents/coder", {})->status(), 204);
    QCOMPARE(send(Method::Delete, "/api/v1/llms/b", {})->status(), 204);
}

void TestPoolResources::lastMemberStaysInItsPool()
{
    QCOMPARE(createLlm(R"("name":"a","model":"p")")->status(), 201);
    QCOMPARE(createLlm(R"("name":"b","pool":"p")")->status(), 201);
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"coder","pool":"p"})")->status(), 201);
    QCOMPARE(send(Method::Patch, "/api/v1/llms/b", R"({"pool":""})")->status(), 200);
    for (const char *body : {R"({"pool":"q"})", R"({"pool":""})", R"({"model":"q"})"}) {
        const auto refused = send(Method::Patch, "/api/v1/llms/a", body);
        QCOMPARE(refused->status(), 409);
        QCOMPARE(refused->error(QLatin1String("param")), text("pool"));
        QVERIFY(refused->error(QLatin1String("message")).contains(text("the last member of its pool")));
    }
    QCOMPARE(m_api->server.llm(text("a")).pool, text("p"));
    QCOMPARE(send(Method::Patch, "/api/v1/llms/a", R"({"pool":"p","description":"d"})")->status(), 200);
    // An agent that is pinned to the Llm itself follows it.
    QCOMPARE(send(Method::Patch, "/api/v1/agents/coder", R"({"llm":"a"})")->status(), 200);
    QCOMPARE(send(Method::Patch, "/api/v1/llms/a", R"({"pool":"q"})")->status(), 200);
}

void TestPoolResources::refusalNamesWhatTheKeyMayUse()
{
    QCOMPARE(createLlm(R"("name":"a","pool":"p")")->status(), 201);
    for (const char *agent : {R"({"name":"coder","llm":"a"})", R"({"name":"tutor","llm":"a"})"})
        QCOMPARE(send(Method::Post, "/api/v1/agents", agent)->status(), 201);
    const auto message = [this](const QStringList &names) {
        const auto refused = sendBounded(Method::Delete, "/api/v1/llms/a", {}, names);
        return refused->error(QLatin1String("message"));
    };
    const QString words = text("Llm 'a' is pinned by %1; delete or repin them first.");
    QCOMPARE(message({}), words.arg(text("2 agents (coder, tutor)")));
    QCOMPARE(message({text("a"), text("tutor")}), words.arg(QStringLiteral("2 agents (tutor …)")));
    QCOMPARE(message({text("a")}), words.arg(text("2 agents")));
}

void TestPoolResources::publisherMayLeaveAPinnedPool()
{
    const auto publisher = m_api->server.publish({member("a", "p")});
    QCOMPARE(send(Method::Post, "/api/v1/agents", R"({"name":"coder","pool":"p"})")->status(), 201);
    QVERIFY(publisher->registerLlms({member("a", "q")}));
    QCOMPARE(m_api->server.llm(text("a")).pool, text("q"));
    QVERIFY(m_api->server.agent(text("coder")).pinnedTo == domain::Destination(domain::PoolName(text("p"))));
    const QByteArray body = R"({"model":"coder","messages":[{"role":"user","content":"hi"}]})";
    const auto call = m_api->post("/v1/chat/completions", body);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), text("publisher_offline"));
    QVERIFY(publisher->registerLlms({member("a", "p")}));
    const auto served = m_api->post("/v1/chat/completions", body);
    QVERIFY(m_api->nextInfer(*publisher));
}

QTEST_GUILESS_MAIN(TestPoolResources)
#include "tst_poolresources.moc"
