// Keys are nowhere where they do not belong: not in a log, an error, a command line or a database, wherever they were
// sent.

#include "stacktest.h"

#include <QDirIterator>

using namespace hearth;
using namespace hearth::testsupport;

class TestSecrets final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void keepsKeysOutOfLogsErrorsAndDatabase();

private:
    void sendKeysWhereTheyBelong();
    void sendKeysWhereTheyDoNotBelong(const QByteArray &key);
    void useKeysOnTheCommandLine(const QByteArray &key);
    void losePublishersAndBackends(const Program &publisher);
    /// Waits for an answer and looks for keys in it.
    void examine(std::unique_ptr<HttpCall> call);
    void examineCommandLine(const Program &program) const;
    /// The keys whose secret part `bytes` holds.
    QByteArrayList keysIn(const QByteArray &bytes) const;

    QByteArrayList m_keys;
    int m_examined = 0;
};

namespace {

constexpr char backendKey[] = "sk-canary-0123456789-abcdefghij";

/// What is shown of a Hearth key: `hk_` and eight characters.
constexpr qsizetype shownPrefix = 11;
/// Long enough that it is nowhere by chance, short enough that a mutilated key is found, too.
constexpr qsizetype needleSize = 12;

QByteArray needle(const QByteArray &key)
{
    return key.mid(shownPrefix, needleSize);
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

QByteArrayList TestSecrets::keysIn(const QByteArray &bytes) const
{
    QByteArrayList found;
    for (const QByteArray &key : m_keys) {
        if (bytes.contains(needle(key)))
            found.append(key);
    }
    return found;
}

void TestSecrets::examine(std::unique_ptr<HttpCall> call)
{
    call->waitForEnd();
    ++m_examined;
    QByteArray answer = call->body();
    for (const HttpField &field : call->fields())
        answer += '\n' + field.name + ": " + field.value;
    QVERIFY2(keysIn(answer).isEmpty(), answer.constData());
}

void TestSecrets::examineCommandLine(const Program &program) const
{
    const QByteArray commandLine = contentOf(QStringLiteral("/proc/%1/cmdline").arg(program.pid()));
    QVERIFY(!commandLine.isEmpty());
    QVERIFY2(keysIn(commandLine).isEmpty(), commandLine.constData());
}

void TestSecrets::sendKeysWhereTheyBelong()
{
    examine(m_stack->call(m_stack->chat()));
    examine(m_stack->call(m_stack->chat(directive({{QStringLiteral("status"), 500}}))));
    examine(m_stack->call(m_stack->chat(directive({{QStringLiteral("cut"), 2}}))));
    examine(m_stack->call(m_stack->chat({{QStringLiteral("model"), QStringLiteral("keyless")}})));
    for (const char *name : {"client", "publisher", "admin"})
        examine(m_stack->get("/api/v1/sessions", name));
}

void TestSecrets::sendKeysWhereTheyDoNotBelong(const QByteArray &key)
{
    const HttpField authorization{"Authorization", "Bearer " + m_stack->key("admin")};
    for (const QByteArray &target :
         QByteArrayList{"/v1/models?key=" + key, "/v1/models/" + key, "/api/v1/llms/" + key, '/' + key,
                        "/v1/chat/completions/" + key, "/api/v1/llms?authorization=Bearer%20" + key}) {
        examine(m_stack->call({.target = target}));
        examine(m_stack->call({.target = target, .fields = {authorization}}));
        examine(m_stack->call({.method = "DELETE", .target = target, .fields = {authorization}}));
    }
    for (const char *name : {"X-Key", "Cookie", "Expect", "Content-Type", "Accept", "Origin", "Referer", "X-Request-Id",
                             "User-Agent", "Content-Length", "Transfer-Encoding", "Proxy-Authorization"}) {
        HttpRequest request = m_stack->chat();
        request.fields.append(name, key);
        examine(m_stack->call(request));
    }
    for (const QByteArray &wrong :
         QByteArrayList{"Basic " + key, key, "Bearer " + key + 'x', "Bearer " + key.chopped(1), "Token token=" + key}) {
        examine(m_stack->call({.target = "/v1/models", .fields = {{"Authorization", wrong}}}));
        examine(
            m_stack->call({.target = "/v1/models", .fields = {{"Authorization", wrong}, {"x-api-key", "hk_other"}}}));
        examine(m_stack->call(
            {.target = "/api/v1/publish", .fields = {{"Authorization", wrong}, {"Upgrade", "websocket"}}}));
    }
    for (const char *route : {"/v1/chat/completions", "/v1/responses", "/v1/messages"}) {
        examine(m_stack->call(m_stack->modelRequest(route, {{QStringLiteral("model"), QString::fromUtf8(key)}})));
        HttpRequest broken = m_stack->modelRequest(route, {});
        broken.body = "{\"model\": " + key + '}';
        examine(m_stack->call(broken));
    }
    for (const QByteArray &head : QByteArrayList{"GET / HTTP/1.1\r\nHost: " + key + "\r\nHost: x\r\n\r\n",
                                                 key + " / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / " + key + "\r\n\r\n",
                                                 "GET / HTTP/1.1\r\nAuthorization : Bearer " + key + "\r\n\r\n"})
        examine(m_stack->callRaw(head));
}

void TestSecrets::useKeysOnTheCommandLine(const QByteArray &key)
{
    const QString text = QString::fromUtf8(key);
    for (const QStringList &arguments :
         {QStringList{QStringLiteral("key"), QStringLiteral("revoke"), text},
          QStringList{QStringLiteral("key"), QStringLiteral("update"), text, QStringLiteral("--scope"),
                      QStringLiteral("infer")},
          QStringList{QStringLiteral("key"), QStringLiteral("list")},
          QStringList{QStringLiteral("key"), QStringLiteral("list"), QStringLiteral("--json")}}) {
        const CommandResult result = m_stack->hearthd(arguments);
        const QByteArray said = result.output + result.errors;
        QVERIFY2(keysIn(said).isEmpty(), said.constData());
    }
}

void TestSecrets::losePublishersAndBackends(const Program &publisher)
{
    // Publishers whose keys are refused in each way, and whose backend refuses theirs.
    const auto refused =
        m_stack->launchPublisher(QStringLiteral("refused"), "hk_" + QByteArray(43, 'x'), m_stack->llmEntry("a"));
    QVERIFY(refused->waitForLog("does not know this API key"));
    const auto scopeless =
        m_stack->launchPublisher(QStringLiteral("scopeless"), m_stack->key("client"), m_stack->llmEntry("b"));
    QVERIFY(scopeless->waitForLog("needs the scope"));
    for (const Program *program :
         std::initializer_list<const Program *>{refused.get(), scopeless.get(), &publisher, &m_stack->server()})
        examineCommandLine(*program);

    const auto stream =
        m_stack->call(m_stack->chat(directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}})));
    QVERIFY(stream->waitForEvents(1));
    m_stack->backend().kill();
    QVERIFY(stream->waitForEnd());
    examine(m_stack->call(m_stack->chat()));
    QCOMPARE(m_stack->hearthd({QStringLiteral("key"), QStringLiteral("revoke"), QStringLiteral("publisher")}).exitCode,
             0);
    QVERIFY(m_stack->waitUntilLlmIs("inactive"));
    QVERIFY(publisher.waitForLog("API key"));
}

void TestSecrets::keepsKeysOutOfLogsErrorsAndDatabase()
{
    const QString debug = QStringLiteral("debug");
    makeStack({.server = {{QStringLiteral("logLevel"), debug}},
               .publisher = {{QStringLiteral("logLevel"), debug}},
               .backendFlags = {QStringLiteral("--api-key"), QString::fromLatin1(backendKey)}});
    QVERIFY(m_stack->makeKeys() && m_stack->startBackend() && m_stack->startServer());
    QFile keyFile(m_stack->path(QStringLiteral("backend.key")));
    QVERIFY(keyFile.open(QIODevice::WriteOnly) && keyFile.write(backendKey) > 0);
    keyFile.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    keyFile.close();
    m_keys = {m_stack->key("client"), m_stack->key("publisher"), m_stack->key("admin"), backendKey};
    // A healthy Llm, and one whose publisher has no key for the backend; its probe needs none.
    const auto publisher =
        m_stack->launchPublisher(QStringLiteral("box"), m_stack->key("publisher"),
                                 m_stack->llmEntry("test-llm") + "    apiKeyFile: " + keyFile.fileName().toUtf8() +
                                     '\n' + m_stack->llmEntry("keyless") + "    probe: {path: /../test/stats}\n");
    QVERIFY(m_stack->waitUntilLlmIs("active"));

    sendKeysWhereTheyBelong();
    for (const QByteArray &key : std::as_const(m_keys)) {
        sendKeysWhereTheyDoNotBelong(key);
        useKeysOnTheCommandLine(key);
    }
    losePublishersAndBackends(*publisher);
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(m_examined > 220);

    const QString database = m_stack->path(QStringLiteral("hearth.db"));
    QVERIFY(m_stack->finish().isEmpty());
    QVERIFY2(contentOf(database).contains(m_stack->key("client").first(shownPrefix)), "the scan does not see the rows");
    int files = 0;
    bool sawDebug = false;
    for (QDirIterator all(m_stack->path({}), QDir::Files, QDirIterator::Subdirectories); all.hasNext(); ++files) {
        const QString path = all.next();
        // The publishers' own key files are where keys belong.
        if (path.endsWith(QLatin1String("key")))
            continue;
        const QByteArray content = contentOf(path);
        QVERIFY2(keysIn(content).isEmpty(), qPrintable(path));
        sawDebug = sawDebug || content.contains(" DEBUG ");
    }
    QVERIFY(files > 10);
    QVERIFY2(sawDebug, "the logs are not at debug level");
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
