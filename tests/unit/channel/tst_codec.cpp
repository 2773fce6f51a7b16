#include "codec.h"

#include "samplemessages.h"

#include <QTest>

#include <set>

using namespace hearth;
using namespace hearth::channel;

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
    void defaults();
    void listsMayBeMissing();
    void badHeaderFieldsAreLeftOut();
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
        R"({"type":"register","publisher":"box","version":"1","llms":[],"agents":[]})");
    row("register, again",
        Register{.publisher = QStringLiteral("box"),
                 .version = QStringLiteral("1"),
                 .providerSessionId = ProviderSessionId(QStringLiteral("s")),
                 .llms = {LlmEntry{.name = QStringLiteral("a"), .maxConcurrency = 4},
                          LlmEntry{.name = QStringLiteral("b"),
                                   .type = QStringLiteral("openai"),
                                   .model = QStringLiteral("m"),
                                   .pool = QStringLiteral("p"),
                                   .streamUsage = false,
                                   .tier = QStringLiteral("heavy"),
                                   .description = QStringLiteral("d"),
                                   .extraConfig = QJsonObject{{QStringLiteral("k"), 1}},
                                   .maxConcurrency = 1,
                                   .initialStatus = ReportedState::Hibernating,
                                   .wake = RecipeInfo{.kind = RecipeKind::Http}}},
                 .agents = {AgentEntry{.name = QStringLiteral("p"), .llm = QStringLiteral("a")},
                            AgentEntry{.name = QStringLiteral("q"),
                                       .llm = QStringLiteral("b"),
                                       .description = QStringLiteral("d"),
                                       .systemPrompt = QStringLiteral("s"),
                                       .defaultParams = QJsonObject{{QStringLiteral("temperature"), 0.5}},
                                       .extras = QJsonObject{{QStringLiteral("k"), 1}},
                                       .project = QStringLiteral("r")},
                            AgentEntry{.name = QStringLiteral("s"), .pool = QStringLiteral("p")}}},
        R"({"type":"register","publisher":"box","version":"1","providerSessionId":"s","llms":[)"
        R"({"name":"a","maxConcurrency":4,"initialStatus":"active"},)"
        R"({"name":"b","type":"openai","model":"m","pool":"p","streamUsage":false,"tier":"heavy","description":"d","extraConfig":{"k":1},)"
        R"("maxConcurrency":1,"initialStatus":"hibernating",)"
        R"("wake":{"kind":"http","recipeTimeoutSeconds":30,"maxWaitSeconds":60}}],)"
        R"("agents":[{"name":"p","llm":"a"},{"name":"q","llm":"b","description":"d","systemPrompt":"s",)"
        R"("defaultParams":{"temperature":0.5},"extras":{"k":1},"project":"r"},{"name":"s","pool":"p"}]})");
    row("registered",
        Registered{.providerSessionId = ProviderSessionId(QStringLiteral("s")),
                   .epoch = 7,
                   .llms = {{QStringLiteral("a"), EntryStatus::Accepted, QString()},
                            {QStringLiteral("b"), EntryStatus::Conflict, QStringLiteral("no")}},
                   .agents = {{QStringLiteral("p"), EntryStatus::Invalid, QStringLiteral("why")}}},
        R"({"type":"registered","providerSessionId":"s","epoch":7,"llms":[{"name":"a","status":"accepted","message":""},)"
        R"({"name":"b","status":"conflict","message":"no"}],)"
        R"("agents":[{"name":"p","status":"invalid","message":"why"}]})");
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
    row("wakeProgress",
        WakeProgress{.task = TaskId{5}, .phase = WakePhase::Recipe, .elapsedSeconds = 1, .limitSeconds = 60},
        R"({"type":"wakeProgress","task":5,"phase":"recipe","elapsedSeconds":1,"limitSeconds":60})");
    row("wakeResult",
        WakeResult{.task = TaskId{5},
                   .ok = false,
                   .durationMs = 9,
                   .code = QStringLiteral("wake_failed"),
                   .message = QStringLiteral("m")},
        R"({"type":"wakeResult","task":5,"ok":false,"durationMs":9,"code":"wake_failed","message":"m"})");
    row("responseHead",
        ResponseHead{.task = TaskId{5}, .status = 200, .headers = {{"content-type", "text/event-stream"}}},
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
    const auto decoded =
        decode(R"( {"message":"m", "ok":true, "task":5, "code":"", "durationMs":1, "type":"wakeResult"} )");
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
    const auto heartbeat = decode(R"({"type":"heartbeat"})");
    QVERIFY(heartbeat.ok());
    QVERIFY(std::get<Heartbeat>(std::get<Message>(*heartbeat)).llms.isEmpty());
    const auto registering = decode(R"({"type":"register","publisher":"p","version":"1"})");
    QVERIFY(registering.ok());
    QVERIFY(std::get<Register>(std::get<Message>(*registering)).agents.isEmpty());
    const auto registered = decode(R"({"type":"registered","providerSessionId":"s","epoch":1})");
    QVERIFY(registered.ok());
    QVERIFY(std::get<Registered>(std::get<Message>(*registered)).agents.isEmpty());
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

QTEST_GUILESS_MAIN(TestCodec)
#include "tst_codec.moc"
