// GET /api/v1/usage: who sees what, what can be asked for, and what an answer looks like.

#include "apiharness.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;

class TestUsageRoute final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rows();
    void everybodySeesTheirOwn_data();
    void everybodySeesTheirOwn();
    void filters_data();
    void filters();
    void badQueries_data();
    void badQueries();
    void lastThirtyDays();
    void needsAKey();
    void databaseThatIsAway();

private:
    static relay::RequestRecord record(const QString &key, const QString &owner, const QString &llm)
    {
        relay::RequestRecord made;
        made.key = ApiKeyId(key);
        made.keyName = key;
        made.owner = owner;
        made.llm = llm;
        made.outcome = relay::Outcome::Succeeded;
        return made;
    }

    /// What alice's and bob's keys have used today.
    static void use(ApiHarness &api)
    {
        api.usage.requestEnded(record(QStringLiteral("a1"), QStringLiteral("alice"), QStringLiteral("m")));
        api.usage.requestEnded(record(QStringLiteral("a2"), QStringLiteral("alice"), QStringLiteral("n")));
        api.usage.requestEnded(record(QStringLiteral("b1"), QStringLiteral("bob"), QStringLiteral("m")));
    }

    static std::unique_ptr<ApiCall> ask(ApiHarness &api, const QByteArray &key, const QByteArray &query = {})
    {
        auto call = api.call({.target = "/api/v1/usage" + query, .fields = bearer(key)});
        call->waitForEnd();
        return call;
    }

    static QStringList keysIn(const ApiCall &call)
    {
        QStringList keys;
        const QJsonArray rows = QJsonDocument::fromJson(call.body()).array();
        for (const QJsonValue row : rows)
            keys.append(row[QLatin1String("key")].toString());
        return keys;
    }
};

void TestUsageRoute::rows()
{
    ApiHarness api;
    relay::RequestRecord truncated =
        record(QStringLiteral("a1"), QStringLiteral("alice"), QStringLiteral("vllm-local"));
    truncated.outcome = relay::Outcome::Truncated;
    truncated.usage = metering::TokenUsage{100, 7};
    api.usage.requestEnded(truncated);
    api.usage.requestEnded(record(QStringLiteral("a1"), QStringLiteral("alice"), QStringLiteral("vllm-local")));
    const auto call = ask(api, api.adminKey);
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->body(), QByteArray(R"([{"day":"2027-01-15","key":"a1","owner":"alice","llm":"vllm-local",)"
                                      R"("requests":2,"succeeded":1,"rejected":0,"failed":0,"refused":0,)"
                                      R"("truncated":1,"cancelled":0,"inputTokens":100,"outputTokens":7}])"));
}

void TestUsageRoute::everybodySeesTheirOwn_data()
{
    QTest::addColumn<QList<domain::Scope>>("scopes");
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QStringList>("expected");

    const QString alice = QStringLiteral("alice");
    const QStringList hers{QStringLiteral("a1"), QStringLiteral("a2")};
    QTest::newRow("infer") << QList{domain::Scope::Infer} << alice << hers;
    QTest::newRow("publish") << QList{domain::Scope::Publish} << alice << hers;
    QTest::newRow("admin") << QList{domain::Scope::Admin} << alice << hers + QStringList{QStringLiteral("b1")};
    QTest::newRow("other owner") << QList{domain::Scope::Infer} << QStringLiteral("bob")
                                 << QStringList{QStringLiteral("b1")};
    QTest::newRow("stranger") << QList{domain::Scope::Infer} << QStringLiteral("carol") << QStringList();
}

void TestUsageRoute::everybodySeesTheirOwn()
{
    QFETCH(QList<domain::Scope>, scopes);
    QFETCH(QString, owner);
    QFETCH(QStringList, expected);
    ApiHarness api;
    use(api);
    const QByteArray key = api.makeKey(scopes, [&owner](domain::ApiKey &row) { row.owner = owner; });
    const auto call = ask(api, key);
    QCOMPARE(call->status(), 200);
    QCOMPARE(keysIn(*call), expected);
    // Nor is there a way around it.
    QCOMPARE(keysIn(*ask(api, key, "?key=b1")).isEmpty(), !expected.contains(QStringLiteral("b1")));
}

void TestUsageRoute::filters_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *query, const QStringList &expected) {
        QTest::newRow(query) << QByteArray(query) << expected;
    };
    const QString a1 = QStringLiteral("a1");
    const QString a2 = QStringLiteral("a2");
    const QString b1 = QStringLiteral("b1");
    const QStringList all{QStringLiteral("a b"), a1, a2, b1};
    row("?key=a2", {a2});
    row("?llm=m", {a1, b1});
    row("?llm=m&key=b1", {b1});
    // Those that never reached one.
    row("?llm=", {QStringLiteral("a b")});
    row("?key=nobody", {});
    row("?key=", {});
    row("?key=a+b", {QStringLiteral("a b")});
    row("?key=a%20b", {QStringLiteral("a b")});
    row("?key=a%2Bb", {});
    row("?from=2027-01-15", all);
    row("?from=2027-01-16&to=2027-01-17", {});
    row("?to=2027-01-15", all);
    row("?to=2027-01-14", {});
    row("?from=2000-01-01&to=2027-01-15&llm=%6E", {a2});
}

void TestUsageRoute::filters()
{
    QFETCH(QByteArray, query);
    QFETCH(QStringList, expected);
    ApiHarness api;
    use(api);
    api.usage.requestEnded(record(QStringLiteral("a b"), QStringLiteral("alice"), {}));
    const auto call = ask(api, api.adminKey, query);
    QCOMPARE(call->status(), 200);
    QCOMPARE(keysIn(*call), expected);
}

void TestUsageRoute::badQueries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QString>("param");

    const auto row = [](const char *query, const char *param) {
        QTest::newRow(query) << QByteArray(query) << QString::fromLatin1(param);
    };
    row("?from=yesterday", "from");
    row("?from=2027-02-30", "from");
    row("?to=20270115", "to");
    row("?to=", "to");
    row("?from=2027-01-16", "from");
    row("?from=2027-01-02&to=2027-01-01", "from");
    row("?owner=bob", "owner");
    row("?llm=m&llm=n", "llm");
    row("?key=&key=", "key");
    row("?to=2027-01-15&from=2027-01-01&to=2027-01-16", "to");
}

void TestUsageRoute::badQueries()
{
    QFETCH(QByteArray, query);
    QFETCH(QString, param);
    ApiHarness api;
    const auto call = ask(api, api.adminKey, query);
    QCOMPARE(call->status(), 400);
    QCOMPARE(call->errorCode(), QStringLiteral("invalid_request"));
    QCOMPARE(call->error(QLatin1String("param")), param);
}

void TestUsageRoute::lastThirtyDays()
{
    ApiHarness api;
    use(api);
    api.clock.jumpWall(std::chrono::hours(24 * 29));
    QCOMPARE(keysIn(*ask(api, api.adminKey)).size(), 3);
    api.clock.jumpWall(std::chrono::hours(24));
    QCOMPARE(keysIn(*ask(api, api.adminKey)).size(), 0);
    QCOMPARE(keysIn(*ask(api, api.adminKey, "?from=2027-01-01")).size(), 3);
}

void TestUsageRoute::needsAKey()
{
    ApiHarness api;
    const auto call = api.call({.target = "/api/v1/usage"});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 401);
    QCOMPARE(ask(api, "hk_unknown")->status(), 401);
}

void TestUsageRoute::databaseThatIsAway()
{
    ApiHarness api({.databaseIsAway = true});
    use(api);
    const auto call = ask(api, api.adminKey);
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("storage_unavailable"));
}

QTEST_GUILESS_MAIN(TestUsageRoute)
#include "tst_usageroute.moc"
