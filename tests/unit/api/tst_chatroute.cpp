// `POST /api/v1/agents/{name}/chat`: requests that are refused, and answers, all at once and as events.

#include "chatroutetest.h"

using namespace hearth;
using namespace hearth::testsupport;
using domain::Scope;

namespace {

const QByteArray calling =
    R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f",)"
    R"("arguments":"{}"}}]},"finish_reason":"tool_calls"}]})"
    "\n\n";

} // namespace

class TestChatRoute final : public ChatRouteTest
{
    Q_OBJECT

private Q_SLOTS:
    void wholeAnswer();
    void streamedAnswer();
    void toolCalls_data();
    void toolCalls();
    void badBodies_data();
    void badBodies();
    void longBody();
    void agentsThatAreNotThere_data();
    void agentsThatAreNotThere();
    void scopeIsNeeded();
    void inactiveAgent();
    void nameWithSlashes();
    void secondMessageIsRefused();
};

void TestChatRoute::wholeAnswer()
{
    const auto call = post(R"({"message":"Hi","params":{"temperature":0.1}})");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QCOMPARE(infer->message.path, QByteArray("/chat/completions"));
    QVERIFY(infer->body.contains("\"temperature\":0.1"));
    m_publisher->send(channel::ResponseHead{infer->message.task, 200, {{"content-type", "text/event-stream"}}});
    finish(infer->message.task, said("Hel") + said("lo") + streamEnd);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Responded);
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("content-type"), QByteArray("application/json"));
    const QJsonObject body = call->json();
    const QJsonObject assistant = body[QLatin1String("assistant")].toObject();
    QCOMPARE(assistant[QLatin1String("content")].toString(), QStringLiteral("Hello"));
    QCOMPARE(assistant[QLatin1String("role")].toString(), QStringLiteral("assistant"));
    QCOMPARE(assistant[QLatin1String("status")].toString(), QStringLiteral("complete"));
    QCOMPARE(assistant[QLatin1String("toolCalls")].toArray(), QJsonArray());
    QCOMPARE(body[QLatin1String("usage")][QLatin1String("total_tokens")].toInt(), 5);
    const QByteArray thread = body[QLatin1String("threadId")].toString().toLatin1();
    QCOMPARE(messagesOf(thread).last().toObject(), assistant);
}

void TestChatRoute::streamedAnswer()
{
    const auto call = post(R"({"message":"Hi","stream":true})");
    const TaskId task = m_api->beginAnswer(*m_publisher, "text/event-stream", said("Hel"));
    QVERIFY(call->waitForBody("event: text\ndata: {\"delta\":\"Hel\"}\n\n"));
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("content-type"), QByteArray("text/event-stream"));
    QCOMPARE(call->field("cache-control"), QByteArray("no-store"));
    finish(task, said("lo \\\"you\\\"\\n") + streamEnd);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Finished);
    const auto told = events(call->body());
    QCOMPARE(told.size(), 3);
    QCOMPARE(told[1].second[QLatin1String("delta")].toString(), QStringLiteral("lo \"you\"\n"));
    QCOMPARE(told[2].first, QByteArray("final"));
    const QJsonObject &last = told[2].second;
    QCOMPARE(last[QLatin1String("assistant")][QLatin1String("content")].toString(), QStringLiteral("Hello \"you\"\n"));
    QCOMPARE(last[QLatin1String("usage")][QLatin1String("total_tokens")].toInt(), 5);
    QCOMPARE(messagesOf(last[QLatin1String("threadId")].toString().toLatin1()).size(), 2);
}

void TestChatRoute::toolCalls_data()
{
    QTest::addColumn<bool>("streams");
    QTest::newRow("whole") << false;
    QTest::newRow("streaming") << true;
}

void TestChatRoute::toolCalls()
{
    QFETCH(bool, streams);
    const auto send = [&](const QByteArray &members) {
        return post("{" + members + (streams ? ",\"stream\":true}" : "}"));
    };
    const QJsonObject expected{{QStringLiteral("id"), QStringLiteral("c1")},
                               {QStringLiteral("name"), QStringLiteral("f")},
                               {QStringLiteral("arguments"), QStringLiteral("{}")}};
    const auto asking = send("\"message\":\"?\"");
    answer(calling);
    QVERIFY(asking->waitForEnd());
    const QJsonObject last = streams ? events(asking->body()).last().second : asking->json();
    QCOMPARE(last[QLatin1String("assistant")][QLatin1String("toolCalls")].toArray(), QJsonArray{expected});
    if (streams) {
        QCOMPARE(events(asking->body()).first().first, QByteArray("toolCall"));
        QCOMPARE(events(asking->body()).first().second, expected);
    }
    const QByteArray thread = "\"threadId\":\"" + last[QLatin1String("threadId")].toString().toLatin1() + "\"";

    const auto impatient = send(thread + ",\"message\":\"Well?\"");
    QVERIFY(impatient->waitForEnd());
    QCOMPARE(impatient->status(), 409);
    const auto wrong = send(thread + R"(,"toolResults":[{"toolCallId":"c9","content":"x"}])");
    QVERIFY(wrong->waitForEnd());
    QCOMPARE(wrong->status(), 400);
    QCOMPARE(wrong->error(QLatin1String("param")), QStringLiteral("toolResults"));

    const auto going = send(thread + R"(,"toolResults":[{"toolCallId":"c1","content":"42"}])");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QVERIFY(infer->body.contains(R"({"content":"42","role":"tool","tool_call_id":"c1"})"));
    m_publisher->answer(infer->message.task, 200, R"({"choices":[{"message":{"content":"It is 42."}}]})");
    QVERIFY(going->waitForEnd());
    QVERIFY(going->body().contains("It is 42."));
}

void TestChatRoute::badBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("param");
    const auto row = [](const char *name, const char *body, const char *param, const char *code = "invalid_request") {
        QTest::newRow(name) << QByteArray(body) << QString::fromLatin1(code) << QString::fromLatin1(param);
    };
    row("no JSON", "hello", "", "invalid_json");
    row("a list", "[]", "", "invalid_json");
    row("neither", "{}", "message");
    row("empty message", R"({"message":""})", "message");
    row("no text", R"({"message":["Hi"]})", "message");
    row("both", R"({"message":"Hi","threadId":"t","toolResults":[{"toolCallId":"c","content":"x"}]})", "message");
    row("results without thread", R"({"toolResults":[{"toolCallId":"c","content":"x"}]})", "threadId");
    row("results that are none", R"({"threadId":"t","toolResults":"x"})", "toolResults");
    row("result that is none", R"({"threadId":"t","toolResults":[7]})", "toolResults");
    row("result without id", R"({"threadId":"t","toolResults":[{"content":"x"}]})", "toolResults");
    row("result with more", R"({"threadId":"t","toolResults":[{"toolCallId":"c","content":"x","y":1}]})",
        "toolResults");
    row("thread that is no text", R"({"message":"Hi","threadId":7})", "threadId");
    row("empty thread", R"({"message":"Hi","threadId":""})", "threadId");
    row("stream that is no boolean", R"({"message":"Hi","stream":"yes"})", "stream");
    row("params that are no object", R"({"message":"Hi","params":[]})", "params");
    row("model", R"({"message":"Hi","params":{"model":"x"}})", "params");
    row("messages", R"({"message":"Hi","params":{"messages":[]}})", "params");
    row("stream in params", R"({"message":"Hi","params":{"stream":true}})", "params");
    row("unknown member", R"({"message":"Hi","thread_id":"x"})", "thread_id");
}

void TestChatRoute::badBodies()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    QFETCH(QString, param);
    const auto call = post(body);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 400);
    QCOMPARE(call->errorCode(), code);
    QCOMPARE(call->error(QLatin1String("param")), param);
    QVERIFY(m_api->chats.isIdle());
}

void TestChatRoute::longBody()
{
    make({.chat = {.maxRequest = 1024}});
    const auto call = post("{\"message\":\"" + QByteArray(1024, 'x') + "\"}");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 413);
    QCOMPARE(call->errorCode(), QStringLiteral("body_too_large"));
}

void TestChatRoute::agentsThatAreNotThere_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QStringList>("models");
    QTest::newRow("unknown") << QByteArray("nobody") << QStringList();
    QTest::newRow("an Llm") << QByteArray("m") << QStringList();
    QTest::newRow("not for this key") << QByteArray("coder") << QStringList{QStringLiteral("m")};
}

void TestChatRoute::agentsThatAreNotThere()
{
    QFETCH(QByteArray, name);
    QFETCH(QStringList, models);
    const QByteArray key = m_api->makeKey({Scope::Infer}, [&](domain::ApiKey &row) { row.models = models; });
    const QByteArray body = R"({"message":"Hi"})";
    const auto call = m_api->call({.method = http::Method::Post,
                                   .target = "/api/v1/agents/" + name + "/chat",
                                   .fields = jsonFields(key, body.size()),
                                   .body = body});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 404);
    QCOMPARE(call->errorCode(), QStringLiteral("model_not_found"));
}

void TestChatRoute::scopeIsNeeded()
{
    const QByteArray body = R"({"message":"Hi"})";
    const auto call = m_api->call({.method = http::Method::Post,
                                   .target = chatRoute,
                                   .fields = jsonFields(m_api->publishKey, body.size()),
                                   .body = body});
    QCOMPARE(call->status(), 403);
    QCOMPARE(m_api->call({.method = http::Method::Post, .target = chatRoute})->status(), 401);
    QCOMPARE(m_api->call({.method = http::Method::Get, .target = "/api/v1/threads/x"})->status(), 401);
}

void TestChatRoute::inactiveAgent()
{
    domain::Agent agent = *m_api->server.registry.findAgent(QStringLiteral("coder"));
    agent.status = domain::LlmStatus::Inactive;
    m_api->server.registry.put(agent);
    const auto call = post(R"({"message":"Hi"})");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
}

void TestChatRoute::nameWithSlashes()
{
    m_api->server.add(publicAgent(QStringLiteral("team/chat/coder"), llm(), m_api->clock.wallNow()));
    const auto call = m_api->post("/api/v1/agents/team/chat/coder/chat", R"({"message":"Hi"})");
    answer(said("Hello") + streamEnd);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 200);
}

void TestChatRoute::secondMessageIsRefused()
{
    const auto begun = post(R"({"message":"1"})");
    answer(said("2") + streamEnd);
    QVERIFY(begun->waitForEnd());
    const QByteArray thread = begun->json()[QLatin1String("threadId")].toString().toLatin1();
    const auto first = post("{\"message\":\"3\",\"threadId\":\"" + thread + "\"}");
    const auto second = post("{\"message\":\"4\",\"threadId\":\"" + thread + "\",\"stream\":true}");
    QVERIFY(second->waitForEnd());
    QCOMPARE(second->status(), 409);
    QCOMPARE(second->errorCode(), QStringLiteral("conflict"));
    QCOMPARE(second->error(QLatin1String("message")),
             QStringLiteral("A message is being answered in this thread; wait for it."));
    answer(said("5") + streamEnd);
    QVERIFY(first->waitForEnd());
    QCOMPARE(first->status(), 200);
    QCOMPARE(messagesOf(thread).size(), 4);
}

QTEST_GUILESS_MAIN(TestChatRoute)
#include "tst_chatroute.moc"
