// The test backend as a server: HTTP, report, clients that leave or stall, many streams.

#include "backendclient.h"
#include "testbackend.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <utility>
#include <vector>

using namespace hearth;
using namespace hearth::testbackend;
using namespace std::chrono_literals;

namespace {

constexpr char chat[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
constexpr char stream[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true})";
/// Of such a stream: the role, 12 words, the finish reason, [DONE].
constexpr qsizetype streamEvents = 15;

const QString programPath = QStringLiteral(HEARTH_BIN_DIR "/hearth-testbackend");

QByteArray chatRequest(const QByteArray &body, const QByteArray &directives = {}, const QByteArray &fields = {})
{
    const QByteArray query = directives.isEmpty() ? QByteArray() : QByteArray("?x_test=" + directives);
    return BackendClient::request("POST", "/v1/chat/completions" + query, body, fields);
}

} // namespace

class TestTestBackend final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepAlive();
    void pipelinedRequests();
    void connectionClose_data();
    void connectionClose();
    void chunkedRequestBody();
    void expectContinue();
    void refusedRequests_data();
    void refusedRequests();
    void idleConnectionIsClosed();
    void report();
    void reportIsBounded();
    void abortIsNoticed_data();
    void abortIsNoticed();
    void stalledClientPausesTheAnswer();
    void parallelStreams();
    void stopAndListenAgain();
    void program();
    void programUsage_data();
    void programUsage();

private:
    /// Starts the backend anew with these settings.
    void restart(const TestBackendSettings &settings);

    const RequestRecord &lastRecord() const { return *m_backend->log().records().back(); }

    QLatin1String lastOutcome() const { return toString(lastRecord().outcome); }

    FakeClock m_clock;
    TestBackendSettings m_settings;
    std::unique_ptr<TestBackend> m_backend;
};

void TestTestBackend::init()
{
    m_settings = {};
    m_settings.port = 0;
    m_settings.rate = 0;
    restart(m_settings);
}

void TestTestBackend::restart(const TestBackendSettings &settings)
{
    m_backend = std::make_unique<TestBackend>(settings, m_clock);
    QVERIFY(m_backend->listen().ok());
}

void TestTestBackend::keepAlive()
{
    BackendClient client(m_backend->port());
    for (int i = 0; i < 3; ++i) {
        QVERIFY(client.call(chatRequest(chat)).complete);
        QVERIFY(client.call(chatRequest(stream)).complete);
    }
    QVERIFY(!client.isClosed());
    QCOMPARE(m_backend->log().stats().complete, 6);
}

void TestTestBackend::pipelinedRequests()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(chat, "delay=5") + chatRequest(stream) + BackendClient::request("GET", "/v1/models"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    m_clock.advance(5ms);
    const Reply first = client.call({});
    QCOMPARE(first.fields.value("content-type"), "application/json");
    QCOMPARE(client.call({}).events().size(), streamEvents);
    QVERIFY(client.call({}).json().contains(QLatin1String("data")));
}

void TestTestBackend::connectionClose_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("1.1 whole") << chatRequest(chat, {}, "Connection: close\r\n");
    QTest::newRow("1.1 stream") << chatRequest(stream, {}, "Connection: close\r\n");
    QTest::newRow("1.0 whole") << chatRequest(chat).replace("HTTP/1.1", "HTTP/1.0");
    QTest::newRow("1.0 stream") << chatRequest(stream).replace("HTTP/1.1", "HTTP/1.0");
}

void TestTestBackend::connectionClose()
{
    QFETCH(const QByteArray, request);
    BackendClient client(m_backend->port());
    client.send(request);
    QTRY_VERIFY(client.isClosed());
    const Reply reply = client.reply();
    QCOMPARE(reply.fields.value("connection"), "close");
    QCOMPARE(reply.fields.contains("transfer-encoding"), request.contains("HTTP/1.1") && request.contains("stream"));
    QVERIFY(reply.body.endsWith(request.contains("stream") ? "data: [DONE]\n\n" : "}"));
    QCOMPARE(lastOutcome(), QLatin1String("complete"));
}

void TestTestBackend::chunkedRequestBody()
{
    const QByteArray body(chat);
    const QByteArray request = "POST /v1/chat/completions HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\n" +
                               body.first(10) + "\r\n" + QByteArray::number(body.size() - 10, 16) + "\r\n" +
                               body.mid(10) + "\r\n0\r\nTrailer: x\r\n\r\n";
    BackendClient client(m_backend->port());
    for (const char c : request) {
        client.send(QByteArray(1, c));
        QCoreApplication::processEvents();
    }
    QCOMPARE(client.call({}).status, 200);
    QCOMPARE(m_backend->log().lastBody(), body);
}

void TestTestBackend::expectContinue()
{
    BackendClient client(m_backend->port());
    const QByteArray request = chatRequest(chat, {}, "Expect: 100-continue\r\n");
    const qsizetype head = request.indexOf("\r\n\r\n") + 4;
    client.send(request.first(head));
    QTRY_COMPARE(client.received(), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send(request.mid(head));
    QTRY_VERIFY(client.received().contains("HTTP/1.1 200 OK\r\n"));
}

void TestTestBackend::refusedRequests_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("garbage") << QByteArray("garbage\r\n\r\n") << 400;
    QTest::newRow("version") << QByteArray("GET / HTTP/2.0\r\n\r\n") << 400;
    QTest::newRow("field") << QByteArray("GET / HTTP/1.1\r\nno colon\r\n\r\n") << 400;
    QTest::newRow("length") << QByteArray("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") << 400;
    QTest::newRow("chunk size") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n") << 400;
    QTest::newRow("large head") << QByteArray("GET / HTTP/1.1\r\nA: " + QByteArray(500, 'a')) << 431;
    QTest::newRow("large body") << QByteArray("POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n") << 413;
    QTest::newRow("large chunk") << QByteArray("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nFFF\r\n") << 413;
}

void TestTestBackend::refusedRequests()
{
    QFETCH(const QByteArray, request);
    m_settings.limits.head = 400;
    m_settings.limits.body = 1000;
    restart(m_settings);
    BackendClient client(m_backend->port());
    client.send(request);
    QTRY_VERIFY(client.isClosed());
    QTEST(client.reply().status, "status");
    QCOMPARE(m_backend->log().stats().running, 0);
}

void TestTestBackend::idleConnectionIsClosed()
{
    BackendClient client(m_backend->port());
    QVERIFY(client.call(chatRequest(chat)).complete);
    m_clock.advance(m_settings.limits.idle - 1ms);
    QVERIFY(client.call(chatRequest(chat)).complete);
    m_clock.advance(m_settings.limits.idle);
    QTRY_VERIFY(client.isClosed());
}

void TestTestBackend::report()
{
    BackendClient client(m_backend->port());
    client.call(
        chatRequest(stream, "rate=0", "Authorization: Bearer secret\r\nX-Api-Key: secret\r\nX-Two: a\r\nX-Two: b\r\n"));
    BackendClient hanging(m_backend->port());
    hanging.send(chatRequest(chat, "hang"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);

    const Reply list = client.call(BackendClient::request("GET", "/test/requests"));
    QVERIFY(!list.body.contains("secret"));
    const QJsonArray requests = QJsonDocument::fromJson(list.body).array();
    QCOMPARE(requests.size(), 2);
    const QJsonObject headers = requests[0][QLatin1String("headers")].toObject();
    QCOMPARE(headers[QLatin1String("authorization")], QLatin1String("present"));
    QCOMPARE(headers[QLatin1String("x-api-key")], QLatin1String("present"));
    QCOMPARE(headers[QLatin1String("x-two")], QLatin1String("a, b"));
    QJsonObject record = requests[0].toObject();
    record.remove(QLatin1String("headers"));
    const qint64 now = m_clock.now().time_since_epoch().count();
    const QByteArray digest = QCryptographicHash::hash(stream, QCryptographicHash::Sha256).toHex();
    const QJsonObject expected{{QStringLiteral("id"), 1},
                               {QStringLiteral("method"), QStringLiteral("POST")},
                               {QStringLiteral("path"), QStringLiteral("/v1/chat/completions")},
                               {QStringLiteral("query"), QStringLiteral("x_test=rate=0")},
                               {QStringLiteral("bodySha256"), QString::fromUtf8(digest)},
                               {QStringLiteral("bodyBytes"), static_cast<qint64>(sizeof(stream) - 1)},
                               {QStringLiteral("model"), QStringLiteral("m")},
                               {QStringLiteral("startedAt"), now},
                               {QStringLiteral("finishedAt"), now},
                               {QStringLiteral("eventsSent"), static_cast<qint64>(streamEvents)},
                               {QStringLiteral("outcome"), QStringLiteral("complete")}};
    QCOMPARE(record, expected);
    QCOMPARE(requests[1][QLatin1String("outcome")], QLatin1String("running"));
    QVERIFY(requests[1][QLatin1String("finishedAt")].isNull());
    QCOMPARE(client.call(BackendClient::request("GET", "/test/requests/last/body")).body, chat);
    QCOMPARE(client.call(BackendClient::request("GET", "/test/stats")).body,
             R"({"aborted":0,"complete":1,"failed":0,"maxRunning":1,"received":2,"running":1})");

    QCOMPARE(client.call(BackendClient::request("DELETE", "/test/requests")).status, 200);
    QCOMPARE(client.call(BackendClient::request("GET", "/test/stats")).body,
             R"({"aborted":0,"complete":0,"failed":0,"maxRunning":1,"received":1,"running":1})");
    QCOMPARE(client.call(BackendClient::request("GET", "/test/requests/last/body")).body, "");
    QCOMPARE(m_backend->log().records().size(), 1U);
}

void TestTestBackend::reportIsBounded()
{
    m_settings.limits.reportedRequests = 3;
    restart(m_settings);
    BackendClient client(m_backend->port());
    for (int i = 0; i < 5; ++i)
        client.call(chatRequest(chat));
    QCOMPARE(m_backend->log().records().size(), 3U);
    QCOMPARE(m_backend->log().records().front()->id, 3U);
    QCOMPARE(m_backend->log().stats().received, 5);
}

void TestTestBackend::abortIsNoticed_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<bool>("reset");
    const auto row = [](const char *name, const QByteArray &request) {
        QTest::addRow("%s, closed", name) << request << false;
        QTest::addRow("%s, reset", name) << request << true;
    };
    row("uploading", chatRequest(chat).chopped(1));
    row("waiting", chatRequest(chat, "delay=1000"));
    row("hanging", chatRequest(chat, "hang"));
    row("streaming", chatRequest(stream, "rate=1"));
    row("silent", chatRequest(stream, "hangAfter=2"));
}

void TestTestBackend::abortIsNoticed()
{
    QFETCH(const QByteArray, request);
    QFETCH(const bool, reset);
    BackendClient client(m_backend->port());
    client.send(request);
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    if (reset)
        client.socket().abort();
    else
        client.socket().disconnectFromHost();
    QTRY_COMPARE(m_backend->log().stats().aborted, 1);
    QCOMPARE(lastOutcome(), QLatin1String("aborted"));
    QVERIFY(lastRecord().finishedAt.has_value());
    QCOMPARE(m_backend->log().stats().running, 0);
    m_clock.advance(10s);
}

void TestTestBackend::stalledClientPausesTheAnswer()
{
    BackendClient client(m_backend->port());
    client.socket().disconnect(SIGNAL(readyRead()));
    client.socket().setReadBufferSize(1024);
    client.send(chatRequest(stream, "bytes=100000000"));
    QTRY_VERIFY(!m_backend->log().records().empty() && lastRecord().eventsSent > 0);
    // The kernel's buffers fill up, then nothing moves any more.
    qint64 before = 0;
    QTRY_VERIFY(std::exchange(before, lastRecord().eventsSent) == lastRecord().eventsSent);
    QVERIFY(before < 90'000);
    client.socket().abort();
    QTRY_COMPARE(lastOutcome(), QLatin1String("aborted"));
}

void TestTestBackend::parallelStreams()
{
    constexpr int count = 200;
    SystemClock clock;
    TestBackend backend(m_settings, clock);
    QVERIFY(backend.listen().ok());
    std::vector<std::unique_ptr<BackendClient>> clients;
    for (int i = 0; i < count; ++i)
        clients.push_back(std::make_unique<BackendClient>(backend.port()));
    for (const auto &client : clients)
        client->send(chatRequest(stream, "rate=50;tokens=40"));
    QTRY_COMPARE_WITH_TIMEOUT(backend.log().stats().complete, count, 30'000);
    QCOMPARE(backend.log().stats().maxRunning, count);
    for (const auto &client : clients) {
        QTRY_VERIFY(client->reply().complete);
        QCOMPARE(client->reply().body, clients.front()->reply().body);
    }
    // 43 events at 50 a second: the last is due after 840 ms.
    for (const auto &record : backend.log().records())
        QVERIFY(*record->finishedAt - record->startedAt >= 840ms);
}

void TestTestBackend::stopAndListenAgain()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(chat, "hang"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    const quint16 port = m_backend->port();
    m_backend->stop();
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(m_backend->log().stats().running, 0);
    QVERIFY(m_backend->listen().ok());
    QCOMPARE(m_backend->port(), port);
    QVERIFY(BackendClient(port).call(chatRequest(chat)).complete);
    TestBackendSettings taken = m_settings;
    taken.port = port;
    const Result<void> second = TestBackend(taken, m_clock).listen();
    QVERIFY(!second.ok());
    QVERIFY(second.error().code == ErrorCode::Io);
}

void TestTestBackend::program()
{
    QProcess process;
    process.start(programPath, {QStringLiteral("--listen"), QStringLiteral("127.0.0.1:0"), QStringLiteral("--model"),
                                QStringLiteral("a"), QStringLiteral("--model"), QStringLiteral("b"),
                                QStringLiteral("--status"), QStringLiteral("503")});
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 10'000);
    const QByteArray line = process.readLine().trimmed();
    QVERIFY(line.startsWith("listening on http://127.0.0.1:"));
    BackendClient client(line.mid(line.lastIndexOf(':') + 1).toUShort());
    const QJsonObject models = client.call(BackendClient::request("GET", "/v1/models")).json();
    QCOMPARE(textAt(models, "data/1/id"), QStringLiteral("b"));
    QCOMPARE(client.call(chatRequest(chat)).status, 503);
    process.kill();
    QVERIFY(process.waitForFinished());
}

void TestTestBackend::programUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::newRow("help") << QStringList{QStringLiteral("--help")} << 0;
    QTest::newRow("unknown flag") << QStringList{QStringLiteral("--none")} << 2;
    QTest::newRow("address") << QStringList{QStringLiteral("--listen"), QStringLiteral("nowhere")} << 2;
    QTest::newRow("directive") << QStringList{QStringLiteral("--malformed"), QStringLiteral("all")} << 2;
    QTest::newRow("foreign address") << QStringList{QStringLiteral("--listen"), QStringLiteral("192.0.2.1:0")} << 1;
}

void TestTestBackend::programUsage()
{
    QFETCH(const QStringList, arguments);
    QProcess process;
    process.start(programPath, arguments);
    QVERIFY(process.waitForFinished());
    QTEST(process.exitCode(), "exitCode");
}

QTEST_GUILESS_MAIN(TestTestBackend)
#include "tst_testbackend.moc"
