// The server as a whole: when it listens, how it starts and stops, and what only its rooms together can show.

#include "apikeytable.h"
#include "databasefixture.h"
#include "hearthserver.h"
#include "httpcall.h"
#include "keyhash.h"
#include "messagetable.h"
#include "threadtable.h"
#include "transaction.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace hearth;
using namespace hearth::server;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(hearth::Error)

class TestHearthServer final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void needsAKeyToBeReachable_data();
    void needsAKeyToBeReachable();
    void servesUntilItIsStopped();
    void mayBeStoppedBeforeItHasStarted();
    void failsWithoutADatabase();
    void makesItsSecret();
    void failsWithoutItsSecret();
    void failsWithoutItsPort();
    void answersThatWereInterruptedFailAtTheStart();
    void everyAnswerHasARequestId();
    void connectionTellsErrorsInTheShapeOfTheRoute_data();
    void connectionTellsErrorsInTheShapeOfTheRoute();

private:
    /// Stores a key to ask models with.
    void addKey(const std::function<void(domain::ApiKey &)> &change = {}) const;
    /// Starts a server with m_settings; false when it has failed.
    bool start();
    std::unique_ptr<HttpCall> call(const QByteArray &bytes) const;

    std::optional<DatabaseFixture> m_fixture;
    ServerSettings m_settings;
    std::unique_ptr<HearthServer> m_server;
    std::optional<Error> m_failure;
};

namespace {

constexpr char key[] = "hk_secret";

} // namespace

void TestHearthServer::init()
{
    m_fixture.emplace(storage::Engine::Sqlite);
    m_settings = {};
    m_settings.storage.url = m_fixture->url();
    m_settings.http.port = 0;
    m_failure.reset();
}

void TestHearthServer::cleanup()
{
    m_server.reset();
    m_fixture.reset();
}

void TestHearthServer::addKey(const std::function<void(domain::ApiKey &)> &change) const
{
    domain::ApiKey row;
    row.id = ApiKeyId::create();
    row.name = QStringLiteral("client");
    row.owner = QStringLiteral("alice");
    row.hash = domain::keyHash(key);
    row.scopes = {domain::Scope::Infer};
    if (change)
        change(row);
    const auto database = m_fixture->open();
    auto transaction = storage::Transaction::begin(*database);
    if (!storage::ApiKeyTable(*database).insert(row) || !transaction->commit())
        qFatal("The key cannot be stored.");
}

bool TestHearthServer::start()
{
    m_server = std::make_unique<HearthServer>(m_settings);
    connect(m_server.get(), &HearthServer::failed, this, [this](const Error &error) { m_failure = error; });
    QSignalSpy started(m_server.get(), &HearthServer::started);
    m_server->start();
    return QTest::qWaitFor([&] { return m_failure || !started.isEmpty(); }) && !m_failure;
}

std::unique_ptr<HttpCall> TestHearthServer::call(const QByteArray &bytes) const
{
    QUrl url(QStringLiteral("http://127.0.0.1"));
    url.setPort(m_server->port());
    auto call = std::make_unique<HttpCall>(url, bytes, HttpCall::Options{});
    call->waitForEnd();
    return call;
}

void TestHearthServer::needsAKeyToBeReachable_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<bool>("allowed");
    for (const char *host : {"127.0.0.1", "127.1.2.3", "localhost", "::1", "0.0.0.0", "::"}) {
        for (const char *kind : {"no", "revoked", "expired", "valid"}) {
            const bool isLoopback = QByteArray(host) != "0.0.0.0" && QByteArray(host) != "::";
            QTest::addRow("%s with %s key", host, kind) << QString::fromLatin1(host) << QString::fromLatin1(kind)
                                                        << (isLoopback || QByteArray(kind) == "valid");
        }
    }
}

void TestHearthServer::needsAKeyToBeReachable()
{
    QFETCH(QString, host);
    QFETCH(QString, kind);
    QFETCH(bool, allowed);
    const WallTime now = SystemClock().wallNow();
    if (kind != QLatin1String("no")) {
        addKey([&](domain::ApiKey &row) {
            if (kind == QLatin1String("revoked"))
                row.revokedAt = now;
            if (kind == QLatin1String("expired"))
                row.expiresAt = now;
        });
    }
    m_settings.http.host = host;
    const bool started = start();
    if (allowed) {
        // A machine without IPv6 fails for another reason.
        QVERIFY2(started || m_failure->code == ErrorCode::Io, started ? "" : qPrintable(m_failure->message));
        return;
    }
    QVERIFY(!started);
    QVERIFY(m_failure->code == ErrorCode::Configuration);
    QVERIFY2(m_failure->message.contains(QLatin1String("hearthd key create")), qPrintable(m_failure->message));
    QVERIFY(m_failure->message.contains(host));
    QCOMPARE(m_server->port(), 0);
}

void TestHearthServer::servesUntilItIsStopped()
{
    addKey();
    QVERIFY(start());
    QCOMPARE(call("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n")->status(), 200);
    QCOMPARE(call("GET /v1/models HTTP/1.1\r\nHost: h\r\nx-api-key: hk_secret\r\n\r\n")->status(), 200);

    QSignalSpy stopped(m_server.get(), &HearthServer::stopped);
    m_server->stop();
    m_server->stop();
    QTRY_COMPARE(stopped.size(), 1);
    QVERIFY(call("GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")->wasRefused());
    QCOMPARE(stopped.size(), 1);
}

void TestHearthServer::mayBeStoppedBeforeItHasStarted()
{
    HearthServer server(m_settings);
    QSignalSpy started(&server, &HearthServer::started);
    QSignalSpy stopped(&server, &HearthServer::stopped);
    server.start();
    server.stop();
    QVERIFY(stopped.wait());
    // Long enough for the rows to have been loaded.
    QTRY_COMPARE(m_fixture->query(QStringLiteral("SELECT COUNT(*) FROM llms")).toInt(), 0);
    QVERIFY(!started.wait(200));
    QCOMPARE(server.port(), 0);
}

void TestHearthServer::failsWithoutADatabase()
{
    m_settings.storage.url = storage::DatabaseUrl::parse(QLatin1String("sqlite:") + QDir::tempPath()).value();
    QVERIFY(!start());
    QVERIFY(!m_failure->message.isEmpty());
}

void TestHearthServer::makesItsSecret()
{
    QVERIFY(start());
    const QFileInfo secret(secretFilePath(m_settings));
    QVERIFY(secret.isFile());
    QVERIFY(!(secret.permissions() & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
    QVERIFY(start());
}

void TestHearthServer::failsWithoutItsSecret()
{
    const QTemporaryDir folder;
    m_settings.secretFile = folder.filePath(QStringLiteral("secret.key"));
    QFile file(m_settings.secretFile);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(!start());
    QVERIFY(m_failure->code == ErrorCode::Configuration);
    QVERIFY2(m_failure->message.contains(m_settings.secretFile), qPrintable(m_failure->message));
}

void TestHearthServer::failsWithoutItsPort()
{
    QVERIFY(start());
    const std::unique_ptr<HearthServer> first = std::move(m_server);
    m_settings.http.port = first->port();
    QVERIFY(!start());
    QVERIFY(m_failure->code == ErrorCode::Io);
}

void TestHearthServer::answersThatWereInterruptedFailAtTheStart()
{
    domain::ChatThread thread;
    thread.id = domain::ThreadId(QStringLiteral("t"));
    domain::ChatMessage pending;
    pending.thread = thread.id;
    pending.role = domain::MessageRole::Assistant;
    pending.status = domain::MessageStatus::Pending;
    const auto database = m_fixture->open();
    {
        auto transaction = storage::Transaction::begin(*database);
        QVERIFY(storage::ThreadTable(*database).insert(thread));
        QVERIFY(storage::MessageTable(*database).insert(pending));
        QVERIFY(transaction->commit());
    }
    QVERIFY(start());
    const auto messages = storage::MessageTable(*database).page(thread.id, {}, 2);
    QVERIFY(messages);
    QCOMPARE(messages->size(), 1);
    QVERIFY(messages->first().status == domain::MessageStatus::Error);
    QVERIFY(messages->first().error->code == ErrorCode::ShuttingDown);
}

void TestHearthServer::everyAnswerHasARequestId()
{
    QVERIFY(start());
    QSet<QByteArray> ids;
    for (const char *head :
         {"GET /livez HTTP/1.1", "GET /nowhere HTTP/1.1", "GET /v1/models HTTP/1.1", "POST /livez HTTP/1.1",
          "GET /v1/models/%zz HTTP/1.1", "GET /livez HTTP/2.0", "nonsense"}) {
        const auto answer = call(QByteArray(head) + "\r\nHost: h\r\n\r\n");
        QVERIFY2(answer->status() >= 200, head);
        QVERIFY2(!answer->field("x-request-id").isEmpty(), head);
        ids.insert(answer->field("x-request-id"));
    }
    QCOMPARE(ids.size(), 7);
}

void TestHearthServer::connectionTellsErrorsInTheShapeOfTheRoute_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("type");
    const auto rows = [](const char *tag, const QByteArray &fields, int status, const char *anthropic,
                         const char *openAi) {
        QTest::addRow("messages, %s", tag)
            << QByteArray("/v1/messages?beta=true") << fields << status << QString::fromLatin1(anthropic);
        QTest::addRow("completions, %s", tag)
            << QByteArray("/v1/completions") << fields << status << QString::fromLatin1(openAi);
    };
    const char *const badRequest = "invalid_request_error";
    rows("no length", "x-api-key: hk_secret\r\n", 411, badRequest, badRequest);
    rows("too large", "x-api-key: hk_secret\r\nContent-Length: 2000\r\n", 413, "request_too_large", badRequest);
    rows("unknown expectation", "Expect: miracles\r\nContent-Length: 1\r\n", 417, badRequest, badRequest);
    rows("broken body", "x-api-key: hk_secret\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n", 400,
         badRequest, badRequest);
    rows("no key", "Content-Length: 1\r\n", 401, "authentication_error", "authentication_error");
}

void TestHearthServer::connectionTellsErrorsInTheShapeOfTheRoute()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, fields);
    QFETCH(int, status);
    QFETCH(QString, type);
    addKey();
    m_settings.http.limits.body = 1024;
    QVERIFY(start());
    const auto answer = call("POST " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\nnonsense\r\n");
    QCOMPARE(answer->status(), status);
    const QJsonObject json = answer->json();
    QCOMPARE(json[QLatin1String("error")][QLatin1String("type")].toString(), type);
    const bool anthropic = path.startsWith("/v1/messages");
    QCOMPARE(json[QLatin1String("type")].toString(), anthropic ? QStringLiteral("error") : QString());
    QCOMPARE(json[QLatin1String("request_id")].toString().toLatin1(),
             anthropic ? answer->field("x-request-id") : QByteArray());
    QCOMPARE(answer->errorCode().isEmpty(), anthropic);
}

QTEST_GUILESS_MAIN(TestHearthServer)
#include "tst_hearthserver.moc"
