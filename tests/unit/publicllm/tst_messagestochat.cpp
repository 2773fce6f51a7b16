// Whole answers of the Messages API as chat completions, and its errors in OpenAI's shape.

#include "messagestochat.h"

#include "messagesparts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace Qt::StringLiterals;

class TestMessagesToChat final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answer();
    void message_data();
    void message();
    void finish_data();
    void finish();
    void argumentsStayAsTheyCame();
    void noMessage_data();
    void noMessage();
    void errors_data();
    void errors();
    void statusOfErrors_data();
    void statusOfErrors();
};

void TestMessagesToChat::answer()
{
    const QByteArray message = R"({"id":"msg_01","type":"message","role":"assistant","model":"claude-x",
        "content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn","stop_sequence":null,
        "usage":{"input_tokens":5,"cache_creation_input_tokens":7,"cache_read_input_tokens":11,"output_tokens":13}})";
    const Result<QByteArray> chat = messagesToChat(message, 1'700'000'000);
    QVERIFY(chat);
    QCOMPARE(QJsonDocument::fromJson(*chat).object(),
             QJsonDocument::fromJson(R"({"id":"msg_01","object":"chat.completion","created":1700000000,
        "model":"claude-x","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},
        "logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":23,"completion_tokens":13,"total_tokens":36,
        "prompt_tokens_details":{"cached_tokens":11}}})")
                 .object());
}

void TestMessagesToChat::message_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("nothing") << QByteArray("[]") << QByteArray(R"({"role":"assistant","content":"","refusal":null})");
    QTest::newRow("several texts") << QByteArray(R"([{"type":"text","text":"a "},{"type":"text","text":"b\n\u00e4"}])")
                                   << QByteArray(R"({"role":"assistant","content":"a b\n\u00e4","refusal":null})");
    QTest::newRow("thinking")
        << QByteArray(
               R"([{"type":"thinking","thinking":"hm","signature":"x"},{"type":"redacted_thinking","data":"x"},
            {"type":"text","text":"a"}])")
        << QByteArray(R"({"role":"assistant","content":"a","refusal":null})");
    QTest::newRow("parallel tool calls")
        << QByteArray(
               R"([ {"type":"tool_use","id":"toolu_1","name":"f","input":{"a":[1,{"b":"],}"}]}} ,
             {"type":"tool_use","id":"toolu_2","name":"g","input":{}} ])")
        << QByteArray(R"({"role":"assistant","content":null,"refusal":null,
        "tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\"a\":[1,{\"b\":\"],}\"}]}"}},
                      {"id":"toolu_2","type":"function","function":{"name":"g","arguments":"{}"}}]})");
    QTest::newRow("text and a tool call")
        << QByteArray(R"([{"type":"text","text":"a"},{"type":"tool_use","id":"t","name":"f","input":{}}])")
        << QByteArray(R"({"role":"assistant","content":"a","refusal":null,
        "tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]})");
}

void TestMessagesToChat::message()
{
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, expected);
    const Result<QByteArray> chat = messagesToChat(R"({"type":"message","content":)" + content + '}', 0);
    QVERIFY(chat);
    QCOMPARE(QJsonDocument::fromJson(*chat)["choices"_L1][0]["message"_L1].toObject(),
             QJsonDocument::fromJson(expected).object());
}

void TestMessagesToChat::finish_data()
{
    QTest::addColumn<QString>("reason");
    QTest::newRow("end_turn") << u"stop"_s;
    QTest::newRow("stop_sequence") << u"stop"_s;
    QTest::newRow("pause_turn") << u"stop"_s;
    QTest::newRow("max_tokens") << u"length"_s;
    QTest::newRow("model_context_window_exceeded") << u"length"_s;
    QTest::newRow("tool_use") << u"tool_calls"_s;
    QTest::newRow("refusal") << u"content_filter"_s;
    QTest::newRow("of the future") << u"stop"_s;
}

void TestMessagesToChat::finish()
{
    const QByteArray message =
        R"({"type":"message","content":[],"stop_reason":")" + QByteArray(QTest::currentDataTag()) + "\"}";
    const Result<QByteArray> chat = messagesToChat(message, 0);
    QVERIFY(chat);
    QTEST(QJsonDocument::fromJson(*chat)["choices"_L1][0]["finish_reason"_L1].toString(), "reason");
}

void TestMessagesToChat::argumentsStayAsTheyCame()
{
    // Neither the order of members nor the form of numbers is for a relay to change.
    const QByteArray input = R"({"z":1.0, "a":12345678901234567890, "m":1e2})";
    const Result<QByteArray> chat = messagesToChat(
        R"({"type":"message","content":[{"type":"tool_use","id":"t","name":"f","input":)" + input + "}]}", 0);
    QVERIFY(chat);
    const QJsonDocument answer = QJsonDocument::fromJson(*chat);
    QCOMPARE(answer["choices"_L1][0]["message"_L1]["tool_calls"_L1][0]["function"_L1]["arguments"_L1].toString(),
             QString::fromUtf8(input));
}

void TestMessagesToChat::noMessage_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("<html>");
    QTest::newRow("another object") << QByteArray(R"({"object":"chat.completion","choices":[]})");
    QTest::newRow("without content") << QByteArray(R"({"type":"message","content":null})");
    QTest::newRow("cut") << QByteArray(R"({"type":"message","content":[)");
}

void TestMessagesToChat::noMessage()
{
    QFETCH(QByteArray, body);
    const Result<QByteArray> chat = messagesToChat(body, 0);
    QVERIFY(!chat);
    QVERIFY(chat.error().code == ErrorCode::BackendError);
}

void TestMessagesToChat::errors_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("told")
        << QByteArray(
               R"({"type":"error","error":{"type":"not_found_error","message":"model: \"x\""},"request_id":"req_1"})")
        << QByteArray(R"({"error":{"message":"model: \"x\"","type":"not_found_error","param":null,"code":null}})");
    const QByteArray unknown(
        R"({"error":{"message":"The backend answered with status 418.","type":"api_error","param":null,"code":null}})");
    QTest::newRow("nothing") << QByteArray() << unknown;
    QTest::newRow("a page") << QByteArray("<html>teapot</html>") << unknown;
    QTest::newRow("another shape") << QByteArray(R"({"error":"teapot"})") << unknown;
}

void TestMessagesToChat::errors()
{
    QFETCH(QByteArray, body);
    QTEST(messagesErrorToChat(body, 418), "expected");
}

void TestMessagesToChat::statusOfErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("invalid_request_error") << 400;
    QTest::newRow("authentication_error") << 401;
    QTest::newRow("rate_limit_error") << 429;
    QTest::newRow("overloaded_error") << 529;
    QTest::newRow("api_error") << 502;
    QTest::newRow("of the future") << 502;
}

void TestMessagesToChat::statusOfErrors()
{
    QTEST((MessagesError{QString::fromLatin1(QTest::currentDataTag()), {}}.status()), "status");
}

QTEST_GUILESS_MAIN(TestMessagesToChat)
#include "tst_messagestochat.moc"
