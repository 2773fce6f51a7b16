// The test backend's chat and plain completions: shapes, streams, tool calls, length.

#include "backendclient.h"
#include "testbackend.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testbackend;

namespace {

constexpr char chat[] = R"({"model":"org/m:1","messages":[{"role":"user","content":"Say \u0022hé\u0022 now"}])";
constexpr char tools[] = R"(,"tools":[{"type":"function","function":{"name":"weather","parameters":{"properties":)"
                         R"({"city":{"type":"string"},"unit":{"enum":["c","f"]},"days":{"type":"integer"}}}}},)"
                         R"({"type":"function","function":{"name":"news","parameters":{}}}])";

} // namespace

class TestTestBackendChat final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void chatCompletion();
    void chatStream();
    void chatUsageChunk();
    void chatTokens_data();
    void chatTokens();
    void toolCall();
    void toolCallStream();
    void toolChoice_data();
    void toolChoice();
    void completion();
    void completionStream();
    void bytesDirective_data();
    void bytesDirective();

private:
    Reply post(const QByteArray &target, const QByteArray &body);

    FakeClock m_clock;
    std::unique_ptr<TestBackend> m_backend;
};

void TestTestBackendChat::init()
{
    TestBackendSettings settings;
    settings.port = 0;
    settings.rate = 0;
    settings.models = {"org/m:1", "other"};
    m_backend = std::make_unique<TestBackend>(settings, m_clock);
    QVERIFY(m_backend->listen().ok());
}

Reply TestTestBackendChat::post(const QByteArray &target, const QByteArray &body)
{
    return BackendClient(m_backend->port()).call(BackendClient::request("POST", target, body));
}

void TestTestBackendChat::chatCompletion()
{
    const Reply reply = post("/v1/chat/completions?a=b", QByteArray(chat) + '}');
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.fields.value("content-type"), "application/json");
    const QJsonObject json = reply.json();
    QVERIFY(textAt(json, "id").startsWith(QLatin1String("chatcmpl-")));
    QCOMPARE(textAt(json, "object"), QStringLiteral("chat.completion"));
    QCOMPARE(textAt(json, "model"), QStringLiteral("org/m:1"));
    QCOMPARE(textAt(json, "choices/0/message/role"), QStringLiteral("assistant"));
    QVERIFY(textAt(json, "choices/0/message/content").startsWith(QStringLiteral("You said: Say \"hé\" now ")));
    QCOMPARE(textAt(json, "choices/0/message/content").split(u' ').size(), 12);
    QCOMPARE(textAt(json, "choices/0/finish_reason"), QStringLiteral("stop"));
    QCOMPARE(numberAt(json, "usage/prompt_tokens"), 3);
    QCOMPARE(numberAt(json, "usage/completion_tokens"), 12);
    QCOMPARE(numberAt(json, "usage/total_tokens"), 15);
}

void TestTestBackendChat::chatStream()
{
    const QString whole =
        textAt(post("/v1/chat/completions", QByteArray(chat) + '}').json(), "choices/0/message/content");
    const Reply reply = post("/v1/chat/completions", QByteArray(chat) + R"(,"stream":true})");
    QCOMPARE(reply.fields.value("content-type"), "text/event-stream");
    QByteArrayList events = reply.events();
    QCOMPARE(events.size(), 1 + 12 + 1 + 1);
    QCOMPARE(events.takeLast(), "[DONE]");
    QCOMPARE(textAt(parsed(events.first()), "choices/0/delta/role"), QStringLiteral("assistant"));
    QString text;
    for (const QByteArray &event : events) {
        const QJsonObject chunk = parsed(event);
        QCOMPARE(textAt(chunk, "id"), textAt(parsed(events.first()), "id"));
        QCOMPARE(textAt(chunk, "object"), QStringLiteral("chat.completion.chunk"));
        QVERIFY(!chunk.contains(QLatin1String("usage")));
        QCOMPARE(textAt(chunk, "choices/0/finish_reason"), event == events.last() ? QStringLiteral("stop") : QString());
        text += textAt(chunk, "choices/0/delta/content");
    }
    QCOMPARE(text, whole);
}

void TestTestBackendChat::chatUsageChunk()
{
    const QByteArray body = QByteArray(chat) + R"(,"stream":true,"stream_options":{"include_usage":true}})";
    const QByteArrayList events = post("/v1/chat/completions", body).events();
    QCOMPARE(events.size(), 1 + 12 + 1 + 1 + 1);
    QVERIFY(parsed(events.first())[QLatin1String("usage")].isNull());
    QVERIFY(parsed(events.first()).contains(QLatin1String("usage")));
    const QJsonObject usage = parsed(events[events.size() - 2]);
    QVERIFY(usage[QLatin1String("choices")].toArray().isEmpty());
    QCOMPARE(numberAt(usage, "usage/total_tokens"), 15);
}

void TestTestBackendChat::chatTokens_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<QString>("finish");
    QTest::newRow("max_tokens below") << QByteArray(R"("max_tokens":3)") << qint64(3) << "length";
    QTest::newRow("max_tokens above") << QByteArray(R"("max_tokens":50)") << qint64(50) << "stop";
    QTest::newRow("max_completion_tokens") << QByteArray(R"("max_completion_tokens":1)") << qint64(1) << "length";
    QTest::newRow("directive") << QByteArray(R"("max_tokens":3,"x_test":{"tokens":5})") << qint64(5) << "stop";
    QTest::newRow("none") << QByteArray(R"("x_test":{"tokens":0})") << qint64(0) << "stop";
}

void TestTestBackendChat::chatTokens()
{
    QFETCH(const QByteArray, fields);
    QFETCH(const qint64, tokens);
    const QJsonObject json = post("/v1/chat/completions", QByteArray(chat) + ',' + fields + '}').json();
    QCOMPARE(numberAt(json, "usage/completion_tokens"), tokens);
    QCOMPARE(textAt(json, "choices/0/message/content").split(u' ', Qt::SkipEmptyParts).size(), tokens);
    QTEST(textAt(json, "choices/0/finish_reason"), "finish");
}

void TestTestBackendChat::toolCall()
{
    const QJsonObject json = post("/v1/chat/completions", QByteArray(chat) + tools + '}').json();
    QCOMPARE(textAt(json, "choices/0/finish_reason"), QStringLiteral("tool_calls"));
    QVERIFY(at(json, QStringLiteral("choices/0/message/content")).isNull());
    const QJsonValue call = at(json, QStringLiteral("choices/0/message/tool_calls/0"));
    QVERIFY(textAt(call, "id").startsWith(QLatin1String("call_")));
    QCOMPARE(textAt(call, "type"), QStringLiteral("function"));
    QCOMPARE(textAt(call, "function/name"), QStringLiteral("weather"));
    const QJsonObject arguments = parsed(textAt(call, "function/arguments").toUtf8());
    QCOMPARE(textAt(arguments, "city"), QStringLiteral("Say \"hé\" now"));
    QCOMPARE(textAt(arguments, "unit"), QStringLiteral("c"));
    QCOMPARE(numberAt(arguments, "days"), 3);
}

void TestTestBackendChat::toolCallStream()
{
    QByteArrayList events = post("/v1/chat/completions", QByteArray(chat) + tools + R"(,"stream":true})").events();
    QCOMPARE(events.takeLast(), "[DONE]");
    QCOMPARE(textAt(parsed(events.takeLast()), "choices/0/finish_reason"), QStringLiteral("tool_calls"));
    const QJsonObject first = parsed(events.takeFirst());
    QCOMPARE(textAt(first, "choices/0/delta/role"), QStringLiteral("assistant"));
    const QJsonValue call = at(first, QStringLiteral("choices/0/delta/tool_calls/0"));
    QCOMPARE(numberAt(call, "index"), 0);
    QVERIFY(textAt(call, "id").startsWith(QLatin1String("call_")));
    QCOMPARE(textAt(call, "type"), QStringLiteral("function"));
    QCOMPARE(textAt(call, "function/name"), QStringLiteral("weather"));
    QVERIFY(events.size() > 1);
    QString arguments;
    for (const QByteArray &event : events) {
        QCOMPARE(numberAt(parsed(event), "choices/0/delta/tool_calls/0/index"), 0);
        arguments += textAt(parsed(event), "choices/0/delta/tool_calls/0/function/arguments");
    }
    QCOMPARE(textAt(parsed(arguments.toUtf8()), "city"), QStringLiteral("Say \"hé\" now"));
}

void TestTestBackendChat::toolChoice_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("tool");
    QTest::newRow("auto") << QByteArray(QByteArray(chat) + tools + R"(,"tool_choice":"auto"})") << "weather";
    QTest::newRow("none") << QByteArray(QByteArray(chat) + tools + R"(,"tool_choice":"none"})") << "";
    QTest::newRow("named") << QByteArray(QByteArray(chat) + tools +
                                         R"(,"tool_choice":{"type":"function","function":{"name":"news"}}})")
                           << "news";
    QTest::newRow("tool's result")
        << QByteArray(R"({"model":"m","messages":[{"role":"user","content":"a"},{"role":"tool","content":"b"}])" +
                      QByteArray(tools) + '}')
        << "";
}

void TestTestBackendChat::toolChoice()
{
    QFETCH(const QByteArray, body);
    const QJsonObject json = post("/v1/chat/completions", body).json();
    QTEST(textAt(json, "choices/0/message/tool_calls/0/function/name"), "tool");
    QFETCH(const QString, tool);
    QCOMPARE(textAt(json, "choices/0/message/content").isEmpty(), !tool.isEmpty());
}

void TestTestBackendChat::completion()
{
    const QJsonObject json = post("/v1/completions", R"({"model":"m","prompt":"one two","max_tokens":4})").json();
    QCOMPARE(textAt(json, "object"), QStringLiteral("text_completion"));
    QCOMPARE(textAt(json, "choices/0/text"), QStringLiteral("You said: one two"));
    QCOMPARE(numberAt(json, "usage/completion_tokens"), 4);
}

void TestTestBackendChat::completionStream()
{
    const QByteArrayList events =
        post("/v1/completions", R"({"prompt":["one two"],"max_tokens":4,"stream":true})").events();
    QCOMPARE(events.size(), 4 + 1 + 1);
    QString text;
    for (const QByteArray &event : events)
        text += textAt(parsed(event), "choices/0/text");
    QCOMPARE(text, QStringLiteral("You said: one two"));
    QCOMPARE(textAt(parsed(events[4]), "choices/0/finish_reason"), QStringLiteral("length"));
    QCOMPARE(textAt(parsed(events[0]), "model"), QStringLiteral("org/m:1"));
    QCOMPARE(events[5], "[DONE]");
}

void TestTestBackendChat::bytesDirective_data()
{
    QTest::addColumn<QByteArray>("directives");
    QTest::addColumn<qsizetype>("bytes");
    QTest::addColumn<qsizetype>("pieces");
    QTest::newRow("in pieces of 1 KiB") << QByteArray("bytes=10000") << qsizetype(10'000) << qsizetype(10);
    QTest::newRow("in so many pieces") << QByteArray("bytes=1000003;tokens=7") << qsizetype(1'000'003) << qsizetype(7);
    QTest::newRow("none") << QByteArray("bytes=0") << qsizetype(0) << qsizetype(1);
}

void TestTestBackendChat::bytesDirective()
{
    QFETCH(const QByteArray, directives);
    QFETCH(const qsizetype, pieces);
    const QByteArray target = "/v1/chat/completions?x_test=" + directives;
    const QString whole = textAt(post(target, QByteArray(chat) + '}').json(), "choices/0/message/content");
    QTEST(whole.size(), "bytes");
    const QByteArrayList events = post(target, QByteArray(chat) + R"(,"stream":true})").events();
    QCOMPARE(events.size(), 1 + pieces + 2);
    QString text;
    for (const QByteArray &event : events)
        text += textAt(parsed(event), "choices/0/delta/content");
    QCOMPARE(text, whole);
}

QTEST_GUILESS_MAIN(TestTestBackendChat)
#include "tst_testbackendchat.moc"
