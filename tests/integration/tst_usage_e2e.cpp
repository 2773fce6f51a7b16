// Usage: counted for every request, streamed or not, without the client noticing, and shown to those who may see it.

#include "pooltest.h"

#include <QDateTime>
#include <QJsonDocument>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestUsageE2e final : public PoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void streamsAreCountedUnnoticed_data();
    void streamsAreCountedUnnoticed();
    void whoAsksForUsageGetsAll_data();
    void whoAsksForUsageGetsAll();
    void aBackendThatIsNotAskedGetsTheBodyAsItCame();
    void everyRouteIsCounted_data();
    void everyRouteIsCounted();
    void everyEndIsCountedAsWhatItIs();
    void everybodySeesTheirOwn();
    void survivesARestart();

private:
    /// A request to the only box; its answer, complete.
    std::unique_ptr<HttpCall> answered(const QByteArray &route, QJsonObject members,
                                       const QByteArray &keyName = "client") const
    {
        HttpRequest request = m_stack->modelRequest(route, members);
        request.fields = {{"Authorization", "Bearer " + m_stack->key(keyName)}, {"Content-Type", "application/json"}};
        auto call = m_stack->call(request);
        call->waitForEnd();
        return call;
    }

    /// What the backend itself answers to the body that it was sent last.
    QByteArray directAnswer(const QByteArray &route) const
    {
        const QByteArray body = m_stack->askBackend({.target = "/test/requests/last/body"})->body();
        return m_stack
            ->askBackend(
                {.method = "POST", .target = route, .fields = {{"Content-Type", "application/json"}}, .body = body})
            ->body();
    }

    QByteArray lastBody() const { return m_stack->askBackend({.target = "/test/requests/last/body"})->body(); }

    QJsonArray rows(const QByteArray &query = {}, const QByteArray &keyName = "admin") const
    {
        return QJsonDocument::fromJson(m_stack->get("/api/v1/usage" + query, keyName)->body()).array();
    }

    static QJsonObject streamed(QJsonObject members = {})
    {
        members[QLatin1String("stream")] = true;
        members[QLatin1String("prompt")] = QStringLiteral("One two three");
        return members;
    }
};

namespace {

/// The stream without the event that only tells the usage.
QByteArray withoutUsageEvent(const QByteArray &stream)
{
    const qsizetype mark = stream.indexOf("\"choices\":[],\"usage\":{");
    if (mark < 0)
        return {};
    const qsizetype begin = stream.lastIndexOf("data:", mark);
    const qsizetype end = stream.indexOf("\n\n", mark) + 2;
    return QByteArray(stream).remove(begin, end - begin);
}

void addStreams()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<QJsonObject>("members");
    const QByteArray chat = "/v1/chat/completions";
    QTest::newRow("chat completions") << chat << QJsonObject();
    QTest::newRow("completions") << QByteArray("/v1/completions") << QJsonObject();
    QTest::newRow("a long stream") << chat << directive({{QStringLiteral("bytes"), 300'000}});
    QTest::newRow("event by event") << chat << directive({{QStringLiteral("rate"), 200}});
    QTest::newRow("other stream options")
        << chat << QJsonObject{{QStringLiteral("stream_options"), QJsonObject{{QStringLiteral("x"), 1}}}};
}

} // namespace

void TestUsageE2e::streamsAreCountedUnnoticed_data()
{
    addStreams();
}

void TestUsageE2e::streamsAreCountedUnnoticed()
{
    QFETCH(QByteArray, route);
    QFETCH(QJsonObject, members);
    QVERIFY(startStack());
    const auto call = answered(route, streamed(members));
    QCOMPARE(call->status(), 200);
    QVERIFY(call->isComplete() && call->saysDone());
    QVERIFY(lastBody().contains("\"include_usage\":true"));
    const QByteArray expected = withoutUsageEvent(directAnswer(route));
    QVERIFY(!expected.isEmpty());
    QVERIFY2(call->body() == expected, "the client sees something else than the backend's stream");
    QVERIFY(usage("inputTokens") > 0);
    QVERIFY(usage("outputTokens") > 0);
}

void TestUsageE2e::whoAsksForUsageGetsAll_data()
{
    addStreams();
}

void TestUsageE2e::whoAsksForUsageGetsAll()
{
    QFETCH(QByteArray, route);
    QFETCH(QJsonObject, members);
    QJsonObject options = members[QLatin1String("stream_options")].toObject();
    options[QLatin1String("include_usage")] = true;
    members[QLatin1String("stream_options")] = options;
    QVERIFY(startStack());
    const auto call = answered(route, streamed(members));
    QCOMPARE(call->status(), 200);
    QVERIFY(call->body().contains("\"choices\":[],\"usage\":{"));
    QVERIFY(call->body() == directAnswer(route));
    QVERIFY(usage("outputTokens") > 0);
}

void TestUsageE2e::aBackendThatIsNotAskedGetsTheBodyAsItCame()
{
    QVERIFY(startBoxes({{.llm = "box", .more = "    streamUsage: false\n"}}));
    const auto call = m_stack->call(askStreamed(prompt("Hello")));
    QVERIFY(call->waitForEnd() && call->saysDone());
    const QJsonObject request = begun().first();
    // The model's name is what differs.
    const qsizetype expected = askStreamed(prompt("Hello")).body.size() - qstrlen(poolName) + qstrlen(Stack::modelName);
    QCOMPARE(request[QLatin1String("bodyBytes")].toInteger(), expected);
    QCOMPARE(usage("requests"), 1);
    QCOMPARE(usage("succeeded"), 1);
}

void TestUsageE2e::everyRouteIsCounted_data()
{
    QTest::addColumn<QByteArray>("route");
    QTest::addColumn<bool>("isStream");
    for (const char *route : {"chat/completions", "completions", "responses", "messages"}) {
        QTest::addRow("%s", route) << QByteArray("/v1/") + route << false;
        QTest::addRow("%s, streamed", route) << QByteArray("/v1/") + route << true;
    }
    QTest::addRow("embeddings") << QByteArray("/v1/embeddings") << false;
}

void TestUsageE2e::everyRouteIsCounted()
{
    QFETCH(QByteArray, route);
    QFETCH(bool, isStream);
    QVERIFY(startStack());
    const auto call =
        answered(route, {{QStringLiteral("stream"), isStream},
                         {QStringLiteral("prompt"), QStringLiteral("One two three")},
                         {QStringLiteral("input"), QStringLiteral("One two three")},
                         {QStringLiteral("max_tokens"), 7},
                         {QStringLiteral("max_output_tokens"), 7},
                         {QStringLiteral("messages"), prompt("One two three")[QLatin1String("messages")]}});
    QCOMPARE(call->status(), 200);
    QCOMPARE(usage("succeeded"), 1);
    QCOMPARE(usage("inputTokens"), 3);
    QCOMPARE(usage("outputTokens"), route == "/v1/embeddings" ? 0 : 7);
}

void TestUsageE2e::everyEndIsCountedAsWhatItIs()
{
    QVERIFY(startBoxes({{.llm = "box"}}, {{QStringLiteral("failover.reconnectGraceSeconds"), QStringLiteral("0")}}));
    const auto send = [this](const QJsonObject &members) {
        auto call = m_stack->call(askStreamed(members));
        call->waitForEnd();
        return call;
    };
    send({});
    QCOMPARE(send(directive({{QStringLiteral("status"), 422}}))->status(), 422);
    QVERIFY(!send(directive({{QStringLiteral("cut"), 3}, {QStringLiteral("rate"), 50}}))->isComplete());
    const QJsonObject endless = directive({{QStringLiteral("rate"), 50}, {QStringLiteral("tokens"), 100'000}});
    auto left = m_stack->call(askStreamed(endless));
    QVERIFY(left->waitForEvents(2));
    left->leave();
    QTRY_COMPARE(usage("cancelled"), 1);
    const auto unanswered = m_stack->call(ask(directive({{QStringLiteral("hang"), true}})));
    QTRY_COMPARE(begun().size(), 5);
    box(0).publisher().kill();
    QVERIFY(unanswered->waitForEnd());
    QCOMPARE(unanswered->status(), 502);
    QCOMPARE(send({})->status(), 503);

    for (const auto &[column, count] :
         {std::pair("requests", 6), std::pair("succeeded", 1), std::pair("rejected", 1), std::pair("truncated", 1),
          std::pair("cancelled", 1), std::pair("failed", 1), std::pair("refused", 1)})
        QVERIFY2(usage(column) == count, column);
}

void TestUsageE2e::everybodySeesTheirOwn()
{
    QVERIFY(startStack());
    QVERIFY(!m_stack->createKey("other", {QStringLiteral("--scope"), QStringLiteral("infer")}).isEmpty());
    QTRY_COMPARE(m_stack->get("/v1/models", "other")->status(), 200);
    answered("/v1/chat/completions", {});
    answered("/v1/chat/completions", {}, "other");
    QCOMPARE(rows().size(), 2);
    QCOMPARE(rows({}, "other").size(), 1);
    const QJsonValue row = rows({}, "other").first();
    QCOMPARE(row[QLatin1String("key")].toString(), QStringLiteral("other"));
    QCOMPARE(row[QLatin1String("owner")].toString(), QStringLiteral("other"));
    QCOMPARE(row[QLatin1String("llm")].toString(), QStringLiteral("test-llm"));
    QCOMPARE(row[QLatin1String("day")].toString(), QDateTime::currentDateTimeUtc().date().toString(Qt::ISODate));
    QCOMPARE(rows("?key=client").size(), 1);
    QCOMPARE(rows("?key=client", "other").size(), 0);
    QCOMPARE(rows("?llm=nothing").size(), 0);
}

void TestUsageE2e::survivesARestart()
{
    QVERIFY(startStack());
    answered("/v1/chat/completions", streamed());
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit());
    QVERIFY(m_stack->startServer() && m_stack->waitUntilLlmIs("active"));
    QCOMPARE(usage("succeeded"), 1);
    answered("/v1/chat/completions", streamed());
    QCOMPARE(usage("succeeded"), 2);
    QCOMPARE(rows().size(), 1);
}

QTEST_GUILESS_MAIN(TestUsageE2e)
#include "tst_usage_e2e.moc"
