// One request and its answer: what goes out, byte for byte, and what comes in.

#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QTest>

#include <algorithm>
#include <vector>

using namespace hearth;
using namespace hearth::httpclient;

class TestHttpClient final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsRequest_data();
    void sendsRequest();
    void deliversAnswer_data();
    void deliversAnswer();
    void passesLargeBodyWithoutExpect();
    void reusesConnection();
    void freshConnectionStaysOutOfPool();
    void closesIdleConnections();
    void limitsIdleConnections_data();
    void limitsIdleConnections();
    void runsManyInParallel();
};

void TestHttpClient::sendsRequest_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<HttpFields>("fields");
    QTest::addColumn<std::optional<QByteArray>>("body");
    QTest::addColumn<QByteArray>("expected");

    using Body = std::optional<QByteArray>;
    const Body none;
    QTest::newRow("plain GET") << QByteArray("GET") << QByteArray("/v1/models?a=b%20c") << HttpFields() << none
                               << QByteArray("GET /v1/models?a=b%20c HTTP/1.1\r\nHost: @\r\n\r\n");
    QTest::newRow("fields as they are")
        << QByteArray("GET") << QByteArray("/") << HttpFields{{"X-One", "1: a"}, {"x-empty", ""}, {"X-One", "2"}}
        << none << QByteArray("GET / HTTP/1.1\r\nHost: @\r\nX-One: 1: a\r\nx-empty:\r\nX-One: 2\r\n\r\n");
    QTest::newRow("path as it is") << QByteArray("GET") << QByteArray("/a/../b//./c") << HttpFields() << none
                                   << QByteArray("GET /a/../b//./c HTTP/1.1\r\nHost: @\r\n\r\n");
    QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray("/") << HttpFields() << none
                            << QByteArray("DELETE / HTTP/1.1\r\nHost: @\r\n\r\n");
    QTest::newRow("HEAD") << QByteArray("HEAD") << QByteArray("/") << HttpFields() << none
                          << QByteArray("HEAD / HTTP/1.1\r\nHost: @\r\n\r\n");
    QTest::newRow("POST") << QByteArray("POST") << QByteArray("/") << HttpFields{{"Content-Type", "application/json"}}
                          << Body("{\"a\":1}")
                          << QByteArray("POST / HTTP/1.1\r\nHost: @\r\nContent-Type: application/json\r\n"
                                        "Content-Length: 7\r\n\r\n{\"a\":1}");
    QTest::newRow("POST without a body") << QByteArray("POST") << QByteArray("/") << HttpFields() << none
                                         << QByteArray("POST / HTTP/1.1\r\nHost: @\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("POST with an empty body") << QByteArray("POST") << QByteArray("/") << HttpFields() << Body("")
                                             << QByteArray("POST / HTTP/1.1\r\nHost: @\r\nContent-Length: 0\r\n\r\n");
    QTest::newRow("PUT of zero bytes in the body")
        << QByteArray("PUT") << QByteArray("/") << HttpFields() << Body(QByteArray("a\0b", 3))
        << QByteArray("PUT / HTTP/1.1\r\nHost: @\r\nContent-Length: 3\r\n\r\na") + QByteArray("\0b", 2);
}

void TestHttpClient::sendsRequest()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, path);
    QFETCH(const HttpFields, fields);
    QFETCH(const std::optional<QByteArray>, body);
    QFETCH(QByteArray, expected);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    TransferRequest request;
    request.method = method;
    request.url = server.url(path);
    request.fields = fields;
    if (body)
        request.bodySize = body->size();
    const auto transfer = client.start(request, recorder);
    if (body)
        transfer->send(*body);

    QTRY_VERIFY(server.hasRequest(0, body ? body->size() : 0));
    QCOMPARE(server.peer().received(), expected.replace("@", server.hostAndPort()));
    server.peer().write("HTTP/1.1 204 No Content\r\n\r\n");
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.status, 204);
}

void TestHttpClient::deliversAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<int>("status");
    QTest::addColumn<HttpFields>("fields");
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("with length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello") << false
                                 << 200 << HttpFields{{"Content-Length", "5"}, {"X-A", "b"}} << QByteArray("hello");
    QTest::newRow("chunked with trailer")
        << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nX-T: 1\r\n\r\n")
        << false << 200 << HttpFields{{"Transfer-Encoding", "chunked"}} << QByteArray("hello");
    QTest::newRow("until close") << QByteArray("HTTP/1.0 200 OK\r\n\r\nhello") << true << 200 << HttpFields()
                                 << QByteArray("hello");
    QTest::newRow("interim heads") << QByteArray("HTTP/1.1 100 Continue\r\nX-I: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n"
                                                 "Link: x\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
                                   << false << 201 << HttpFields{{"Content-Length", "0"}} << QByteArray();
    QTest::newRow("encoded body as it is")
        << QByteArray("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8b...") << false
        << 200 << HttpFields{{"Content-Encoding", "gzip"}, {"Content-Length", "5"}} << QByteArray("\x1f\x8b...");
    QTest::newRow("error status") << QByteArray("HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 2\r\n\r\nno")
                                  << false << 503 << HttpFields{{"Retry-After", "2"}, {"Content-Length", "2"}}
                                  << QByteArray("no");
    QTest::newRow("challenge") << QByteArray("HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
                               << false << 401 << HttpFields{{"WWW-Authenticate", "Basic"}, {"Content-Length", "0"}}
                               << QByteArray();
}

void TestHttpClient::deliversAnswer()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, closes);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write(answer);
    if (closes)
        server.peer().close();

    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.heads, 1);
    QTEST(recorder.status, "status");
    QFETCH(const HttpFields, fields);
    QVERIFY(recorder.fields == fields);
    QTEST(recorder.body, "body");
}

void TestHttpClient::passesLargeBodyWithoutExpect()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;
    QByteArray body(3 * 1024 * 1024, '\0');
    for (qsizetype i = 0; i < body.size(); ++i)
        body[i] = static_cast<char>(i * 7 + i / 1000);

    const auto transfer = client.start(post(server.url(), body.size()), recorder);
    transfer->send(body);
    QTRY_VERIFY(server.hasRequest(0, body.size()));
    QVERIFY(!server.peer().received().contains("Expect"));
    QVERIFY(server.peer().body() == body);
    server.peer().answer("ok");
    QTRY_VERIFY(recorder.succeeded());
}

void TestHttpClient::reusesConnection()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);

    for (int i = 0; i < 20; ++i) {
        Recorder recorder;
        const auto transfer = client.start(post(server.url(), 1), recorder);
        transfer->send("x");
        QTRY_VERIFY(server.hasRequest(0, 1));
        server.peer().takeReceived();
        server.peer().answer(QByteArray::number(i));
        QTRY_VERIFY(recorder.succeeded());
        QCOMPARE(recorder.body, QByteArray::number(i));
    }
    QCOMPARE(server.peerCount(), 1);
}

void TestHttpClient::freshConnectionStaysOutOfPool()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);

    for (const bool fresh : {false, true, false}) {
        Recorder recorder;
        const auto transfer = client.start({.url = server.url(), .freshConnection = fresh}, recorder);
        QTRY_VERIFY(server.hasRequest(fresh ? 1 : 0));
        server.peer(fresh ? 1 : 0).takeReceived();
        server.peer(fresh ? 1 : 0).answer();
        QTRY_VERIFY(recorder.succeeded());
    }
    QCOMPARE(server.peerCount(), 2);
    QTRY_VERIFY(server.peer(1).isClosed());
    QVERIFY(!server.peer(0).isClosed());
}

void TestHttpClient::closesIdleConnections()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({.maxIdleAge = std::chrono::seconds(3)}, clock);

    for (int i = 0; i < 2; ++i) {
        Recorder recorder;
        const auto transfer = client.start({.url = server.url()}, recorder);
        QTRY_VERIFY(server.hasRequest(i));
        server.peer(i).answer();
        QTRY_VERIFY(recorder.succeeded());
        QVERIFY(!server.peer(i).isClosed());
        clock.advance(std::chrono::seconds(4));
        QTRY_VERIFY(server.peer(i).isClosed());
    }
}

void TestHttpClient::limitsIdleConnections_data()
{
    QTest::addColumn<int>("atFirst");
    QTest::newRow("from the start") << 2;
    QTest::newRow("narrowed") << 64;
    QTest::newRow("widened") << 1;
}

void TestHttpClient::limitsIdleConnections()
{
    QFETCH(const int, atFirst);
    constexpr int count = 6;
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({.maxIdleConnections = atFirst}, clock);
    client.setMaxIdleConnections(2);
    std::vector<Recorder> recorders(count);
    std::vector<std::unique_ptr<Transfer>> transfers;

    for (Recorder &recorder : recorders)
        transfers.push_back(client.start({.url = server.url()}, recorder));
    for (int i = 0; i < count; ++i) {
        QTRY_VERIFY(server.hasRequest(i));
    }
    const auto closedCount = [&] {
        int closed = 0;
        for (int i = 0; i < count; ++i)
            closed += server.peer(i).isClosed() ? 1 : 0;
        return closed;
    };
    for (int i = 0; i < count; ++i) {
        server.peer(i).answer();
        QTRY_VERIFY(recorders[static_cast<size_t>(i)].succeeded());
        QTRY_COMPARE(closedCount(), std::max(i - 1, 0));
    }
}

void TestHttpClient::runsManyInParallel()
{
    constexpr int count = 50;
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    std::vector<Recorder> recorders(count);
    std::vector<std::unique_ptr<Transfer>> transfers;

    for (int i = 0; i < count; ++i) {
        transfers.push_back(client.start(post(server.url(), 1), recorders[static_cast<size_t>(i)]));
        transfers.back()->send("x");
    }
    const auto arrived = [&] {
        for (int i = 0; i < count; ++i) {
            if (!server.hasRequest(i, 1))
                return false;
        }
        return true;
    };
    QTRY_VERIFY(arrived());
    const QByteArray event = "data: {}\n\n";
    for (int i = 0; i < count; ++i)
        server.peer(i).write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\n" + event + "\r\n");
    for (const Recorder &recorder : recorders)
        QTRY_COMPARE(recorder.body, event);
    for (int i = 0; i < count; ++i)
        server.peer(i).write("0\r\n\r\n");
    for (const Recorder &recorder : recorders)
        QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(server.peerCount(), count);
}

QTEST_GUILESS_MAIN(TestHttpClient)

#include "tst_httpclient.moc"
