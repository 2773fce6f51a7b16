// Valid requests: their framing, however the bytes arrive, one after another, and with Expect.

#include "httpserver.h"
#include "rawclient.h"
#include "scriptedrouter.h"

#include <QTest>

using namespace hearth;
using namespace hearth::http;

class TestRequestFraming final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void answersEveryCut_data();
    void answersEveryCut();

    void answersDribble_data() { answersEveryCut_data(); }

    void answersDribble();
    void readsHeadsOfAnySize_data();
    void readsHeadsOfAnySize();
    void keepsTheRequestAsSent();
    void keepsAlive_data();
    void keepsAlive();
    void servesManyRequestsOnOneConnection();
    void servesPipelinedRequestsInOrder();
    void readsLargeBodies_data();
    void readsLargeBodies();
    void dropsTrailers();
    void continuesOnceTheRouterHasAccepted();
    void neverContinuesARefusedRequest_data();
    void neverContinuesARefusedRequest();
    void refusesOtherExpectations();
    void keepsTheConnectionOfARefusalWithoutBody();

private:
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<ScriptedRouter> m_router;
    std::unique_ptr<HttpServer> m_server;
};

namespace {

const QByteArray get = "GET /echo?a=1 HTTP/1.1\r\nHost: h\r\n\r\n";
const QByteArray post = "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
const QByteArray postChunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "2;x=\"y\"\r\nhe\r\n003\r\nllo\r\n0\r\nA: b\r\n\r\n";

struct Outcome
{
    QByteArrayList answers;
    QByteArrayList executed;

    friend bool operator==(const Outcome &, const Outcome &) = default;
};

Outcome outcome(RawClient &client, ScriptedRouter &router, qsizetype count)
{
    Outcome result;
    for (const Answer &answer : client.answers(count))
        result.answers.append(QByteArray::number(answer.status) + ' ' + answer.fields.value("connection") + ' ' +
                              answer.body + (answer.complete ? "" : " …"));
    result.executed = std::exchange(router.executed, {});
    return result;
}

} // namespace

void TestRequestFraming::init()
{
    HttpSettings settings;
    settings.port = 0;
    m_clock = std::make_unique<FakeClock>();
    m_router = std::make_unique<ScriptedRouter>();
    m_server = std::make_unique<HttpServer>(settings, *m_clock, *m_router);
    QVERIFY(m_server->listen());
}

void TestRequestFraming::cleanup()
{
    m_server.reset();
    QCOMPARE(m_router->handlers, 0);
}

void TestRequestFraming::answersEveryCut_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArrayList>("answers");
    const QByteArray ok = "200  ";
    QTest::newRow("GET") << get << QByteArrayList{ok + "GET /echo?a=1\n"};
    QTest::newRow("POST") << post << QByteArrayList{ok + "POST /echo\nhello"};
    QTest::newRow("POST chunked") << postChunked << QByteArrayList{ok + "POST /echo\nhello"};
    QTest::newRow("pipelined pair") << post + get << QByteArrayList{ok + "POST /echo\nhello", ok + "GET /echo?a=1\n"};
    QTest::newRow("chunked, then GET") << postChunked + get
                                       << QByteArrayList{ok + "POST /echo\nhello", ok + "GET /echo?a=1\n"};
    QTest::newRow("HTTP/1.0") << QByteArray("POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")
                              << QByteArrayList{"200 close POST /echo\nhi"};
}

void TestRequestFraming::answersEveryCut()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArrayList, answers);
    RawClient whole(m_server->port());
    QVERIFY(whole.sendAll(request));
    const Outcome expected = outcome(whole, *m_router, answers.size());
    QCOMPARE(expected.answers, answers);

    for (qsizetype cut = 1; cut < request.size(); ++cut) {
        RawClient client(m_server->port());
        QVERIFY(client.sendAll(request.first(cut)));
        spin();
        QVERIFY(client.sendAll(request.sliced(cut)));
        const Outcome found = outcome(client, *m_router, answers.size());
        QVERIFY2(found == expected, qPrintable(QStringLiteral("Cut at byte %1.").arg(cut)));
    }
}

void TestRequestFraming::answersDribble()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArrayList, answers);
    RawClient client(m_server->port());
    for (const char byte : request) {
        QVERIFY(client.sendAll(QByteArray(1, byte)));
        spin();
    }
    QCOMPARE(outcome(client, *m_router, answers.size()).answers, answers);
}

void TestRequestFraming::readsHeadsOfAnySize_data()
{
    QTest::addColumn<qsizetype>("firstPart");
    for (const int size : {4095, 4096, 4097, 8192, 30'000})
        QTest::addRow("%d bytes", size) << qsizetype(size);
}

void TestRequestFraming::readsHeadsOfAnySize()
{
    QFETCH(qsizetype, firstPart);
    const QByteArray start = "GET /echo HTTP/1.1\r\nHost: h\r\nA: ";
    const QByteArray value(firstPart - start.size(), 'x');
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(start + value));
    spin();
    QVERIFY(client.sendAll("y\r\n\r\n"));
    QCOMPARE(client.answers().first().body, QByteArray("GET /echo\n"));
    QCOMPARE(m_router->lastHead.fields.value("a"), QByteArray(value + "y"));
}

void TestRequestFraming::keepsTheRequestAsSent()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("DELETE /echo/a%2Fb?x=%20&y HTTP/1.1\r\nHost: h\r\nX-Thing:  two words \r\n\r\n"));
    QCOMPARE(client.answers().first().status, 404);
    const RequestHead &head = m_router->lastHead;
    QCOMPARE(head.method, Method::Delete);
    QCOMPARE(head.target, QByteArray("/echo/a%2Fb?x=%20&y"));
    QCOMPARE(head.path, QByteArray("/echo/a%2Fb"));
    QCOMPARE(head.query, QByteArray("x=%20&y"));
    QCOMPARE(head.minorVersion, 1);
    QCOMPARE(head.fields.value("x-thing"), QByteArray("two words"));
    QCOMPARE(head.peer, QHostAddress(QHostAddress::LocalHost));
    QCOMPARE(client.answers().first().fields.value("x-request-id"), head.requestId);
}

void TestRequestFraming::keepsAlive_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("connection");
    QTest::addColumn<bool>("kept");
    const auto request = [](const QByteArray &version, const QByteArray &connection) -> QByteArray {
        return "GET /echo HTTP/" + version + "\r\nHost: h\r\n" + connection + "\r\n";
    };
    QTest::newRow("1.1") << request("1.1", "") << QByteArray() << true;
    QTest::newRow("1.1 close") << request("1.1", "Connection: close\r\n") << QByteArray("close") << false;
    QTest::newRow("1.1 close in a list") << request("1.1", "Connection: TE, Close\r\n") << QByteArray("close") << false;
    QTest::newRow("1.0") << request("1.0", "") << QByteArray("close") << false;
    QTest::newRow("1.0 keep-alive") << request("1.0", "Connection: keep-alive\r\n") << QByteArray("keep-alive") << true;
}

void TestRequestFraming::keepsAlive()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, connection);
    QFETCH(bool, kept);
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(request + get));
    const QList<Answer> answers = client.answers(2);
    QCOMPARE(answers.size(), kept ? 2 : 1);
    QCOMPARE(answers.first().fields.value("connection"), connection);
    QCOMPARE(client.end(), kept ? RawClient::End::Open : RawClient::End::Fin);
}

void TestRequestFraming::servesManyRequestsOnOneConnection()
{
    RawClient client(m_server->port());
    QByteArrayList ids;
    for (int i = 1; i <= 100; ++i) {
        QVERIFY(client.sendAll(i % 2 ? get : postChunked));
        const QList<Answer> answers = client.answers(i);
        QCOMPARE(answers.size(), i);
        QCOMPARE(answers.last().status, 200);
        const QByteArray id = answers.last().fields.value("x-request-id");
        QVERIFY(!id.isEmpty() && !ids.contains(id));
        ids.append(id);
    }
    QCOMPARE(m_server->connectionCount(), 1);
    QCOMPARE(m_server->activeRequests(), 0);
}

void TestRequestFraming::servesPipelinedRequestsInOrder()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + post + get));
    QTRY_COMPARE(m_router->held.size(), 1);
    spin();
    QCOMPARE(m_router->executed, QByteArrayList{"GET /hold"});
    QCOMPARE(m_server->activeRequests(), 1);
    m_router->held.first()->exchange->respond({200, {}, "held"});
    const QList<Answer> answers = client.answers(3);
    QCOMPARE(answers.size(), 3);
    QCOMPARE(answers[0].body, QByteArray("held"));
    QCOMPARE(answers[1].body, QByteArray("POST /echo\nhello"));
    QCOMPARE(answers[2].body, QByteArray("GET /echo?a=1\n"));
}

void TestRequestFraming::readsLargeBodies_data()
{
    QTest::addColumn<qsizetype>("chunk");
    QTest::newRow("with a length") << qsizetype(0);
    QTest::newRow("chunks of 1 byte") << qsizetype(1);
    QTest::newRow("chunks of 1000 bytes") << qsizetype(1000);
    QTest::newRow("chunks of 1 MiB") << qsizetype(1024 * 1024);
}

void TestRequestFraming::readsLargeBodies()
{
    QFETCH(qsizetype, chunk);
    QByteArray body;
    const qsizetype size = chunk == 1 ? 100'000 : 5'000'000;
    while (body.size() < size)
        body += QByteArray::number(body.size()) + ' ';
    QByteArray request = "POST /hold HTTP/1.1\r\nHost: h\r\n";
    if (chunk == 0) {
        request += "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    } else {
        request += "Transfer-Encoding: chunked\r\n\r\n";
        for (qsizetype at = 0; at < body.size(); at += chunk) {
            const QByteArray piece = body.mid(at, chunk);
            request += QByteArray::number(piece.size(), 16) + "\r\n" + piece + "\r\n";
        }
        request += "0\r\n\r\n";
    }
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(request + get));
    QTRY_COMPARE(m_router->held.size(), 1);
    QVERIFY(m_router->held.first()->body == body);
    m_router->held.first()->exchange->respond({});
    QCOMPARE(client.answers(2).last().body, QByteArray("GET /echo?a=1\n"));
}

void TestRequestFraming::dropsTrailers()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "0\r\nAuthorization: Bearer x\r\nConnection: close\r\n\r\n"));
    QCOMPARE(client.answers().first().status, 200);
    QVERIFY(!m_router->lastHead.fields.contains("authorization"));
    QCOMPARE(client.end(), RawClient::End::Open);
}

void TestRequestFraming::continuesOnceTheRouterHasAccepted()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n"));
    QCOMPARE(client.answers().first().status, 100);
    QCOMPARE(m_router->executed.size(), 0);
    QVERIFY(client.sendAll("hello"));
    const QList<Answer> answers = client.answers(2);
    QCOMPARE(answers.size(), 2);
    QCOMPARE(answers.last().body, QByteArray("POST /echo\nhello"));
}

void TestRequestFraming::neverContinuesARefusedRequest_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const auto request = [](const QByteArray &path, const QByteArray &fields) -> QByteArray {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n" + fields + "\r\n\r\n";
    };
    QTest::newRow("by the router") << request("/refuse", "Content-Length: 5") << 401;
    QTest::newRow("too large") << request("/echo", "Content-Length: 99999999999") << 413;
    QTest::newRow("no length") << request("/echo", "A: b") << 411;
}

void TestRequestFraming::neverContinuesARefusedRequest()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(request));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().size(), 1);
    QCOMPARE(client.answers().first().status, status);
}

void TestRequestFraming::refusesOtherExpectations()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: tea\r\n\r\nhello"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 417);
    QCOMPARE(m_router->routed.size(), 0);
}

void TestRequestFraming::keepsTheConnectionOfARefusalWithoutBody()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /refuse HTTP/1.1\r\nHost: h\r\n\r\n" + get));
    const QList<Answer> answers = client.answers(2);
    QCOMPARE(answers.size(), 2);
    QCOMPARE(answers.first().status, 401);
    QVERIFY(!answers.first().fields.contains("connection"));
    QCOMPARE(answers.last().status, 200);
}

QTEST_GUILESS_MAIN(TestRequestFraming)
#include "tst_requestframing.moc"
