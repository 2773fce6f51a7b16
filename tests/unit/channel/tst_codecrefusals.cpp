#include "codec.h"

#include "samplemessages.h"

#include <QTest>

using namespace hearth;
using namespace hearth::channel;

namespace {

QString errorOf(const QByteArray &text)
{
    const auto decoded = decode(text);
    if (decoded)
        return QStringLiteral("fine");
    return decoded.error().code == ErrorCode::ProtocolViolation ? decoded.error().message
                                                                : QStringLiteral("wrong code");
}

} // namespace

class TestCodecRefusals final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refuses_data();
    void refuses();
    void badHeaderFieldsAreRefused_data();
    void badHeaderFieldsAreRefused();
    void longestMessage();
    void onlyTheMessageBoundsAText();
    void longestList();
    void everyPrefixIsRefused();
};

void TestCodecRefusals::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    const auto row = [](const char *name, const char *text, const char *reason) {
        QTest::newRow(name) << QByteArray(text) << QString::fromLatin1(reason);
    };

    row("empty", "", "not a JSON object (");
    row("no JSON", "hello", "not a JSON object (");
    row("array", R"([{"type":"heartbeatAck"}])", "not a JSON object (");
    row("two messages", R"({"type":"heartbeatAck"}{"type":"heartbeatAck"})", "not a JSON object (");
    row("cut short", R"({"type":"heartbeatAck")", "not a JSON object (");
    row("invalid UTF-8", "{\"type\":\"goodbye\",\"reason\":\"\xff\"}", "not a JSON object (");
    row("no type", R"({"task":1})", R"("type" is missing)");
    row("null type", R"({"type":null})", R"("type" is missing)");
    row("number as type", R"({"type":1})", R"("type" is not a string)");
    row("hello without version", R"({"type":"hello","heartbeatSeconds":15})", R"("serverVersion" is missing)");
    row("hello without pulse", R"({"type":"hello","serverVersion":"1","heartbeatSeconds":0})",
        R"("heartbeatSeconds" is out of range)");
    row("register without publisher", R"({"type":"register","version":"1"})", R"("publisher" is missing)");
    row("entry without name", R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a"},{}]})",
        R"("llms", item 2: "name" is missing)");
    row("entry with unknown status",
        R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a","initialStatus":"asleep"}]})",
        R"("llms", item 1: "initialStatus" has an unknown value)");
    row("entry with a list as extraConfig",
        R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a","extraConfig":[]}]})",
        R"("llms", item 1: "extraConfig" is not an object)");
    row("entry with half a recipe",
        R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a","wake":{"kind":"http"}}]})",
        R"("llms", item 1: "wake": "recipeTimeoutSeconds" is missing)");
    row("entry with a negative wait",
        R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a","wake":{"kind":"http",)"
        R"("recipeTimeoutSeconds":30,"maxWaitSeconds":-1}}]})",
        R"("llms", item 1: "wake": "maxWaitSeconds" is out of range)");
    row("agent without name", R"({"type":"register","publisher":"p","version":"1","agents":[{"llm":"m"}]})",
        R"("agents", item 1: "name" is missing)");
    row("streamUsage is no truth value",
        R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a","streamUsage":1}]})",
        R"("llms", item 1: "streamUsage" is neither true nor false)");
    row("agent with a number as pool",
        R"({"type":"register","publisher":"p","version":"1","agents":[{"name":"a","pool":1}]})",
        R"("agents", item 1: "pool" is not a string)");
    row("agent with a list as defaultParams",
        R"({"type":"register","publisher":"p","version":"1","agents":[{"name":"a","llm":"m","defaultParams":[]}]})",
        R"("agents", item 1: "defaultParams" is not an object)");
    row("agent with a number as systemPrompt",
        R"({"type":"register","publisher":"p","version":"1","agents":[{"name":"a","llm":"m","systemPrompt":1}]})",
        R"("agents", item 1: "systemPrompt" is not a string)");
    row("agents are no list", R"({"type":"register","publisher":"p","version":"1","agents":{}})",
        R"("agents" is not a list)");
    row("unknown outcome of an agent",
        R"({"type":"registered","providerSessionId":"s","epoch":1,)"
        R"("agents":[{"name":"a","status":"maybe","message":""}]})",
        R"("agents", item 1: "status" has an unknown value)");
    row("llms are no list", R"({"type":"heartbeat","llms":{}})", R"("llms" is not a list)");
    row("negative load", R"({"type":"heartbeat","llms":[{"name":"a","state":"active","running":-1}]})",
        R"("llms", item 1: "running" is out of range)");
    row("unknown state", R"({"type":"heartbeat","llms":[{"name":"a","state":"on","running":1}]})",
        R"("llms", item 1: "state" has an unknown value)");
    row("unknown outcome",
        R"({"type":"registered","providerSessionId":"s","epoch":1,"llms":[{"name":"a","status":"maybe","message":""}]})",
        R"("llms", item 1: "status" has an unknown value)");
    row("negative epoch", R"({"type":"registered","providerSessionId":"s","epoch":-1})", R"("epoch" is out of range)");
    row("no task", R"({"type":"cancel"})", R"("task" is missing)");
    row("task 2^53", R"({"type":"cancel","task":9007199254740992})", R"("task" is out of range)");
    row("task beyond 64 bits", R"({"type":"cancel","task":18446744073709551616})", R"("task" is not a whole number)");
    row("negative task", R"({"type":"cancel","task":-1})", R"("task" is out of range)");
    row("fraction as task", R"({"type":"cancel","task":1.5})", R"("task" is not a whole number)");
    row("string as task", R"({"type":"cancel","task":"1"})", R"("task" is not a whole number)");
    row("empty grant", R"({"type":"window","task":1,"bytes":0})", R"("bytes" is out of range)");
    row("negative grant", R"({"type":"window","task":1,"bytes":-5})", R"("bytes" is out of range)");
    row("status 199", R"({"type":"responseHead","task":1,"status":199,"headers":[]})", R"("status" is out of range)");
    row("status 600", R"({"type":"responseHead","task":1,"status":600,"headers":[]})", R"("status" is out of range)");
    row("status 101", R"({"type":"responseHead","task":1,"status":101,"headers":[]})", R"("status" is out of range)");
    row("head without headers", R"({"type":"responseHead","task":1,"status":200})",
        R"("headers" is not a list of header fields)");
    row("negative size",
        R"({"type":"infer","task":1,"llm":"a","path":"/p","query":"","size":-1,"attempt":1,"headers":[]})",
        R"("size" is out of range)");
    row("attempt zero",
        R"({"type":"infer","task":1,"llm":"a","path":"/p","query":"","size":0,"attempt":0,"headers":[]})",
        R"("attempt" is out of range)");
    row("unknown phase", R"({"type":"wakeProgress","task":1,"phase":"hoping","elapsedSeconds":1,"limitSeconds":2})",
        R"("phase" has an unknown value)");
    row("negative progress",
        R"({"type":"wakeProgress","task":1,"phase":"recipe","elapsedSeconds":-1,"limitSeconds":2})",
        R"("elapsedSeconds" is out of range)");
    row("no verdict", R"({"type":"wakeResult","task":1,"durationMs":1,"message":""})", R"("ok" is missing)");
    row("verdict in words", R"({"type":"wakeResult","task":1,"ok":"yes","durationMs":1,"message":""})",
        R"("ok" is neither true nor false)");
}

void TestCodecRefusals::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    const QString error = errorOf(text);
    QVERIFY2(error.startsWith(QStringLiteral("A control message cannot be read: ") + reason), qPrintable(error));
    QVERIFY(error.endsWith(u'.'));
}

void TestCodecRefusals::badHeaderFieldsAreRefused_data()
{
    QTest::addColumn<QByteArray>("field");

    QTest::newRow("line feed") << QByteArray(R"(["a","b\nc: d"])");
    QTest::newRow("carriage return") << QByteArray(R"(["a","b\r"])");
    QTest::newRow("NUL") << QByteArray(R"(["a","\u0000"])");
    QTest::newRow("DEL") << QByteArray(R"(["a","\u007f"])");
    QTest::newRow("empty name") << QByteArray(R"(["","b"])");
    QTest::newRow("blank in a name") << QByteArray(R"(["a b","c"])");
    QTest::newRow("colon in a name") << QByteArray(R"(["a:","c"])");
    QTest::newRow("line feed in a name") << QByteArray(R"(["a\n","c"])");
    QTest::newRow("tab in a name") << QByteArray(R"(["a\t","c"])");
}

void TestCodecRefusals::badHeaderFieldsAreRefused()
{
    QFETCH(QByteArray, field);
    const QString reason =
        QStringLiteral("A control message cannot be read: \"headers\" has a field that HTTP does not allow.");
    QCOMPARE(errorOf(R"({"type":"responseHead","task":1,"status":200,"headers":[["x","y"],)" + field + "]}"), reason);
    QCOMPARE(errorOf(R"({"type":"infer","task":1,"llm":"a","path":"/p","query":"","size":0,"attempt":1,"headers":[)" +
                     field + "]}"),
             reason);
}

void TestCodecRefusals::longestMessage()
{
    const QByteArray head = R"({"type":"goodbye","reason":"a","x":")";
    const QByteArray tail = "\"}";
    const QByteArray longest = head + QByteArray(maxMessageBytes - head.size() - tail.size(), 'x') + tail;
    QCOMPARE(errorOf(longest), QStringLiteral("fine"));
    QCOMPARE(errorOf(longest + ' '), QStringLiteral("A control message is longer than 1 MiB."));
}

void TestCodecRefusals::onlyTheMessageBoundsAText()
{
    // A prompt that is too long is the defect of one entry, of which the server has to hear.
    Register message{.publisher = QStringLiteral("p"), .version = QStringLiteral("1")};
    const AgentEntry agent{
        .name = QStringLiteral("a"), .llm = QStringLiteral("m"), .systemPrompt = QString(300 * 1024, QChar(0x20ac))};
    message.agents = {agent};
    QCOMPARE(errorOf(encode(message)), QStringLiteral("fine"));
    message.agents = {agent, agent};
    QCOMPARE(errorOf(encode(message)), QStringLiteral("A control message is longer than 1 MiB."));
}

void TestCodecRefusals::longestList()
{
    Register message{.publisher = QStringLiteral("p"), .version = QStringLiteral("1")};
    message.llms.resize(1024);
    QCOMPARE(errorOf(encode(message)), QStringLiteral("fine"));
    message.llms.resize(1025);
    QCOMPARE(errorOf(encode(message)),
             QStringLiteral("A control message cannot be read: \"llms\" has too many items."));
}

void TestCodecRefusals::everyPrefixIsRefused()
{
    for (const auto &[name, message] : fullMessages()) {
        const QByteArray text = encode(message);
        for (qsizetype size = 0; size < text.size(); ++size)
            QVERIFY(errorOf(text.first(size)) != QStringLiteral("fine"));
    }
}

QTEST_GUILESS_MAIN(TestCodecRefusals)
#include "tst_codecrefusals.moc"
