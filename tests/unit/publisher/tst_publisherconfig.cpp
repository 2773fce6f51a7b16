#include "configuration.h"
#include "publisherconfig.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;

class TestPublisherConfig final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheExampleOfTheDocumentation();
    void fillsInDefaults();
    void readsWakeRecipes_data();
    void readsWakeRecipes();
    void readsSleepRecipes_data();
    void readsSleepRecipes();
    void readsGlobalRecipeSettings();
    void refusesMistakes_data();
    void refusesMistakes();
    void reportsEveryMistakeAtOnce();
    void derivesTheChannelUrl_data();
    void derivesTheChannelUrl();
    void choosesAStateFile();
    void findsTheDefaultFile();

private:
    QString write(const QString &name, const QByteArray &content) const;
    Result<PublisherSettings> read(const QByteArray &yaml) const;
    /// One published entry with these lines in addition.
    QByteArray withLlm(const QByteArray &lines) const;

    QTemporaryDir m_directory;
    QString m_keyFile = write(QStringLiteral("publisher.key"), "hk_secret\n");
};

QString TestPublisherConfig::write(const QString &name, const QByteArray &content) const
{
    const QString path = m_directory.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    return path;
}

Result<PublisherSettings> TestPublisherConfig::read(const QByteArray &yaml) const
{
    const QString file = write(QStringLiteral("publisher.yaml"), yaml);
    const Result<SettingValues> values =
        loadConfiguration(publisherSettingTable(),
                          {.file = file, .fileRequired = true, .flags = {{QStringLiteral("keyFile"), m_keyFile}}});
    if (!values)
        return values.error();
    return readPublisherSettings(*values, file);
}

QByteArray TestPublisherConfig::withLlm(const QByteArray &lines) const
{
    return "llms:\n"
           "  - name: vllm-local\n"
           "    url: http://127.0.0.1:8000/v1\n"
           "    publish: true\n" +
           lines;
}

void TestPublisherConfig::readsTheExampleOfTheDocumentation()
{
    const QString backendKey = write(QStringLiteral("vllm.key"), "sk-backend");
    const auto settings = read("server: https://hearth.example:8443/hearth/\n"
                               "name: gpu-box\n"
                               "reconnect: {maxSeconds: 5}\n"
                               "watchIntervalSeconds: 0.25\n"
                               "shutdown: {drainSeconds: 90}\n"
                               "llms:\n"
                               "  - name: vllm-local\n"
                               "    type: openai\n"
                               "    model: Qwen/Qwen2.5-7B-Instruct-AWQ\n"
                               "    pool: qwen\n"
                               "    streamUsage: false\n"
                               "    url: http://127.0.0.1:8000/v1/\n"
                               "    apiKeyFile: " +
                               backendKey.toUtf8() +
                               "\n"
                               "    tier: heavy\n"
                               "    description: Qwen on the box under my desk\n"
                               "    extraConfig: {contextLength: 32768}\n"
                               "    maxConcurrency: 8\n"
                               "    publish: true\n"
                               "    probe: {path: /health}\n"
                               "    wake: {type: command, command: /usr/local/bin/start-vllm, args: [--profile, qwen],"
                               " maxWaitSeconds: 120}\n");
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    QCOMPARE(settings->server, QUrl(QStringLiteral("https://hearth.example:8443/hearth")));
    QCOMPARE(settings->keyFile, m_keyFile);
    QCOMPARE(settings->name, QStringLiteral("gpu-box"));
    QCOMPARE(settings->reconnect.maximum, Duration(5s));
    QCOMPARE(settings->watchInterval, Duration(250ms));
    QCOMPARE(settings->drainTimeout, Duration(90s));
    QCOMPARE(settings->llms.size(), size_t(1));
    const LlmSettings &llm = settings->llms.front();
    QCOMPARE(llm.name, QStringLiteral("vllm-local"));
    QVERIFY(llm.type == BackendType::OpenAi);
    QCOMPARE(llm.model, QStringLiteral("Qwen/Qwen2.5-7B-Instruct-AWQ"));
    QCOMPARE(llm.pool.value_or(QString()), QStringLiteral("qwen"));
    QVERIFY(!llm.streamUsage);
    QCOMPARE(llm.url, QByteArray("http://127.0.0.1:8000/v1"));
    QCOMPARE(llm.apiKey, QByteArray("sk-backend"));
    QCOMPARE(llm.tier, QStringLiteral("heavy"));
    QCOMPARE(llm.description, QStringLiteral("Qwen on the box under my desk"));
    QCOMPARE(llm.extraConfig.value(QStringLiteral("contextLength")).toInt(), 32768);
    QCOMPARE(llm.maxConcurrency, 8);
    QVERIFY(llm.publish);
    QCOMPARE(llm.probePath, QByteArray("/health"));
    QVERIFY(llm.wake);
}

void TestPublisherConfig::fillsInDefaults()
{
    const auto settings = read("llms:\n"
                               "  - {name: ollama, url: 'http://127.0.0.1:11434/v1'}\n");
    QVERIFY(settings.ok());
    QCOMPARE(settings->server, QUrl(QStringLiteral("http://127.0.0.1:4327")));
    QVERIFY(!settings->name.isEmpty());
    QCOMPARE(settings->reconnect.minimum, Duration(1s));
    QCOMPARE(settings->reconnect.maximum, Duration(60s));
    QCOMPARE(settings->reconnect.replacedWait, Duration(60s));
    QCOMPARE(settings->offerAgain, Duration(30s));
    QCOMPARE(settings->drainTimeout, Duration(30s));
    QCOMPARE(settings->watchInterval, Duration(10s));
    QCOMPARE(settings->backend.probeTimeout, Duration(3s));
    QCOMPARE(settings->backend.firstByteTimeout, Duration(600s));
    QCOMPARE(settings->backend.idleTimeout, Duration(300s));
    const LlmSettings &llm = settings->llms.front();
    QCOMPARE(llm.model, QStringLiteral("ollama"));
    QVERIFY(!llm.pool);
    QVERIFY(llm.streamUsage);
    QCOMPARE(llm.tier, QStringLiteral("fast"));
    QCOMPARE(llm.maxConcurrency, 4);
    QVERIFY(!llm.publish);
    QCOMPARE(llm.probePath, QByteArray("/models"));
    QVERIFY(!llm.wake);
}

void TestPublisherConfig::readsWakeRecipes_data()
{
    QTest::addColumn<QByteArray>("wake");
    QTest::addColumn<bool>("isHttp");
    QTest::addColumn<int>("recipeTimeout");
    QTest::addColumn<int>("maxWait");

    QTest::newRow("http") << QByteArray("{type: http, url: 'http://10.0.0.50:9090/wake', method: PUT,"
                                        " headers: {Authorization: Bearer x}, body: go}")
                          << true << 30 << 60;
    QTest::newRow("command") << QByteArray("{type: command, command: /bin/start, args: [a, b], maxWaitSeconds: 120}")
                             << false << 120 << 120;
    QTest::newRow("commandWithBothLimits")
        << QByteArray("{type: command, command: /bin/start, recipeTimeoutSeconds: 5, maxWaitSeconds: 90}") << false << 5
        << 90;
}

void TestPublisherConfig::readsWakeRecipes()
{
    QFETCH(QByteArray, wake);
    QFETCH(bool, isHttp);
    QFETCH(int, recipeTimeout);
    QFETCH(int, maxWait);

    const auto settings = read(withLlm("    wake: " + wake + '\n'));
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    const std::optional<WakeRecipe> &recipe = settings->llms.front().wake;
    QVERIFY(recipe);
    QCOMPARE(recipe->recipeTimeout, Duration(std::chrono::seconds(recipeTimeout)));
    QCOMPARE(recipe->maxWait, Duration(std::chrono::seconds(maxWait)));
    if (isHttp) {
        const auto &http = std::get<HttpRecipe>(recipe->action);
        QCOMPARE(http.method, QByteArray("PUT"));
        QCOMPARE(http.url, QByteArray("http://10.0.0.50:9090/wake"));
        QCOMPARE(http.fields.value("authorization"), QByteArray("Bearer x"));
        QCOMPARE(http.body, QByteArray("go"));
    } else {
        QCOMPARE(std::get<CommandRecipe>(recipe->action).program, QStringLiteral("/bin/start"));
    }
}

void TestPublisherConfig::readsSleepRecipes_data()
{
    QTest::addColumn<QByteArray>("sleep");
    QTest::addColumn<bool>("isHttp");
    QTest::addColumn<int>("recipeTimeout");
    QTest::addColumn<int>("idle");

    QTest::newRow("http") << QByteArray("{type: http, url: 'http://10.0.0.50:9090/sleep?hard=1', method: DELETE,"
                                        " headers: {Authorization: Bearer x}, body: go, idleMinutes: 0.01}")
                          << true << 30 << 600;
    QTest::newRow("command") << QByteArray("{type: command, command: /bin/stop, args: [a, b]}") << false << 30
                             << 900'000;
    QTest::newRow("commandWithLimit") << QByteArray("{type: command, command: /bin/stop, args: [a, b], idleMinutes: 60,"
                                                    " recipeTimeoutSeconds: 5}")
                                      << false << 5 << 3'600'000;
}

void TestPublisherConfig::readsSleepRecipes()
{
    QFETCH(QByteArray, sleep);
    QFETCH(bool, isHttp);
    QFETCH(int, recipeTimeout);
    QFETCH(int, idle);

    const auto settings = read(withLlm("    wake: {type: command, command: /bin/start}\n    sleep: " + sleep + '\n'));
    QVERIFY2(settings.ok(), settings.ok() ? "" : qPrintable(settings.error().message));
    const std::optional<SleepRecipe> &recipe = settings->llms.front().sleep;
    QVERIFY(recipe);
    QCOMPARE(recipe->recipeTimeout, Duration(std::chrono::seconds(recipeTimeout)));
    QCOMPARE(recipe->idle, Duration(idle));
    const CommandRecipe stop{QStringLiteral("/bin/stop"), {QStringLiteral("a"), QStringLiteral("b")}};
    const HttpRecipe request{.method = "DELETE",
                             .url = "http://10.0.0.50:9090/sleep?hard=1",
                             .fields = {{"Authorization", "Bearer x"}},
                             .body = "go"};
    QVERIFY(recipe->action == (isHttp ? RecipeAction(request) : RecipeAction(stop)));
    // The wake recipe is another one.
    QVERIFY(std::get<CommandRecipe>(settings->llms.front().wake->action).program == QStringLiteral("/bin/start"));
}

void TestPublisherConfig::readsGlobalRecipeSettings()
{
    const auto defaults = read("name: x\n");
    QVERIFY(defaults.ok());
    QCOMPARE(defaults->wakePoll, Duration(1500ms));
    QCOMPARE(defaults->recipes.killGrace, Duration(5s));
    const auto settings = read("wakePollSeconds: 0.1\nrecipeKillGraceSeconds: 0.2\n");
    QVERIFY(settings.ok());
    QCOMPARE(settings->wakePoll, Duration(100ms));
    QCOMPARE(settings->recipes.killGrace, Duration(200ms));
}

void TestPublisherConfig::refusesMistakes_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("message");

    const auto row = [](const char *name, const QByteArray &yaml, const char *message) {
        QTest::newRow(name) << yaml << QString::fromLatin1(message);
    };
    row("serverIsNoUrl", "server: 127.0.0.1:4327\n", "publisher.yaml:1: server: must be a URL");
    row("serverIsNoHttp", "server: ws://127.0.0.1:4327\n", "publisher.yaml:1: server: must be a URL");
    row("serverWithPassword", "server: http://me:pass@box\n", "publisher.yaml:1: server: must not contain a user");
    row("serverWithQuery", "server: http://box/?key=x\n", "publisher.yaml:1: server: must not contain");
    row("unknownSetting", "sever: http://box\n", "publisher.yaml:1: sever: ");
    row("minimumAboveMaximum", "reconnect: {minSeconds: 9, maxSeconds: 3}\n",
        "publisher.yaml:1: reconnect.minSeconds: ");
    row("badName", "llms:\n  - {name: '-x', url: 'http://box'}\n", "publisher.yaml:2: llms[0].name: must be 1 to 128");
    row("noUrl", "llms:\n  - {name: x}\n", "llms[0].url");
    row("backendIsNoHttp", "llms:\n  - name: x\n    url: ftp://box/v1\n",
        "publisher.yaml:3: llms[0].url: must be a URL");
    row("sameNameTwice", "llms:\n  - {name: x, url: 'http://a'}\n  - {name: x, url: 'http://b'}\n",
        "publisher.yaml:3: llms[1].name: \"x\" is the name of another entry");
    row("poolIsNoName", withLlm("    pool: a pool\n"), "publisher.yaml:5: llms[0].pool: must be 1 to 128");
    row("poolIsAnEntry", withLlm("    pool: x\n  - {name: x, url: 'http://b'}\n"),
        "publisher.yaml:5: llms[0].pool: \"x\" is the name of an entry");
    row("noParallelism", withLlm("    maxConcurrency: 0\n"), "publisher.yaml:5: llms[0].maxConcurrency: ");
    row("unknownType", withLlm("    type: gemini\n"), "publisher.yaml:5: llms[0].type: ");
    row("unknownTier", withLlm("    tier: medium\n"), "publisher.yaml:5: llms[0].tier: ");
    row("probeWithoutSlash", withLlm("    probe: {path: models}\n"),
        "publisher.yaml:5: llms[0].probe.path: must begin");
    row("missingBackendKey", withLlm("    apiKeyFile: /nonexistent/key\n"),
        "publisher.yaml:5: llms[0].apiKeyFile: The key file /nonexistent/key cannot be read");
    row("wakeWithoutType", withLlm("    wake: {maxWaitSeconds: 3}\n"), "llms[0].wake.type");
    row("relativeCommand", withLlm("    wake: {type: command, command: start.sh}\n"),
        "llms[0].wake.command: must be the absolute path");
    row("httpWithoutUrl", withLlm("    wake: {type: http}\n"), "llms[0].wake.url: must be a URL");
    row("mixedRecipe", withLlm("    wake: {type: http, url: 'http://box', args: [x]}\n"),
        "llms[0].wake.args: does not belong to a recipe of type http");
    row("recipeWithBadField", withLlm("    wake: {type: http, url: 'http://box', headers: {'a b': c}}\n"),
        "llms[0].wake.headers: \"a b\" is not a header field");
    row("recipeWithOwnLength", withLlm("    wake: {type: http, url: 'http://box', headers: {Content-Length: 3}}\n"),
        "llms[0].wake.headers: \"Content-Length\" is set by the publisher itself");
    const QByteArray wake = "    wake: {type: http, url: 'http://box'}\n";
    row("sleepWithoutWake", withLlm("    sleep: {type: command, command: /bin/stop}\n"),
        "publisher.yaml:5: llms[0].sleep.type: needs a wake recipe");
    row("sleepWithoutType", withLlm(wake + "    sleep: {idleMinutes: 3}\n"), "llms[0].sleep.type");
    row("sleepAtOnce", withLlm(wake + "    sleep: {type: command, command: /bin/stop, idleMinutes: 0}\n"),
        "llms[0].sleep.idleMinutes: must be a number of minutes between 0.001 and");
    row("sleepThatWaits", withLlm(wake + "    sleep: {type: command, command: /bin/stop, maxWaitSeconds: 3}\n"),
        "llms[0].sleep.maxWaitSeconds: ");
    row("relativeSleep", withLlm(wake + "    sleep: {type: command, command: stop.sh}\n"),
        "llms[0].sleep.command: must be the absolute path");
    row("mixedSleep", withLlm(wake + "    sleep: {type: command, command: /bin/stop, body: x}\n"),
        "llms[0].sleep.body: does not belong to a recipe of type command");
}

void TestPublisherConfig::refusesMistakes()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, message);

    const auto settings = read(yaml);
    QVERIFY(!settings.ok());
    QVERIFY(settings.error().code == ErrorCode::Configuration);
    QVERIFY2(settings.error().message.contains(message), qPrintable(settings.error().message));
}

void TestPublisherConfig::reportsEveryMistakeAtOnce()
{
    const auto settings = read("server: nonsense\n"
                               "llms:\n"
                               "  - {name: '!', url: nonsense}\n");
    QVERIFY(!settings.ok());
    QCOMPARE(settings.error().message.count(u'\n'), 2);
}

void TestPublisherConfig::derivesTheChannelUrl_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("channel");

    QTest::newRow("plain") << QStringLiteral("http://127.0.0.1:4327")
                           << QStringLiteral("ws://127.0.0.1:4327/api/v1/publish");
    QTest::newRow("tls") << QStringLiteral("https://hearth.example")
                         << QStringLiteral("wss://hearth.example/api/v1/publish");
    QTest::newRow("below a path") << QStringLiteral("https://example.org/hearth")
                                  << QStringLiteral("wss://example.org/hearth/api/v1/publish");
    QTest::newRow("IPv6") << QStringLiteral("http://[::1]:4327") << QStringLiteral("ws://[::1]:4327/api/v1/publish");
}

void TestPublisherConfig::derivesTheChannelUrl()
{
    QFETCH(QString, server);
    QFETCH(QString, channel);

    QCOMPARE(controlChannelUrl(QUrl(server)), QUrl(channel));
}

void TestPublisherConfig::choosesAStateFile()
{
    qputenv("XDG_STATE_HOME", m_directory.path().toUtf8());
    const auto chosen = read("server: http://one\n");
    const auto other = read("server: http://two\n");
    const auto named = read("stateFile: /var/lib/hearth/state.json\n");
    QVERIFY(chosen.ok() && other.ok() && named.ok());
    QVERIFY(chosen->stateFile.startsWith(m_directory.path() + QStringLiteral("/hearth/publisher-")));
    QVERIFY(chosen->stateFile.endsWith(QStringLiteral(".json")));
    QVERIFY(chosen->stateFile != other->stateFile);
    QCOMPARE(named->stateFile, QStringLiteral("/var/lib/hearth/state.json"));
}

void TestPublisherConfig::findsTheDefaultFile()
{
    qputenv("XDG_CONFIG_HOME", m_directory.path().toUtf8());
    const QString ofTheSystem = m_directory.filePath(QStringLiteral("system.yaml"));
    QCOMPARE(defaultConfigFile(ofTheSystem), QString());
    write(QStringLiteral("system.yaml"), "name: x\n");
    QCOMPARE(defaultConfigFile(ofTheSystem), ofTheSystem);
    QVERIFY(QDir(m_directory.path()).mkpath(QStringLiteral("hearth")));
    const QString file = write(QStringLiteral("hearth/publisher.yaml"), "name: x\n");
    QCOMPARE(defaultConfigFile(ofTheSystem), file);
}

QTEST_GUILESS_MAIN(TestPublisherConfig)
#include "tst_publisherconfig.moc"
