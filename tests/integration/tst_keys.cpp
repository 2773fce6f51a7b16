// What a running server makes of API keys: where they may stand, what they allow, and how soon it honours a change that
// was made from the command line.

#include "stacktest.h"

#include <QJsonDocument>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestKeys final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void honoursANewKey();
    void honoursARevokedKey();
    void honoursAChangedScope();
    void honoursAnExpiry();
    void closesTheChannelOfAKeyThatEnds_data();
    void closesTheChannelOfAKeyThatEnds();
    void registersAgainWithAChangedKey();
    void takesTheKeyInEitherHeader_data();
    void takesTheKeyInEitherHeader();
    void neverTakesAKeyInAQuery_data();
    void neverTakesAKeyInAQuery();
    void hidesWhatAKeyMayNotCall();

private:
    CommandResult key(const QString &arguments) const
    {
        return m_stack->hearthd(QStringList(QStringLiteral("key")) + arguments.split(u' '));
    }

    int statusWith(const HttpFields &fields, const QByteArray &target = "/v1/models") const;
    int statusWithKey(const QByteArray &key, const QByteArray &target = "/v1/models") const;
};

namespace {

/// A change must be honoured within this time.
constexpr int soon = 1000;

} // namespace

int TestKeys::statusWith(const HttpFields &fields, const QByteArray &target) const
{
    const auto call = m_stack->call({.target = target, .fields = fields});
    call->waitForEnd();
    return call->status();
}

int TestKeys::statusWithKey(const QByteArray &key, const QByteArray &target) const
{
    return statusWith({{"Authorization", "Bearer " + key}}, target);
}

void TestKeys::honoursANewKey()
{
    makeStack();
    QVERIFY(m_stack->startServer());
    const QByteArray secret = m_stack->createKey("late", {QStringLiteral("--scope"), QStringLiteral("infer")});
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(secret), 200, soon);
}

void TestKeys::honoursARevokedKey()
{
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    QCOMPARE(statusWithKey(m_stack->key("client")), 200);
    QCOMPARE(key(QStringLiteral("revoke client")).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(m_stack->key("client")), 401, soon);
    // What is revoked looks like what never was.
    const auto revoked = m_stack->get("/v1/models", "client");
    const auto unknown = m_stack->call({.target = "/v1/models", .fields = {{"Authorization", "Bearer hk_unknown"}}});
    QVERIFY(unknown->waitForEnd());
    QCOMPARE(revoked->body(), unknown->body());
    QCOMPARE(revoked->errorCode(), QStringLiteral("invalid_api_key"));
}

void TestKeys::honoursAChangedScope()
{
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    QCOMPARE(statusWithKey(m_stack->key("client"), "/api/v1/sessions"), 403);
    QCOMPARE(key(QStringLiteral("update client --scope admin")).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(m_stack->key("client"), "/api/v1/sessions"), 200, soon);
    QCOMPARE(key(QStringLiteral("update client --scope publish")).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(m_stack->key("client")), 403, soon);
}

void TestKeys::honoursAnExpiry()
{
    makeStack();
    QVERIFY(m_stack->startServer());
    const QByteArray secret = m_stack->createKey("brief", {QStringLiteral("--scope"), QStringLiteral("infer"),
                                                           QStringLiteral("--expires"), QStringLiteral("2s")});
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(secret), 200, soon);
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(secret), 401, 2000 + soon);
    QCOMPARE(key(QStringLiteral("update brief --expires never")).exitCode, 0);
    QTRY_COMPARE_WITH_TIMEOUT(statusWithKey(secret), 200, soon);
}

void TestKeys::closesTheChannelOfAKeyThatEnds_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<int>("limit");
    QTest::newRow("revoked") << QStringLiteral("revoke publisher") << soon;
    QTest::newRow("without its scope") << QStringLiteral("update publisher --scope infer") << soon;
    QTest::newRow("expired") << QStringLiteral("update publisher --expires 1s") << 1000 + soon;
}

void TestKeys::closesTheChannelOfAKeyThatEnds()
{
    QFETCH(QString, command);
    QFETCH(int, limit);
    QVERIFY(startStack());
    const auto stream =
        m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}})));
    QVERIFY(stream->waitForEvents(1));
    QCOMPARE(key(command).exitCode, 0);
    QVERIFY(m_stack->waitUntilLlmIs("inactive", std::chrono::milliseconds(limit)));
    QVERIFY(stream->waitForEnd(1s));
    QVERIFY(!stream->isComplete() && !stream->saysDone());
    // The publisher says so, and does not try again at once.
    QVERIFY(m_stack->publisher().waitForLog("API key"));
    QVERIFY(m_stack->publisher().isRunning());
}

void TestKeys::registersAgainWithAChangedKey()
{
    QVERIFY(startStack({.publisher = {{QStringLiteral("reconnect.minSeconds"), QStringLiteral("0.1")},
                                      {QStringLiteral("reconnect.maxSeconds"), QStringLiteral("0.5")}}}));
    QCOMPARE(key(QStringLiteral("update publisher --models other-*")).exitCode, 0);
    QVERIFY(m_stack->waitUntilLlmIs("inactive", 1s));
    QVERIFY(m_stack->publisher().waitForLog("test-llm is not published"));
    QCOMPARE(key(QStringLiteral("update publisher --models test-*,other-*")).exitCode, 0);
    QVERIFY(m_stack->waitUntilLlmIs("active", 3s));
    QCOMPARE(m_stack->sessions().size(), 1);
}

void TestKeys::takesTheKeyInEitherHeader_data()
{
    QTest::addColumn<QByteArray>("authorization");
    QTest::addColumn<QByteArray>("apiKey");
    QTest::addColumn<int>("status");
    QTest::newRow("bearer") << QByteArray("Bearer KEY") << QByteArray() << 200;
    QTest::newRow("bearer in lower case") << QByteArray("bearer KEY") << QByteArray() << 200;
    QTest::newRow("x-api-key") << QByteArray() << QByteArray("KEY") << 200;
    QTest::newRow("both, the same") << QByteArray("Bearer KEY") << QByteArray("KEY") << 200;
    QTest::newRow("both, different") << QByteArray("Bearer KEY") << QByteArray("OTHER") << 401;
    QTest::newRow("neither") << QByteArray() << QByteArray() << 401;
    QTest::newRow("basic") << QByteArray("Basic KEY") << QByteArray() << 401;
    QTest::newRow("no scheme") << QByteArray("KEY") << QByteArray() << 401;
    QTest::newRow("bearer with too much") << QByteArray("Bearer KEYx") << QByteArray() << 401;
    QTest::newRow("x-api-key with too much") << QByteArray() << QByteArray("KEYx") << 401;
    QTest::newRow("half a key") << QByteArray() << QByteArray("HALF") << 401;
    QTest::newRow("SQL") << QByteArray("Bearer ' OR 1=1 --") << QByteArray() << 401;
}

void TestKeys::takesTheKeyInEitherHeader()
{
    QFETCH(QByteArray, authorization);
    QFETCH(QByteArray, apiKey);
    QFETCH(int, status);
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    const QByteArray secret = m_stack->key("client");
    HttpFields fields;
    if (!authorization.isEmpty())
        fields.append("Authorization", authorization.replace("KEY", secret));
    if (!apiKey.isEmpty())
        fields.append(
            "x-api-key",
            apiKey.replace("KEY", secret).replace("HALF", secret.first(20)).replace("OTHER", m_stack->key("admin")));
    QCOMPARE(statusWith(fields), status);
    // The same function lets publishers in.
    fields.append("Upgrade", "websocket");
    QCOMPARE(statusWith(fields, "/api/v1/publish"), status == 200 ? 403 : status);
}

void TestKeys::neverTakesAKeyInAQuery_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char *name :
         {"key", "api_key", "api-key", "apiKey", "access_token", "token", "authorization", "x-api-key"})
        QTest::newRow(name) << QByteArray("/v1/models?") + name + "=";
    QTest::newRow("as a user") << QByteArray("/v1/models?");
    QTest::newRow("publish") << QByteArray("/api/v1/publish?key=");
}

void TestKeys::neverTakesAKeyInAQuery()
{
    QFETCH(QByteArray, target);
    makeStack();
    QVERIFY(m_stack->makeKeys() && m_stack->startServer());
    const auto call = m_stack->call({.target = target + m_stack->key("admin")});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 401);
    QVERIFY(!call->body().contains(m_stack->key("admin")));
}

void TestKeys::hidesWhatAKeyMayNotCall()
{
    QVERIFY(startStack());
    const auto box =
        m_stack->launchPublisher(QStringLiteral("box"), m_stack->key("publisher"), m_stack->llmEntry("secret/llm"));
    QTRY_COMPARE(m_stack->llm("secret%2Fllm")[QLatin1String("status")].toString(), QStringLiteral("active"));
    QCOMPARE(key(QStringLiteral("update client --models test-*,nothing")).exitCode, 0);
    const auto names = [this] {
        QStringList ids;
        for (const QJsonValue &model : m_stack->get("/v1/models")->json()[QLatin1String("data")].toArray())
            ids.append(model[QLatin1String("id")].toString());
        return ids;
    };
    // The Llm and the pool of its model.
    const QStringList shown{QStringLiteral("test-llm"), QStringLiteral("test-model")};
    QTRY_COMPARE_WITH_TIMEOUT(names(), shown, soon);
    QCOMPARE(QJsonDocument::fromJson(m_stack->get("/api/v1/llms")->body()).array().size(), 1);
    QCOMPARE(m_stack->get("/v1/models/secret/llm", "admin")->status(), 200);

    for (const char *target : {"/v1/models/secret/llm", "/api/v1/llms/secret%2Fllm"}) {
        const auto call = m_stack->get(target);
        QCOMPARE(call->status(), 404);
        QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
    }
    const auto infer = [this](const QString &model) {
        auto call = m_stack->call(m_stack->chat({{QStringLiteral("model"), model}}));
        call->waitForEnd();
        return call;
    };
    const auto hidden = infer(QStringLiteral("secret/llm"));
    const auto missing = infer(QStringLiteral("secret/xyz"));
    QCOMPARE(hidden->status(), 404);
    QCOMPARE(QByteArray(hidden->body()).replace("secret/llm", "secret/xyz"), missing->body());
    QCOMPARE(infer(QStringLiteral("test-llm"))->status(), 200);
}

QTEST_GUILESS_MAIN(TestKeys)
#include "tst_keys.moc"
