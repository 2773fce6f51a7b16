// Several boxes under one name: who serves, who is woken, who is not, and what clients see of the wait.

#include "pooltest.h"

#include <QRegularExpression>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestPoolsE2e final : public PoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void isListedAndServesByItsName();
    void aBurstSpreads();
    void theSameConversationGoesToTheSameBox();
    void anAgentsBoxesMayBeAPool();
    void ownersShareAPoolUnlessToldOtherwise_data();
    void ownersShareAPoolUnlessToldOtherwise();
    void aPublicLlmStepsInForBoxes();
    void whatAPublicLlmDoesNotTakeABoxServes();
    void fullBoxesHaveASleepingOneWoken();
    void aBoxThatDoesNotWakeUpIsLeftForTheNext();
    void oneWhoWaitsWakesNobodyYet();
    void nobodyThereIsToldAtOnce();
    void answersTellWhoServedAndHowLongTheyWaited();
    void streamsAreToldTheirPlace();
    void explainsItself();

private:
    static QJsonObject hanging() { return directive({{QStringLiteral("hang"), true}}); }

    static QJsonObject endless()
    {
        return directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});
    }

    /// Adds the public Llm `cloud`, whose API is of this type, to the pool. False when it is refused.
    bool addCloud(const QUrl &backend, const QString &type = QStringLiteral("openai")) const
    {
        const auto made = administer("POST", "/api/v1/llms",
                                     {{QStringLiteral("name"), QStringLiteral("cloud")},
                                      {QStringLiteral("type"), type},
                                      {QStringLiteral("model"), QString::fromLatin1(Stack::modelName)},
                                      {QStringLiteral("pool"), QString::fromLatin1(poolName)},
                                      {QStringLiteral("url"), QString(backend.toString() + QStringLiteral("/v1"))}});
        return made->status() == 201;
    }

    /// The name of the Llm that has served the call.
    static QByteArray servedBy(const HttpCall &call) { return call.field("x-hearth-llm"); }
};

void TestPoolsE2e::isListedAndServesByItsName()
{
    QVERIFY(startBoxes(equalBoxes(2)));
    QStringList ids;
    for (const QJsonValue &model : m_stack->get("/v1/models")->json()[QLatin1String("data")].toArray())
        ids.append(model[QLatin1String("id")].toString());
    QCOMPARE(ids, (QStringList{QStringLiteral("box-1"), QStringLiteral("box-2"), QStringLiteral("test-pool")}));
    for (const HttpRequest &request : {ask(prompt("One")), askStreamed(prompt("Two"))}) {
        const auto call = m_stack->call(request);
        QVERIFY(call->waitForEnd() && call->isComplete());
        QCOMPARE(call->status(), 200);
        QVERIFY(saidIn(*call).startsWith("You said:"));
    }
}

void TestPoolsE2e::aBurstSpreads()
{
    QVERIFY(startBoxes(equalBoxes(4, {.maxConcurrency = 2})));
    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < 8; ++i)
        calls.push_back(m_stack->call(ask(hanging())));
    QTRY_COMPARE(begun().size(), 8);
    for (size_t i = 0; i < 4; ++i)
        QCOMPARE(box(i).requests().size(), 2);
    // And not one more than there is room for.
    calls.push_back(m_stack->call(ask(hanging())));
    QTRY_COMPARE(waiting(), 1);
    QCOMPARE(begun().size(), 8);
}

void TestPoolsE2e::theSameConversationGoesToTheSameBox()
{
    QVERIFY(startBoxes(equalBoxes(4)));
    for (const QByteArray &first : {QByteArray("Tell me of fire."), QByteArray("Tell me of water.")}) {
        QSet<QByteArray> boxes;
        QJsonArray messages = prompt(first)[QLatin1String("messages")].toArray();
        for (int turn = 0; turn < 4; ++turn) {
            const auto call = m_stack->call(ask({{QStringLiteral("messages"), messages}}));
            QVERIFY(call->waitForEnd() && call->status() == 200);
            boxes.insert(servedBy(*call));
            messages.append(call->json()[QLatin1String("choices")][0][QLatin1String("message")]);
            messages.append(prompt("Go on.")[QLatin1String("messages")][0]);
        }
        QCOMPARE(boxes.size(), 1);
    }
}

void TestPoolsE2e::anAgentsBoxesMayBeAPool()
{
    QVERIFY(startBoxes(equalBoxes(2, {.maxConcurrency = 1})));
    const auto made = administer("POST", "/api/v1/agents",
                                 {{QStringLiteral("name"), QStringLiteral("coder")},
                                  {QStringLiteral("pool"), QStringLiteral("test-pool")},
                                  {QStringLiteral("systemPrompt"), QStringLiteral("Be brief.")}});
    QCOMPARE(made->status(), 201);
    const auto first = m_stack->call(ask({{QStringLiteral("model"), QStringLiteral("coder")},
                                          {QStringLiteral("x_test"), hanging()[QLatin1String("x_test")]}}));
    QTRY_COMPARE(begun().size(), 1);
    const auto second = m_stack->call(ask({{QStringLiteral("model"), QStringLiteral("coder")}}));
    QVERIFY(second->waitForEnd());
    QCOMPARE(second->status(), 200);
    QCOMPARE(box(0).requests().size(), box(1).requests().size());
}

void TestPoolsE2e::ownersShareAPoolUnlessToldOtherwise_data()
{
    QTest::addColumn<QString>("acrossOwners");
    QTest::addColumn<int>("members");
    QTest::newRow("shared") << QStringLiteral("true") << 2;
    QTest::newRow("not shared") << QStringLiteral("false") << 1;
}

void TestPoolsE2e::ownersShareAPoolUnlessToldOtherwise()
{
    QFETCH(QString, acrossOwners);
    QFETCH(int, members);
    QVERIFY(startBoxes({{.llm = "first"}}, {{QStringLiteral("pool.acrossOwners"), acrossOwners}}));
    QVERIFY(!m_stack->createKey("other", {QStringLiteral("--scope"), QStringLiteral("publish")}).isEmpty());
    Box second(*m_stack, {.llm = "second", .keyName = "other"});
    // One that names a pool which it may not join is not published at all.
    QCOMPARE(second.start(2s), members == 2);
    QCOMPARE(route()[QLatin1String("candidates")].toArray().size(), members);
}

void TestPoolsE2e::aPublicLlmStepsInForBoxes()
{
    QVERIFY(startBoxes({{.llm = "box"}}));
    const auto backend = m_stack->launchBackend({});
    QVERIFY(addCloud(backend->waitForUrl()));
    const auto interrupted = m_stack->call(ask(directive({{QStringLiteral("delay"), 1000}})));
    QTRY_COMPARE(route("box")[QLatin1String("candidates")][0][QLatin1String("running")].toInt() +
                     route("cloud")[QLatin1String("candidates")][0][QLatin1String("running")].toInt(),
                 1);
    box(0).publisher().kill();
    for (int i = 0; i < 4; ++i) {
        const auto call = m_stack->call(ask());
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QCOMPARE(servedBy(*call), QByteArray("cloud"));
    }
    QVERIFY(interrupted->waitForEnd());
    QCOMPARE(interrupted->status(), 200);
}

void TestPoolsE2e::whatAPublicLlmDoesNotTakeABoxServes()
{
    QVERIFY(startBoxes({{.llm = "box"}}));
    const auto backend = m_stack->launchBackend({});
    QVERIFY(addCloud(backend->waitForUrl(), QStringLiteral("anthropic")));
    HttpRequest embeddings = ask({{QStringLiteral("input"), QStringLiteral("Hello")}});
    embeddings.target = "/v1/embeddings";
    for (const HttpRequest &request : {embeddings, ask({{QStringLiteral("n"), 2}})}) {
        // Whichever of the two has been idle for longer is asked first.
        for (int i = 0; i < 4; ++i) {
            const auto call = m_stack->call(request);
            QVERIFY(call->waitForEnd());
            QCOMPARE(call->status(), 200);
            QCOMPARE(servedBy(*call), QByteArray("box"));
        }
    }
    box(0).publisher().kill();
    QTRY_COMPARE(route()[QLatin1String("chosen")].toString(), QStringLiteral("cloud"));
    const auto refused = m_stack->call(embeddings);
    QVERIFY(refused->waitForEnd());
    QCOMPARE(refused->status(), 400);
    QCOMPARE(refused->errorCode(), QStringLiteral("invalid_request"));
}

void TestPoolsE2e::fullBoxesHaveASleepingOneWoken()
{
    QVERIFY(startBoxes({{.llm = "awake", .maxConcurrency = 1}, {.llm = "asleep", .asleep = true}}));
    const auto running = m_stack->call(askStreamed(endless()));
    QVERIFY(running->waitForEvents(1));
    QCOMPARE(servedBy(*running), QByteArray("awake"));
    QCOMPARE(boxOf("asleep").wakes(), 0);

    const auto call = m_stack->call(ask());
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
    QCOMPARE(servedBy(*call), QByteArray("asleep"));
    QCOMPARE(boxOf("asleep").wakes(), 1);
    QVERIFY(running->waitForEvents(running->events().size() + 3));
}

void TestPoolsE2e::aBoxThatDoesNotWakeUpIsLeftForTheNext()
{
    // Both are as good; the one that is tried first may be either.
    QVERIFY(startBoxes(
        {{.llm = "sleeper", .asleep = true},
         {.llm = "broken", .asleep = true, .backendFlags = {QStringLiteral("--wake-status"), QStringLiteral("500")}}}));
    for (int i = 0; i < 2; ++i) {
        const auto call = m_stack->call(ask());
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QCOMPARE(servedBy(*call), QByteArray("sleeper"));
    }
    QCOMPARE(metric("hearth_wakes_total{outcome=\"succeeded\"}"), 1);
}

void TestPoolsE2e::oneWhoWaitsWakesNobodyYet()
{
    QVERIFY(startBoxes({{.llm = "awake", .maxConcurrency = 1}, {.llm = "asleep", .asleep = true}},
                       {{QStringLiteral("pool.wakeWhenQueuedOver"), QStringLiteral("1")}}));
    const auto running = m_stack->call(ask(hanging()));
    QTRY_COMPARE(begun().size(), 1);
    const auto first = m_stack->call(ask());
    QTRY_COMPARE(waiting(), 1);
    QCOMPARE(boxOf("asleep").wakes(), 0);
    const auto second = m_stack->call(ask());
    for (const HttpCall *call : {first.get(), second.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QCOMPARE(servedBy(*call), QByteArray("asleep"));
    }
    QCOMPARE(boxOf("asleep").wakes(), 1);
}

void TestPoolsE2e::nobodyThereIsToldAtOnce()
{
    QVERIFY(startBoxes(equalBoxes(2), {{QStringLiteral("failover.reconnectGraceSeconds"), QStringLiteral("0")}}));
    for (size_t i = 0; i < 2; ++i)
        box(i).publisher().kill();
    for (const QByteArray llm : {"box-1", "box-2"})
        QTRY_COMPARE(m_stack->llm(llm)[QLatin1String("status")].toString(), QStringLiteral("inactive"));
    const auto call = m_stack->call(ask());
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    QCOMPARE(route()[QLatin1String("verdict")].toString(), QStringLiteral("refuse"));
}

void TestPoolsE2e::answersTellWhoServedAndHowLongTheyWaited()
{
    QVERIFY(startBoxes({{.llm = "box", .maxConcurrency = 1}}));
    auto running = m_stack->call(ask(hanging()));
    QTRY_COMPARE(begun().size(), 1);
    const auto whole = m_stack->call(ask());
    const auto stream = m_stack->call(askStreamed());
    QTRY_COMPARE(waiting(), 2);
    QTRY_VERIFY(stream->elapsed() >= 100ms);
    running.reset();
    for (const HttpCall *call : {whole.get(), stream.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QCOMPARE(servedBy(*call), QByteArray("box"));
        bool isNumber = false;
        const qint64 queued = call->field("x-hearth-queue-ms").toLongLong(&isNumber);
        QVERIFY(isNumber);
        // Its way to the queue is not in it.
        QVERIFY2(queued >= 50 && queued <= call->endedAt().count(), call->field("x-hearth-queue-ms").constData());
    }
    const auto direct = m_stack->call(ask());
    QVERIFY(direct->waitForEnd());
    QVERIFY(direct->field("x-hearth-queue-ms").toLongLong() <= direct->endedAt().count());
}

void TestPoolsE2e::streamsAreToldTheirPlace()
{
    QVERIFY(startBoxes({{.llm = "box", .maxConcurrency = 1}},
                       {{QStringLiteral("wake.graceSeconds"), QStringLiteral("0.1")},
                        {QStringLiteral("wake.commentSeconds"), QStringLiteral("0.1")}}));
    auto running = m_stack->call(ask(hanging()));
    QTRY_COMPARE(begun().size(), 1);
    const auto first = m_stack->call(askStreamed());
    QTRY_COMPARE(waiting(), 1);
    const auto second = m_stack->call(askStreamed());
    QTRY_VERIFY(second->comments().size() >= 3);
    static const QRegularExpression pattern(QStringLiteral("\\Aqueued 2 of 2(, about [1-9]\\d* s)?\\z"));
    const QByteArray last = second->comments().last();
    QVERIFY2(pattern.match(QString::fromUtf8(last)).hasMatch(), last.constData());
    QVERIFY(first->comments().last().startsWith("queued 1 of 2"));

    running.reset();
    for (const HttpCall *call : {first.get(), second.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 200);
        QVERIFY(call->isComplete() && call->saysDone());
    }
}

void TestPoolsE2e::explainsItself()
{
    QVERIFY(startBoxes({{.llm = "busy", .maxConcurrency = 1}, {.llm = "asleep", .asleep = true}, {.llm = "gone"}}));
    boxOf("gone").publisher().kill();
    QTRY_COMPARE(m_stack->llm("gone")[QLatin1String("status")].toString(), QStringLiteral("inactive"));
    QJsonObject explained = route();
    QCOMPARE(explained[QLatin1String("kind")].toString(), QStringLiteral("pool"));
    QCOMPARE(explained[QLatin1String("verdict")].toString(), QStringLiteral("dispatch"));
    QCOMPARE(explained[QLatin1String("chosen")].toString(), QStringLiteral("busy"));
    QCOMPARE(explained[QLatin1String("candidates")].toArray().size(), 3);

    const auto running = m_stack->call(ask(hanging()));
    QTRY_COMPARE(begun().size(), 1);
    explained = route();
    QCOMPARE(explained[QLatin1String("verdict")].toString(), QStringLiteral("wake"));
    QCOMPARE(explained[QLatin1String("chosen")].toString(), QStringLiteral("asleep"));
    for (const QJsonValue &candidate : explained[QLatin1String("candidates")].toArray())
        QVERIFY(!candidate[QLatin1String("reason")].toString().isEmpty());
    QCOMPARE(boxOf("asleep").wakes(), 0);
}

QTEST_GUILESS_MAIN(TestPoolsE2e)
#include "tst_pools_e2e.moc"
