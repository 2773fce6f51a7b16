// `hearth-publisher setup`, and what comes of it: a publisher that runs as a service with the files that it made.

#include "notifysocket.h"
#include "stacktest.h"

#include <QDir>

#include <csignal>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSetup final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void makesABoxThatAnswers();
    void takesTheKeyFromItsInput();
    void keepsACopyOfTheCertificates();
    void refusesToReplaceAnything();
    void failsWithoutHalfOfAConfiguration_data();
    void failsWithoutHalfOfAConfiguration();
    void tellsTheServiceManager();
    void takesAChangedConfigurationOver();

private:
    /// Starts the server and the backend; true when both are there.
    bool prepare();

    QString box(const QString &file) const { return m_stack->path(QStringLiteral("box/") + file); }

    QString configuration() const { return box(QStringLiteral("publisher.yaml")); }

    QProcessEnvironment environment() const { return cleanEnvironment(m_stack->path(QString())); }

    QByteArray contentOf(const QString &file) const;
    void put(const QString &file, const QByteArray &content) const;
    QStringList boxFiles() const;
    /// For the stack's server and backend, with the key in a file, and nothing to ask.
    QStringList arguments(const QByteArray &keyName = "publisher") const;
    CommandResult setUp(const QStringList &arguments) const;
    std::unique_ptr<Program> startPublisher() const;
    bool waitForModel(const QByteArray &name) const;
    /// Passes over what comes before a message that begins and ends with these.
    static bool waitForMessage(NotifySocket &manager, const QByteArray &start, const QByteArray &end = {});
};

bool TestSetup::prepare()
{
    makeStack();
    return m_stack->makeKeys() && m_stack->startServer() && m_stack->startBackend();
}

QByteArray TestSetup::contentOf(const QString &file) const
{
    QFile content(file);
    return content.open(QIODevice::ReadOnly) ? content.readAll() : QByteArray();
}

void TestSetup::put(const QString &file, const QByteArray &content) const
{
    QDir().mkpath(box(QString()));
    QFile written(file);
    if (!written.open(QIODevice::WriteOnly) || written.write(content) != content.size())
        qFatal("cannot write a file for the test");
}

QStringList TestSetup::boxFiles() const
{
    return QDir(box(QString())).entryList(QDir::Files | QDir::Hidden);
}

QStringList TestSetup::arguments(const QByteArray &keyName) const
{
    const QString key = m_stack->path(QStringLiteral("given.key"));
    put(key, m_stack->key(keyName) + '\n');
    return {QStringLiteral("setup"),      QStringLiteral("--yes"),
            QStringLiteral("--config"),   configuration(),
            QStringLiteral("--server"),   m_stack->serverUrl().toString(),
            QStringLiteral("--backend"),  m_stack->backendUrl().toString(),
            QStringLiteral("--publish"),  QString::fromLatin1(Stack::modelName),
            QStringLiteral("--key-file"), key};
}

CommandResult TestSetup::setUp(const QStringList &arguments) const
{
    return runCommand(programPath(QStringLiteral("hearth-publisher")), arguments, environment());
}

std::unique_ptr<Program> TestSetup::startPublisher() const
{
    return std::make_unique<Program>(programPath(QStringLiteral("hearth-publisher")),
                                     QStringList{QStringLiteral("--config"), configuration()}, environment(),
                                     m_stack->path(QStringLiteral("box.log")));
}

bool TestSetup::waitForModel(const QByteArray &name) const
{
    return QTest::qWaitFor(
        [&] { return m_stack->llm(name)[QLatin1String("status")].toString() == QLatin1String("active"); }, 20'000);
}

bool TestSetup::waitForMessage(NotifySocket &manager, const QByteArray &start, const QByteArray &end)
{
    QByteArray message = manager.next();
    while (!message.isEmpty() && !(message.startsWith(start) && message.endsWith(end)))
        message = manager.next();
    return !message.isEmpty();
}

void TestSetup::makesABoxThatAnswers()
{
    QVERIFY(prepare());
    const CommandResult made = setUp(arguments());
    const QByteArray said = made.output + made.errors;
    QVERIFY2(made.exitCode == 0, said.constData());
    QVERIFY2(!said.contains(m_stack->key("publisher")), said.constData());
    QVERIFY2(made.output.contains("ok    The server accepts the key"), said.constData());
    QVERIFY2(made.output.contains("ok    test-model: its backend offers \"test-model\""), said.constData());
    QVERIFY2(made.output.contains(QByteArray("hearth-publisher --config " + configuration().toUtf8())),
             said.constData());
    QCOMPARE(boxFiles(), QStringList({QStringLiteral("publisher.key"), QStringLiteral("publisher.yaml")}));

    const auto publisher = startPublisher();
    QVERIFY2(waitForModel("test-model"), publisher->log().constData());
    const auto answer = m_stack->call(m_stack->chat({{QStringLiteral("model"), QStringLiteral("test-model")}}));
    QVERIFY(answer->waitForEnd());
    QVERIFY2(answer->status() == 200 && answer->saysDone(), answer->body().constData());
    publisher->signal(SIGTERM);
    QVERIFY(publisher->waitForExit());
    QCOMPARE(publisher->exitCode(), 0);
}

void TestSetup::takesTheKeyFromItsInput()
{
    QVERIFY(prepare());
    QStringList withoutKey = arguments();
    withoutKey.resize(withoutKey.size() - 2);
    QProcess setup;
    setup.setProcessEnvironment(environment());
    setup.start(programPath(QStringLiteral("hearth-publisher")), withoutKey);
    setup.write(m_stack->key("publisher") + '\n');
    setup.closeWriteChannel();
    QVERIFY(QTest::qWaitFor([&setup] { return setup.state() == QProcess::NotRunning; }, 20'000));
    const QByteArray errors = setup.readAllStandardError();
    QVERIFY2(setup.exitCode() == 0, errors.constData());
    QVERIFY2(errors.contains("Reading the API key from standard input"), errors.constData());
    QCOMPARE(contentOf(box(QStringLiteral("publisher.key"))), m_stack->key("publisher") + '\n');
}

void TestSetup::keepsACopyOfTheCertificates()
{
    makeStack({.tls = true});
    QVERIFY(m_stack->makeKeys() && m_stack->startServer() && m_stack->startBackend());
    const QString given = m_stack->path(QStringLiteral("certificate.pem"));
    const CommandResult made = setUp(arguments() + QStringList{QStringLiteral("--ca-file"), given});
    QVERIFY2(made.exitCode == 0, made.errors.constData());
    QCOMPARE(contentOf(box(QStringLiteral("publisher-ca.pem"))), contentOf(given));
    QVERIFY(QFile::remove(given));
    const auto publisher = startPublisher();
    QVERIFY(publisher->waitForLog("Online at "));
}

void TestSetup::refusesToReplaceAnything()
{
    makeStack();
    put(configuration(), "precious");
    // Before anything is asked for.
    const CommandResult refused = setUp({QStringLiteral("setup"), QStringLiteral("--config"), configuration()});
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains(QByteArray(configuration().toUtf8() + " is there already")),
             refused.errors.constData());
    QCOMPARE(contentOf(configuration()), QByteArray("precious"));
}

void TestSetup::failsWithoutHalfOfAConfiguration_data()
{
    QTest::addColumn<QByteArray>("keyName");
    QTest::addColumn<QStringList>("more");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("the key may not publish") << QByteArray("client") << QStringList() << 1;
    QTest::newRow("a model that nobody has")
        << QByteArray("publisher") << QStringList({QStringLiteral("--publish"), QStringLiteral("mistral")}) << 1;
    QTest::newRow("a name that is too long")
        << QByteArray("publisher") << QStringList({QStringLiteral("--name"), QString(200, u'x')}) << 2;
    QTest::newRow("an option that is none") << QByteArray("publisher") << QStringList(QStringLiteral("--sure")) << 2;
}

void TestSetup::failsWithoutHalfOfAConfiguration()
{
    QFETCH(QByteArray, keyName);
    QFETCH(QStringList, more);
    QFETCH(int, exitCode);
    QVERIFY(prepare());
    const CommandResult failed = setUp(arguments(keyName) + more);
    QVERIFY2(failed.exitCode == exitCode, failed.errors.constData());
    QVERIFY(!failed.errors.isEmpty());
    QCOMPARE(boxFiles(), QStringList());
}

void TestSetup::tellsTheServiceManager()
{
    QVERIFY(prepare());
    QCOMPARE(setUp(arguments()).exitCode, 0);
    NotifySocket manager;
    manager.setWatchdog(200ms);
    const auto publisher = startPublisher();
    const QByteArray ready = manager.next();
    QVERIFY2(ready.startsWith("READY=1\nSTATUS="), ready.constData());
    const QByteArray online = "STATUS=online at " + m_stack->serverUrl().toEncoded() + " with 1 of 1 models";
    QVERIFY2(ready.endsWith(online) || waitForMessage(manager, online), publisher->log().constData());
    QTRY_VERIFY(manager.watchdogMessages() >= 3);

    publisher->signal(SIGTERM);
    const QByteArray stopping = manager.next();
    QVERIFY2(stopping.startsWith("STOPPING=1\nEXTEND_TIMEOUT_USEC="), stopping.constData());
    QVERIFY(publisher->waitForExit());
    QCOMPARE(publisher->exitCode(), 0);
}

void TestSetup::takesAChangedConfigurationOver()
{
    QVERIFY(prepare());
    QCOMPARE(setUp(arguments()).exitCode, 0);
    NotifySocket manager;
    const auto publisher = startPublisher();
    QVERIFY(waitForModel("test-model"));
    const QByteArray online = "STATUS=online at " + m_stack->serverUrl().toEncoded();
    QVERIFY(waitForMessage(manager, online, " with 1 of 1 models"));

    const QByteArray before = contentOf(configuration());
    put(configuration(), before + "  - {name: second, model: test-model, publish: true, url: \"" +
                             m_stack->backendUrl().toEncoded() + "/v1\"}\n");
    publisher->signal(SIGHUP);
    QVERIFY(waitForMessage(manager, "RELOADING=1\nMONOTONIC_USEC="));
    QVERIFY(waitForMessage(manager, "READY=1\n" + online, " of 2 models"));
    QVERIFY2(waitForModel("second"), publisher->log().constData());
    QVERIFY(waitForMessage(manager, online, " with 2 of 2 models"));

    put(configuration(), before + "nonsense: 1\n");
    publisher->signal(SIGHUP);
    QVERIFY(publisher->waitForLog("not reloaded: "));
    QVERIFY2(publisher->log().contains("nonsense"), publisher->log().constData());
    QVERIFY(waitForMessage(manager, "RELOADING=1\n"));
    const QByteArray refused = manager.next();
    QVERIFY2(refused.startsWith("READY=1\nSTATUS=not reloaded: ") && refused.contains("nonsense"), refused.constData());
    QVERIFY(waitForModel("second"));
}

QTEST_GUILESS_MAIN(TestSetup)
#include "tst_setup.moc"
