// `GET /api/v1/route?model=`: what would become of a request, and what may be asked.

#include "apiharness.h"
#include "domainrows.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using domain::Scope;

class TestRouteExplanation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_api = std::make_unique<ApiHarness>(); }

    void cleanup()
    {
        m_publisher.reset();
        m_api.reset();
    }

    void isForAdministrators();
    void asksForExactlyOneModel_data();
    void asksForExactlyOneModel();
    void unknownAndHiddenNamesLookAlike();
    void tellsAllOfAnLlm();
    void tellsTheVerdict_data();
    void tellsTheVerdict();
    void tellsTheMembersOfAPool();
    void followsAnAgentsPin();
    void tellsWhyAnAgentIsRefused();
    void changesNothing();

private:
    std::unique_ptr<ApiCall> ask(const QByteArray &query) const
    {
        return m_api->call({.target = "/api/v1/route" + query, .fields = bearer(m_api->adminKey)});
    }

    QJsonObject route(const QByteArray &model) const { return ask("?model=" + model)->json(); }

    /// With room for one request at a time.
    static channel::LlmEntry member(const QString &name, const QString &pool)
    {
        channel::LlmEntry member = entry(name);
        member.pool = pool;
        member.maxConcurrency = 1;
        return member;
    }

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestRouteExplanation::isForAdministrators()
{
    QCOMPARE(m_api->call({.target = "/api/v1/route?model=m"})->status(), 401);
    QCOMPARE(m_api->get("/api/v1/route?model=m")->status(), 403);
}

void TestRouteExplanation::asksForExactlyOneModel_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no value") << QByteArray("?model=");
    QTest::newRow("another parameter") << QByteArray("?name=m");
    QTest::newRow("one more parameter") << QByteArray("?model=m&key=hk_x");
    QTest::newRow("two models") << QByteArray("?model=m&model=n");
}

void TestRouteExplanation::asksForExactlyOneModel()
{
    QFETCH(QByteArray, query);
    m_publisher = m_api->server.publish({entry(QStringLiteral("m"))});
    const auto refused = ask(query);
    QCOMPARE(refused->status(), 400);
    QCOMPARE(refused->errorCode(), QStringLiteral("invalid_request"));
    QCOMPARE(refused->error(QLatin1String("param")), QStringLiteral("model"));
}

void TestRouteExplanation::unknownAndHiddenNamesLookAlike()
{
    m_publisher = m_api->server.publish({entry(QStringLiteral("m"))});
    QCOMPARE(ask("?model=nobody")->status(), 404);
    QCOMPARE(ask("?model=nobody")->errorCode(), QStringLiteral("model_not_found"));
    const QByteArray bounded =
        m_api->makeKey({Scope::Admin}, [](domain::ApiKey &row) { row.models = {QStringLiteral("x*")}; });
    const auto hidden = m_api->call({.target = "/api/v1/route?model=m", .fields = bearer(bounded)});
    QCOMPARE(hidden->status(), 404);
    QCOMPARE(hidden->errorCode(), QStringLiteral("model_not_found"));
}

void TestRouteExplanation::tellsAllOfAnLlm()
{
    m_publisher = m_api->server.publish({entry(QStringLiteral("a/b"))});
    QJsonObject answer = route("a%2Fb");
    QVERIFY(!answer.take(QLatin1String("reason")).toString().isEmpty());
    QJsonArray candidates = answer.take(QLatin1String("candidates")).toArray();
    QCOMPARE(candidates.size(), 1);
    QJsonObject candidate = candidates.first().toObject();
    QVERIFY(!candidate.take(QLatin1String("reason")).toString().isEmpty());
    QCOMPARE(candidate, QJsonDocument::fromJson(R"({"llm": "a/b", "owner": "alice", "status": "active",
        "statusReason": null, "running": 0, "maxConcurrency": 4, "breaker": "closed"})")
                            .object());
    QCOMPARE(answer, QJsonDocument::fromJson(R"({"model": "a/b", "kind": "llm", "destination": {"llm": "a/b"},
        "verdict": "dispatch", "chosen": "a/b", "waiting": 0, "estimateSeconds": null})")
                         .object());
}

void TestRouteExplanation::tellsTheVerdict_data()
{
    QTest::addColumn<channel::ReportedState>("state");
    QTest::addColumn<int>("running");
    QTest::addColumn<QString>("verdict");
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<QString>("statusReason");
    const QString m = QStringLiteral("m");
    QTest::newRow("free") << channel::ReportedState::Active << 0 << QStringLiteral("dispatch") << m << QString();
    QTest::newRow("full") << channel::ReportedState::Active << 1 << QStringLiteral("queue") << QString() << QString();
    QTest::newRow("asleep") << channel::ReportedState::Hibernating << 0 << QStringLiteral("wake") << m << QString();
    QTest::newRow("backend down") << channel::ReportedState::Inactive << 0 << QStringLiteral("refuse") << QString()
                                  << QStringLiteral("backendDown");
    QTest::newRow("paused") << channel::ReportedState::Paused << 0 << QStringLiteral("refuse") << QString()
                            << QStringLiteral("paused");
}

void TestRouteExplanation::tellsTheVerdict()
{
    QFETCH(channel::ReportedState, state);
    QFETCH(int, running);
    QFETCH(QString, verdict);
    QFETCH(QString, chosen);
    QFETCH(QString, statusReason);
    channel::LlmEntry published = sleepingEntry(QStringLiteral("m"));
    published.initialStatus = state;
    published.maxConcurrency = 1;
    m_publisher = m_api->server.publish({published});
    const auto call = running ? m_api->chat("m") : nullptr;
    const QJsonObject answer = route("m");
    QCOMPARE(answer[QLatin1String("verdict")].toString(), verdict);
    QCOMPARE(answer[QLatin1String("chosen")].toString(), chosen);
    const QJsonValue candidate = answer[QLatin1String("candidates")][0];
    QCOMPARE(candidate[QLatin1String("running")].toInt(), running);
    QCOMPARE(candidate[QLatin1String("statusReason")].toString(), statusReason);
}

void TestRouteExplanation::tellsTheMembersOfAPool()
{
    const QString pool = QStringLiteral("qwen");
    m_publisher = m_api->server.publish(
        {member(QStringLiteral("a"), pool), member(QStringLiteral("b"), pool), entry(QStringLiteral("stranger"))});
    const auto busy = m_api->chat("a");
    QJsonObject answer = route("qwen");
    QCOMPARE(answer[QLatin1String("kind")].toString(), QStringLiteral("pool"));
    QCOMPARE(answer[QLatin1String("destination")].toObject(), (QJsonObject{{QStringLiteral("pool"), pool}}));
    QCOMPARE(answer[QLatin1String("verdict")].toString(), QStringLiteral("dispatch"));
    QCOMPARE(answer[QLatin1String("chosen")].toString(), QStringLiteral("b"));
    const QJsonArray candidates = answer[QLatin1String("candidates")].toArray();
    QCOMPARE(candidates.size(), 2);
    QCOMPARE(candidates[0][QLatin1String("llm")].toString(), QStringLiteral("b"));
    QCOMPARE(candidates[1][QLatin1String("llm")].toString(), QStringLiteral("a"));
    QCOMPARE(candidates[1][QLatin1String("running")].toInt(), 1);

    const auto alsoBusy = m_api->chat("b");
    const auto waits = m_api->chat("qwen");
    answer = route("qwen");
    QCOMPARE(answer[QLatin1String("verdict")].toString(), QStringLiteral("queue"));
    QVERIFY(answer[QLatin1String("chosen")].isNull());
    QCOMPARE(answer[QLatin1String("waiting")].toInt(), 1);
}

void TestRouteExplanation::followsAnAgentsPin()
{
    const domain::Llm llm = publicLlm(QStringLiteral("cloud"), m_api->clock.wallNow());
    m_api->server.add(llm);
    m_api->server.add(publicAgent(QStringLiteral("coder"), llm, m_api->clock.wallNow()));
    const QJsonObject answer = route("coder");
    QCOMPARE(answer[QLatin1String("model")].toString(), QStringLiteral("coder"));
    QCOMPARE(answer[QLatin1String("kind")].toString(), QStringLiteral("agent"));
    QCOMPARE(answer[QLatin1String("destination")].toObject(),
             (QJsonObject{{QStringLiteral("llm"), QStringLiteral("cloud")}}));
}

void TestRouteExplanation::tellsWhyAnAgentIsRefused()
{
    const domain::Llm llm = publicLlm(QStringLiteral("cloud"), m_api->clock.wallNow());
    m_api->server.add(llm);
    domain::Agent agent = publicAgent(QStringLiteral("coder"), llm, m_api->clock.wallNow());
    agent.status = domain::LlmStatus::Inactive;
    m_api->server.add(agent);
    const QJsonObject answer = route("coder");
    QCOMPARE(answer[QLatin1String("verdict")].toString(), QStringLiteral("refuse"));
    QCOMPARE(answer[QLatin1String("reason")].toString(), m_api->chat("coder")->error(QLatin1String("message")));
    QVERIFY(answer[QLatin1String("chosen")].isNull());
    QVERIFY(answer[QLatin1String("candidates")].toArray().isEmpty());
    QCOMPARE(answer[QLatin1String("destination")].toObject(),
             (QJsonObject{{QStringLiteral("llm"), QStringLiteral("cloud")}}));
}

void TestRouteExplanation::changesNothing()
{
    m_publisher = m_api->server.publish({sleepingEntry(QStringLiteral("asleep")), entry(QStringLiteral("awake"))});
    for (const char *model : {"asleep", "awake"})
        QCOMPARE(route(model), route(model));
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

QTEST_GUILESS_MAIN(TestRouteExplanation)
#include "tst_routeexplanation.moc"
