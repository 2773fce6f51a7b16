// Agents that a box publishes, with real programs: what their Llm is asked, byte by byte, and what becomes of them and
// of their threads when the box goes and comes back.

#include "stacktest.h"

#include <QJsonDocument>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;

class TestAgents final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreEditedAsExpected_data();
    void bytesAreEditedAsExpected();
    void secondMessagesCannotSlipPast();
    void agentComesAndGoesWithItsBox();
    void threadsOutliveTheBox();
    void sleepingLlmIsWokenForItsAgent();

private:
    /// A stack, and a second publisher on it with an Llm `boxed` and an agent `local-coder`.
    bool startWithBox(const StackSettings &settings = {});
    void startBox();
    bool waitUntilAgentIs(const QString &status) const;

    QJsonObject agent() const { return m_stack->get("/api/v1/agents/local-coder")->json(); }

    std::unique_ptr<HttpCall> post(const QByteArray &target, const QByteArray &body) const;

    std::unique_ptr<Program> m_box;
};

bool TestAgents::startWithBox(const StackSettings &settings)
{
    m_box.reset();
    if (!startStack(settings))
        return false;
    startBox();
    return waitUntilAgentIs(QStringLiteral("active"));
}

void TestAgents::startBox()
{
    m_box = m_stack->launchPublisher(
        QStringLiteral("box"), m_stack->key("publisher"),
        m_stack->llmEntry("boxed") +
            "agents:\n"
            "  - {name: local-coder, llm: boxed, systemPrompt: Be careful., defaultParams: {temperature: 0.2}}\n");
}

bool TestAgents::waitUntilAgentIs(const QString &status) const
{
    return QTest::qWaitFor([&] { return agent()[QLatin1String("status")].toString() == status; }, 20'000);
}

std::unique_ptr<HttpCall> TestAgents::post(const QByteArray &target, const QByteArray &body) const
{
    auto answer = m_stack->call(
        {.method = "POST",
         .target = target,
         .fields = {{"Authorization", "Bearer " + m_stack->key("client")}, {"Content-Type", "application/json"}},
         .body = body});
    answer->waitForEnd();
    return answer;
}

void TestAgents::bytesAreEditedAsExpected_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("received");
    const QByteArray system = R"({"role":"system","content":"Be careful."})";
    QTest::newRow("odd but legal")
        << QByteArray(
               "{ \"n\":1.0E+0,\"big\":123456789012345678901234567890,\"u\":\"\\u00e9\\ud83d\\udd25\",\"x\":1,\"x\":"
               "[2],\"mod\\u0065l\" : \"local-coder\" ,\"messages\" :[ {\"role\":\"user\",\"content\":\"hi\"} ] }")
        << QByteArray("{\"temperature\":0.2, \"n\":1.0E+0,\"big\":123456789012345678901234567890,\"u\":\"\\u00e9\\ud83d"
                      "\\udd25\",\"x\":1,\"x\":[2],\"mod\\u0065l\" : \"test-model\" ,\"messages\" :[" +
                      system + ", {\"role\":\"user\",\"content\":\"hi\"} ] }");
    QTest::newRow("own parameter")
        << QByteArray(R"({"model":"local-coder","temperature":1,"messages":[{"role":"user","content":"hi"}]})")
        << QByteArray(R"({"model":"test-model","temperature":1,"messages":[)" + system +
                      R"(,{"role":"user","content":"hi"}]})");
}

void TestAgents::bytesAreEditedAsExpected()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, received);
    QVERIFY(startWithBox());
    QCOMPARE(post("/v1/chat/completions", sent)->status(), 200);
    QCOMPARE(m_stack->askBackend({.target = "/test/requests/last/body"})->body(), received);
}

void TestAgents::secondMessagesCannotSlipPast()
{
    QVERIFY(startWithBox());
    m_stack->forgetBackendRequests();
    const QByteArray bodies[] = {R"({"model":"local-coder","messages":[],"messages":[{"role":"user","content":"x"}]})",
                                 R"({"model":"local-coder","messages":[],"m\u0065ssages":[]})"};
    for (const QByteArray &body : bodies) {
        const auto refused = post("/v1/chat/completions", body);
        QCOMPARE(refused->status(), 400);
        QCOMPARE(refused->errorCode(), QStringLiteral("invalid_request"));
    }
    QVERIFY(m_stack->backendRequests().isEmpty());
}

void TestAgents::agentComesAndGoesWithItsBox()
{
    QVERIFY(startWithBox());
    const QString id = agent()[QLatin1String("id")].toString();
    m_box->kill();
    QVERIFY(waitUntilAgentIs(QStringLiteral("inactive")));
    const auto refused = post("/v1/chat/completions", R"({"model":"local-coder","messages":[]})");
    QCOMPARE(refused->status(), 503);
    QCOMPARE(refused->errorCode(), QStringLiteral("publisher_offline"));
    startBox();
    QVERIFY(waitUntilAgentIs(QStringLiteral("active")));
    QCOMPARE(agent()[QLatin1String("id")].toString(), id);
    QCOMPARE(agent()[QLatin1String("version")].toInt(), 1);
}

void TestAgents::threadsOutliveTheBox()
{
    // Swept within seconds, so that what comes back is another row of the same name.
    StackSettings settings;
    settings.server = {{QStringLiteral("lifecycle.inactiveRetentionSeconds"), QStringLiteral("1")},
                       {QStringLiteral("lifecycle.sweepIntervalSeconds"), QStringLiteral("1")},
                       {QStringLiteral("lifecycle.startupGraceSeconds"), QStringLiteral("1")}};
    QVERIFY(startWithBox(settings));
    const QString before = agent()[QLatin1String("id")].toString();
    const auto first = post("/api/v1/agents/local-coder/chat", R"({"message":"Remember me"})");
    QCOMPARE(first->status(), 200);
    const QString thread = first->json()[QLatin1String("threadId")].toString();
    m_box->kill();
    QTRY_COMPARE_WITH_TIMEOUT(m_stack->get("/api/v1/agents/local-coder")->status(), 404, 20'000);
    QCOMPARE(m_stack->get("/api/v1/threads/" + thread.toLatin1())->status(), 200);
    startBox();
    QVERIFY(waitUntilAgentIs(QStringLiteral("active")));
    QVERIFY(agent()[QLatin1String("id")].toString() != before);
    const QByteArray again = R"({"message":"Still there?","threadId":")" + thread.toLatin1() + "\"}";
    QCOMPARE(post("/api/v1/agents/local-coder/chat", again)->status(), 200);
    const QJsonObject listed = m_stack->get("/api/v1/agents/local-coder/threads")->json();
    QCOMPARE(listed[QLatin1String("data")][0][QLatin1String("id")].toString(), thread);
}

void TestAgents::sleepingLlmIsWokenForItsAgent()
{
    StackSettings settings;
    settings.recipes.wake = WakeType::Http;
    makeStack(settings);
    QVERIFY(m_stack->start("hibernating"));
    startBox();
    QVERIFY(waitUntilAgentIs(QStringLiteral("active")));
    QCOMPARE(m_stack->llm("boxed")[QLatin1String("status")].toString(), QStringLiteral("hibernating"));
    const auto answer = post("/api/v1/agents/local-coder/chat", R"({"message":"Wake up"})");
    QCOMPARE(answer->status(), 200);
    QCOMPARE(m_stack->wakeRuns(), 1);
}

QTEST_GUILESS_MAIN(TestAgents)
#include "tst_agents.moc"
