#include "nodereader.h"

#include <QTest>

using namespace hearth;
using namespace std::chrono_literals;

namespace {

SettingTable llmFields()
{
    return SettingTable({
        Setting::text("name", {}, "").asRequired(),
        Setting::text("model", {}, ""),
        Setting::choice("tier", QStringLiteral("fast"), {QStringLiteral("fast"), QStringLiteral("heavy")}, ""),
        Setting::integer("maxConcurrency", 4, 1, 10'000, "requests", ""),
        Setting::boolean("publish", false, ""),
        Setting::text("probe.path", QStringLiteral("/models"), ""),
        Setting::choice("wake.type", {}, {QStringLiteral("http"), QStringLiteral("command")}, "").asRequired(),
        Setting::path("wake.command", {}, ""),
        Setting::textList("wake.args", {}, ""),
        Setting::textMap("wake.headers", ""),
        Setting::seconds("wake.maxWaitSeconds", 60s, 1s, 24h, ""),
    });
}

SettingTable table()
{
    return SettingTable({
        Setting::text("server", {}, ""),
        Setting::entries("llms", "", llmFields()),
        Setting::entries("agents", "",
                         SettingTable({Setting::text("name", {}, ""), Setting::object("defaultParams", "")})),
    });
}

struct Reading
{
    SettingValues values;
    QStringList problems;
};

Reading read(const QByteArray &yaml)
{
    const SettingTable settings = table();
    const QString file = QStringLiteral("p.yaml");
    Reading reading{settings.defaults(), {}};
    QList<ConfigProblem> problems;
    if (const auto root = parseYaml(yaml, file, problems))
        NodeReader(settings, file, problems).read(*root, reading.values);
    for (const ConfigProblem &problem : problems)
        reading.problems.append(problem.toString());
    return reading;
}

} // namespace

class TestNodeReader final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEntries();
    void leavesDefaults();
    void emptyValues();
    void problemNamesPlace();
    void problemsAreShown();
    void faults_data();
    void faults();
    void collectsAllFaults();
};

void TestNodeReader::readsEntries()
{
    const Reading reading = read(R"(
server: http://127.0.0.1:4327
llms:
  - name: vllm-local
    model: Qwen/Qwen2.5-7B
    tier: heavy
    maxConcurrency: 8
    publish: true
    probe: {path: /health}
    wake:
      type: command
      command: /usr/local/bin/start-vllm
      args: [--profile, "42"]
      headers: {Authorization: Bearer x, Accept: '*/*'}
      maxWaitSeconds: 2.5
  - name: second
agents:
  - {name: coder, defaultParams: {temperature: 0.2, stop: [a], top_p: ~}}
)");
    QVERIFY2(reading.problems.isEmpty(), qPrintable(reading.problems.join(u'\n')));
    const auto &llms = reading.values.entries("llms");
    QCOMPARE(llms.size(), size_t(2));
    const SettingValues &llm = llms[0];
    QCOMPARE(llm.text("name"), QStringLiteral("vllm-local"));
    QCOMPARE(llm.text("tier"), QStringLiteral("heavy"));
    QCOMPARE(llm.integer<int>("maxConcurrency"), 8);
    QCOMPARE(llm.boolean("publish"), true);
    QCOMPARE(llm.text("probe.path"), QStringLiteral("/health"));
    QCOMPARE(llm.list("wake.args"), (QStringList{QStringLiteral("--profile"), QStringLiteral("42")}));
    QCOMPARE(llm.textMap("wake.headers"), (TextMap{{QStringLiteral("Authorization"), QStringLiteral("Bearer x")},
                                                   {QStringLiteral("Accept"), QStringLiteral("*/*")}}));
    QCOMPARE(llm.duration("wake.maxWaitSeconds"), 2500ms);
    QVERIFY(llm.hasSection("wake"));
    QCOMPARE(llm.origin("tier").toString(), QStringLiteral("p.yaml:6"));
    const QJsonObject params = reading.values.entries("agents")[0].object("defaultParams");
    QCOMPARE(params[u"temperature"].toDouble(), 0.2);
    QVERIFY(params[u"stop"].isArray());
    QVERIFY(params.contains(u"top_p") && params[u"top_p"].isNull());
}

void TestNodeReader::leavesDefaults()
{
    const Reading reading = read("llms: [{name: a}]\n");
    QVERIFY(reading.problems.isEmpty());
    const SettingValues &llm = reading.values.entries("llms")[0];
    QVERIFY(!llm.isSet("model"));
    QVERIFY(!llm.hasSection("wake"));
    QCOMPARE(llm.integer("maxConcurrency"), 4);
    QCOMPARE(llm.text("tier"), QStringLiteral("fast"));
    QCOMPARE(llm.duration("wake.maxWaitSeconds"), 60s);
    QVERIFY(!reading.values.isSet("server"));
    QVERIFY(!reading.values.isSet("agents"));
}

// A list or map whose content is commented out says nothing; a scalar without a value is a mistake.
void TestNodeReader::emptyValues()
{
    const Reading reading =
        read("llms:\n  - name: a\n    probe:\n    wake: {type: http, args: , headers: }\nagents:\n");
    QVERIFY2(reading.problems.isEmpty(), qPrintable(reading.problems.join(u'\n')));
    QVERIFY(reading.values.entries("agents").empty());
    QVERIFY(reading.values.entries("llms")[0].hasSection("probe"));
    QCOMPARE(read("server:\n").problems, QStringList{QStringLiteral("p.yaml:1: server: must be a text")});
}

void TestNodeReader::problemNamesPlace()
{
    const Reading reading = read("llms:\n  - name: a\n  - name: b\n    model: c\n");
    const SettingValues &llm = reading.values.entries("llms")[1];
    const QString odd = QStringLiteral("is odd");
    QVERIFY(llm.problem("model", odd) ==
            (ConfigProblem{QStringLiteral("p.yaml:4"), QStringLiteral("llms[1].model"), odd}));
    QVERIFY(llm.problem("wake.type", odd) ==
            (ConfigProblem{QStringLiteral("p.yaml:3"), QStringLiteral("llms[1].wake.type"), odd}));
    QVERIFY(reading.values.problem("server", odd) == (ConfigProblem{.key = QStringLiteral("server"), .what = odd}));
}

void TestNodeReader::problemsAreShown()
{
    ConfigProblem problem{QStringLiteral("p.yaml:4"), QStringLiteral("llms[1].model"), QStringLiteral("is odd")};
    QCOMPARE(problem.toString(), QStringLiteral("p.yaml:4: llms[1].model: is odd"));
    problem.place.clear();
    QCOMPARE(problem.toString(), QStringLiteral("llms[1].model: is odd"));
    problem.key.clear();
    QCOMPARE(problem.toString(), QStringLiteral("is odd"));
}

void TestNodeReader::faults_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char *name, const char *yaml, const char *problem) {
        QTest::newRow(name) << QByteArray(yaml) << QString::fromUtf8(problem);
    };
    row("not a map", "[1]", "p.yaml:1: must be a map of settings");
    row("unknown key", "colour: red", "p.yaml:1: colour: unknown setting");
    row("mistyped key", "\nsevrer: x", "p.yaml:2: sevrer: unknown setting; did you mean server?");
    row("dotted key", "llms: [{name: a, probe.path: /x}]", "p.yaml:1: llms[0].probe.path: unknown setting");
    row("merge key", "<<: {a: b}", "p.yaml:1: <<: unknown setting");
    row("map for a text", "server: {a: b}", "p.yaml:1: server: must be a text");
    row("list for a text", "server: [a]", "p.yaml:1: server: must be a text");
    row("scalar for entries", "llms: a", "p.yaml:1: llms: must be a list of maps");
    row("map for entries", "llms: {name: a}", "p.yaml:1: llms: must be a list of maps");
    row("entry is no map", "llms:\n  - {name: a}\n  - b", "p.yaml:3: llms[1]: must be a map");
    row("empty entry", "llms:\n  -", "p.yaml:2: llms[0]: must be a map");
    row("required field", "llms:\n  - {model: a}", "p.yaml:2: llms[0].name: is required");
    row("required in an open section", "llms:\n  - {name: a, wake: {maxWaitSeconds: 5}}",
        "p.yaml:2: llms[0].wake.type: is required");
    row("range", "llms:\n- name: a\n- name: b\n  wake:\n    type: http\n    maxWaitSeconds: 0",
        "p.yaml:6: llms[1].wake.maxWaitSeconds: must be a number of seconds between 1 and 86400");
    row("unknown nested key", "llms: [{name: a, wake: {type: http, maxWait: 3}}]",
        "p.yaml:1: llms[0].wake.maxWait: unknown setting; did you mean llms[0].wake.maxWaitSeconds?");
    row("scalar for a section", "llms: [{name: a, probe: /models}]",
        "p.yaml:1: llms[0].probe: must be a map of settings");
    row("list of maps for a list", "llms: [{name: a, wake: {type: http, args: [{b: c}]}}]",
        "p.yaml:1: llms[0].wake.args: must be a list of texts");
    row("scalar for a list", "llms: [{name: a, wake: {type: http, args: b}}]",
        "p.yaml:1: llms[0].wake.args: must be a list of texts");
    row("list for a map", "llms: [{name: a, wake: {type: http, headers: [b]}}]",
        "p.yaml:1: llms[0].wake.headers: must be a map of texts");
    row("map in a map of texts", "llms: [{name: a, wake: {type: http, headers: {b: {}}}}]",
        "p.yaml:1: llms[0].wake.headers: must be a map of texts");
    row("scalar for an object", "agents: [{name: a, defaultParams: 3}]",
        "p.yaml:1: agents[0].defaultParams: must be a map");
}

void TestNodeReader::faults()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, problem);
    QCOMPARE(read(yaml).problems, QStringList{problem});
}

void TestNodeReader::collectsAllFaults()
{
    const Reading reading = read("sever: x\nllms:\n  - {tier: slow, publish: maybe}\n  - 3\n");
    QCOMPARE(reading.problems.join(u'\n'), QStringLiteral("p.yaml:1: sever: unknown setting; did you mean server?\n"
                                                          "p.yaml:3: llms[0].tier: must be one of fast, heavy\n"
                                                          "p.yaml:3: llms[0].publish: must be true or false\n"
                                                          "p.yaml:3: llms[0].name: is required\n"
                                                          "p.yaml:4: llms[1]: must be a map"));
}

QTEST_APPLESS_MAIN(TestNodeReader)
#include "tst_nodereader.moc"
