// Chat threads with real programs: asked, streamed, with tools, and across the end of a server in mid-answer.

#include "notifysocket.h"
#include "stacktest.h"

#include <QJsonDocument>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestChats final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void threadGoesOn();
    void answersAreStreamed();
    void toolsAreCalled();
    void clientThatLeavesFindsItsAnswerLater();
    void killedServerLeavesAnError();
    void stoppedServerFinishesTheTurn();
    void stoppedServerStoresWhatNobodyWaitsFor();
    void stoppedServerGivesUpWhatNobodyWaitsFor();
    void oneTurnAtATime();
    void failingBackendIsTold();
    void threadsArePrivate();

private:
    bool startWithAgent(const StackSettings &settings = {});
    /// Begins an answer of so many tokens, 20 a second, whose client leaves.
    void leaveAlone(int tokens) const;
    HttpRequest chatRequest(const QJsonObject &body, const QByteArray &key = "client") const;
    std::unique_ptr<HttpCall> ask(const QJsonObject &body) const;
    QJsonArray messages(const QString &thread) const;

    static QString threadOf(const HttpCall &call) { return call.json()[QLatin1String("threadId")].toString(); }
};

namespace {

QJsonObject slowParams(int tokens)
{
    return {{QStringLiteral("x_test"), QJsonObject{{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), tokens}}}};
}

QJsonObject said(const QString &message, const QJsonObject &more = {})
{
    QJsonObject body{{QStringLiteral("message"), message}};
    for (auto it = more.begin(); it != more.end(); ++it)
        body[it.key()] = it.value();
    return body;
}

} // namespace

bool TestChats::startWithAgent(const StackSettings &settings)
{
    if (!startStack(settings))
        return false;
    const auto created = m_stack->call(
        {.method = "POST",
         .target = "/api/v1/agents",
         .fields = {{"Authorization", "Bearer " + m_stack->key("admin")}, {"Content-Type", "application/json"}},
         .body = R"({"name":"coder","llm":"test-llm","systemPrompt":"Be brief."})"});
    return created->waitForEnd() && created->status() == 201;
}

HttpRequest TestChats::chatRequest(const QJsonObject &body, const QByteArray &key) const
{
    return {.method = "POST",
            .target = "/api/v1/agents/coder/chat",
            .fields = {{"Authorization", "Bearer " + m_stack->key(key)}, {"Content-Type", "application/json"}},
            .body = QJsonDocument(body).toJson(QJsonDocument::Compact)};
}

std::unique_ptr<HttpCall> TestChats::ask(const QJsonObject &body) const
{
    auto answer = m_stack->call(chatRequest(body));
    answer->waitForEnd();
    return answer;
}

QJsonArray TestChats::messages(const QString &thread) const
{
    return m_stack->get("/api/v1/threads/" + thread.toLatin1() + "/messages")->json()[QLatin1String("data")].toArray();
}

void TestChats::threadGoesOn()
{
    QVERIFY(startWithAgent());
    const auto first = ask(said(QStringLiteral("Hello there")));
    QCOMPARE(first->status(), 200);
    const QString thread = threadOf(*first);
    QVERIFY(!thread.isEmpty());
    const auto second = ask(said(QStringLiteral("And again"), {{QStringLiteral("threadId"), thread}}));
    QCOMPARE(second->status(), 200);
    QCOMPARE(threadOf(*second), thread);

    const QJsonArray all = messages(thread);
    QStringList roles;
    for (const QJsonValue message : all) {
        roles.append(message[QLatin1String("role")].toString());
        QCOMPARE(message[QLatin1String("status")].toString(), QStringLiteral("complete"));
    }
    QCOMPARE(roles, (QStringList{QStringLiteral("user"), QStringLiteral("assistant"), QStringLiteral("user"),
                                 QStringLiteral("assistant")}));
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit());
    QVERIFY(m_stack->startServer());
    QCOMPARE(messages(thread), all);
    const QJsonObject row = m_stack->get("/api/v1/threads/" + thread.toLatin1())->json();
    QCOMPARE(row[QLatin1String("title")].toString(), QStringLiteral("Hello there"));
}

void TestChats::answersAreStreamed()
{
    QVERIFY(startWithAgent());
    const auto answer = ask(said(QStringLiteral("Hello"), {{QStringLiteral("stream"), true}}));
    QCOMPARE(answer->status(), 200);
    QVERIFY(answer->isComplete());
    QString text;
    for (const StreamEvent &event : answer->events()) {
        if (event.type == "text")
            text += event.json()[QLatin1String("delta")].toString();
    }
    const StreamEvent last = answer->events().constLast();
    QCOMPARE(last.type, QByteArray("final"));
    QVERIFY(!text.isEmpty());
    const QJsonArray stored = messages(last.json()[QLatin1String("threadId")].toString());
    QCOMPARE(stored.last()[QLatin1String("content")].toString(), text);
}

void TestChats::toolsAreCalled()
{
    QVERIFY(startWithAgent());
    const QJsonArray tools =
        QJsonDocument::fromJson(R"([{"type":"function","function":{"name":"weather","parameters":{}}}])").array();
    const QJsonObject params{{QStringLiteral("tools"), tools}};
    const auto asked = ask(said(QStringLiteral("How is the weather?"), {{QStringLiteral("params"), params}}));
    QCOMPARE(asked->status(), 200);
    const QJsonArray calls = asked->json()[QLatin1String("assistant")][QLatin1String("toolCalls")].toArray();
    QCOMPARE(calls.size(), 1);
    const QString thread = threadOf(*asked);
    const QJsonObject result{{QStringLiteral("toolCallId"), calls.first()[QLatin1String("id")]},
                             {QStringLiteral("content"), QStringLiteral("sunny")}};
    const auto answered = ask({{QStringLiteral("threadId"), thread},
                               {QStringLiteral("params"), params},
                               {QStringLiteral("toolResults"), QJsonArray{result}}});
    QCOMPARE(answered->status(), 200);
    QVERIFY(!answered->json()[QLatin1String("assistant")][QLatin1String("content")].toString().isEmpty());
    QCOMPARE(messages(thread).size(), 4);
}

void TestChats::clientThatLeavesFindsItsAnswerLater()
{
    QVERIFY(startWithAgent());
    const QJsonObject params = slowParams(40);
    const auto stream = m_stack->call(chatRequest(
        said(QStringLiteral("Slowly"), {{QStringLiteral("stream"), true}, {QStringLiteral("params"), params}})));
    QVERIFY(stream->waitForEvents(2));
    stream->leave();
    const QJsonObject thread =
        m_stack->get("/api/v1/agents/coder/threads")->json()[QLatin1String("data")][0].toObject();
    const QString id = thread[QLatin1String("id")].toString();
    QTRY_COMPARE_WITH_TIMEOUT(messages(id).last()[QLatin1String("status")].toString(), QStringLiteral("complete"),
                              10'000);
}

void TestChats::killedServerLeavesAnError()
{
    QVERIFY(startWithAgent());
    const auto stream =
        m_stack->call(chatRequest(said(QStringLiteral("Endless"), {{QStringLiteral("stream"), true},
                                                                   {QStringLiteral("params"), slowParams(100'000)}})));
    QVERIFY(stream->waitForEvents(3));
    m_stack->server().kill();
    QVERIFY(m_stack->startServer());
    QVERIFY(m_stack->waitUntilLlmIs("active"));
    const QJsonObject thread =
        m_stack->get("/api/v1/agents/coder/threads")->json()[QLatin1String("data")][0].toObject();
    const QString id = thread[QLatin1String("id")].toString();
    const QJsonArray all = messages(id);
    QCOMPARE(all.size(), 2);
    QCOMPARE(all.first()[QLatin1String("content")].toString(), QStringLiteral("Endless"));
    QCOMPARE(all.last()[QLatin1String("status")].toString(), QStringLiteral("error"));
    // The thread goes on.
    QCOMPARE(ask(said(QStringLiteral("Again"), {{QStringLiteral("threadId"), id}}))->status(), 200);
}

void TestChats::stoppedServerFinishesTheTurn()
{
    QVERIFY(startWithAgent());
    const auto answer =
        m_stack->call(chatRequest(said(QStringLiteral("A while"), {{QStringLiteral("params"), slowParams(30)}})));
    QTRY_COMPARE(m_stack->llm()[QLatin1String("running")].toInt(-1), 1);
    m_stack->server().signal(SIGTERM);
    QVERIFY(answer->waitForEnd());
    QCOMPARE(answer->status(), 200);
    QVERIFY(m_stack->server().waitForExit());
    QVERIFY(m_stack->startServer());
    QCOMPARE(messages(threadOf(*answer)).last()[QLatin1String("status")].toString(), QStringLiteral("complete"));
}

void TestChats::leaveAlone(int tokens) const
{
    const auto stream =
        m_stack->call(chatRequest(said(QStringLiteral("A while"), {{QStringLiteral("stream"), true},
                                                                   {QStringLiteral("params"), slowParams(tokens)}})));
    QVERIFY(stream->waitForEvents(1));
}

void TestChats::stoppedServerStoresWhatNobodyWaitsFor()
{
    NotifySocket manager;
    QVERIFY(startWithAgent());
    leaveAlone(60);
    m_stack->server().signal(SIGTERM);
    QByteArray status;
    do
        status = manager.next();
    while (!status.isEmpty() && status != "STATUS=draining: storing the last answers");
    QVERIFY(!status.isEmpty());
    QVERIFY(m_stack->server().waitForExit());
    QCOMPARE(m_stack->server().exitCode(), 0);
    QVERIFY(!m_stack->server().log().contains("giving up"));
    QVERIFY(m_stack->startServer());
    const QJsonObject thread =
        m_stack->get("/api/v1/agents/coder/threads")->json()[QLatin1String("data")][0].toObject();
    QCOMPARE(messages(thread[QLatin1String("id")].toString()).last()[QLatin1String("status")].toString(),
             QStringLiteral("complete"));
}

void TestChats::stoppedServerGivesUpWhatNobodyWaitsFor()
{
    QVERIFY(startWithAgent({.server = {{QStringLiteral("shutdown.drainSeconds"), QStringLiteral("0.7")}}}));
    leaveAlone(100'000);
    m_stack->server().signal(SIGTERM);
    QVERIFY(m_stack->server().waitForExit());
    QVERIFY(m_stack->server().log().contains("giving up answers in chats that are still to be stored"));
}

void TestChats::oneTurnAtATime()
{
    QVERIFY(startWithAgent());
    const QString thread = threadOf(*ask(said(QStringLiteral("Hello"))));
    const QJsonObject inThread{{QStringLiteral("threadId"), thread}, {QStringLiteral("params"), slowParams(20)}};
    const auto first = m_stack->call(chatRequest(said(QStringLiteral("one"), inThread)));
    QTRY_COMPARE(messages(thread).size(), 4);
    const auto second = ask(said(QStringLiteral("two"), inThread));
    QCOMPARE(second->status(), 409);
    QVERIFY(first->waitForEnd());
    QCOMPARE(first->status(), 200);
    QCOMPARE(messages(thread).size(), 4);
}

void TestChats::failingBackendIsTold()
{
    QVERIFY(startWithAgent());
    const QJsonObject params{{QStringLiteral("x_test"), QJsonObject{{QStringLiteral("cut"), 3}}}};
    const auto answer = ask(said(QStringLiteral("Break"), {{QStringLiteral("params"), params}}));
    QCOMPARE(answer->status(), 502);
    QCOMPARE(answer->errorCode(), QStringLiteral("backend_error"));
    const QJsonObject thread =
        m_stack->get("/api/v1/agents/coder/threads")->json()[QLatin1String("data")][0].toObject();
    const QJsonArray all = messages(thread[QLatin1String("id")].toString());
    QCOMPARE(all.last()[QLatin1String("status")].toString(), QStringLiteral("error"));
}

void TestChats::threadsArePrivate()
{
    QVERIFY(startWithAgent());
    const QString thread = threadOf(*ask(said(QStringLiteral("Mine"))));
    const QByteArray other = m_stack->createKey("mallory", {QStringLiteral("--scope"), QStringLiteral("infer")});
    const auto asMallory = [this, &other](const QByteArray &method, const QByteArray &target) {
        auto call =
            m_stack->call({.method = method, .target = target, .fields = {{"Authorization", "Bearer " + other}}});
        call->waitForEnd();
        return call->status();
    };
    const QByteArray path = "/api/v1/threads/" + thread.toLatin1();
    // A running server takes a moment to learn of the new key.
    QTRY_COMPARE(asMallory("GET", path), 404);
    QCOMPARE(asMallory("GET", path + "/messages"), 404);
    QCOMPARE(asMallory("DELETE", path), 404);
    QCOMPARE(messages(thread).size(), 2);
}

QTEST_GUILESS_MAIN(TestChats)
#include "tst_chats.moc"
