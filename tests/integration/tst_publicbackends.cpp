// Public Llms with real programs: the server itself reaches the backend, as it comes or translated, and the key that
// the backend wants is nowhere else.

#include "stacktest.h"

#include <QDirIterator>
#include <QJsonDocument>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;

class TestPublicBackends final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void bytesPassThrough_data();
    void bytesPassThrough();
    void streamsPassThrough();
    void chatIsTranslatedForAnthropic_data();
    void chatIsTranslatedForAnthropic();
    void messagesPassThroughToAnthropic();
    void otherRoutesOfAnthropicAreRefused();
    void deadBackendIsAProperError();
    void clientThatLeavesStopsTheBackend();
    void keyIsNowhereElse();
    void rowsOutliveTheServer();
    void theServerIsNoPublicLlm();
    void agentOfAPublicLlm_data();
    void agentOfAPublicLlm();
    void chatWithAnAgentOfAPublicLlm_data();
    void chatWithAnAgentOfAPublicLlm();
    void chatOverAPublicLlmIsStreamed_data();
    void chatOverAPublicLlmIsStreamed();
    void chatOverAPublicLlmCallsTools();

private:
    /// A stack without a publisher, whose backend wants a key.
    bool startWithoutPublisher();
    std::unique_ptr<HttpCall> admin(const QByteArray &method, const QByteArray &target, const QJsonObject &body) const;
    bool addLlm(const QString &type = QStringLiteral("openai"), const QString &url = {}) const;
    /// An agent `sage` of this Llm, with a prompt.
    bool addAgent() const;
    /// The body of the last request that the backend has got, and that its path was this one; empty where it was not.
    QJsonObject lastBody(const QString &path) const;
    std::unique_ptr<HttpCall> ask(const QByteArray &route, const QJsonObject &members = {}) const;
};

namespace {

constexpr char backendKey[] = "sk-canary-of-a-public-llm-42";

constexpr char agentPrompt[] = "You are a \"sage\"; be brief.";

/// Which dialect a backend speaks, and where it is asked for that.
void addDialects()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("path");
    QTest::newRow("openai") << QStringLiteral("openai") << QStringLiteral("/v1/chat/completions");
    QTest::newRow("anthropic") << QStringLiteral("anthropic") << QStringLiteral("/v1/messages");
}

/// The system prompt of a request, in the dialect of its backend.
QString promptOf(const QJsonObject &body, const QString &type)
{
    if (type == QLatin1String("anthropic"))
        return body[QLatin1String("system")][0][QLatin1String("text")].toString();
    const QJsonValue first = body[QLatin1String("messages")][0];
    return first[QLatin1String("role")].toString() == QLatin1String("system")
               ? first[QLatin1String("content")].toString()
               : QString();
}

QJsonObject publicModel(const QJsonObject &members = {})
{
    QJsonObject all{{QStringLiteral("model"), QStringLiteral("cloud")}};
    for (auto it = members.begin(); it != members.end(); ++it)
        all[it.key()] = it.value();
    return all;
}

} // namespace

bool TestPublicBackends::startWithoutPublisher()
{
    makeStack({.backendFlags = {QStringLiteral("--api-key"), QString::fromLatin1(backendKey)}});
    return m_stack->makeKeys() && m_stack->startBackend() && m_stack->startServer();
}

std::unique_ptr<HttpCall> TestPublicBackends::admin(const QByteArray &method, const QByteArray &target,
                                                    const QJsonObject &body) const
{
    auto answer = m_stack->call(
        {.method = method,
         .target = target,
         .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}, {"Content-Type", "application/json"}},
         .body = QJsonDocument(body).toJson(QJsonDocument::Compact)});
    answer->waitForEnd();
    return answer;
}

bool TestPublicBackends::addLlm(const QString &type, const QString &url) const
{
    const QString backend = m_stack->backendUrl().toString() + QStringLiteral("/v1");
    const auto created = admin("POST", "/api/v1/llms",
                               {{QStringLiteral("name"), QStringLiteral("cloud")},
                                {QStringLiteral("url"), url.isEmpty() ? backend : url},
                                {QStringLiteral("model"), QString::fromLatin1(Stack::modelName)},
                                {QStringLiteral("type"), type},
                                {QStringLiteral("apiKey"), QString::fromLatin1(backendKey)}});
    return created->status() == 201;
}

std::unique_ptr<HttpCall> TestPublicBackends::ask(const QByteArray &route, const QJsonObject &members) const
{
    auto answer = m_stack->call(m_stack->modelRequest(route, publicModel(members)));
    answer->waitForEnd();
    return answer;
}

bool TestPublicBackends::addAgent() const
{
    const auto created = admin("POST", "/api/v1/agents",
                               {{QStringLiteral("name"), QStringLiteral("sage")},
                                {QStringLiteral("llm"), QStringLiteral("cloud")},
                                {QStringLiteral("systemPrompt"), QString::fromLatin1(agentPrompt)}});
    return created->status() == 201;
}

QJsonObject TestPublicBackends::lastBody(const QString &path) const
{
    if (m_stack->backendRequests().value(0)[QLatin1String("path")].toString() != path)
        return {};
    return QJsonDocument::fromJson(m_stack->askBackend({.target = "/test/requests/last/body"})->body()).object();
}

void TestPublicBackends::bytesPassThrough_data()
{
    QTest::addColumn<QByteArray>("route");
    for (const char *route :
         {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/rerank", "/v1/messages"})
        QTest::newRow(route) << QByteArray(route);
}

void TestPublicBackends::bytesPassThrough()
{
    QFETCH(QByteArray, route);
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    const QJsonObject members{{QStringLiteral("prompt"), QStringLiteral("p")},
                              {QStringLiteral("input"), QStringLiteral("i")},
                              {QStringLiteral("query"), QStringLiteral("q")},
                              {QStringLiteral("documents"), QJsonArray{QStringLiteral("d")}}};
    const auto relayed = ask(route, members);
    QCOMPARE(relayed->status(), 200);
    HttpRequest direct = m_stack->modelRequest(route, publicModel(members));
    direct.body.replace("\"cloud\"", "\"test-model\"");
    direct.fields = {{"Authorization", QByteArray("Bearer ") + backendKey}, {"Content-Type", "application/json"}};
    QCOMPARE(relayed->body(), m_stack->askBackend(direct)->body());
}

void TestPublicBackends::streamsPassThrough()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    const auto streamed = ask("/v1/chat/completions", {{QStringLiteral("stream"), true}});
    QCOMPARE(streamed->status(), 200);
    QVERIFY(streamed->saysDone());
    QVERIFY(streamed->isComplete());
}

void TestPublicBackends::chatIsTranslatedForAnthropic_data()
{
    QTest::addColumn<bool>("streamed");
    QTest::newRow("whole") << false;
    QTest::newRow("streamed") << true;
}

void TestPublicBackends::chatIsTranslatedForAnthropic()
{
    QFETCH(bool, streamed);
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(QStringLiteral("anthropic")));
    const auto answer = ask("/v1/chat/completions", {{QStringLiteral("stream"), streamed}});
    QCOMPARE(answer->status(), 200);
    QVERIFY(answer->isComplete());
    const QJsonObject received = m_stack->backendRequests().constFirst();
    QCOMPARE(received[QLatin1String("path")].toString(), QStringLiteral("/v1/messages"));
    if (!streamed) {
        const QJsonObject json = answer->json();
        QCOMPARE(json[QLatin1String("object")].toString(), QStringLiteral("chat.completion"));
        QVERIFY(!json[QLatin1String("choices")][0][QLatin1String("message")][QLatin1String("content")]
                     .toString()
                     .isEmpty());
        QVERIFY(json[QLatin1String("usage")][QLatin1String("total_tokens")].toInt() > 0);
        return;
    }
    QVERIFY(answer->saysDone());
    QString text;
    for (const StreamEvent &event : answer->events())
        text += event.json()[QLatin1String("choices")][0][QLatin1String("delta")][QLatin1String("content")].toString();
    QVERIFY(!text.isEmpty());
}

void TestPublicBackends::messagesPassThroughToAnthropic()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(QStringLiteral("anthropic")));
    const auto answer = ask("/v1/messages", {{QStringLiteral("max_tokens"), 50}});
    QCOMPARE(answer->status(), 200);
    QCOMPARE(answer->json()[QLatin1String("type")].toString(), QStringLiteral("message"));
}

void TestPublicBackends::otherRoutesOfAnthropicAreRefused()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(QStringLiteral("anthropic")));
    for (const char *route : {"/v1/embeddings", "/v1/completions", "/v1/rerank", "/v1/responses"}) {
        const auto answer = ask(route);
        QCOMPARE(answer->status(), 400);
        QCOMPARE(answer->errorCode(), QStringLiteral("invalid_request"));
    }
    QVERIFY(m_stack->backendRequests().isEmpty());
}

void TestPublicBackends::deadBackendIsAProperError()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    m_stack->backend().kill();
    const auto answer = ask("/v1/chat/completions");
    QCOMPARE(answer->status(), 502);
    QCOMPARE(answer->errorCode(), QStringLiteral("backend_unreachable"));
    QVERIFY(!answer->body().contains("127.0.0.1"));
    QVERIFY(m_stack->startBackend());
    QCOMPARE(ask("/v1/chat/completions")->status(), 200);
}

void TestPublicBackends::clientThatLeavesStopsTheBackend()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});
    QJsonObject members = publicModel(endless);
    const auto stream = m_stack->call(m_stack->chat(members));
    QVERIFY(stream->waitForEvents(3));
    stream->leave();
    QTRY_COMPARE_WITH_TIMEOUT(m_stack->backendRequests().value(0)[QLatin1String("outcome")].toString(),
                              QStringLiteral("aborted"), 2000);
    QTRY_COMPARE(m_stack->llm("cloud")[QLatin1String("running")].toInt(-1), 0);
}

void TestPublicBackends::keyIsNowhereElse()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    QCOMPARE(ask("/v1/chat/completions")->status(), 200);
    QByteArray seen = m_stack->get("/api/v1/llms", "admin")->body() + m_stack->get("/v1/models")->body();
    // A backend that refuses the key, one that is gone, and an edit that is refused.
    admin("PATCH", "/api/v1/llms/cloud", {{QStringLiteral("apiKey"), QStringLiteral("sk-canary-of-a-public-llm-43")}});
    seen += ask("/v1/chat/completions")->body();
    m_stack->backend().kill();
    seen += ask("/v1/chat/completions")->body();
    seen += admin("PATCH", "/api/v1/llms/cloud",
                  {{QStringLiteral("apiKey"), QStringLiteral("sk-canary-of-a-public-llm-44")},
                   {QStringLiteral("url"), QStringLiteral("ftp://x")}})
                ->body();
    QVERIFY(!seen.contains("canary"));
    QCOMPARE(m_stack->finish(), QString());
    int files = 0;
    for (QDirIterator it(m_stack->path(QString()), QDir::Files, QDirIterator::Subdirectories); it.hasNext(); ++files) {
        QFile file(it.next());
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QVERIFY2(!file.readAll().contains("canary"), qPrintable(file.fileName()));
    }
    QVERIFY(files >= 3);
}

void TestPublicBackends::rowsOutliveTheServer()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    const QJsonObject before = m_stack->llm("cloud");
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit());
    QVERIFY(m_stack->startServer());
    QCOMPARE(m_stack->llm("cloud"), before);
    QCOMPARE(ask("/v1/chat/completions")->status(), 200);
}

void TestPublicBackends::theServerIsNoPublicLlm()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(!addLlm(QStringLiteral("openai"), m_stack->serverUrl().toString() + QStringLiteral("/v1")));
    QVERIFY(m_stack->llm("cloud").isEmpty() || m_stack->llm("cloud").contains(QLatin1String("error")));
}

void TestPublicBackends::agentOfAPublicLlm_data()
{
    addDialects();
}

void TestPublicBackends::agentOfAPublicLlm()
{
    QFETCH(QString, type);
    QFETCH(QString, path);
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(type));
    QVERIFY(addAgent());
    const auto answer = ask("/v1/chat/completions", {{QStringLiteral("model"), QStringLiteral("sage")}});
    QCOMPARE(answer->status(), 200);
    QCOMPARE(answer->json()[QLatin1String("object")].toString(), QStringLiteral("chat.completion"));
    const QJsonObject received = lastBody(path);
    QCOMPARE(received[QLatin1String("model")].toString(), QString::fromLatin1(Stack::modelName));
    QCOMPARE(promptOf(received, type), QString::fromLatin1(agentPrompt));
}

void TestPublicBackends::chatWithAnAgentOfAPublicLlm_data()
{
    addDialects();
}

void TestPublicBackends::chatWithAnAgentOfAPublicLlm()
{
    QFETCH(QString, type);
    QFETCH(QString, path);
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(type));
    QVERIFY(addAgent());
    const auto answer =
        admin("POST", "/api/v1/agents/sage/chat", {{QStringLiteral("message"), QStringLiteral("Hello there")}});
    QCOMPARE(answer->status(), 200);
    const QJsonObject received = lastBody(path);
    QCOMPARE(received[QLatin1String("model")].toString(), QString::fromLatin1(Stack::modelName));
    QCOMPARE(promptOf(received, type), QString::fromLatin1(agentPrompt));
    QVERIFY(QJsonDocument(received).toJson().contains("Hello there"));
    const QByteArray thread = answer->json()[QLatin1String("threadId")].toString().toLatin1();
    const QJsonArray messages =
        m_stack->get("/api/v1/threads/" + thread + "/messages", "admin")->json()[QLatin1String("data")].toArray();
    QCOMPARE(messages.size(), 2);
    QVERIFY(!messages[1][QLatin1String("content")].toString().isEmpty());
    QCOMPARE(messages[1][QLatin1String("status")].toString(), QStringLiteral("complete"));
}

void TestPublicBackends::chatOverAPublicLlmIsStreamed_data()
{
    addDialects();
}

void TestPublicBackends::chatOverAPublicLlmIsStreamed()
{
    QFETCH(QString, type);
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm(type));
    QVERIFY(addAgent());
    const auto answer =
        admin("POST", "/api/v1/agents/sage/chat",
              {{QStringLiteral("message"), QStringLiteral("Hello there")}, {QStringLiteral("stream"), true}});
    QCOMPARE(answer->status(), 200);
    QVERIFY(answer->isComplete());
    QString text;
    for (const StreamEvent &event : answer->events()) {
        if (event.type == "text")
            text += event.json()[QLatin1String("delta")].toString();
    }
    QVERIFY(!text.isEmpty());
    const StreamEvent last = answer->events().constLast();
    QCOMPARE(last.type, QByteArray("final"));
    QCOMPARE(last.json()[QLatin1String("assistant")][QLatin1String("content")].toString(), text);
}

void TestPublicBackends::chatOverAPublicLlmCallsTools()
{
    QVERIFY(startWithoutPublisher());
    QVERIFY(addLlm());
    QVERIFY(addAgent());
    const QJsonObject params =
        QJsonDocument::fromJson(R"({"tools":[{"type":"function","function":{"name":"weather","parameters":{}}}]})")
            .object();
    const auto asked =
        admin("POST", "/api/v1/agents/sage/chat",
              {{QStringLiteral("message"), QStringLiteral("Weather?")}, {QStringLiteral("params"), params}});
    QCOMPARE(asked->status(), 200);
    const QJsonArray calls = asked->json()[QLatin1String("assistant")][QLatin1String("toolCalls")].toArray();
    QCOMPARE(calls.size(), 1);
    const QJsonObject result{{QStringLiteral("toolCallId"), calls.first()[QLatin1String("id")]},
                             {QStringLiteral("content"), QStringLiteral("sunny")}};
    const auto answered = admin("POST", "/api/v1/agents/sage/chat",
                                {{QStringLiteral("threadId"), asked->json()[QLatin1String("threadId")]},
                                 {QStringLiteral("params"), params},
                                 {QStringLiteral("toolResults"), QJsonArray{result}}});
    QCOMPARE(answered->status(), 200);
    QVERIFY(!answered->json()[QLatin1String("assistant")][QLatin1String("content")].toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestPublicBackends)
#include "tst_publicbackends.moc"
