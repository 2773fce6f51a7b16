// Agents over HTTP: made, read, edited and deleted; and asked by name like any model.

#include "agenttable.h"
#include "apiharness.h"
#include "domainrows.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using http::Method;

class TestAgentResources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void createdAgentHasAllFields();
    void refusedCreations_data();
    void refusedCreations();
    void pinIsAskedFor();
    void editChangesWhatItNames();
    void preconditionsAreKept_data();
    void preconditionsAreKept();
    void refusedEdits_data();
    void refusedEdits();
    void virtualAgentsAreEditedByTheirPublisher();
    void deletedAgentIsGone();
    void pinnedLlmCannotBeDeleted();
    void surprisesOfTheDatabaseAreTakenOver();
    void scopesAndNamesAreObeyed();

    void agentsAreListedAsModels();
    void agentIsAskedLikeAModel();
    void sleepingLlmIsWokenForItsAgent();
    void refusedQuestions_data();
    void refusedQuestions();

private:
    std::unique_ptr<ApiCall> send(Method method, const QByteArray &target, const QByteArray &body,
                                  const HttpFields &fields = {})
    {
        return m_api->administer(method, target, body, fields);
    }

    std::unique_ptr<ApiCall> create(const QByteArray &body = R"({"name":"coder","llm":"m"})")
    {
        return send(Method::Post, "/api/v1/agents", body);
    }

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestAgentResources::init()
{
    m_api = std::make_unique<ApiHarness>();
    m_publisher = m_api->server.publish({entry(QStringLiteral("m")), sleepingEntry(QStringLiteral("sleeper"))});
}

void TestAgentResources::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

void TestAgentResources::createdAgentHasAllFields()
{
    const auto created = create(R"({"name":"team/coder","llm":"m","description":"d","systemPrompt":"Be careful.",
        "defaultParams":{"temperature":0.2},"extras":{"icon":"🤖"},"project":"p"})");
    QCOMPARE(created->status(), 201);
    QCOMPARE(created->field("etag"), QByteArray("\"1\""));
    QJsonObject expected = QJsonDocument::fromJson(R"({"name":"team/coder","kind":"public","status":"active",
        "owner":"alice","providerSessionId":null,"publisher":null,"llm":"m","pool":null,"description":"d",
        "systemPrompt":"Be careful.","defaultParams":{"temperature":0.2},"extras":{"icon":"🤖"},"project":"p",
        "createdAt":"2027-01-15T08:00:00.000Z","updatedAt":"2027-01-15T08:00:00.000Z","lastHeartbeatAt":null,
        "inactiveSince":null,"version":1})")
                               .object();
    expected[QLatin1String("id")] = created->json()[QLatin1String("id")];
    expected[QLatin1String("llmId")] = m_api->server.llm(QStringLiteral("m")).id.toString();
    QCOMPARE(created->json(), expected);

    const auto one = m_api->get("/api/v1/agents/team/coder");
    QCOMPARE(one->status(), 200);
    QCOMPARE(one->json(), expected);
    QCOMPARE(one->field("etag"), QByteArray("\"1\""));
    const QByteArray id = expected[QLatin1String("id")].toString().toLatin1();
    QCOMPARE(m_api->get("/api/v1/agents/" + id)->json(), expected);
    QCOMPARE(m_api->get("/api/v1/agents")->body(), "[" + one->body() + "]");
}

void TestAgentResources::refusedCreations_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("param");
    const auto row = [](const char *name, const char *body, int status, const char *code, const char *param = "") {
        QTest::newRow(name) << QByteArray(body) << status << QString::fromLatin1(code) << QString::fromLatin1(param);
    };
    row("no json", "{", 400, "invalid_json");
    row("no object", "[]", 400, "invalid_json");
    row("no name", R"({"llm":"m"})", 400, "invalid_request", "name");
    row("no llm and no pool", R"({"name":"a"})", 400, "invalid_request", "llm");
    row("llm of another type", R"({"name":"a","llm":5})", 400, "invalid_request", "llm");
    row("no llm, but a mistake", R"({"name":"a","promt":"x"})", 400, "invalid_request", "promt");
    row("empty pool", R"({"name":"a","pool":""})", 400, "invalid_request", "pool");
    row("pool of another type", R"({"name":"a","pool":null})", 400, "invalid_request", "pool");
    row("llm and pool", R"({"name":"a","llm":"m","pool":"m"})", 400, "invalid_request", "pool");
    row("bad name", R"({"name":"a b","llm":"m"})", 400, "invalid_request");
    row("name of another type", R"({"name":1,"llm":"m"})", 400, "invalid_request", "name");
    row("unknown field", R"({"name":"a","llm":"m","promt":"x"})", 400, "invalid_request", "promt");
    row("lifecycle field", R"({"name":"a","llm":"m","status":"active"})", 400, "invalid_request", "status");
    row("owner", R"({"name":"a","llm":"m","owner":"bob"})", 400, "invalid_request", "owner");
    row("params that are Hearth's", R"({"name":"a","llm":"m","defaultParams":{"model":"x"}})", 400, "invalid_request");
    row("params of another type", R"({"name":"a","llm":"m","defaultParams":[]})", 400, "invalid_request",
        "defaultParams");
    row("unknown llm", R"({"name":"a","llm":"nobody"})", 404, "model_not_found");
    row("unknown pool", R"({"name":"a","pool":"nobody"})", 404, "model_not_found");
    row("name of an llm", R"({"name":"m","llm":"m"})", 409, "conflict", "name");
    row("name of an agent", R"({"name":"taken","llm":"m"})", 409, "conflict", "name");
}

void TestAgentResources::refusedCreations()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(QString, code);
    QFETCH(QString, param);
    QCOMPARE(create(R"({"name":"taken","llm":"m"})")->status(), 201);
    const auto refused = create(body);
    QCOMPARE(refused->status(), status);
    QCOMPARE(refused->errorCode(), code);
    if (!param.isEmpty())
        QCOMPARE(refused->error(QLatin1String("param")), param);
    QCOMPARE(m_api->server.registry.agents().size(), size_t(1));
}

void TestAgentResources::pinIsAskedFor()
{
    QCOMPARE(create(R"({"name":"a"})")->error(QLatin1String("message")),
             QStringLiteral("Name either an llm or a pool for the agent."));
}

void TestAgentResources::editChangesWhatItNames()
{
    create(R"({"name":"coder","llm":"m","description":"d","systemPrompt":"old"})");
    const auto edited =
        send(Method::Patch, "/api/v1/agents/coder", R"({"systemPrompt":"new","llm":"sleeper","name":"coder2"})");
    QCOMPARE(edited->status(), 200);
    QCOMPARE(edited->field("etag"), QByteArray("\"2\""));
    const QJsonObject row = edited->json();
    QCOMPARE(row[QLatin1String("name")].toString(), QStringLiteral("coder2"));
    QCOMPARE(row[QLatin1String("description")].toString(), QStringLiteral("d"));
    QCOMPARE(row[QLatin1String("systemPrompt")].toString(), QStringLiteral("new"));
    QCOMPARE(row[QLatin1String("llm")].toString(), QStringLiteral("sleeper"));
    QCOMPARE(row[QLatin1String("version")].toInt(), 2);
    QCOMPARE(m_api->get("/api/v1/agents/coder")->status(), 404);
    QCOMPARE(m_api->get("/api/v1/agents/coder2")->json(), row);
}

void TestAgentResources::preconditionsAreKept_data()
{
    QTest::addColumn<QByteArray>("ifMatch");
    QTest::addColumn<int>("status");
    QTest::newRow("none") << QByteArray() << 200;
    QTest::newRow("present") << QByteArray("\"1\"") << 200;
    QTest::newRow("one of several") << QByteArray("\"7\", \"1\"") << 200;
    QTest::newRow("any") << QByteArray("*") << 200;
    QTest::newRow("old") << QByteArray("\"0\"") << 412;
    QTest::newRow("weak") << QByteArray("W/\"1\"") << 412;
    QTest::newRow("no tag") << QByteArray("1") << 412;
}

void TestAgentResources::preconditionsAreKept()
{
    QFETCH(QByteArray, ifMatch);
    QFETCH(int, status);
    create();
    HttpFields fields;
    if (!ifMatch.isEmpty())
        fields.append("if-match", ifMatch);
    const auto edited = send(Method::Patch, "/api/v1/agents/coder", R"({"description":"x"})", fields);
    QCOMPARE(edited->status(), status);
    QCOMPARE(m_api->server.registry.findAgent(QStringLiteral("coder"))->version, status == 200 ? 2 : 1);
}

void TestAgentResources::refusedEdits_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("unknown field") << QByteArray(R"({"colour":"red"})") << 400;
    QTest::newRow("version") << QByteArray(R"({"version":9})") << 400;
    QTest::newRow("lifecycle") << QByteArray(R"({"inactiveSince":null})") << 400;
    QTest::newRow("null") << QByteArray(R"({"description":null})") << 400;
    QTest::newRow("unknown llm") << QByteArray(R"({"llm":"nobody"})") << 404;
    QTest::newRow("taken name") << QByteArray(R"({"name":"m"})") << 409;
}

void TestAgentResources::refusedEdits()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    create();
    const domain::Agent before = *m_api->server.registry.findAgent(QStringLiteral("coder"));
    QCOMPARE(send(Method::Patch, "/api/v1/agents/coder", body)->status(), status);
    QVERIFY(*m_api->server.registry.findAgent(QStringLiteral("coder")) == before);
    QCOMPARE(send(Method::Patch, "/api/v1/agents/nobody", body)->status(), 404);
}

void TestAgentResources::virtualAgentsAreEditedByTheirPublisher()
{
    const domain::Llm llm = m_api->server.llm(QStringLiteral("m"));
    m_api->server.registry.put(
        liveAgent(QStringLiteral("boxed"), llm, llm.providerSessionId.toString(), m_api->clock.wallNow()));
    const auto edited = send(Method::Patch, "/api/v1/agents/boxed", R"({"description":"x"})");
    QCOMPARE(edited->status(), 409);
    QVERIFY(edited->error(QLatin1String("message")).contains(QLatin1String("gpu-box")));
    QCOMPARE(send(Method::Delete, "/api/v1/agents/boxed", {})->status(), 409);
}

void TestAgentResources::deletedAgentIsGone()
{
    create();
    QCOMPARE(send(Method::Delete, "/api/v1/agents/coder", {})->status(), 204);
    QCOMPARE(m_api->get("/api/v1/agents/coder")->status(), 404);
    QCOMPARE(send(Method::Delete, "/api/v1/agents/coder", {})->status(), 404);
    QCOMPARE(create()->status(), 201);
}

void TestAgentResources::pinnedLlmCannotBeDeleted()
{
    create();
    const auto refused = send(Method::Delete, "/api/v1/llms/m", {});
    QCOMPARE(refused->status(), 409);
    QVERIFY(refused->error(QLatin1String("message")).contains(QLatin1String("coder")));
}

void TestAgentResources::surprisesOfTheDatabaseAreTakenOver()
{
    // As after a commit whose answer was lost.
    const auto behindTheBack = [this](const std::function<Result<void>(storage::AgentTable &)> &change) {
        bool done = false;
        m_api->server.storage.submit<void>(
            nullptr,
            [change](storage::Database &database) {
                storage::AgentTable agents(database);
                return change(agents);
            },
            [&done](const Result<void> &result) { done = result.ok(); });
        QTRY_VERIFY(done);
    };
    create();
    domain::Agent coder = *m_api->server.registry.findAgent(QStringLiteral("coder"));
    coder.description = QStringLiteral("lost");
    behindTheBack([coder](storage::AgentTable &agents) -> Result<void> {
        const Result<domain::Agent> updated = agents.update(coder);
        return updated ? Result<void>() : updated.error();
    });
    QCOMPARE(send(Method::Patch, "/api/v1/agents/coder", R"({"project":"p"})")->status(), 412);
    const auto again = send(Method::Patch, "/api/v1/agents/coder", R"({"project":"p"})");
    QCOMPARE(again->status(), 200);
    QCOMPARE(again->json()[QLatin1String("description")].toString(), QStringLiteral("lost"));

    behindTheBack([id = coder.id](storage::AgentTable &agents) { return agents.remove(id); });
    QCOMPARE(send(Method::Delete, "/api/v1/agents/coder", {})->status(), 404);
    QCOMPARE(m_api->get("/api/v1/agents/coder")->status(), 404);

    behindTheBack([coder](storage::AgentTable &agents) { return agents.insert(coder); });
    QCOMPARE(create()->status(), 409);
    QCOMPARE(m_api->get("/api/v1/agents/coder")->status(), 200);
}

void TestAgentResources::scopesAndNamesAreObeyed()
{
    const auto unscoped = m_api->post("/api/v1/agents", R"({"name":"a","llm":"m"})");
    QVERIFY(unscoped->waitForEnd());
    QCOMPARE(unscoped->status(), 403);
    create();
    const QByteArray narrow = m_api->makeKey(
        {domain::Scope::Admin}, [](domain::ApiKey &key) { key.models = QStringList{QStringLiteral("other*")}; });
    const auto get = [this, &narrow](const QByteArray &target) {
        return m_api->call({.target = target, .fields = bearer(narrow)});
    };
    QCOMPARE(get("/api/v1/agents")->body(), QByteArray("[]"));
    QCOMPARE(get("/api/v1/agents/coder")->status(), 404);
    QCOMPARE(get("/v1/models/coder")->status(), 404);
}

void TestAgentResources::agentsAreListedAsModels()
{
    create();
    QStringList ids;
    for (const QJsonValue model : m_api->get("/v1/models")->json()[QLatin1String("data")].toArray())
        ids.append(model[QLatin1String("id")].toString());
    QCOMPARE(ids, (QStringList{QStringLiteral("m"), QStringLiteral("sleeper"), QStringLiteral("coder")}));
    QCOMPARE(m_api->get("/v1/models/coder")->json()[QLatin1String("id")].toString(), QStringLiteral("coder"));
}

void TestAgentResources::agentIsAskedLikeAModel()
{
    create(R"({"name":"coder","llm":"m","systemPrompt":"Be careful.","defaultParams":{"temperature":0.2}})");
    const auto call =
        m_api->post("/v1/chat/completions", R"({"model":"coder","messages":[{"role":"user","content":"hi"}],"n":1.0})");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->message.llm, QStringLiteral("m"));
    QCOMPARE(infer->body,
             QByteArray(R"({"temperature":0.2,"model":"m","messages":[{"role":"system","content":"Be careful."},)"
                        R"({"role":"user","content":"hi"}],"n":1.0})"));
    m_publisher->answer(infer->message.task, 200, "{}");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
}

void TestAgentResources::sleepingLlmIsWokenForItsAgent()
{
    create(R"({"name":"dreamer","llm":"sleeper"})");
    const auto call = m_api->post("/v1/chat/completions", R"({"model":"dreamer","messages":[]})");
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    QCOMPARE(wake->llm, QStringLiteral("sleeper"));
    m_publisher->send(channel::WakeResult{.task = wake->task, .ok = true});
    QVERIFY(m_api->nextInfer(*m_publisher));
}

void TestAgentResources::refusedQuestions_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("embeddings") << QByteArray("/v1/embeddings") << QByteArray(R"({"model":"coder","input":"x"})")
                                << 400;
    QTest::newRow("messages route") << QByteArray("/v1/messages") << QByteArray(R"({"model":"coder","messages":[]})")
                                    << 400;
    QTest::newRow("no messages") << QByteArray("/v1/chat/completions") << QByteArray(R"({"model":"coder"})") << 400;
    QTest::newRow("two messages") << QByteArray("/v1/chat/completions")
                                  << QByteArray(R"({"model":"coder","messages":[],"messages":[]})") << 400;
    QTest::newRow("agent in place of an llm")
        << QByteArray("/api/v1/llms/coder/infer") << QByteArray(R"({"messages":[]})") << 404;
}

void TestAgentResources::refusedQuestions()
{
    QFETCH(QByteArray, route);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    create();
    const auto call = m_api->post(route, body);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), status);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

QTEST_GUILESS_MAIN(TestAgentResources)
#include "tst_agentresources.moc"
