// Chat completion requests as requests to the Messages API: what each field becomes, and what is refused.

#include "chattomessages.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace Qt::StringLiterals;

namespace {

constexpr int defaultMaxTokens = 4096;

QJsonValue parsed(const QByteArray &json)
{
    const QJsonDocument document = QJsonDocument::fromJson("[" + json + "]");
    if (!document.isArray())
        qFatal("The expectation is no JSON.");
    return document[0];
}

/// A request with `members` beside one message.
QByteArray chatWith(const QByteArray &members)
{
    return R"({"model":"m","messages":[{"role":"user","content":"hi"}],)" + members + '}';
}

Result<MessagesRequest> translated(const QByteArray &chat)
{
    return chatToMessages(chat, u"claude-x"_s, defaultMaxTokens);
}

} // namespace

class TestChatToMessages final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void simplest();
    void members_data();
    void members();
    void messages_data();
    void messages();
    void systemMessages();
    void streams();
    void schemasStayAsTheyCame();
    void schemasGetTheirType();
    void calledToolsAreDeclared_data();
    void calledToolsAreDeclared();
    void idsAreLegal();
    void refusals_data();
    void refusals();
};

void TestChatToMessages::simplest()
{
    const Result<MessagesRequest> request =
        translated(R"({"model":"public-name","messages":[{"role":"user","content":"hi"}]})");
    QVERIFY(request);
    QCOMPARE(request.value().body,
             QByteArray(R"({"model":"claude-x","max_tokens":4096,)"
                        R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})"));
    QVERIFY(!request.value().stream);
    QVERIFY(!request.value().includeUsage);
}

void TestChatToMessages::members_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *given, const char *expected) {
        QTest::newRow(name) << QByteArray(given) << QByteArray(expected);
    };
    row("max_tokens", R"("max_tokens":7)", R"({"max_tokens":7})");
    row("max_completion_tokens", R"("max_completion_tokens":9,"max_tokens":7)", R"({"max_tokens":9})");
    row("max_tokens null", R"("max_tokens":null)", R"({"max_tokens":4096})");
    row("temperature", R"("temperature":0.3,"top_p":0.9)", R"({"temperature":0.3,"top_p":0.9})");
    row("temperature of OpenAI's scale", R"("temperature":1.7)", R"({"temperature":1})");
    row("stop", R"("stop":"END")", R"({"stop_sequences":["END"]})");
    row("stops", R"("stop":["a","b"])", R"({"stop_sequences":["a","b"]})");
    row("no stop", R"("stop":[])", "{}");
    row("user", R"("user":"u-1")", R"({"metadata":{"user_id":"u-1"}})");
    row("stream", R"("stream":true)", R"({"stream":true})");
    row("not streamed", R"("stream":false)", "{}");
    row("what only tunes", R"("seed":1,"presence_penalty":1,"logit_bias":{},"store":true,"future":{"a":1},"n":1,
        "response_format":{"type":"text"},"modalities":["text"],"logprobs":false,"reasoning_effort":"low")",
        "{}");
    const QByteArray tool = R"({"type":"function","function":{"name":"f","description":"d","strict":true,
        "parameters":{"type":"object","properties":{"a":{"type":"string"}}}}})";
    const QByteArray schema = R"({"name":"f","description":"d","input_schema":{"type":"object",
        "properties":{"a":{"type":"string"}}}})";
    const auto toolRow = [&](const char *name, const QByteArray &given, const QByteArray &expected) {
        QTest::newRow(name) << QByteArray("\"tools\":[" + tool + "]" + given)
                            << QByteArray("{\"tools\":[" + schema + "]" + expected + '}');
    };
    toolRow("tools", {}, {});
    toolRow("tool_choice auto", R"(,"tool_choice":"auto")", {});
    toolRow("tool_choice none", R"(,"tool_choice":"none")", R"(,"tool_choice":{"type":"none"})");
    toolRow("tool_choice required", R"(,"tool_choice":"required")", R"(,"tool_choice":{"type":"any"})");
    toolRow("tool_choice one", R"(,"tool_choice":{"type":"function","function":{"name":"f"}})",
            R"(,"tool_choice":{"type":"tool","name":"f"})");
    toolRow("one at a time", R"(,"parallel_tool_calls":false)",
            R"(,"tool_choice":{"type":"auto","disable_parallel_tool_use":true})");
    toolRow("required, one at a time", R"(,"tool_choice":"required","parallel_tool_calls":false)",
            R"(,"tool_choice":{"type":"any","disable_parallel_tool_use":true})");
    row("tool without parameters", R"("tools":[{"type":"function","function":{"name":"f"}}])",
        R"({"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}]})");
    row("tool with empty parameters", R"("tools":[{"type":"function","function":{"name":"f","parameters":{}}}])",
        R"({"tools":[{"name":"f","input_schema":{"type":"object"}}]})");
    row("tool with null parameters", R"("tools":[{"type":"function","function":{"name":"f","parameters":null}}])",
        R"({"tools":[{"name":"f","input_schema":{"type":"object","properties":{}}}]})");
    row("no tools", R"("tools":[],"tool_choice":"auto")", "{}");
}

void TestChatToMessages::members()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, expected);
    const Result<MessagesRequest> request = translated(chatWith(given));
    QVERIFY2(request, request ? "" : qPrintable(request.error().message));
    QJsonObject body = QJsonDocument::fromJson(request.value().body).object();
    QVERIFY(body.contains("model"_L1));
    body.remove("model"_L1);
    body.remove("messages"_L1);
    QJsonObject all = parsed(expected).toObject();
    if (!all.contains("max_tokens"_L1))
        all.insert("max_tokens"_L1, defaultMaxTokens);
    QCOMPARE(body, all);
}

void TestChatToMessages::messages_data()
{
    QTest::addColumn<QByteArray>("given");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char *name, const char *given, const char *expected) {
        QTest::newRow(name) << QByteArray(given) << QByteArray(expected);
    };
    row("conversation",
        R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"}]},
            {"role":"assistant","content":[{"type":"text","text":"b"}]},
            {"role":"user","content":[{"type":"text","text":"c"}]}])");
    row("neighbours are joined", R"([{"role":"user","content":"a"},{"role":"user","name":"bob","content":"b"}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
    row("parts, an empty one among them",
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":""},
            {"type":"text","text":"\u00e4\ud83d\udd25","cache_control":{"type":"ephemeral"}}]}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},
            {"type":"text","text":"\u00e4\ud83d\udd25","cache_control":{"type":"ephemeral"}}]}])");
    row("image in a data: URL",
        R"([{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/PNG;base64,iVBOR/+=","detail":"low"}}]}])",
        R"([{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBOR/+="}}]}])");
    row("image on the web",
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":"https://a.example/b.png"}]}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},
            {"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]}])");
    row("parallel tool calls and their results",
        R"([{"role":"user","content":"a"},
            {"role":"assistant","content":null,"tool_calls":[
              {"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"z\":1,\"a\":[2]}"}},
              {"id":"call_2","type":"function","function":{"name":"g","arguments":""}}]},
            {"role":"tool","tool_call_id":"call_1","content":"one"},
            {"role":"tool","tool_call_id":"call_2","content":[{"type":"text","text":"two"}]},
            {"role":"user","content":"b"}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"f","input":{"z":1,"a":[2]}},
                                           {"type":"tool_use","id":"call_2","name":"g","input":{}}]},
            {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"one"}]},
              {"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"two"}]},
              {"type":"text","text":"b"}]}])");
    row("text and a tool call",
        R"([{"role":"assistant","content":"let me see","tool_calls":[
              {"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"c","content":""}])",
        R"([{"role":"assistant","content":[{"type":"text","text":"let me see"},
                                           {"type":"tool_use","id":"c","name":"f","input":{}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"c"}]}])");
    row("refusal of the assistant",
        R"([{"role":"user","content":"a"},{"role":"assistant","content":null,"refusal":"no"},
            {"role":"user","content":"b"},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"}]},
            {"role":"assistant","content":[{"type":"text","text":"no"}]},
            {"role":"user","content":[{"type":"text","text":"b"}]},
            {"role":"assistant","content":[{"type":"text","text":"no"}]}])");
    row("an empty message",
        R"([{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"user","content":"b"}])",
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
}

void TestChatToMessages::messages()
{
    QFETCH(QByteArray, given);
    QFETCH(QByteArray, expected);
    const Result<MessagesRequest> request = translated(R"({"messages":)" + given + '}');
    QVERIFY2(request, request ? "" : qPrintable(request.error().message));
    QCOMPARE(QJsonDocument::fromJson(request.value().body)["messages"_L1], parsed(expected));
}

void TestChatToMessages::systemMessages()
{
    const Result<MessagesRequest> request = translated(R"({"messages":[{"role":"system","content":"a"},
        {"role":"developer","content":[{"type":"text","text":"b"}]},{"role":"user","content":"hi"},
        {"role":"system","content":"c"}]})");
    QVERIFY(request);
    const QJsonDocument body = QJsonDocument::fromJson(request.value().body);
    QCOMPARE(body["system"_L1], parsed(R"([{"type":"text","text":"a"},{"type":"text","text":"b"},
                                          {"type":"text","text":"c"}])"));
    QCOMPARE(body["messages"_L1].toArray().size(), 1);
}

void TestChatToMessages::streams()
{
    const Result<MessagesRequest> plain = translated(chatWith(R"("stream":true)"));
    QVERIFY(plain);
    QVERIFY(plain.value().stream);
    QVERIFY(!plain.value().includeUsage);
    const Result<MessagesRequest> counted =
        translated(chatWith(R"("stream":true,"stream_options":{"include_usage":true})"));
    QVERIFY(counted);
    QVERIFY(counted.value().includeUsage);
}

void TestChatToMessages::schemasStayAsTheyCame()
{
    // The order of a schema's members tells the model in which order to think.
    const QByteArray schema =
        R"({"type":"object", "properties":{"reason":{"type":"string"},"answer":{"enum":[1.0,"],"]}}})";
    const QByteArray arguments = R"({"z":1.0,"a":12345678901234567890})";
    const Result<MessagesRequest> request = translated(
        R"({"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":")" +
        QByteArray(arguments).replace('"', "\\\"") + R"("}}]}],"tools":[{"type":"function","function":{"parameters":)" +
        schema + R"(,"name":"f"}} , {"type":"function","function":{"name":"g"}}]})");
    QVERIFY2(request, request ? "" : qPrintable(request.error().message));
    QVERIFY(request.value().body.contains(QByteArray("\"input_schema\":" + schema)));
    QVERIFY(request.value().body.contains(QByteArray("\"input\":" + arguments)));
}

void TestChatToMessages::schemasGetTheirType()
{
    const Result<MessagesRequest> request = translated(chatWith(
        R"("tools":[{"type":"function","function":{"name":"f","parameters":{ "z": 1.0,"properties":{"type":{}} }}}])"));
    QVERIFY2(request, request ? "" : qPrintable(request.error().message));
    QVERIFY2(request.value().body.contains(R"("input_schema":{"type":"object", "z": 1.0,"properties":{"type":{}} }})"),
             request.value().body.constData());
}

void TestChatToMessages::calledToolsAreDeclared_data()
{
    QTest::addColumn<QByteArray>("tools");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray open = R"([{"name":"g","input_schema":{"type":"object"}},)"
                            R"({"name":"f","input_schema":{"type":"object"}}])";
    QTest::newRow("without tools") << QByteArray() << open;
    QTest::newRow("with an empty list") << QByteArray(R"(,"tools":[],"tool_choice":"auto")") << open;
    QTest::newRow("with tools") << QByteArray(R"(,"tools":[{"type":"function","function":{"name":"h"}}])")
                                << QByteArray(R"([{"name":"h","input_schema":{"type":"object","properties":{}}}])");
}

void TestChatToMessages::calledToolsAreDeclared()
{
    QFETCH(QByteArray, tools);
    QFETCH(QByteArray, expected);
    const auto call = [](const QByteArray &id, const QByteArray &name) -> QByteArray {
        return R"({"id":")" + id + R"(","type":"function","function":{"name":")" + name + R"(","arguments":"{}"}})";
    };
    const Result<MessagesRequest> request =
        translated(R"({"messages":[{"role":"assistant","tool_calls":[)" + call("1", "g") + ',' + call("2", "f") + ',' +
                   call("3", "g") + R"(]},{"role":"tool","tool_call_id":"1","content":"x"}])" + tools + '}');
    QVERIFY2(request, request ? "" : qPrintable(request.error().message));
    const QJsonObject body = QJsonDocument::fromJson(request.value().body).object();
    QCOMPARE(body["tools"_L1], parsed(expected));
    // Who declares no tools can answer no calls.
    const bool isOpen = !tools.contains("function");
    QCOMPARE(body["tool_choice"_L1]["type"_L1].toString(), isOpen ? u"none"_s : QString());
}

void TestChatToMessages::idsAreLegal()
{
    const Result<MessagesRequest> request =
        translated(R"({"messages":[{"role":"assistant","tool_calls":[{"id":"functions.f:0","type":"function",
        "function":{"name":"f","arguments":"{}"}}]},{"role":"tool","tool_call_id":"functions.f:0","content":"x"}]})");
    QVERIFY(request);
    const QJsonDocument body = QJsonDocument::fromJson(request.value().body);
    QCOMPARE(body["messages"_L1][0]["content"_L1][0]["id"_L1].toString(), u"functions_f_0"_s);
    QCOMPARE(body["messages"_L1][1]["content"_L1][0]["tool_use_id"_L1].toString(), u"functions_f_0"_s);
}

void TestChatToMessages::refusals_data()
{
    QTest::addColumn<QByteArray>("chat");
    QTest::addColumn<QString>("param");
    const auto row = [](const char *given, const char *param) {
        QTest::newRow(given) << chatWith(given) << QString::fromLatin1(param);
    };
    row(R"("n":2)", "n");
    row(R"("functions":[])", "functions");
    row(R"("function_call":"auto")", "function_call");
    row(R"("logprobs":true)", "logprobs");
    row(R"("response_format":{"type":"json_schema","json_schema":{}})", "response_format");
    row(R"("modalities":["text","audio"])", "modalities");
    row(R"("max_tokens":0)", "max_tokens");
    row(R"("max_tokens":1.5)", "max_tokens");
    row(R"("max_completion_tokens":"many")", "max_completion_tokens");
    row(R"("temperature":"hot")", "temperature");
    row(R"("stop":7)", "stop");
    row(R"("stop":["a",7])", "stop");
    row(R"("tools":{})", "tools");
    row(R"("tools":[{"type":"custom","custom":{"name":"x"}}])", "tools[0]");
    row(R"("tools":[{"type":"function","function":{}}])", "tools[0]");
    row(R"("tools":[],"tools":[{"type":"function","function":{"name":"f"}}])", "tools");
    row(R"("tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"any")", "tool_choice");
    const auto messageRow = [](const char *message, const char *param) {
        QTest::newRow(message) << QByteArray(R"({"messages":[)" + QByteArray(message) + "]}")
                               << QString::fromLatin1(param);
    };
    messageRow("", "messages");
    messageRow(R"({"role":"function","name":"f","content":"x"})", "messages[0].role");
    messageRow(R"(7)", "messages[0].role");
    messageRow(R"({"role":"user","content":7})", "messages[0].content");
    messageRow(R"({"role":"user","content":[{"type":"input_audio","input_audio":{}}]})", "messages[0].content[0]");
    messageRow(R"({"role":"user","content":[{"type":"text"}]})", "messages[0].content[0]");
    messageRow(R"({"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a.example"}}]})",
               "messages[0].content[0]");
    messageRow(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"file:///etc/passwd"}}]})",
               "messages[0].content[0].image_url");
    messageRow(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:text/html;base64,eA=="}}]})",
               "messages[0].content[0].image_url");
    messageRow(R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png"}}]})",
               "messages[0].content[0].image_url");
    messageRow(R"({"role":"tool","content":"x"})", "messages[0].tool_call_id");
    messageRow(R"({"role":"assistant","function_call":{}})", "messages[0].function_call");
    messageRow(R"({"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"arguments":"{}"}}]})",
               "messages[0].tool_calls[0]");
    messageRow(R"({"role":"assistant","tool_calls":[{"id":"c","type":"function",
                   "function":{"name":"f","arguments":"{"}}]})",
               "messages[0].tool_calls[0].function.arguments");
    messageRow(R"({"role":"assistant","tool_calls":[{"id":"c","type":"function",
                   "function":{"name":"f","arguments":"{}, \"evil\":{}"}}]})",
               "messages[0].tool_calls[0].function.arguments");
}

void TestChatToMessages::refusals()
{
    QFETCH(QByteArray, chat);
    const Result<MessagesRequest> request = translated(chat);
    QVERIFY(!request);
    QVERIFY(request.error().code == ErrorCode::InvalidRequest);
    QTEST(request.error().param, "param");
    QVERIFY2(request.error().message.contains(request.error().param), qPrintable(request.error().message));
}

QTEST_GUILESS_MAIN(TestChatToMessages)
#include "tst_chattomessages.moc"
