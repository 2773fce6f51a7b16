#include "codec.h"

#include <QJsonArray>
#include <QTest>

#include <set>

using namespace hearth;
using namespace hearth::channel;

namespace {

const TaskId task{9007199254740991};

QList<std::pair<const char *, Message>> fullMessages()
{
    const LlmEntry entry{.name = QStringLiteral("vllm-local"),
                         .type = QStringLiteral("openai"),
                         .model = QStringLiteral("Qwen/Qwen2.5-7B-Instruct-AWQ"),
                         .tier = QStringLiteral("fast"),
                         .description = QStringLiteral(u"Qwen \"under\" my desk\n\u00e4\U0001F600"),
                         .extraConfig = QJsonObject{{QStringLiteral("tags"), QJsonArray{QStringLiteral("a"), 1.5, true}}},
                         .maxConcurrency = 4,
                         .initialStatus = ReportedState::Hibernating,
                         .wake = RecipeInfo{.kind = RecipeKind::Command, .recipeTimeoutSeconds = 90, .maxWaitSeconds = 120}};
    const HttpFields headers{{"content-type", "application/json; charset=\"utf-8\""},
                             {"x-odd", "tab\tback\\slash \"marks\" {}[]"},
                             {"x-latin-1", "caf\xe9"},
                             {"x-utf-8", "\xe2\x82\xac"},
                             {"!#$%&'*+-.^_`|~09azAZ", ""},
                             {"x-odd", "again"}};
    return {
        {"hello", Hello{.serverVersion = QStringLiteral("0.1.0"), .heartbeatSeconds = 15}},
        {"register", Register{.publisher = QStringLiteral("gpu-box"),
                              .version = QStringLiteral("0.1.0"),
                              .providerSessionId = ProviderSessionId(QStringLiteral("6f1c")),
                              .llms = {entry, LlmEntry{.name = QStringLiteral("plain")}}}},
        {"registered", Registered{.providerSessionId = ProviderSessionId(QStringLiteral("6f1c")),
                                  .epoch = 9007199254740991,
                                  .llms = {{QStringLiteral("a"), EntryStatus::Accepted, QString()},
                                           {QStringLiteral("b"), EntryStatus::Conflict, QStringLiteral("Rename it.")},
                                           {QStringLiteral("c"), EntryStatus::Invalid, QStringLiteral("Bad name.")}}}},
        {"heartbeat", Heartbeat{.llms = {{QStringLiteral("a"), ReportedState::Active, 3},
                                         {QStringLiteral("b"), ReportedState::Hibernating, 0},
                                         {QStringLiteral("c"), ReportedState::Inactive, 0},
                                         {QStringLiteral("d"), ReportedState::Paused, 1},
                                         {QStringLiteral("e"), ReportedState::Draining, 2}}}},
        {"heartbeatAck", HeartbeatAck{}},
        {"goodbye", Goodbye{.reason = QStringLiteral("restart")}},
        {"error", ErrorNotice{.code = QStringLiteral("conflict"), .message = QStringLiteral("No.")}},
        {"infer", Infer{.task = task,
                        .llm = QStringLiteral("vllm-local"),
                        .path = "/chat/completions",
                        .query = "a=1&b=%20",
                        .headers = headers,
                        .size = 9007199254740991,
                        .attempt = 2}},
        {"wake", Wake{.task = task, .llm = QStringLiteral("vllm-local")}},
        {"cancel", Cancel{.task = task}},
        {"window", Window{.task = task, .bytes = 65536}},
        {"wakeProgress",
         WakeProgress{.task = task, .phase = WakePhase::Polling, .elapsedSeconds = 12, .limitSeconds = 120}},
        {"wakeResult",
         WakeResult{.task = task, .ok = true, .durationMs = 12345, .message = QStringLiteral("exit status 1")}},
        {"responseHead", ResponseHead{.task = task, .status = 599, .headers = headers}},
        {"responseEnd", ResponseEnd{.task = task}},
        {"taskError", TaskError{.task = task,
                                .code = QStringLiteral("backend_unreachable"),
                                .message = QStringLiteral("Connection refused")}},
        {"cancelled", Cancelled{.task = task}},
    };
}

QList<std::pair<const char *, Message>> minimalMessages()
{
    return {
        {"hello", Hello{}},
        {"register", Register{}},
        {"register of a plain entry", Register{.publisher = {}, .version = {}, .llms = {LlmEntry{}}}},
        {"registered", Registered{}},
        {"heartbeat", Heartbeat{}},
        {"goodbye", Goodbye{}},
        {"error", ErrorNotice{}},
        {"infer", Infer{}},
        {"wake", Wake{}},
        {"cancel", Cancel{}},
        {"window", Window{.bytes = 1}},
        {"wakeProgress", WakeProgress{}},
        {"wakeResult", WakeResult{}},
        {"responseHead", ResponseHead{}},
        {"responseEnd", ResponseEnd{}},
        {"taskError", TaskError{}},
        {"cancelled", Cancelled{}},
    };
}

QString errorOf(const QByteArray &text)
{
    const auto decoded = decode(text);
    if (decoded)
        return QStringLiteral("fine");
    return decoded.error().code == ErrorCode::ProtocolViolation ? decoded.error().message : QStringLiteral("wrong code");
}

} // namespace

class TestCodec final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void everyMessageIsTested();
    void textOnTheWire_data();
    void textOnTheWire();
    void fieldsInAnyOrder();
    void unknownFieldsAreIgnored();
    void unknownType();
    void refuses_data();
    void refuses();
    void defaults();
    void listsMayBeMissing();
    void badHeaderFieldsAreLeftOut();
    void badHeaderFieldsAreRefused_data();
    void badHeaderFieldsAreRefused();
    void longestMessage();
    void longestList();
    void everyPrefixIsRefused();
};

void TestCodec::roundTrip_data()
{
    QTest::addColumn<Message>("message");

    for (const auto &[name, message] : fullMessages())
        QTest::addRow("%s, full", name) << message;
    for (const auto &[name, message] : minimalMessages())
        QTest::addRow("%s, minimal", name) << message;
}

void TestCodec::roundTrip()
{
    QFETCH(Message, message);
    const QByteArray text = encode(message);
    const auto decoded = decode(text);
    QVERIFY2(decoded.ok(), decoded ? "" : qPrintable(decoded.error().message));
    const auto *back = std::get_if<Message>(&*decoded);
    QVERIFY(back);
    QVERIFY2(*back == message, text.constData());
    // WebSockets carry text: it must survive the way through UTF-16.
    QCOMPARE(QString::fromUtf8(text).toUtf8(), text);
}

void TestCodec::everyMessageIsTested()
{
    std::set<size_t> seen;
    for (const auto &[name, message] : fullMessages())
        seen.insert(message.index());
    QCOMPARE(seen.size(), std::variant_size_v<Message>);
}

void TestCodec::textOnTheWire_data()
{
    QTest::addColumn<Message>("message");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *name, const Message &message, const char *text) {
        QTest::newRow(name) << message << QByteArray(text);
    };

    row("hello", Hello{.serverVersion = QStringLiteral("0.1.0"), .heartbeatSeconds = 15},
        R"({"type":"hello","serverVersion":"0.1.0","heartbeatSeconds":15})");
    row("register, first", Register{.publisher = QStringLiteral("box"), .version = QStringLiteral("1"), .llms = {}},
        R"({"type":"register","publisher":"box","version":"1","llms":[]})");
    row("register, again",
        Register{.publisher = QStringLiteral("box"),
                 .version = QStringLiteral("1"),
                 .providerSessionId = ProviderSessionId(QStringLiteral("s")),
                 .llms = {LlmEntry{.name = QStringLiteral("a"), .maxConcurrency = 4},
                          LlmEntry{.name = QStringLiteral("b"),
                                   .type = QStringLiteral("openai"),
                                   .model = QStringLiteral("m"),
                                   .tier = QStringLiteral("heavy"),
                                   .description = QStringLiteral("d"),
                                   .extraConfig = QJsonObject{{QStringLiteral("k"), 1}},
                                   .maxConcurrency = 1,
                                   .initialStatus = ReportedState::Hibernating,
                                   .wake = RecipeInfo{.kind = RecipeKind::Http}}}},
        R"({"type":"register","publisher":"box","version":"1","providerSessionId":"s","llms":[)"
        R"({"name":"a","maxConcurrency":4,"initialStatus":"active"},)"
        R"({"name":"b","type":"openai","model":"m","tier":"heavy","description":"d","extraConfig":{"k":1},)"
        R"("maxConcurrency":1,"initialStatus":"hibernating",)"
        R"("wake":{"kind":"http","recipeTimeoutSeconds":30,"maxWaitSeconds":60}}]})");
    row("registered",
        Registered{.providerSessionId = ProviderSessionId(QStringLiteral("s")),
                   .epoch = 7,
                   .llms = {{QStringLiteral("a"), EntryStatus::Accepted, QString()},
                            {QStringLiteral("b"), EntryStatus::Conflict, QStringLiteral("no")}}},
        R"({"type":"registered","providerSessionId":"s","epoch":7,"llms":[{"name":"a","status":"accepted","message":""},)"
        R"({"name":"b","status":"conflict","message":"no"}]})");
    row("heartbeat", Heartbeat{.llms = {{QStringLiteral("a"), ReportedState::Draining, 2}}},
        R"({"type":"heartbeat","llms":[{"name":"a","state":"draining","running":2}]})");
    row("heartbeatAck", HeartbeatAck{}, R"({"type":"heartbeatAck"})");
    row("goodbye", Goodbye{.reason = QStringLiteral("restart")}, R"({"type":"goodbye","reason":"restart"})");
    row("error", ErrorNotice{.code = QStringLiteral("c"), .message = QStringLiteral("m")},
        R"({"type":"error","code":"c","message":"m"})");
    row("infer",
        Infer{.task = TaskId{5},
              .llm = QStringLiteral("a"),
              .path = "/chat/completions",
              .query = "",
              .headers = {{"accept", "*/*"}, {"x", "\xe9"}},
              .size = 12,
              .attempt = 1},
        R"({"type":"infer","task":5,"llm":"a","path":"/chat/completions","query":"","size":12,"attempt":1,)"
        "\"headers\":[[\"accept\",\"*/*\"],[\"x\",\"\xc3\xa9\"]]}");
    row("wake", Wake{.task = TaskId{5}, .llm = QStringLiteral("a")}, R"({"type":"wake","task":5,"llm":"a"})");
    row("cancel", Cancel{.task = TaskId{5}}, R"({"type":"cancel","task":5})");
    row("window", Window{.task = TaskId{5}, .bytes = 65536}, R"({"type":"window","task":5,"bytes":65536})");
    row("wakeProgress", WakeProgress{.task = TaskId{5}, .phase = WakePhase::Recipe, .elapsedSeconds = 1, .limitSeconds = 60},
        R"({"type":"wakeProgress","task":5,"phase":"recipe","elapsedSeconds":1,"limitSeconds":60})");
    row("wakeResult", WakeResult{.task = TaskId{5}, .ok = false, .durationMs = 9, .message = QStringLiteral("m")},
        R"({"type":"wakeResult","task":5,"ok":false,"durationMs":9,"message":"m"})");
    row("responseHead", ResponseHead{.task = TaskId{5}, .status = 200, .headers = {{"content-type", "text/event-stream"}}},
        R"({"type":"responseHead","task":5,"status":200,"headers":[["content-type","text/event-stream"]]})");
    row("responseEnd", ResponseEnd{.task = TaskId{5}}, R"({"type":"responseEnd","task":5})");
    row("taskError", TaskError{.task = TaskId{5}, .code = QStringLiteral("c"), .message = QStringLiteral("m")},
        R"({"type":"taskError","task":5,"code":"c","message":"m"})");
    row("cancelled", Cancelled{.task = TaskId{5}}, R"({"type":"cancelled","task":5})");
}

void TestCodec::textOnTheWire()
{
    QFETCH(Message, message);
    QFETCH(QByteArray, text);
    QCOMPARE(encode(message), text);
    const auto decoded = decode(text);
    QVERIFY(decoded.ok());
    QVERIFY(std::get<Message>(*decoded) == message);
}

void TestCodec::fieldsInAnyOrder()
{
    const auto decoded = decode(R"( {"message":"m", "ok":true, "task":5, "durationMs":1, "type":"wakeResult"} )");
    QVERIFY(decoded.ok());
    const Message expected = WakeResult{.task = TaskId{5}, .ok = true, .durationMs = 1, .message = QStringLiteral("m")};
    QVERIFY(std::get<Message>(*decoded) == expected);
}

void TestCodec::unknownFieldsAreIgnored()
{
    const auto decoded = decode(R"({"new":[{"task":1}],"type":"heartbeat","llms":[{"load":{"gpu":0.5},"name":"a",)"
                                R"("state":"active","running":1,"x":null}],"future":{"type":"cancel"}})");
    QVERIFY(decoded.ok());
    const Message expected = Heartbeat{.llms = {{QStringLiteral("a"), ReportedState::Active, 1}}};
    QVERIFY(std::get<Message>(*decoded) == expected);
}

void TestCodec::unknownType()
{
    for (const QByteArray name : {"teleport", "Hello", "hello ", ""}) {
        const auto decoded = decode("{\"type\":\"" + name + "\",\"task\":\"not a number\"}");
        QVERIFY(decoded.ok());
        QVERIFY(std::holds_alternative<UnknownMessage>(*decoded));
        QCOMPARE(std::get<UnknownMessage>(*decoded).type, QString::fromLatin1(name));
    }
    // What ends up in a log is short.
    const auto decoded = decode("{\"type\":\"" + QByteArray(1000, 'x') + "\"}");
    QCOMPARE(std::get<UnknownMessage>(*decoded).type.size(), 64);
}

void TestCodec::refuses_data()
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
    row("negative progress", R"({"type":"wakeProgress","task":1,"phase":"recipe","elapsedSeconds":-1,"limitSeconds":2})",
        R"("elapsedSeconds" is out of range)");
    row("no verdict", R"({"type":"wakeResult","task":1,"durationMs":1,"message":""})", R"("ok" is missing)");
    row("verdict in words", R"({"type":"wakeResult","task":1,"ok":"yes","durationMs":1,"message":""})",
        R"("ok" is neither true nor false)");
}

void TestCodec::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    const QString error = errorOf(text);
    QVERIFY2(error.startsWith(QStringLiteral("A control message cannot be read: ") + reason), qPrintable(error));
    QVERIFY(error.endsWith(u'.'));
}

void TestCodec::defaults()
{
    const auto decoded = decode(R"({"type":"register","publisher":"p","version":"1","llms":[{"name":"a"}]})");
    QVERIFY(decoded.ok());
    const auto message = std::get<Register>(std::get<Message>(*decoded));
    QVERIFY(message.providerSessionId.isEmpty());
    const LlmEntry expected{.name = QStringLiteral("a")};
    QCOMPARE(message.llms.size(), 1);
    QVERIFY(message.llms[0] == expected);
    QVERIFY(message.llms[0].initialStatus == ReportedState::Active);
}

void TestCodec::listsMayBeMissing()
{
    const auto decoded = decode(R"({"type":"heartbeat"})");
    QVERIFY(decoded.ok());
    QVERIFY(std::get<Heartbeat>(std::get<Message>(*decoded)).llms.isEmpty());
}

void TestCodec::badHeaderFieldsAreLeftOut()
{
    const ResponseHead head{.task = TaskId{1},
                            .status = 200,
                            .headers = {{"first", "1"},
                                        {"split", "a\r\nset-cookie: b"},
                                        {"nul", QByteArray("a\0b", 3)},
                                        {"bell", "\a"},
                                        {"del", "\x7f"},
                                        {"", "no name"},
                                        {"two words", "x"},
                                        {"colon:", "x"},
                                        {"caf\xe9", "x"},
                                        {"line\n", "x"},
                                        {"last", "2"}}};
    const auto decoded = decode(encode(head));
    QVERIFY2(decoded.ok(), decoded ? "" : qPrintable(decoded.error().message));
    const HttpFields expected{{"first", "1"}, {"last", "2"}};
    QVERIFY(std::get<ResponseHead>(std::get<Message>(*decoded)).headers == expected);
}

void TestCodec::badHeaderFieldsAreRefused_data()
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

void TestCodec::badHeaderFieldsAreRefused()
{
    QFETCH(QByteArray, field);
    const QString reason = QStringLiteral("A control message cannot be read: \"headers\" has a field that HTTP does not allow.");
    QCOMPARE(errorOf(R"({"type":"responseHead","task":1,"status":200,"headers":[["x","y"],)" + field + "]}"), reason);
    QCOMPARE(errorOf(R"({"type":"infer","task":1,"llm":"a","path":"/p","query":"","size":0,"attempt":1,"headers":[)" + field
                     + "]}"),
             reason);
}

void TestCodec::longestMessage()
{
    const QByteArray head = R"({"type":"goodbye","reason":"a","x":")";
    const QByteArray tail = "\"}";
    const QByteArray longest = head + QByteArray(maxMessageBytes - head.size() - tail.size(), 'x') + tail;
    QCOMPARE(errorOf(longest), QStringLiteral("fine"));
    QCOMPARE(errorOf(longest + ' '), QStringLiteral("A control message is longer than 1 MiB."));

    const QByteArray longReason = R"({"type":"goodbye","reason":")" + QByteArray(256 * 1024 + 1, 'x') + "\"}";
    QCOMPARE(errorOf(longReason), QStringLiteral("A control message cannot be read: \"reason\" is too long."));
}

void TestCodec::longestList()
{
    Register message{.publisher = QStringLiteral("p"), .version = QStringLiteral("1")};
    message.llms.resize(1024);
    QCOMPARE(errorOf(encode(message)), QStringLiteral("fine"));
    message.llms.resize(1025);
    QCOMPARE(errorOf(encode(message)), QStringLiteral("A control message cannot be read: \"llms\" has too many items."));
}

void TestCodec::everyPrefixIsRefused()
{
    for (const auto &[name, message] : fullMessages()) {
        const QByteArray text = encode(message);
        for (qsizetype size = 0; size < text.size(); ++size)
            QVERIFY(errorOf(text.first(size)) != QStringLiteral("fine"));
    }
}

QTEST_GUILESS_MAIN(TestCodec)
#include "tst_codec.moc"
