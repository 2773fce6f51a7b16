// The chat completion that is made of an agent, a history and the present turn.

#include "chatbody.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::chat;
using namespace hearth::domain;

namespace {

ChatMessage message(MessageRole role, const char *content)
{
    ChatMessage message;
    message.role = role;
    message.content = QString::fromUtf8(content);
    return message;
}

QJsonObject json(const char *text)
{
    return QJsonDocument::fromJson(text).object();
}

QJsonObject body(const Agent &agent, const QJsonObject &params, const TurnStart &start)
{
    return QJsonDocument::fromJson(chatBody(agent, params, start)).object();
}

QJsonArray messagesOf(const TurnStart &start)
{
    return body({}, {}, start)[QLatin1String("messages")].toArray();
}

} // namespace

class TestChatBody final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paramsOfTheCallerGoOverTheAgents();
    void messagesInOrder();
    void toolCalls();
    void argumentsThatAreNoObject_data();
    void argumentsThatAreNoObject();
    void callsThatNothingAnswersAreLeftOut();
};

void TestChatBody::paramsOfTheCallerGoOverTheAgents()
{
    Agent agent;
    agent.systemPrompt = QStringLiteral("Be brief.");
    agent.defaultParams = json(R"({"temperature":0.2,"top_p":0.9,"stop":["x"],"stream_options":{"a":1}})");
    TurnStart start;
    start.present = {message(MessageRole::User, "Hello")};
    QCOMPARE(body(agent, json(R"({"temperature":1,"seed":9007199254740993})"), start),
             json(R"({"temperature":1,"top_p":0.9,"stop":["x"],"seed":9007199254740993,"stream":true,
                      "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}]})"));
    const QByteArray bytes = chatBody(agent, json(R"({"seed":9007199254740993})"), start);
    QVERIFY(bytes.contains("\"seed\":9007199254740993"));
    QVERIFY(!bytes.contains("\"model\""));
}

void TestChatBody::messagesInOrder()
{
    TurnStart start;
    start.history = {message(MessageRole::User, "1"), message(MessageRole::Assistant, "2")};
    start.present = {message(MessageRole::User, "3")};
    QCOMPARE(messagesOf(start), json(R"({"x":[{"role":"user","content":"1"},{"role":"assistant","content":"2"},
                                              {"role":"user","content":"3"}]})")[QLatin1String("x")]
                                    .toArray());
}

void TestChatBody::toolCalls()
{
    ChatMessage asking = message(MessageRole::Assistant, "");
    asking.toolCalls = {{QStringLiteral("c1"), QStringLiteral("f"), QStringLiteral("{\"a\":1}")}};
    ChatMessage result = message(MessageRole::Tool, "42");
    result.toolCallId = QStringLiteral("c1");
    TurnStart start;
    start.present = {message(MessageRole::User, "?"), asking, result};
    QCOMPARE(messagesOf(start), json(R"({"x":[{"role":"user","content":"?"},
                           {"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function",
                                                "function":{"name":"f","arguments":"{\"a\":1}"}}]},
                           {"role":"tool","content":"42","tool_call_id":"c1"}]})")[QLatin1String("x")]
                                    .toArray());
}

void TestChatBody::argumentsThatAreNoObject_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("sent");
    const auto row = [](const char *name, const char *arguments, const char *sent) {
        QTest::newRow(name) << QString::fromUtf8(arguments) << QString::fromUtf8(sent);
    };
    row("object as it was written", R"( { "n": 1.0, "ü": [] } )", R"( { "n": 1.0, "ü": [] } )");
    row("cut off", R"({"path":"/tm")", "{}");
    row("nothing", "", "{}");
    row("null", "null", "{}");
    row("array", "[1]", "{}");
    row("text", "\"{}\"", "{}");
    row("two objects", "{}{}", "{}");
}

void TestChatBody::argumentsThatAreNoObject()
{
    QFETCH(QString, arguments);
    QFETCH(QString, sent);
    ChatMessage asking = message(MessageRole::Assistant, "");
    asking.toolCalls = {{QStringLiteral("c1"), QStringLiteral("f"), arguments}};
    ChatMessage result = message(MessageRole::Tool, "42");
    result.toolCallId = QStringLiteral("c1");
    TurnStart start;
    start.history = {message(MessageRole::User, "?"), asking, result};
    const QJsonValue call = messagesOf(start)[1][QLatin1String("tool_calls")][0];
    QCOMPARE(call[QLatin1String("function")][QLatin1String("arguments")].toString(), sent);
}

void TestChatBody::callsThatNothingAnswersAreLeftOut()
{
    ChatMessage asking = message(MessageRole::Assistant, "wait");
    asking.toolCalls = {{QStringLiteral("c1"), QStringLiteral("f"), QStringLiteral("{}")}};
    TurnStart start;
    start.history = {message(MessageRole::User, "1"), asking};
    start.present = {message(MessageRole::User, "2")};
    const QByteArray bytes = chatBody({}, {}, start);
    QVERIFY(bytes.contains("\"wait\""));
    QVERIFY(!bytes.contains("tool_calls"));
}

QTEST_GUILESS_MAIN(TestChatBody)
#include "tst_chatbody.moc"
