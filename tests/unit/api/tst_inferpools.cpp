// Model requests that name a pool, or an agent that is pinned to one, and what their clients see of the choice.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestInferPools final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { make(); }

    void cleanup();

    void poolIsServedByAMember();
    void nameOfAnLlmComesFirst();
    void poolIsNoNameInAPath();
    void hiddenPoolIsUnknown();
    void agentMayBePinnedToAPool();
    void conversationStaysWhereItWas();
    void streamingClientSeesItsPlace();
    void clientThatDoesNotStreamSeesOnlyTheAnswer();
    void clientThatDoesNotStreamIsNotSentAwayFromActiveMembers();
    void failoverIsNotSeen();
    void usageIsAskedForAndTakenOut();
    void limitOfAKey();

private:
    void make(const ApiHarnessSettings &settings = {});

    std::unique_ptr<ApiCall> chat(const QByteArray &body) { return m_api->post("/v1/chat/completions", body); }

    /// Answers the next request, whoever of the pool has got it; its name.
    QByteArray answer();
    /// Who of the pool has got a request that it has not taken yet.
    FakePublisher &asked();

    std::unique_ptr<ApiHarness> m_api;
    /// `a` and `b`, each of which serves one request at a time, in pool `qwen`.
    std::unique_ptr<FakePublisher> m_a;
    std::unique_ptr<FakePublisher> m_b;
};

void TestInferPools::make(const ApiHarnessSettings &settings)
{
    cleanup();
    m_api = std::make_unique<ApiHarness>(settings);
    const auto publish = [this](const QString &name) {
        channel::LlmEntry llm = entry(name);
        llm.pool = QStringLiteral("qwen");
        llm.maxConcurrency = 1;
        return m_api->server.publish({llm});
    };
    m_a = publish(QStringLiteral("a"));
    m_b = publish(QStringLiteral("b"));
}

void TestInferPools::cleanup()
{
    m_a.reset();
    m_b.reset();
    m_api.reset();
}

FakePublisher &TestInferPools::asked()
{
    const auto isAsked = [](const FakePublisher &publisher) { return publisher.count<channel::Infer>() > 0; };
    if (!QTest::qWaitFor([&] { return isAsked(*m_a) || isAsked(*m_b); }))
        qFatal("No publisher of the pool has got a request.");
    return isAsked(*m_a) ? *m_a : *m_b;
}

QByteArray TestInferPools::answer()
{
    FakePublisher &publisher = asked();
    const std::optional<ReceivedInfer> infer = m_api->nextInfer(publisher);
    if (!infer)
        return {};
    publisher.answer(infer->message.task, 200, "{}");
    return &publisher == m_a.get() ? "a" : "b";
}

void TestInferPools::poolIsServedByAMember()
{
    const auto first = m_api->chat("qwen");
    const auto second = m_api->chat("qwen");
    const QByteArray servers = answer() + answer();
    QVERIFY(first->waitForEnd() && second->waitForEnd());
    QVERIFY(servers == "ab" || servers == "ba");
    QCOMPARE(first->status(), 200);
    QVERIFY(first->field("x-hearth-llm") != second->field("x-hearth-llm"));
    QVERIFY(servers.contains(first->field("x-hearth-llm")));
    QCOMPARE(first->field("x-hearth-queue-ms"), QByteArray("0"));
}

void TestInferPools::nameOfAnLlmComesFirst()
{
    const auto own = m_api->server.publish({entry(QStringLiteral("qwen"))});
    const auto call = m_api->chat("qwen");
    const auto infer = m_api->nextInfer(*own);
    QVERIFY(infer);
    own->answer(infer->message.task, 200, "{}");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->field("x-hearth-llm"), QByteArray("qwen"));
}

void TestInferPools::poolIsNoNameInAPath()
{
    const auto call = m_api->post("/api/v1/llms/qwen/infer", "{}");
    QCOMPARE(call->status(), 404);
    QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
}

void TestInferPools::hiddenPoolIsUnknown()
{
    const QByteArray key =
        m_api->makeKey({domain::Scope::Infer}, [](domain::ApiKey &row) { row.models = {QStringLiteral("a")}; });
    const QByteArray body = R"({"model":"qwen"})";
    const auto call = m_api->call({.method = http::Method::Post,
                                   .target = "/v1/chat/completions",
                                   .fields = jsonFields(key, body.size()),
                                   .body = body});
    QCOMPARE(call->status(), 404);
    QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
}

void TestInferPools::agentMayBePinnedToAPool()
{
    domain::Agent agent;
    agent.id = AgentId::create();
    agent.name = QStringLiteral("coder");
    agent.owner = QStringLiteral("alice");
    agent.pinnedTo = domain::PoolName{QStringLiteral("qwen")};
    agent.systemPrompt = QStringLiteral("Be brief.");
    m_api->server.add(agent);
    const auto first = chat(R"({"model":"coder","messages":[]})");
    const auto infer = m_api->nextInfer(asked());
    QVERIFY(infer);
    QVERIFY(infer->body.contains("Be brief."));
    const auto second = chat(R"({"model":"coder","messages":[],"stream":true})");
    const auto streamed = m_api->nextInfer(asked());
    QVERIFY(streamed);
    QVERIFY(streamed->body.contains("include_usage"));
    QVERIFY(QJsonDocument::fromJson(streamed->body).isObject());
}

void TestInferPools::conversationStaysWhereItWas()
{
    const auto servedBy = [this](const QByteArray &user) {
        const auto call = chat(R"({"model":"qwen","user":")" + user + "\"}");
        const QByteArray server = answer();
        call->waitForEnd();
        return server;
    };
    const QByteArray alices = servedBy("alice");
    const QByteArray bobs = servedBy("bob");
    QVERIFY(alices != bobs);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(servedBy("alice"), alices);
    QCOMPARE(servedBy("bob"), bobs);
}

void TestInferPools::streamingClientSeesItsPlace()
{
    const auto one = m_api->chat("qwen");
    const auto two = m_api->chat("qwen");
    const auto call = chat(R"({"model":"qwen","stream":true})");
    const auto last = chat(R"({"model":"qwen","stream":true})");
    m_api->clock.advance(2s - 1ms);
    QCOMPARE(call->status(), 0);
    m_api->clock.advance(1ms);
    QCOMPARE(call->status(), 200);
    QVERIFY(call->waitForBody(": queued 1 of 2\n\n"));
    QVERIFY(last->waitForBody(": queued 2 of 2\n\n"));
    // Whoever has answered gets the next one.
    FakePublisher &publisher = asked();
    const auto infer = m_api->nextInfer(publisher);
    QVERIFY(infer);
    publisher.answer(infer->message.task, 200, "{}");
    m_api->beginAnswer(publisher, "text/event-stream", "data: x\n\n");
    QVERIFY(call->waitForBody("data: x\n\n"));
    m_api->clock.advance(5s);
    QVERIFY(last->waitForBody(": queued 1 of 1\n\n"));
    QVERIFY(call->field("x-hearth-llm").isEmpty());
}

void TestInferPools::clientThatDoesNotStreamSeesOnlyTheAnswer()
{
    const auto one = m_api->chat("qwen");
    const auto two = m_api->chat("qwen");
    const auto call = m_api->chat("qwen");
    m_api->clock.advance(30s);
    QCOMPARE(call->status(), 0);
    for (int i = 0; i < 3; ++i)
        answer();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("x-hearth-queue-ms"), QByteArray("30000"));
}

void TestInferPools::clientThatDoesNotStreamIsNotSentAwayFromActiveMembers()
{
    make({.api = {.wakeMaxHold = 10s}});
    channel::LlmEntry sleeper = sleepingEntry(QStringLiteral("sleeper"));
    sleeper.pool = QStringLiteral("qwen");
    const auto c = m_api->server.publish({sleeper});
    const auto one = m_api->chat("qwen");
    const auto two = m_api->chat("qwen");
    const auto call = m_api->chat("qwen");
    const auto streamed = chat(R"({"model":"qwen","stream":true})");
    QVERIFY(c->next<channel::Wake>());
    // Beyond what anybody is held for while a wake is all there is to wait for.
    m_api->clock.advance(11s);
    QCOMPARE(call->status(), 0);
    QVERIFY(streamed->waitForBody(": queued 2 of 2\n\n"));
    QVERIFY(!streamed->body().contains("waking"));
    for (int i = 0; i < 3; ++i)
        answer();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
}

void TestInferPools::failoverIsNotSeen()
{
    const auto call = m_api->chat("qwen");
    FakePublisher &lost = asked();
    QVERIFY(m_api->nextInfer(lost));
    lost.breakOff();
    const QByteArray server = answer();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("x-hearth-llm"), server);
}

void TestInferPools::usageIsAskedForAndTakenOut()
{
    const auto call = chat(R"({"model":"qwen","stream":true})");
    const QByteArray text = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"}}]}\n\n";
    const QByteArray usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}\n\n";
    const QByteArray done = "data: [DONE]\n\n";
    const QByteArray sent = text + usage + done;
    FakePublisher &publisher = asked();
    const TaskId task = m_api->beginAnswer(publisher, "text/event-stream", sent);
    publisher.send(channel::ResponseEnd{task});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Finished);
    QCOMPARE(call->body(), text + done);
}

void TestInferPools::limitOfAKey()
{
    const QByteArray key =
        m_api->makeKey({domain::Scope::Infer}, [](domain::ApiKey &row) { row.limits.requestsPerMinute = 1; });
    const QByteArray body = R"({"model":"qwen"})";
    const ApiRequest request{.method = http::Method::Post,
                             .target = "/v1/chat/completions",
                             .fields = jsonFields(key, body.size()),
                             .body = body};
    const auto first = m_api->call(request);
    const auto second = m_api->call(request);
    QCOMPARE(second->status(), 429);
    QCOMPARE(second->errorCode(), QStringLiteral("rate_limited"));
    const int retryAfter = second->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);
    answer();
    QVERIFY(first->waitForEnd());
}

QTEST_GUILESS_MAIN(TestInferPools)
#include "tst_inferpools.moc"
