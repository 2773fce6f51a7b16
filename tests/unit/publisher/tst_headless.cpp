// The program hearth-publisher as a person or systemd runs it, over real sockets.

#include "channel.h"
#include "frame.h"
#include "instancelock.h"
#include "scriptedbackend.h"
#include "statusclient.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>
#include <QWebSocketHandshakeOptions>
#include <QWebSocketServer>

#include <csignal>
#include <optional>

using namespace hearth;

class TestHeadless final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsItsVersionAndItsUse();
    void refusesBadUsage_data();
    void refusesBadUsage();
    void saysThatNothingIsPublished();
    void publishesUntilItIsTerminated_data();
    void publishesUntilItIsTerminated();
    void checks();
    void refusesAKeyring();
    void publishesOnlyOnce();
    void checksBesideAPublisher();
    void publishesWithoutAPlaceForItsLock();
    void tellsItsStatus();
    void tellsThatItsKeyIsMissing();

private:
    struct Outcome
    {
        int code = -1;
        QByteArray out;
        QByteArray err;
    };

    void prepare(QProcess &process, const QStringList &arguments) const;
    Outcome run(const QStringList &arguments) const;
    /// Starts a publisher and waits until it holds the lock of its configuration.
    bool startPublishing(QProcess &process) const;
    QString write(const QString &name, const QByteArray &content) const;
    QByteArray configuration(bool publish) const;

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_runtimeDirectory;
    std::unique_ptr<ScriptedBackend> m_backend;
    std::unique_ptr<QWebSocketServer> m_server;
};

namespace {

/// Takes one message of this type from a socket.
template <typename M>
class Inbox
{
public:
    explicit Inbox(QWebSocket &socket)
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &m_context, [this](const QString &text) {
            const auto decoded = channel::decode(text.toUtf8());
            if (!decoded || !std::holds_alternative<channel::Message>(*decoded))
                return;
            if (const M *m = std::get_if<M>(&std::get<channel::Message>(*decoded)))
                m_message = *m;
        });
    }

    const std::optional<M> &wait()
    {
        [[maybe_unused]] const bool came = QTest::qWaitFor([this] { return m_message.has_value(); }, 10'000);
        return m_message;
    }

private:
    QObject m_context;
    std::optional<M> m_message;
};

} // namespace

void TestHeadless::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_runtimeDirectory = m_directory->path();
    // For who asks about the lock of a publisher.
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_runtimeDirectory));
    qunsetenv("RUNTIME_DIRECTORY");
    m_backend = std::make_unique<ScriptedBackend>();
    m_server = std::make_unique<QWebSocketServer>(QStringLiteral("test"), QWebSocketServer::NonSecureMode);
    QVERIFY(m_server->listen(QHostAddress::LocalHost));
    m_server->setSupportedSubprotocols({QStringLiteral("hearth.v1")});
}

QString TestHeadless::write(const QString &name, const QByteArray &content) const
{
    QFile file(m_directory->filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write a file for the test");
    return file.fileName();
}

QByteArray TestHeadless::configuration(bool publish) const
{
    return "server: http://127.0.0.1:" + QByteArray::number(m_server->serverPort()) + "\n" +
           "keyFile: " + write(QStringLiteral("publisher.key"), "hk_test\n").toUtf8() + "\n" +
           "stateFile: " + m_directory->filePath(QStringLiteral("state.json")).toUtf8() + "\n" +
           "llms:\n"
           "  - name: vllm-local\n"
           "    model: test-model\n"
           "    url: " +
           m_backend->url() + "\n" + "    publish: " + (publish ? "true" : "false") + "\n";
}

void TestHeadless::prepare(QProcess &process, const QStringList &arguments) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_directory->path());
    environment.insert(QStringLiteral("XDG_STATE_HOME"), m_directory->path());
    environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_runtimeDirectory);
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(HEARTH_BIN_DIR "/hearth-publisher"));
    process.setArguments(arguments);
}

TestHeadless::Outcome TestHeadless::run(const QStringList &arguments) const
{
    QProcess process;
    prepare(process, arguments);
    process.start();
    // The loop runs on, for the process may talk to servers of this test.
    if (!QTest::qWaitFor([&process] { return process.state() == QProcess::NotRunning; }, 20'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void TestHeadless::tellsItsVersionAndItsUse()
{
    const Outcome version = run({QStringLiteral("--version")});
    QCOMPARE(version.code, 0);
    QVERIFY(version.out.startsWith("hearth-publisher "));
    const Outcome help = run({QStringLiteral("--help")});
    QCOMPARE(help.code, 0);
    for (const char *flag : {"--config FILE", "--server URL", "--key-file FILE", "--name NAME", "--check", "--version"})
        QVERIFY2(help.out.contains(flag), flag);
}

void TestHeadless::refusesBadUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("configuration");
    QTest::addColumn<QByteArray>("message");

    QTest::newRow("unknownFlag") << QStringList{QStringLiteral("--nonsense")} << QByteArray()
                                 << QByteArray("--nonsense");
    QTest::newRow("missingFile") << QStringList{QStringLiteral("--config"),
                                                QStringLiteral("/nonexistent/publisher.yaml")}
                                 << QByteArray() << QByteArray("/nonexistent/publisher.yaml");
    QTest::newRow("noConfiguration") << QStringList{} << QByteArray() << QByteArray("There is no configuration file");
    QTest::newRow("badSetting") << QStringList{QStringLiteral("--config"), QStringLiteral("bad.yaml")}
                                << QByteArray("keyFile: x\nwatchIntervalSeconds: often\n")
                                << QByteArray("bad.yaml:2: watchIntervalSeconds: ");
}

void TestHeadless::refusesBadUsage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, configuration);
    QFETCH(QByteArray, message);

    if (!configuration.isEmpty())
        arguments.last() = write(arguments.last(), configuration);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains(message), outcome.err.constData());
}

void TestHeadless::saysThatNothingIsPublished()
{
    const Outcome outcome =
        run({QStringLiteral("--config"), write(QStringLiteral("publisher.yaml"), configuration(false))});
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("Nothing is published"), outcome.err.constData());
}

void TestHeadless::publishesUntilItIsTerminated_data()
{
    QTest::addColumn<int>("signal");

    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestHeadless::publishesUntilItIsTerminated()
{
    QFETCH(int, signal);

    QProcess process;
    const QByteArray impatient = configuration(true) + "shutdown: {drainSeconds: 0.1}\n";
    prepare(process, {QStringLiteral("--config"), write(QStringLiteral("publisher.yaml"), impatient),
                      QStringLiteral("--name"), QStringLiteral("gpu-box")});
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(m_server->hasPendingConnections(), 10'000);
    const std::unique_ptr<QWebSocket> socket(m_server->nextPendingConnection());
    QCOMPARE(socket->requestUrl().path(), QStringLiteral("/api/v1/publish"));
    QCOMPARE(socket->request().rawHeader("Authorization"), QByteArray("Bearer hk_test"));

    Inbox<channel::Register> registers(*socket);
    socket->sendTextMessage(QString::fromUtf8(channel::encode(channel::Hello{QStringLiteral("0"), 15})));
    const auto message = registers.wait();
    QVERIFY(message);
    QCOMPARE(message->publisher, QStringLiteral("gpu-box"));
    QVERIFY(message->llms.first().initialStatus == channel::ReportedState::Active);
    const channel::Registered answer{ProviderSessionId(QStringLiteral("session-1")),
                                     1,
                                     {{QStringLiteral("vllm-local"), channel::EntryStatus::Accepted, {}}}};
    socket->sendTextMessage(QString::fromUtf8(channel::encode(answer)));

    Inbox<channel::TaskError> errors(*socket);
    const channel::Infer infer{.task = TaskId{1},
                               .llm = QStringLiteral("vllm-local"),
                               .path = "/completions",
                               .query = {},
                               .headers = {},
                               .size = 0,
                               .attempt = 1};
    socket->sendTextMessage(QString::fromUtf8(channel::encode(infer)));
    const Exchange *exchange = m_backend->waitForRequest();
    QVERIFY(exchange);

    ::kill(static_cast<pid_t>(process.processId()), signal);
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(errors.wait());
    QTRY_COMPARE(static_cast<int>(socket->closeCode()), static_cast<int>(channel::CloseCode::GoingAway));
    QTRY_VERIFY(exchange->isGone());
    QVERIFY(QFile::exists(m_directory->filePath(QStringLiteral("state.json"))));
    QVERIFY(!process.readAllStandardError().contains("hk_test"));
}

void TestHeadless::checks()
{
    // A server that takes control channels and does not know /livez, as another program could be.
    connect(m_server.get(), &QWebSocketServer::newConnection, this, [this] {
        QWebSocket *socket = m_server->nextPendingConnection();
        socket->setParent(m_server.get());
        socket->sendTextMessage(QString::fromUtf8(channel::encode(channel::Hello{QStringLiteral("9.9"), 15})));
    });
    const Outcome outcome = run({QStringLiteral("--check"), QStringLiteral("--config"),
                                 write(QStringLiteral("publisher.yaml"), configuration(true))});
    QVERIFY2(outcome.out.contains("ok    The configuration "), outcome.out.constData());
    QVERIFY2(outcome.out.contains("FAIL  The server "), outcome.out.constData());
    QVERIFY2(outcome.out.contains("ok    The server accepts the key"), outcome.out.constData());
    QVERIFY2(outcome.out.contains("ok    vllm-local: its backend offers \"test-model\"."), outcome.out.constData());
    QCOMPARE(outcome.code, 1);
}

void TestHeadless::refusesAKeyring()
{
    QByteArray text = configuration(true);
    text.replace(QByteArray("keyFile: " + m_directory->filePath(QStringLiteral("publisher.key")).toUtf8()),
                 "keyStore: keyring");
    const QString file = write(QStringLiteral("publisher.yaml"), text);
    const Outcome outcome = run({QStringLiteral("--config"), file});
    QCOMPARE(outcome.code, 2);
    QVERIFY2(outcome.err.contains("cannot read the keyring"), outcome.err.constData());
    QVERIFY2(outcome.err.contains("--key-file"), outcome.err.constData());
}

bool TestHeadless::startPublishing(QProcess &process) const
{
    const QString file = write(QStringLiteral("publisher.yaml"), configuration(true));
    prepare(process, {QStringLiteral("--config"), file});
    process.start();
    return QTest::qWaitFor([&] { return status::InstanceLock(file).holder().has_value(); }, 10'000);
}

void TestHeadless::publishesOnlyOnce()
{
    QProcess process;
    QVERIFY(startPublishing(process));
    const QStringList arguments{QStringLiteral("--config"), m_directory->filePath(QStringLiteral("publisher.yaml"))};
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, 1);
    const QByteArray holder = "hearth-publisher (process " + QByteArray::number(process.processId()) + ')';
    QVERIFY2(outcome.err.contains(holder), outcome.err.constData());
    QVERIFY2(outcome.err.contains("--config"), outcome.err.constData());
    // By cron, or from a container: where nothing tells where locks are.
    const QString usual = std::exchange(m_runtimeDirectory, m_directory->filePath(QStringLiteral("other")));
    const Outcome elsewhere = run(arguments);
    QCOMPARE(elsewhere.code, 1);
    QVERIFY2(elsewhere.err.contains(holder), elsewhere.err.constData());
    m_runtimeDirectory = usual;

    // Whatever way the first one dies, the next one finds the place empty.
    process.kill();
    QVERIFY(process.waitForFinished(10'000));
    QProcess next;
    QVERIFY(startPublishing(next));
    next.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(next.state(), QProcess::NotRunning, 10'000);
    QCOMPARE(next.exitCode(), 0);
}

void TestHeadless::checksBesideAPublisher()
{
    QProcess process;
    QVERIFY(startPublishing(process));
    const Outcome outcome = run({QStringLiteral("--check"), QStringLiteral("--config"),
                                 m_directory->filePath(QStringLiteral("publisher.yaml"))});
    QVERIFY2(outcome.out.contains("ok    vllm-local"), outcome.out.constData());
    process.kill();
    QVERIFY(process.waitForFinished(10'000));
}

void TestHeadless::publishesWithoutAPlaceForItsLock()
{
    m_runtimeDirectory = QStringLiteral("/dev/null");
    QProcess process;
    prepare(process, {QStringLiteral("--config"), write(QStringLiteral("publisher.yaml"), configuration(true))});
    process.start();
    QTRY_VERIFY_WITH_TIMEOUT(m_server->hasPendingConnections(), 10'000);
    process.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
    QCOMPARE(process.exitCode(), 0);
    QVERIFY(process.readAllStandardError().contains("cannot be locked"));
}

void TestHeadless::tellsItsStatus()
{
    QProcess process;
    QVERIFY(startPublishing(process));
    const QString file = m_directory->filePath(QStringLiteral("publisher.yaml"));
    const QString socket = status::InstanceLock(file).socketPath();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(socket), 10'000);

    status::StatusClient client;
    QSignalSpy lost(&client, &status::StatusClient::lost);
    status::PublisherSnapshot latest;
    connect(&client, &status::StatusClient::snapshotReceived, this,
            [&latest](const status::PublisherSnapshot &snapshot) { latest = snapshot; });
    client.connectTo(socket);
    QTRY_COMPARE_WITH_TIMEOUT(latest.program, QStringLiteral("hearth-publisher"), 10'000);
    QCOMPARE(latest.processId, process.processId());
    QCOMPARE(latest.configFile, file);
    QVERIFY(latest.situation == status::Situation::Here);
    QCOMPARE(latest.llms.size(), 1u);

    process.terminate();
    QVERIFY(lost.wait(10'000));
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
    disconnect(&client, nullptr, this, nullptr);
}

void TestHeadless::tellsThatItsKeyIsMissing()
{
    QProcess process;
    prepare(process, {QStringLiteral("--config"), write(QStringLiteral("publisher.yaml"), configuration(true))});
    // It reads its key anew for each attempt.
    m_server->close();
    process.start();
    const QString file = m_directory->filePath(QStringLiteral("publisher.yaml"));
    const QString socket = status::InstanceLock(file).socketPath();
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(socket), 10'000);
    QVERIFY(QFile::remove(m_directory->filePath(QStringLiteral("publisher.key"))));

    status::StatusClient client;
    std::vector<status::Attention> attentions;
    connect(&client, &status::StatusClient::snapshotReceived, &client,
            [&attentions](const status::PublisherSnapshot &snapshot) { attentions = snapshot.attentions; });
    client.connectTo(socket);
    const auto isTold = [&attentions] {
        return std::ranges::find(attentions, status::Attention::Kind::KeyMissing, &status::Attention::kind) !=
               attentions.end();
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTold(), 20'000);
    process.terminate();
    QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 10'000);
}

QTEST_GUILESS_MAIN(TestHeadless)
#include "tst_headless.moc"
