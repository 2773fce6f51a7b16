// The pace and the failure modes of the test backend, however they are asked for.

#include "backendclient.h"
#include "testbackend.h"

#include <QJsonDocument>
#include <QTest>

using namespace hearth;
using namespace hearth::testbackend;
using namespace std::chrono_literals;

namespace {

constexpr char chat[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
constexpr char stream[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true})";
/// Of such a stream: the role, 12 words, the finish reason, [DONE].
constexpr qsizetype streamEvents = 15;

QByteArray chatRequest(const QByteArray &body, const QByteArray &directives = {}, const QByteArray &fields = {})
{
    const QByteArray query = directives.isEmpty() ? QByteArray() : QByteArray("?x_test=" + directives);
    return BackendClient::request("POST", "/v1/chat/completions" + query, body, fields);
}

} // namespace

class TestTestBackendFaults final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void pacedStream();
    void rateDirective();
    void delay();
    void hang();
    void hangAfter();
    void cut_data();
    void cut();
    void malformed_data();
    void malformed();
    void status_data();
    void status();
    void bodyDirective();
    void unknownDirective();
    void flagsSpareTheModelList();
    void apiKey();

private:
    /// Starts the backend anew with these settings.
    void restart(const TestBackendSettings &settings);

    const RequestRecord &lastRecord() const { return *m_backend->log().records().back(); }

    QLatin1String lastOutcome() const { return toString(lastRecord().outcome); }

    FakeClock m_clock;
    TestBackendSettings m_settings;
    std::unique_ptr<TestBackend> m_backend;
};

void TestTestBackendFaults::init()
{
    m_settings = {};
    m_settings.port = 0;
    m_settings.rate = 0;
    restart(m_settings);
}

void TestTestBackendFaults::restart(const TestBackendSettings &settings)
{
    m_backend = std::make_unique<TestBackend>(settings, m_clock);
    QVERIFY(m_backend->listen().ok());
}

void TestTestBackendFaults::pacedStream()
{
    m_settings.rate = 10;
    restart(m_settings);
    BackendClient client(m_backend->port());
    client.send(chatRequest(stream));
    QTRY_COMPARE(client.reply().events().size(), 1);
    m_clock.advance(99ms);
    QCOMPARE(lastRecord().eventsSent, 1);
    m_clock.advance(1ms);
    QCOMPARE(lastRecord().eventsSent, 2);
    m_clock.advance(300ms);
    QCOMPARE(lastRecord().eventsSent, 5);
    QTRY_COMPARE(client.reply().events().size(), 5);
    QCOMPARE(lastOutcome(), QLatin1String("running"));
    m_clock.advance(999ms);
    QCOMPARE(lastOutcome(), QLatin1String("running"));
    m_clock.advance(1ms);
    QTRY_VERIFY(client.reply().complete);
    QCOMPARE(lastOutcome(), QLatin1String("complete"));
    QCOMPARE(lastRecord().eventsSent, streamEvents);
    QCOMPARE(*lastRecord().finishedAt - lastRecord().startedAt, 1400ms);
}

void TestTestBackendFaults::rateDirective()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(stream, "rate=4000"));
    QTRY_COMPARE(client.reply().events().size(), 1);
    m_clock.advance(1ms);
    QCOMPARE(lastRecord().eventsSent, 5);
    m_clock.advance(1ms);
    QCOMPARE(lastRecord().eventsSent, 9);
}

void TestTestBackendFaults::delay()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(chat, {}, "x-test: delay=200\r\n"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    m_clock.advance(199ms);
    QCoreApplication::processEvents();
    QVERIFY(client.received().isEmpty());
    m_clock.advance(1ms);
    QTRY_VERIFY(client.reply().complete);
}

void TestTestBackendFaults::hang()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(R"({"x_test":{"hang":true}})"));
    QTRY_COMPARE(m_backend->log().stats().running, 1);
    m_clock.advance(24h);
    QCoreApplication::processEvents();
    QVERIFY(client.received().isEmpty());
    QVERIFY(!client.isClosed());
}

void TestTestBackendFaults::hangAfter()
{
    BackendClient client(m_backend->port());
    client.send(chatRequest(stream, "hangAfter=3"));
    QTRY_COMPARE(client.reply().events().size(), 3);
    BackendClient headOnly(m_backend->port());
    headOnly.send(chatRequest(stream, "hang-after=0"));
    QTRY_COMPARE(headOnly.reply().status, 200);
    m_clock.advance(24h);
    QCoreApplication::processEvents();
    QCOMPARE(client.reply().events().size(), 3);
    QVERIFY(headOnly.received().endsWith("\r\n\r\n"));
    QVERIFY(!client.isClosed() && !headOnly.isClosed());
    QCOMPARE(m_backend->log().stats().running, 2);
}

void TestTestBackendFaults::cut_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("directives");
    QTest::addColumn<int>("status");
    QTest::addColumn<qsizetype>("events");
    QTest::newRow("stream unanswered") << QByteArray(stream) << QByteArray("cut=0") << 0 << qsizetype(0);
    QTest::newRow("stream after 1") << QByteArray(stream) << QByteArray("cut=1") << 200 << qsizetype(1);
    QTest::newRow("stream after 14") << QByteArray(stream) << QByteArray("cut=14") << 200 << qsizetype(14);
    QTest::newRow("whole unanswered") << QByteArray(chat) << QByteArray("cut=0") << 0 << qsizetype(0);
    QTest::newRow("whole after 1") << QByteArray(chat) << QByteArray("cut=1") << 200 << qsizetype(0);
    QTest::newRow("whole after 9") << QByteArray(chat) << QByteArray("cut=9") << 200 << qsizetype(0);
}

void TestTestBackendFaults::cut()
{
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, directives);
    BackendClient client(m_backend->port());
    client.send(chatRequest(body, directives));
    QTRY_VERIFY(client.isClosed());
    QTEST(client.reply().status, "status");
    QTEST(client.reply().events().size(), "events");
    QVERIFY(!client.reply().complete);
    QCOMPARE(lastOutcome(), QLatin1String("failed"));
    QTEST(static_cast<qsizetype>(lastRecord().eventsSent), "events");
}

void TestTestBackendFaults::malformed_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<bool>("closes");
    const auto row = [](const char *kind, const char *expected, bool closes) {
        QTest::addRow("%s, whole", kind) << QByteArray(kind) << QByteArray(chat) << QByteArray(expected) << closes;
        QTest::addRow("%s, stream", kind) << QByteArray(kind) << QByteArray(stream) << QByteArray(expected) << closes;
    };
    row("chunk", "\r\nno-size\r\n", true);
    row("head", "HTP/banana", true);
    row("length", "content-length: 1000", true);
    row("json", "HTTP/1.1 200 OK", false);
    row("headers", "x-malformed: a\x01", false);
}

void TestTestBackendFaults::malformed()
{
    QFETCH(const QByteArray, kind);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, expected);
    QFETCH(const bool, closes);
    BackendClient client(m_backend->port());
    client.send(chatRequest(body, "malformed=" + kind));
    QTRY_VERIFY(closes ? client.isClosed() : client.reply().complete);
    QVERIFY(client.received().contains(expected));
    QCOMPARE(client.reply().complete, !closes);
    QCOMPARE(lastOutcome(), QLatin1String(closes ? "failed" : "complete"));
    if (kind == "json") {
        const QByteArray json = body == stream ? client.reply().events().value(1) : client.reply().body;
        QVERIFY(json.startsWith('{'));
        QVERIFY(QJsonDocument::fromJson(json).isNull());
    }
}

void TestTestBackendFaults::status_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("header") << chatRequest(chat, {}, "X-Test: status=429; retry-after=7\r\n");
    QTest::newRow("query") << chatRequest(stream, "status=429%3Bretry-after=7");
    QTest::newRow("field") << chatRequest(R"({"x_test":{"status":429,"retryAfter":7}})");
    QTest::newRow("text field") << chatRequest(R"({"x_test":"status=429;retry_after=7"})");
    QTest::newRow("field before query") << chatRequest(R"({"x_test":{"status":429}})", "status=500;retry-after=7");
    QTest::newRow("model list") << BackendClient::request("GET", "/v1/models?a=b&x_test=status=429;retry-after=7");
}

void TestTestBackendFaults::status()
{
    QFETCH(const QByteArray, request);
    const Reply reply = BackendClient(m_backend->port()).call(request);
    QCOMPARE(reply.status, 429);
    QCOMPARE(reply.fields.value("retry-after"), "7");
    QCOMPARE(reply.json()[QLatin1String("error")][QLatin1String("type")], QLatin1String("rate_limit_error"));
    QCOMPARE(lastOutcome(), QLatin1String("complete"));
}

void TestTestBackendFaults::bodyDirective()
{
    const Reply reply =
        BackendClient(m_backend->port()).call(chatRequest(chat, {}, "x-test: status=503;body=a;b=c\r\n"));
    QCOMPARE(reply.status, 503);
    QCOMPARE(reply.body, "a;b=c");
}

void TestTestBackendFaults::unknownDirective()
{
    for (const QByteArray directives : {"sttaus=500", "status=abc", "status=99", "malformed=x", "cut", "rate=-1"}) {
        const Reply reply = BackendClient(m_backend->port()).call(chatRequest(chat, directives));
        QCOMPARE(reply.status, 400);
        const QByteArray name =
            directives.first(directives.indexOf('=') < 0 ? directives.size() : directives.indexOf('='));
        QVERIFY(reply.body.contains(QByteArray('\'' + name + '\'')));
    }
}

void TestTestBackendFaults::flagsSpareTheModelList()
{
    m_settings.directives.status = 500;
    restart(m_settings);
    BackendClient client(m_backend->port());
    QCOMPARE(client.call(BackendClient::request("GET", "/v1/models")).status, 200);
    QCOMPARE(client.call(chatRequest(chat)).status, 500);
    QCOMPARE(client.call(chatRequest(chat, "status=200")).status, 200);
}

void TestTestBackendFaults::apiKey()
{
    m_settings.apiKey = "sk-1";
    restart(m_settings);
    BackendClient client(m_backend->port());
    QCOMPARE(client.call(chatRequest(chat)).status, 401);
    QCOMPARE(client.call(chatRequest(chat, {}, "Authorization: Bearer sk-2\r\n")).status, 401);
    QCOMPARE(client.call(chatRequest(chat, {}, "Authorization: Bearer sk-1\r\n")).status, 200);
    QCOMPARE(client.call(BackendClient::request("GET", "/v1/models")).status, 401);
    QCOMPARE(client.call(BackendClient::request("GET", "/test/stats")).status, 200);
}

QTEST_GUILESS_MAIN(TestTestBackendFaults)
#include "tst_testbackendfaults.moc"
