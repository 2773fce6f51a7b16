// What hearthd and hearth-publisher say about their configuration, their surroundings and wrong use, as a person sees
// it.

#include "stacktest.h"

#include <QFile>
#include <QRegularExpression>
#include <QTcpServer>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestConfigurationCli final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:

    void init() { makeStack(); }

    void showsWhereEachValueComesFrom();
    void showsNoPassword();
    void checksTheConfiguration_data();
    void checksTheConfiguration();
    void namesEveryProblemAtOnce();
    void explainsItself_data();
    void explainsItself();
    void servesWithALayeredConfiguration();
    void refusesToBeReachableWithoutKeys_data();
    void refusesToBeReachableWithoutKeys();
    void refusesAPortInUse();
    void refusesADatabaseThatItCannotUse_data();
    void refusesADatabaseThatItCannotUse();
    void refusesABadCertificate_data();
    void refusesABadCertificate();
    void checksAPublisherWhereAllIsWell();
    void checksAPublisherAndSaysWhatIsWrong_data();
    void checksAPublisherAndSaysWhatIsWrong();
    void refusesAPublisherConfiguration_data();
    void refusesAPublisherConfiguration();

private:
    QString write(const QString &name, const QByteArray &content) const;
    CommandResult run(const QString &program, const QStringList &arguments,
                      const QMap<QString, QString> &variables = {}) const;
    CommandResult runHearthd(const QString &arguments, const QMap<QString, QString> &variables = {}) const;
};

QString TestConfigurationCli::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_stack->path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) < 0)
        qFatal("cannot write");
    return file.fileName();
}

CommandResult TestConfigurationCli::run(const QString &program, const QStringList &arguments,
                                        const QMap<QString, QString> &variables) const
{
    QProcessEnvironment environment = cleanEnvironment(m_stack->path({}));
    for (auto it = variables.begin(); it != variables.end(); ++it)
        environment.insert(it.key(), it.value());
    return runCommand(programPath(program), arguments, environment);
}

CommandResult TestConfigurationCli::runHearthd(const QString &arguments, const QMap<QString, QString> &variables) const
{
    return run(QStringLiteral("hearthd"), arguments.split(u' ', Qt::SkipEmptyParts), variables);
}

void TestConfigurationCli::showsWhereEachValueComesFrom()
{
    const QString file = write(QStringLiteral("hearthd.yaml"), "listen: 127.0.0.1:1111\n"
                                                               "lifecycle: {sweepIntervalSeconds: 7}\n"
                                                               "queue:\n"
                                                               "  maxWaiting: 8\n"
                                                               "  maxWaitSeconds: 2.5\n");
    const CommandResult shown =
        runHearthd(QStringLiteral("config show --origin --config %1 --listen 127.0.0.1:2222").arg(file),
                   {{QStringLiteral("HEARTH_QUEUE__MAXWAITING"), QStringLiteral("9")},
                    {QStringLiteral("HEARTH_LISTEN"), QStringLiteral("127.0.0.1:3333")}});
    QCOMPARE(shown.exitCode, 0);
    const auto hasLine = [&shown](const QString &line) {
        QString pattern = QRegularExpression::escape(line);
        pattern.replace(QStringLiteral("\\ \\ "), QStringLiteral("\\s+"));
        return QRegularExpression(u'^' + pattern + u'$', QRegularExpression::MultilineOption)
            .match(QString::fromUtf8(shown.output))
            .hasMatch();
    };
    QVERIFY2(hasLine(QStringLiteral("listen: 127.0.0.1:2222  # --listen")), shown.output.constData());
    QVERIFY(hasLine(QStringLiteral("queue.maxWaiting: 9  # environment HEARTH_QUEUE__MAXWAITING")));
    QVERIFY(hasLine(QStringLiteral("queue.maxWaitSeconds: 2.5  # %1:5").arg(file)));
    QVERIFY(hasLine(QStringLiteral("lifecycle.sweepIntervalSeconds: 7  # %1:2").arg(file)));
    QVERIFY(hasLine(QStringLiteral("lifecycle.heartbeatTimeoutSeconds: 90  # default")));
    QVERIFY(hasLine(QStringLiteral("http.maxBody: 32MiB  # default")));
    QVERIFY(!runHearthd(QStringLiteral("config show --config ") + file).output.contains('#'));
}

void TestConfigurationCli::showsNoPassword()
{
    const CommandResult shown =
        runHearthd(QStringLiteral("config show --origin --database postgresql://me:canary@127.0.0.1:1/x"));
    QCOMPARE(shown.exitCode, 0);
    QVERIFY(shown.output.contains("postgresql://me:"));
    QVERIFY(!shown.output.contains("canary"));
}

void TestConfigurationCli::checksTheConfiguration_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("in order") << QByteArray("listen: 127.0.0.1:0\n") << QString() << QByteArray();
    QTest::newRow("empty") << QByteArray() << QString() << QByteArray();
    QTest::newRow("unknown key") << QByteArray("listen: 127.0.0.1:0\nlifecycle:\n  sweepIntervallSeconds: 1\n")
                                 << QString() << QByteArray("FILE:3: lifecycle.sweepIntervallSeconds");
    QTest::newRow("suggestion") << QByteArray("lisen: 127.0.0.1:0\n") << QString()
                                << QByteArray("did you mean listen?");
    QTest::newRow("ill-typed number") << QByteArray("queue:\n  maxWaiting: many\n") << QString()
                                      << QByteArray("FILE:2: queue.maxWaiting: must be a");
    QTest::newRow("out of range") << QByteArray("queue: {maxWaiting: -1}\n") << QString()
                                  << QByteArray("FILE:1: queue.maxWaiting: must be");
    QTest::newRow("a map for a text") << QByteArray("listen: {host: x}\n") << QString() << QByteArray("FILE:1: listen");
    QTest::newRow("bad listen") << QByteArray("listen: nowhere\n") << QString()
                                << QByteArray("FILE:1: listen: must be HOST:PORT");
    QTest::newRow("bad database") << QByteArray("\ndatabase: mysql://x\n") << QString()
                                  << QByteArray("FILE:2: database: ");
    QTest::newRow("half of TLS") << QByteArray("tls: {keyFile: /k}\n") << QString()
                                 << QByteArray("FILE:1: tls.keyFile: ");
    QTest::newRow("twice") << QByteArray("listen: 127.0.0.1:0\nlisten: 127.0.0.1:1\n") << QString()
                           << QByteArray("FILE:2:1: listen is given twice");
    QTest::newRow("no YAML") << QByteArray("listen: [\n") << QString() << QByteArray("FILE:");
    QTest::newRow("unknown variable")
        << QByteArray() << QStringLiteral("HEARTH_LISTENN=x")
        << QByteArray("environment HEARTH_LISTENN: unknown setting; did you mean HEARTH_LISTEN?");
    QTest::newRow("ill-typed variable") << QByteArray() << QStringLiteral("HEARTH_QUEUE__MAXWAITING=x")
                                        << QByteArray("environment HEARTH_QUEUE__MAXWAITING: must be");
}

void TestConfigurationCli::checksTheConfiguration()
{
    QFETCH(QByteArray, file);
    QFETCH(QString, variable);
    QFETCH(QByteArray, problem);
    const QString path = write(QStringLiteral("hearthd.yaml"), file);
    const QStringList parts = variable.split(u'=');
    const CommandResult checked =
        runHearthd(QStringLiteral("config check --config ") + path,
                   variable.isEmpty() ? QMap<QString, QString>() : QMap<QString, QString>{{parts[0], parts[1]}});
    const QByteArray said = checked.output + checked.errors;
    QCOMPARE(checked.exitCode, problem.isEmpty() ? 0 : 2);
    QVERIFY2(said.contains(problem.replace("FILE", path.toUtf8())), said.constData());
    QCOMPARE(checked.output.contains("in order"), problem.isEmpty());
    // What does not check does not serve either.
    if (!problem.isEmpty())
        QCOMPARE(runHearthd(QStringLiteral("--config ") + path, {{parts[0], parts.value(1)}}).exitCode, 2);
}

void TestConfigurationCli::namesEveryProblemAtOnce()
{
    const QString path =
        write(QStringLiteral("hearthd.yaml"), "nonsense: 1\nqueue: {maxWaiting: x}\nhttp: {maxBody: y}\n");
    const CommandResult checked = runHearthd(QStringLiteral("config check --config ") + path);
    QCOMPARE(checked.exitCode, 2);
    for (const char *part : {":1: nonsense", ":2: queue.maxWaiting", ":3: http.maxBody"})
        QVERIFY2(checked.errors.contains(part), checked.errors.constData());
}

void TestConfigurationCli::explainsItself_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("text");
    const QString server = QStringLiteral("hearthd");
    const QString publisher = QStringLiteral("hearth-publisher");
    QTest::newRow("hearthd --help") << server << QStringLiteral("--help") << 0 << QByteArray("--listen");
    QTest::newRow("hearthd --version") << server << QStringLiteral("--version") << 0 << QByteArray("hearthd 0.");
    QTest::newRow("hearthd, unknown flag") << server << QStringLiteral("--lissen x") << 2 << QByteArray("--lissen");
    QTest::newRow("hearthd, unknown command") << server << QStringLiteral("serve") << 2 << QByteArray("serve");
    QTest::newRow("hearthd config") << server << QStringLiteral("config") << 2 << QByteArray("--help");
    QTest::newRow("hearthd, no such file") << server << QStringLiteral("config check --config /nowhere.yaml") << 2
                                           << QByteArray("/nowhere.yaml: cannot be read");
    QTest::newRow("hearth-publisher --help") << publisher << QStringLiteral("--help") << 0 << QByteArray("--check");
    QTest::newRow("hearth-publisher --version")
        << publisher << QStringLiteral("--version") << 0 << QByteArray("hearth-publisher 0.");
    QTest::newRow("hearth-publisher, unknown flag")
        << publisher << QStringLiteral("--chek") << 2 << QByteArray("--chek");
    QTest::newRow("hearth-publisher, no such file")
        << publisher << QStringLiteral("--config /nowhere.yaml") << 2 << QByteArray("/nowhere.yaml: cannot be read");
}

void TestConfigurationCli::explainsItself()
{
    QFETCH(QString, program);
    QFETCH(QString, arguments);
    QFETCH(int, exitCode);
    QFETCH(QByteArray, text);
    const CommandResult result = run(program, arguments.split(u' '));
    QCOMPARE(result.exitCode, exitCode);
    const QByteArray said = result.output + result.errors;
    QVERIFY2(said.contains(text), said.constData());
    QCOMPARE(result.output.isEmpty(), exitCode != 0);
}

void TestConfigurationCli::servesWithALayeredConfiguration()
{
    // The flags of the stack win over this listen, and the environment over this size.
    const QString file = write(QStringLiteral("hearthd.yaml"),
                               "listen: 127.0.0.1:1\nhttp: {maxBody: 2MiB, allowedOrigins: [\"https://a.example\"]}\n");
    QProcessEnvironment environment = cleanEnvironment(m_stack->path({}));
    environment.insert(QStringLiteral("HEARTH_HTTP__MAXBODY"), QStringLiteral("1KiB"));
    Program server(programPath(QStringLiteral("hearthd")),
                   {QStringLiteral("--config"), file, QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"),
                    QStringLiteral("--database"), m_stack->database()},
                   environment, m_stack->path(QStringLiteral("layered.log")));
    const QUrl url = server.waitForUrl();
    QVERIFY2(url.port() > 1, server.log().constData());
    const auto ask = [&url](const HttpRequest &request) {
        auto call = std::make_unique<HttpCall>(url, toBytes(request), HttpCall::Options{});
        call->waitForEnd();
        return call;
    };
    QCOMPARE(ask({.method = "POST", .target = "/v1/chat/completions", .body = QByteArray(1025, ' ')})->status(), 413);
    QCOMPARE(
        ask({.target = "/livez", .fields = {{"Origin", "https://a.example"}}})->field("access-control-allow-origin"),
        QByteArray("https://a.example"));
    server.signal(SIGTERM);
    QVERIFY(server.waitForExit());
    QCOMPARE(server.exitCode(), 0);
}

void TestConfigurationCli::refusesToBeReachableWithoutKeys_data()
{
    QTest::addColumn<QString>("host");
    QTest::newRow("all of IPv4") << QStringLiteral("0.0.0.0");
    QTest::newRow("all of IPv6") << QStringLiteral("[::]");
}

void TestConfigurationCli::refusesToBeReachableWithoutKeys()
{
    QFETCH(QString, host);
    const QString serve = QStringLiteral("--listen %1:0 --database %2").arg(host, m_stack->database());
    const CommandResult refused = runHearthd(serve);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains("hearthd key create"), refused.errors.constData());

    m_stack->createKey("client", {QStringLiteral("--scope"), QStringLiteral("infer")});
    Program server(programPath(QStringLiteral("hearthd")), serve.split(u' '), cleanEnvironment(m_stack->path({})),
                   m_stack->path(QStringLiteral("reachable.log")));
    QVERIFY2(server.waitForUrl().isValid(), server.log().constData());
}

void TestConfigurationCli::refusesAPortInUse()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(other.serverPort());
    const CommandResult refused =
        runHearthd(QStringLiteral("--listen %1 --database %2").arg(address, m_stack->database()));
    QCOMPARE(refused.exitCode, 1);
    QVERIFY2(refused.errors.contains("in use"), refused.errors.constData());
    QVERIFY2(refused.errors.contains(QByteArray::number(other.serverPort())), refused.errors.constData());
}

void TestConfigurationCli::refusesADatabaseThatItCannotUse_data()
{
    QTest::addColumn<QString>("database");
    QTest::newRow("a directory") << QStringLiteral("sqlite:FOLDER");
    QTest::newRow("no database") << QStringLiteral("sqlite:FOLDER/garbage");
    QTest::newRow("below a file") << QStringLiteral("sqlite:FOLDER/garbage/hearth.db");
    QTest::newRow("PostgreSQL that is not there") << QStringLiteral("postgresql://me:canary@127.0.0.1:1/hearth");
}

void TestConfigurationCli::refusesADatabaseThatItCannotUse()
{
    QFETCH(QString, database);
    write(QStringLiteral("garbage"), QByteArray(100'000, 'x'));
    database.replace(QStringLiteral("FOLDER"), m_stack->path({}));
    for (const char *command : {"--listen 127.0.0.1:0", "key list"}) {
        const CommandResult refused =
            runHearthd(QStringLiteral("%1 --database %2").arg(QLatin1String(command), database));
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(!refused.errors.contains("canary"), refused.errors.constData());
        const bool isFile = database.startsWith(QLatin1String("sqlite"));
        const QByteArray place = isFile ? m_stack->path({}).toUtf8() : QByteArray("127.0.0.1:1");
        QVERIFY2(refused.errors.contains(place), refused.errors.constData());
    }
}

void TestConfigurationCli::refusesABadCertificate_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("certificate");
    QTest::newRow("serve, no certificate") << QString() << QStringLiteral("garbage");
    QTest::newRow("serve, no file") << QString() << QStringLiteral("missing");
    QTest::newRow("check, no certificate") << QStringLiteral("config check") << QStringLiteral("garbage");
    QTest::newRow("check, no file") << QStringLiteral("config check") << QStringLiteral("missing");
}

void TestConfigurationCli::refusesABadCertificate()
{
    QFETCH(QString, command);
    QFETCH(QString, certificate);
    write(QStringLiteral("garbage"), "no certificate");
    const QString path = m_stack->path(certificate);
    const QString file = write(QStringLiteral("hearthd.yaml"),
                               QStringLiteral("tls: {certificateFile: %1, keyFile: %1}\n").arg(path).toUtf8());
    const CommandResult refused = runHearthd(
        QStringLiteral("%1 --config %2 --listen 127.0.0.1:0 --database %3").arg(command, file, m_stack->database()));
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains(path.toUtf8()), refused.errors.constData());
    QCOMPARE(refused.output, QByteArray());
}

void TestConfigurationCli::checksAPublisherWhereAllIsWell()
{
    QVERIFY(m_stack->makeKeys() && m_stack->startBackend() && m_stack->startServer());
    const CommandResult checked = m_stack->checkPublisher(m_stack->key("publisher"), m_stack->llmEntry("some-llm"));
    QVERIFY2(checked.exitCode == 0, checked.output.constData());
    QVERIFY(!checked.output.contains("FAIL"));
    for (const char *part : {"is up", "accepts the key", "some-llm: its backend is up", "offers \"test-model\""})
        QVERIFY2(checked.output.contains(part), checked.output.constData());
    // It only looks.
    QVERIFY(m_stack->sessions().isEmpty());
}

void TestConfigurationCli::checksAPublisherAndSaysWhatIsWrong_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("find");
    QTest::addColumn<QByteArray>("replacement");
    QTest::addColumn<bool>("serverIsThere");
    QTest::addColumn<QByteArray>("words");
    const QByteArray nothing = "nothing";
    QTest::newRow("server unreachable") << QByteArray("publisher") << nothing << nothing << false
                                        << QByteArray("cannot be reached");
    QTest::newRow("key refused") << QByteArray("unknown") << nothing << nothing << true
                                 << QByteArray("does not know this API key");
    QTest::newRow("key without the scope")
        << QByteArray("client") << nothing << nothing << true << QByteArray("needs the scope \"publish\"");
    QTest::newRow("backend down") << QByteArray("publisher") << QByteArray("BACKEND")
                                  << QByteArray("http://127.0.0.1:1/v1") << true
                                  << QByteArray("some-llm: its backend does not answer http://127.0.0.1:1/v1/models");
    QTest::newRow("not the backend's path")
        << QByteArray("publisher") << QByteArray("/v1") << QByteArray("/v2") << true << QByteArray("with status 404");
    QTest::newRow("model not offered") << QByteArray("publisher") << QByteArray("model: test-model")
                                       << QByteArray("model: other-model") << true
                                       << QByteArray("does not offer \"other-model\", but test-model");
    QTest::newRow("nothing published") << QByteArray("publisher") << QByteArray("publish: true")
                                       << QByteArray("publish: false") << true << QByteArray("Nothing is published");
}

void TestConfigurationCli::checksAPublisherAndSaysWhatIsWrong()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, find);
    QFETCH(QByteArray, replacement);
    QFETCH(bool, serverIsThere);
    QFETCH(QByteArray, words);
    QVERIFY(m_stack->makeKeys() && m_stack->startBackend() && m_stack->startServer());
    const QByteArray secret = key == "unknown" ? QByteArray("hk_unknown") : m_stack->key(key);
    QByteArray llms = m_stack->llmEntry("some-llm");
    llms.replace(find == "BACKEND" ? m_stack->backendUrl().toEncoded() + "/v1" : find, replacement);
    const QUrl server = serverIsThere ? QUrl() : QUrl(QStringLiteral("http://127.0.0.1:1"));
    const CommandResult checked = m_stack->checkPublisher(secret, llms, server);
    QVERIFY2(checked.exitCode == 1, checked.output.constData());
    QVERIFY2(checked.output.contains("FAIL"), checked.output.constData());
    QVERIFY2(checked.output.contains(words), checked.output.constData());
    QVERIFY(!checked.output.contains(secret) && !checked.errors.contains(secret));
}

void TestConfigurationCli::refusesAPublisherConfiguration_data()
{
    QTest::addColumn<QByteArray>("llms");
    QTest::addColumn<QByteArray>("problem");
    QTest::newRow("unknown key") << QByteArray("  - {name: a, url: \"http://x\", modell: b}\n")
                                 << QByteArray("llms[0].modell");
    QTest::newRow("no url") << QByteArray("  - {name: a}\n") << QByteArray("llms[0].url");
    QTest::newRow("bad name") << QByteArray("  - {name: \"a b\", url: \"http://x\"}\n") << QByteArray("llms[0].name");
    QTest::newRow("ill-typed") << QByteArray("  - {name: a, url: \"http://x\", maxConcurrency: many}\n")
                               << QByteArray("llms[0].maxConcurrency");
}

void TestConfigurationCli::refusesAPublisherConfiguration()
{
    QFETCH(QByteArray, llms);
    QFETCH(QByteArray, problem);
    const CommandResult checked = m_stack->checkPublisher("hk_some", llms, QUrl(QStringLiteral("http://127.0.0.1:1")));
    QCOMPARE(checked.exitCode, 2);
    QVERIFY2(checked.errors.contains(problem), checked.errors.constData());
    QVERIFY(checked.output.contains("FAIL"));
}

QTEST_GUILESS_MAIN(TestConfigurationCli)
#include "tst_configuration_cli.moc"
