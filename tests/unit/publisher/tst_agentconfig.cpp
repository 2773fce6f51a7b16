// The `agents` of publisher.yaml: what they mean, and what is said of mistakes.

#include "configuration.h"
#include "publisherconfig.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;

class TestAgentConfig final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheExampleOfTheDocumentation();
    void readsEveryField();
    void fillsInDefaults();
    void pinsWhatOnlyTheServerKnows();
    void pinsToAPool();
    void refusesMistakes_data();
    void refusesMistakes();
    void takesTheLongestTexts();
    void refusesWhatFitsIntoNoMessage();

private:
    QString write(const QString &name, const QByteArray &content) const;
    Result<PublisherSettings> read(const QByteArray &yaml) const;

    /// A published Llm `m` and these lines.
    Result<PublisherSettings> readAgents(const QByteArray &lines) const
    {
        return read("llms:\n  - {name: m, url: 'http://box', publish: true}\nagents:\n" + lines);
    }

    QTemporaryDir m_directory;
    QString m_keyFile = write(QStringLiteral("publisher.key"), "hk_secret\n");
};

QString TestAgentConfig::write(const QString &name, const QByteArray &content) const
{
    const QString path = m_directory.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return path;
}

Result<PublisherSettings> TestAgentConfig::read(const QByteArray &yaml) const
{
    const QString file = write(QStringLiteral("publisher.yaml"), yaml);
    const Result<SettingValues> values =
        loadConfiguration(publisherSettingTable(),
                          {.file = file, .fileRequired = true, .flags = {{QStringLiteral("keyFile"), m_keyFile}}});
    if (!values)
        return values.error();
    return readPublisherSettings(*values, file);
}

void TestAgentConfig::readsTheExampleOfTheDocumentation()
{
    const QString backendKey = write(QStringLiteral("vllm.key"), "sk-backend");
    QByteArray example =
        R"(server: http://127.0.0.1:4327          # https:// for TLS; the publisher derives the WebSocket URL
keyFile: /etc/hearth/publisher.key
name: gpu-box
llms:
  - name: vllm-local
    type: openai                              # what the backend speaks (default openai)
    model: Qwen/Qwen2.5-7B-Instruct-AWQ       # what the backend itself calls it (default: name)
    url: http://127.0.0.1:8000/v1
    apiKeyFile: /etc/hearth/vllm.key          # optional, for a backend that wants one
    tier: fast                                # fast | heavy (default fast)
    description: Qwen on the box under my desk
    maxConcurrency: 4                         # default 4
    publish: true                             # default false: nothing is shared by accident
    probe: {path: /models}                    # available = 2xx within 3 s
    wake: {type: command, command: /usr/local/bin/start-vllm, args: [--profile, qwen], maxWaitSeconds: 120}
    # or  {type: http, url: http://10.0.0.50:9090/wake/vllm, method: POST, headers: {Authorization: Bearer …}, body: "", maxWaitSeconds: 60}
agents:
  - {name: local-coder, llm: vllm-local, description: …, systemPrompt: You are a careful programmer., defaultParams: {temperature: 0.2}}
)";
    example.replace("/etc/hearth/publisher.key", m_keyFile.toUtf8());
    example.replace("/etc/hearth/vllm.key", backendKey.toUtf8());
    const auto settings = read(example);
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->llms.size(), size_t(1));
    QCOMPARE(settings->agents.size(), size_t(1));
    const AgentSettings &agent = settings->agents.front();
    QCOMPARE(agent.name, QStringLiteral("local-coder"));
    QCOMPARE(agent.llm, QStringLiteral("vllm-local"));
    QCOMPARE(agent.description, QStringLiteral(u"\u2026"));
    QCOMPARE(agent.systemPrompt, QStringLiteral("You are a careful programmer."));
    const QJsonObject params{{QStringLiteral("temperature"), 0.2}};
    QCOMPARE(agent.defaultParams, params);
}

void TestAgentConfig::readsEveryField()
{
    const auto settings = readAgents("  - name: team/coder\n"
                                     "    llm: m\n"
                                     "    description: Writes code\n"
                                     "    systemPrompt: |\n"
                                     "      You are careful.\n"
                                     "\n"
                                     "        You indent.\n"
                                     "    defaultParams: {temperature: 0.2, max_tokens: 512, stop: [a, b]}\n"
                                     "    extras: {icon: {shape: round}}\n"
                                     "    project: hearth\n"
                                     "  - {name: brief, llm: m}\n");
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->agents.size(), size_t(2));
    const AgentSettings &agent = settings->agents.front();
    QCOMPARE(agent.name, QStringLiteral("team/coder"));
    QCOMPARE(agent.description, QStringLiteral("Writes code"));
    QCOMPARE(agent.systemPrompt, QStringLiteral("You are careful.\n\n  You indent.\n"));
    QCOMPARE(QJsonDocument(agent.defaultParams).toJson(QJsonDocument::Compact),
             QByteArray(R"({"max_tokens":512,"stop":["a","b"],"temperature":0.2})"));
    QCOMPARE(QJsonDocument(agent.extras).toJson(QJsonDocument::Compact), QByteArray(R"({"icon":{"shape":"round"}})"));
    QCOMPARE(agent.project, QStringLiteral("hearth"));
    QCOMPARE(settings->agents.back().name, QStringLiteral("brief"));
}

void TestAgentConfig::fillsInDefaults()
{
    const auto settings = readAgents("  - {name: a, llm: m}\n");
    QVERIFY(settings.ok());
    const AgentSettings &agent = settings->agents.front();
    QVERIFY(agent.description.isEmpty() && agent.systemPrompt.isEmpty() && agent.project.isEmpty());
    QVERIFY(agent.defaultParams.isEmpty() && agent.extras.isEmpty());
    const auto none = read("name: x\n");
    QVERIFY(none.ok());
    QVERIFY(none->agents.empty());
}

void TestAgentConfig::pinsWhatOnlyTheServerKnows()
{
    const auto settings = readAgents("  - {name: a, llm: public-llm}\n");
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->agents.front().llm, QStringLiteral("public-llm"));
}

void TestAgentConfig::pinsToAPool()
{
    const auto settings = readAgents("  - {name: a, pool: qwen}\n");
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->agents.front().pool, QStringLiteral("qwen"));
    QVERIFY(settings->agents.front().llm.isEmpty());
}

void TestAgentConfig::refusesMistakes_data()
{
    QTest::addColumn<QByteArray>("agents");
    QTest::addColumn<QString>("message");

    const auto row = [](const char *name, const QByteArray &agents, const char *message) {
        QTest::newRow(name) << agents << QString::fromLatin1(message);
    };
    const QByteArray good = "  - name: a\n    llm: m\n";
    row("no name", "  - {llm: m}\n", "agents[0].name");
    row("bad name", "  - {name: a b, llm: m}\n", "publisher.yaml:4: agents[0].name: must be 1 to 128");
    row("no pin", "  - {name: a}\n", "agents[0].llm: either this or pool must be set");
    row("two pins", "  - {name: a, llm: m, pool: p}\n", "publisher.yaml:4: agents[0].llm: either this or pool");
    row("pool that is no name", "  - {name: a, pool: '-'}\n", "publisher.yaml:4: agents[0].pool: must be 1 to 128");
    row("Llm that is no name", "  - {name: a, llm: '-'}\n", "publisher.yaml:4: agents[0].llm: must be 1 to 128");
    row("unknown field", good + "    prompt: x\n", "publisher.yaml:6: agents[0].prompt: ");
    row("prompt is a list", good + "    systemPrompt: [x]\n", "publisher.yaml:6: agents[0].systemPrompt: ");
    row("params are a list", good + "    defaultParams: [x]\n", "publisher.yaml:6: agents[0].defaultParams: ");
    row("model in the params", good + "    defaultParams: {model: x}\n",
        "publisher.yaml:6: agents[0].defaultParams: must not set \"model\"");
    row("messages in the params", good + "    defaultParams: {messages: []}\n", "must not set \"messages\"");
    row("stream in the params", good + "    defaultParams: {stream: true}\n", "must not set \"stream\"");
    row("long description", good + "    description: " + QByteArray(1025, 'a') + '\n',
        "publisher.yaml:6: agents[0].description: must not be longer than 1024");
    row("long prompt", good + "    systemPrompt: " + QByteArray(128 * 1024 + 1, 'a') + '\n',
        "publisher.yaml:6: agents[0].systemPrompt: must not be longer than 131072");
    row("long project", good + "    project: " + QByteArray(513, 'a') + '\n',
        "publisher.yaml:6: agents[0].project: must not be longer than 512");
    row("large params", good + "    defaultParams: {k: " + QByteArray(16 * 1024, 'a') + "}\n",
        "publisher.yaml:6: agents[0].defaultParams: must not be longer than 16384");
    row("large extras", good + "    extras: {k: " + QByteArray(16 * 1024, 'a') + "}\n",
        "publisher.yaml:6: agents[0].extras: must not be longer than 16384");
    row("same name twice", good + "  - {name: a, llm: m}\n",
        "publisher.yaml:6: agents[1].name: \"a\" is the name of another entry");
    row("name of an Llm", "  - {name: m, llm: m}\n", "publisher.yaml:4: agents[0].name: \"m\" is the name of another");
    QTest::newRow("pinned to an unpublished entry")
        << QByteArray("  - {name: a, llm: private}\n")
        << QStringLiteral("agents[0].llm: \"private\" is not published; set \"publish: true\" in its entry");
}

void TestAgentConfig::refusesMistakes()
{
    QFETCH(QByteArray, agents);
    QFETCH(QString, message);

    const auto settings = agents.contains("private")
                              ? read("agents:\n" + agents + "llms:\n  - {name: private, url: 'http://box'}\n")
                              : readAgents(agents);
    QVERIFY(!settings.ok());
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QVERIFY2(settings.error().message.contains(message), qPrintable(settings.error().message));
}

void TestAgentConfig::takesTheLongestTexts()
{
    const auto settings = readAgents("  - name: a\n    llm: m\n    systemPrompt: " + QByteArray(128 * 1024, 'a') +
                                     "\n    description: " + QByteArray(1024, 'a') + '\n');
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->agents.front().systemPrompt.size(), 128 * 1024);
}

void TestAgentConfig::refusesWhatFitsIntoNoMessage()
{
    // Each is fine; but JSON writes two bytes for a quotation mark.
    QByteArray agents;
    const auto add = [&agents](char name) {
        agents += QByteArray("  - name: ") + name + "\n    llm: m\n    systemPrompt: a" +
                  QByteArray(128 * 1024 - 1, '"') + '\n';
    };
    for (const char name : {'a', 'b', 'c'})
        add(name);
    QVERIFY(readAgents(agents).ok());
    add('d');
    const auto settings = readAgents(agents);
    QVERIFY(!settings.ok());
    QVERIFY2(settings.error().message.contains(
                 QStringLiteral("agents: all that is published has to fit into a message of 1 MiB")),
             qPrintable(settings.error().message));
}

QTEST_GUILESS_MAIN(TestAgentConfig)
#include "tst_agentconfig.moc"
