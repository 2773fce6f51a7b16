// The resources of the API: models, Llms and provider sessions, what a key sees of them, and the deletion of Llms.

#include "apiharness.h"
#include "domainrows.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::Scope;

namespace {

QStringList column(const QByteArray &array, const char *field)
{
    QStringList values;
    for (const QJsonValue &row : QJsonDocument::fromJson(array).array())
        values.append(row[QLatin1String(field)].toString());
    return values;
}

QStringList ids(const ApiCall &models)
{
    QStringList values;
    for (const QJsonValue &model : models.json()[QLatin1String("data")].toArray())
        values.append(model[QLatin1String("id")].toString());
    return values;
}

QJsonObject object(const char *json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

class TestApiResources final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_api = std::make_unique<ApiHarness>(); }

    void cleanup()
    {
        m_publisher.reset();
        m_api.reset();
    }

    void modelsAreEmptyAtFirst();
    void modelsHaveTheShapeOfOpenAi();
    void modelsListWhatCanBeCalled();
    void inactiveModelIsFoundByItsId();

    void llmHasAllFields();
    void publicLlmHasNoSession();
    void llmsAreSortedAndFoundByNameOrId();
    void llmTellsItsLoad();
    void lifecycleFieldsFollow();
    void keySeesItsModelsOnly();

    void sessionsTellWhoPublishes();

    void deletesAnLlm_data();
    void deletesAnLlm();
    void deletesOnlyWhatExists();
    void pinnedLlmIsKept();
    void publishedLlmIsKept_data();
    void publishedLlmIsKept();
    void withdrawnLlmIsDeleted();
    void keyDeletesItsModelsOnly();
    void deletionNeedsTheDatabase();
    void clientMayLeaveDuringADeletion();

private:
    void publish(const QList<channel::LlmEntry> &entries) { m_publisher = m_api->server.publish(entries); }

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestApiResources::modelsAreEmptyAtFirst()
{
    QCOMPARE(m_api->get("/v1/models")->body(), QByteArray(R"({"object":"list","data":[]})"));
    QCOMPARE(m_api->get("/api/v1/llms")->body(), QByteArray("[]"));
    QCOMPARE(m_api->call({.target = "/api/v1/sessions", .fields = bearer(m_api->adminKey)})->body(), QByteArray("[]"));
}

void TestApiResources::modelsHaveTheShapeOfOpenAi()
{
    publish({entry(QStringLiteral("m"))});
    const QByteArray model = R"({"id":"m","object":"model","created":1800000000,"owned_by":"alice"})";
    const auto list = m_api->get("/v1/models");
    QCOMPARE(list->status(), 200);
    QCOMPARE(list->field("content-type"), QByteArray("application/json"));
    QCOMPARE(list->body(), R"({"object":"list","data":[)" + model + "]}");
    QCOMPARE(m_api->get("/v1/models/m")->body(), model);
}

void TestApiResources::modelsListWhatCanBeCalled()
{
    publish({entry(QStringLiteral("b-active")), sleepingEntry(QStringLiteral("a-hibernating")),
             entry(QStringLiteral("c-inactive"), channel::ReportedState::Inactive),
             entry(QStringLiteral("d-paused"), channel::ReportedState::Paused)});
    QCOMPARE(ids(*m_api->get("/v1/models")),
             (QStringList{QStringLiteral("a-hibernating"), QStringLiteral("b-active")}));
}

void TestApiResources::inactiveModelIsFoundByItsId()
{
    publish({entry(QStringLiteral("m"), channel::ReportedState::Inactive)});
    QVERIFY(ids(*m_api->get("/v1/models")).isEmpty());
    QCOMPARE(m_api->get("/v1/models/m")->status(), 200);
    const auto unknown = m_api->get("/v1/models/nobody");
    QCOMPARE(unknown->status(), 404);
    QCOMPARE(unknown->errorCode(), QStringLiteral("model_not_found"));
    QCOMPARE(unknown->error(QLatin1String("param")), QStringLiteral("model"));
    QVERIFY(unknown->error(QLatin1String("message")).contains(QLatin1String("'nobody'")));
}

void TestApiResources::llmHasAllFields()
{
    channel::LlmEntry described = sleepingEntry(QStringLiteral("m"));
    described.type = QStringLiteral("openai");
    described.model = QStringLiteral("Qwen/Qwen2.5");
    described.tier = QStringLiteral("heavy");
    described.description = QStringLiteral("Under my desk: \"quoted\" – ü");
    described.extraConfig = object(R"({"context": 32768})");
    described.maxConcurrency = 2;
    described.wake = channel::RecipeInfo{channel::RecipeKind::Command, 90, 120};
    publish({described});
    const domain::Llm row = m_api->server.llm(QStringLiteral("m"));

    QJsonObject expected = object(R"({
        "name": "m", "kind": "virtual", "status": "hibernating", "statusReason": null, "owner": "alice",
        "publisher": "gpu-box", "type": "openai", "model": "Qwen/Qwen2.5", "pool": "Qwen/Qwen2.5",
        "streamUsage": true, "tier": "heavy",
        "description": "Under my desk: \"quoted\" – ü", "extraConfig": {"context": 32768}, "maxConcurrency": 2,
        "running": 0, "waiting": 0,
        "wake": {"type": "command", "recipeTimeoutSeconds": 90, "maxWaitSeconds": 120, "estimateSeconds": null,
                 "recentSeconds": [], "run": null},
        "createdAt": "2027-01-15T08:00:00.000Z", "updatedAt": "2027-01-15T08:00:00.000Z",
        "lastHeartbeatAt": "2027-01-15T08:00:00.000Z", "inactiveSince": null, "version": 1})");
    expected[QLatin1String("id")] = row.id.toString();
    expected[QLatin1String("providerSessionId")] = row.providerSessionId.toString();
    const auto one = m_api->get("/api/v1/llms/m");
    QCOMPARE(one->status(), 200);
    QCOMPARE(one->json(), expected);
    QCOMPARE(m_api->get("/api/v1/llms")->body(), "[" + one->body() + "]");
}

void TestApiResources::publicLlmHasNoSession()
{
    m_api->server.registry.put(publicLlm(QStringLiteral("cloud"), m_api->clock.wallNow()));
    const QJsonObject row = m_api->get("/api/v1/llms/cloud")->json();
    QCOMPARE(row[QLatin1String("kind")].toString(), QStringLiteral("public"));
    for (const char *field : {"providerSessionId", "publisher", "wake", "lastHeartbeatAt", "statusReason"})
        QVERIFY2(row[QLatin1String(field)].isNull(), field);
}

void TestApiResources::llmsAreSortedAndFoundByNameOrId()
{
    publish({entry(QStringLiteral("b")), entry(QStringLiteral("a"), channel::ReportedState::Inactive),
             entry(QStringLiteral("c/d"))});
    QCOMPARE(column(m_api->get("/api/v1/llms")->body(), "name"),
             (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c/d")}));
    const QByteArray id = m_api->server.llm(QStringLiteral("c/d")).id.toString().toLatin1();
    QCOMPARE(m_api->get("/api/v1/llms/" + id)->json()[QLatin1String("name")].toString(), QStringLiteral("c/d"));
    // What clients call models by is the name alone.
    QCOMPARE(m_api->get("/v1/models/" + id)->status(), 404);
}

void TestApiResources::llmTellsItsLoad()
{
    channel::LlmEntry single = entry(QStringLiteral("m"));
    single.maxConcurrency = 1;
    publish({single});
    const auto first = m_api->chat("m");
    const auto second = m_api->chat("m");
    const auto third = m_api->chat("m");
    const QJsonObject row = m_api->get("/api/v1/llms/m")->json();
    QCOMPARE(row[QLatin1String("running")].toInt(), 1);
    QCOMPARE(row[QLatin1String("waiting")].toInt(), 2);
}

void TestApiResources::lifecycleFieldsFollow()
{
    publish({entry(QStringLiteral("m"))});
    m_api->clock.advance(5s);
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Draining, 0}}));
    QJsonObject row = m_api->get("/api/v1/llms/m")->json();
    QCOMPARE(row[QLatin1String("status")].toString(), QStringLiteral("inactive"));
    QCOMPARE(row[QLatin1String("statusReason")].toString(), QStringLiteral("draining"));
    QCOMPARE(row[QLatin1String("lastHeartbeatAt")].toString(), QStringLiteral("2027-01-15T08:00:05.000Z"));
    QCOMPARE(row[QLatin1String("inactiveSince")].toString(), QStringLiteral("2027-01-15T08:00:05.000Z"));
    QCOMPARE(row[QLatin1String("version")].toInt(), 1);
    m_publisher->breakOff();
    QTRY_COMPARE(m_api->get("/api/v1/llms/m")->json()[QLatin1String("statusReason")].toString(),
                 QStringLiteral("offline"));
}

void TestApiResources::keySeesItsModelsOnly()
{
    publish({entry(QStringLiteral("qwen/7b")), entry(QStringLiteral("llama")), entry(QStringLiteral("llama-2"))});
    const QByteArray key = m_api->makeKey({Scope::Infer}, [](domain::ApiKey &row) {
        row.models = {QStringLiteral("qwen*"), QStringLiteral("llama-?")};
    });
    const auto get = [&](const QByteArray &target) { return m_api->call({.target = target, .fields = bearer(key)}); };
    const QStringList seen{QStringLiteral("llama-2"), QStringLiteral("qwen/7b")};
    QCOMPARE(ids(*get("/v1/models")), seen);
    QCOMPARE(column(get("/api/v1/llms")->body(), "name"), seen);
    QCOMPARE(get("/v1/models/qwen/7b")->status(), 200);

    const QByteArray id = m_api->server.llm(QStringLiteral("llama")).id.toString().toLatin1();
    for (const QByteArray &target :
         {QByteArray("/v1/models/llama"), QByteArray("/api/v1/llms/llama"), QByteArray("/api/v1/llms/" + id)}) {
        const auto hidden = get(target);
        QCOMPARE(hidden->status(), 404);
        QCOMPARE(hidden->errorCode(), QStringLiteral("model_not_found"));
    }
    // A hidden name looks like one that never was.
    QCOMPARE(get("/v1/models/llama")->body(), QByteArray(get("/v1/models/xxxxx")->body()).replace("xxxxx", "llama"));
}

void TestApiResources::sessionsTellWhoPublishes()
{
    publish({entry(QStringLiteral("b")), entry(QStringLiteral("a"))});
    m_api->clock.advance(1500ms);
    const auto other = m_api->server.publish({entry(QStringLiteral("c"))}, QStringLiteral("bob"));
    const auto running = m_api->chat("b");
    const auto sessions = [this] {
        const auto call = m_api->call({.target = "/api/v1/sessions", .fields = bearer(m_api->adminKey)});
        return QJsonDocument::fromJson(call->body()).array();
    };
    QJsonArray rows = sessions();
    QCOMPARE(rows.size(), 2);
    QJsonObject first = rows[0].toObject();
    const QJsonValue id = first.take(QLatin1String("id"));
    QCOMPARE(id.toString(), m_api->server.llm(QStringLiteral("a")).providerSessionId.toString());
    QCOMPARE(first, object(R"({
        "owner": "alice", "publisher": "gpu-box", "publisherVersion": "0.1.0", "epoch": 1, "bound": true,
        "createdAt": "2027-01-15T08:00:00.000Z", "lastHeartbeatAt": "2027-01-15T08:00:00.000Z",
        "heartbeatAgeSeconds": 1.5, "inFlight": 1, "llms": ["a", "b"]})"));
    QCOMPARE(rows[1][QLatin1String("owner")].toString(), QStringLiteral("bob"));
    QCOMPARE(rows[1][QLatin1String("heartbeatAgeSeconds")].toDouble(), 0.0);

    m_publisher->breakOff();
    QTRY_VERIFY(!sessions()[0][QLatin1String("bound")].toBool());
    rows = sessions();
    QCOMPARE(rows[0][QLatin1String("id")], id);
    QCOMPARE(rows[0][QLatin1String("inFlight")].toInt(), 0);
}

void TestApiResources::deletesAnLlm_data()
{
    QTest::addColumn<bool>("byId");
    QTest::newRow("by its name") << false;
    QTest::newRow("by its id") << true;
}

void TestApiResources::deletesAnLlm()
{
    QFETCH(bool, byId);
    publish({entry(QStringLiteral("a/b"))});
    m_publisher->breakOff();
    QTRY_VERIFY(m_api->server.llm(QStringLiteral("a/b")).status == domain::LlmStatus::Inactive);
    const QByteArray id = m_api->server.llm(QStringLiteral("a/b")).id.toString().toLatin1();
    const auto removed = m_api->remove("/api/v1/llms/" + (byId ? id : "a%2Fb"));
    QCOMPARE(removed->end(), ApiCall::End::Not);
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 204);
    QVERIFY(removed->body().isEmpty());
    QCOMPARE(m_api->get("/api/v1/llms/a/b")->status(), 404);
    QVERIFY(!m_api->server.storedLlm(QStringLiteral("a/b")));
}

void TestApiResources::deletesOnlyWhatExists()
{
    const auto removed = m_api->remove("/api/v1/llms/nobody");
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 404);
    QCOMPARE(removed->errorCode(), QStringLiteral("model_not_found"));
}

void TestApiResources::pinnedLlmIsKept()
{
    const domain::Llm llm = publicLlm(QStringLiteral("m"), m_api->clock.wallNow());
    m_api->server.add(llm);
    m_api->server.add(publicAgent(QStringLiteral("coder"), llm, m_api->clock.wallNow()));
    const auto removed = m_api->remove("/api/v1/llms/m");
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 409);
    QCOMPARE(removed->errorCode(), QStringLiteral("conflict"));
    QVERIFY(removed->error(QLatin1String("message")).contains(QLatin1String("coder")));
    QVERIFY(m_api->server.storedLlm(QStringLiteral("m")));
}

void TestApiResources::publishedLlmIsKept_data()
{
    QTest::addColumn<channel::ReportedState>("state");
    QTest::newRow("active") << channel::ReportedState::Active;
    QTest::newRow("hibernating") << channel::ReportedState::Hibernating;
    QTest::newRow("backend down") << channel::ReportedState::Inactive;
    QTest::newRow("paused") << channel::ReportedState::Paused;
}

void TestApiResources::publishedLlmIsKept()
{
    QFETCH(channel::ReportedState, state);
    channel::LlmEntry published = sleepingEntry(QStringLiteral("m"));
    published.initialStatus = state;
    publish({published});
    const auto removed = m_api->remove("/api/v1/llms/m");
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 409);
    QVERIFY(m_api->server.storedLlm(QStringLiteral("m")));
    QCOMPARE(m_api->get("/api/v1/llms/m")->status(), 200);
}

void TestApiResources::withdrawnLlmIsDeleted()
{
    publish({entry(QStringLiteral("kept")), entry(QStringLiteral("withdrawn"))});
    QVERIFY(m_publisher->registerLlms({entry(QStringLiteral("kept"))}));
    const auto removed = m_api->remove("/api/v1/llms/withdrawn");
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 204);
    QCOMPARE(column(m_api->get("/api/v1/llms")->body(), "name"), QStringList(QStringLiteral("kept")));
}

void TestApiResources::keyDeletesItsModelsOnly()
{
    const domain::Llm llm = publicLlm(QStringLiteral("m"), m_api->clock.wallNow());
    m_api->server.add(llm);
    const QByteArray key =
        m_api->makeKey({Scope::Admin}, [](domain::ApiKey &row) { row.models = {QStringLiteral("x*")}; });
    const auto removed =
        m_api->call({.method = http::Method::Delete, .target = "/api/v1/llms/m", .fields = bearer(key)});
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 404);
    QVERIFY(m_api->server.storedLlm(QStringLiteral("m")));
}

void TestApiResources::deletionNeedsTheDatabase()
{
    m_api = std::make_unique<ApiHarness>(ApiHarnessSettings{.databaseIsAway = true});
    m_api->server.add(publicLlm(QStringLiteral("old"), m_api->clock.wallNow()));
    publish({entry(QStringLiteral("m"))});
    const auto removed = m_api->remove("/api/v1/llms/old");
    QVERIFY(removed->waitForEnd());
    QCOMPARE(removed->status(), 503);
    QCOMPARE(removed->errorCode(), QStringLiteral("storage_unavailable"));
    const int retryAfter = removed->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);
    // Nothing has happened, and everything else goes on.
    QCOMPARE(ids(*m_api->get("/v1/models")), (QStringList{QStringLiteral("m"), QStringLiteral("old")}));
    QCOMPARE(m_api->get("/api/v1/llms/old")->status(), 200);
    const auto chat = m_api->chat("m");
    const TaskId task = m_api->beginAnswer(*m_publisher, "application/json", "{}");
    m_publisher->send(channel::ResponseEnd{task});
    QVERIFY(chat->waitForEnd());
    QCOMPARE(chat->body(), QByteArray("{}"));
}

void TestApiResources::clientMayLeaveDuringADeletion()
{
    m_api->server.add(publicLlm(QStringLiteral("m"), m_api->clock.wallNow()));
    auto removed = m_api->remove("/api/v1/llms/m");
    QCOMPARE(removed->end(), ApiCall::End::Not);
    removed.reset();
    QTRY_COMPARE(m_api->get("/api/v1/llms/m")->status(), 404);
    QVERIFY(!m_api->server.storedLlm(QStringLiteral("m")));
}

QTEST_GUILESS_MAIN(TestApiResources)
#include "tst_apiresources.moc"
