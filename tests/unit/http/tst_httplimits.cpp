// Every limit and every deadline of incoming requests.

#include "httpservertest.h"

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestHttpLimits final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void refusesWhatIsTooLarge_data();
    void refusesWhatIsTooLarge();
    void takesWhatIsJustSmallEnough_data();
    void takesWhatIsJustSmallEnough();
    void refusesAChunkedBodyWhileItArrives();
    void refusesLongChunkLinesAndTrailers_data();
    void refusesLongChunkLinesAndTrailers();
    void sharesTheBudgetOfAllBodies();
    void deliversARefusalToAClientThatGoesOnSending();
    void givesUpOnAClientThatNeverStopsSending();
    void closesBehindTooMuchReadAhead();
    void timesOutASlowHead();
    void timesOutASilentNewConnection();
    void timesOutASilentBody();
    void timesOutADribblingBody();
    void toleratesASlowButSteadyBody();
    void timesOutAnIdleConnection();
    void timesOutALingeringClose();
};

namespace {

QByteArray chunk(qsizetype size)
{
    return QByteArray::number(size, 16) + "\r\n" + QByteArray(size, 'x') + "\r\n";
}

} // namespace

void TestHttpLimits::init()
{
    HttpServerTest::init();
    m_settings.limits.head = 1000;
    m_settings.limits.target = 100;
    m_settings.limits.fields = 10;
    m_settings.limits.body = 100'000;
    m_settings.limits.allBodies = 150'000;
}

void TestHttpLimits::refusesWhatIsTooLarge_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray start = "GET /echo HTTP/1.1\r\nHost: h\r\n";
    QTest::newRow("head") << QByteArray(start + "A: " + QByteArray(1000, 'x') + "\r\n\r\n") << 431;
    QTest::newRow("head without an end") << QByteArray(start + "A: " + QByteArray(1000, 'x')) << 431;
    QTest::newRow("fields") << QByteArray(start + QByteArray("A: b\r\n").repeated(10) + "\r\n") << 431;
    QTest::newRow("target") << QByteArray("GET /" + QByteArray(100, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n") << 414;
    QTest::newRow("target without an end") << QByteArray("GET /" + QByteArray(500, 'x')) << 414;
    QTest::newRow("body by its length") << post(100'001) << 413;
    QTest::newRow("body in one chunk") << QByteArray(postChunked() + "186a1\r\n") << 413;
}

void TestHttpLimits::refusesWhatIsTooLarge()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(request));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, status);
    QCOMPARE(m_router->executed.size(), 0);
}

void TestHttpLimits::takesWhatIsJustSmallEnough_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray start = "GET /echo HTTP/1.1\r\nHost: h\r\n";
    QTest::newRow("head") << QByteArray(start + "A: " + QByteArray(1000 - start.size() - 7, 'x') + "\r\n\r\n") << 200;
    QTest::newRow("fields") << QByteArray(start + QByteArray("A: b\r\n").repeated(9) + "\r\n") << 200;
    QTest::newRow("target") << QByteArray("GET /" + QByteArray(99, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n") << 404;
    QTest::newRow("body by its length") << QByteArray(post(100'000) + QByteArray(100'000, 'x')) << 200;
    QTest::newRow("body in chunks") << QByteArray(postChunked() + chunk(60'000) + chunk(40'000) + "0\r\n\r\n") << 200;
}

void TestHttpLimits::takesWhatIsJustSmallEnough()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(request));
    QCOMPARE(client.answers().first().status, status);
}

void TestHttpLimits::refusesAChunkedBodyWhileItArrives()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(postChunked() + chunk(60'000)));
    QTRY_COMPARE(m_server->activeRequests(), 1);
    QVERIFY(client.received().isEmpty());
    QVERIFY(client.sendAll(chunk(60'000)));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 413);
    QCOMPARE(m_server->activeRequests(), 0);
}

void TestHttpLimits::refusesLongChunkLinesAndTrailers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("chunk extension") << QByteArray("1;" + QByteArray(2000, 'x'));
    QTest::newRow("chunk size") << QByteArray(2000, '0');
    QTest::newRow("trailers") << QByteArray("0\r\n" + QByteArray("A: b\r\n").repeated(400));
}

void TestHttpLimits::refusesLongChunkLinesAndTrailers()
{
    QFETCH(QByteArray, body);
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(postChunked() + body));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 431);
}

void TestHttpLimits::sharesTheBudgetOfAllBodies()
{
    listen();
    RawClient first(m_server->port());
    QVERIFY(first.sendAll(post(100'000, "/hold") + QByteArray(100'000, 'x')));
    QTRY_COMPARE(m_router->held.size(), 1);

    RawClient second(m_server->port());
    QVERIFY(second.sendAll(post(60'000)));
    QTRY_COMPARE(second.end(), RawClient::End::Fin);
    const Answer refusal = second.answers().first();
    QCOMPARE(refusal.status, 503);
    QVERIFY(refusal.body.contains("\"overloaded\""));
    const int retryAfter = refusal.fields.value("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);

    RawClient third(m_server->port());
    QVERIFY(third.sendAll(postChunked() + chunk(60'000)));
    QTRY_COMPARE(third.end(), RawClient::End::Fin);
    QCOMPARE(third.answers().first().status, 503);

    m_router->held.first()->exchange->respond({});
    QCOMPARE(first.answers().first().status, 200);
    RawClient fourth(m_server->port());
    QVERIFY(fourth.sendAll(post(60'000) + QByteArray(60'000, 'x')));
    QCOMPARE(fourth.answers().first().status, 200);
}

void TestHttpLimits::deliversARefusalToAClientThatGoesOnSending()
{
    m_settings.limits.body = m_settings.limits.allBodies = 1'000'000;
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(500'000, "/refuse")));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 401);
    QVERIFY(client.answers().first().complete);
    for (int i = 0; i < 10; ++i) {
        QVERIFY(client.sendAll(QByteArray(50'000, 'x')));
        spin();
    }
    QCOMPARE(m_server->connectionCount(), 1);
    client.close();
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestHttpLimits::givesUpOnAClientThatNeverStopsSending()
{
    m_settings.limits.body = m_settings.limits.allBodies = 10'000'000;
    m_settings.limits.linger = 200'000;
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(10'000'000, "/refuse")));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(m_server->connectionCount(), 1);
    const QByteArray piece(100'000, 'x');
    QTRY_VERIFY((client.send(piece), m_server->connectionCount() == 0));
}

void TestHttpLimits::closesBehindTooMuchReadAhead()
{
    m_settings.limits.readAhead = 10'000;
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + QByteArray(10'000, 'x')));
    QTRY_COMPARE(m_router->held.size(), 1);
    spin();
    QCOMPARE(m_server->connectionCount(), 1);
    QVERIFY(client.sendAll("x"));
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QVERIFY(m_router->held.first()->clientGone);

    // The same when the bytes were there before the request was.
    RawClient eager(m_server->port());
    eager.send(QByteArray("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + QByteArray(500'000, 'x')));
    QTRY_COMPARE(m_router->held.size(), 2);
    QTRY_VERIFY(m_router->held.last()->clientGone);
}

void TestHttpLimits::timesOutASlowHead()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(get()));
    QCOMPARE(client.answers().size(), 1);
    for (int second = 0; second < 10; ++second) {
        QVERIFY(client.sendAll(get().mid(second, 1)));
        spin();
        QCOMPARE(client.end(), RawClient::End::Open);
        m_clock->advance(1s);
    }
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    const QList<Answer> answers = client.answers(2);
    QCOMPARE(answers.size(), 2);
    QCOMPARE(answers.last().status, 408);
    QVERIFY(answers.last().fields.value("x-request-id") != answers.first().fields.value("x-request-id"));
}

void TestHttpLimits::timesOutASilentNewConnection()
{
    listen();
    RawClient client(m_server->port());
    QTRY_COMPARE(m_server->connectionCount(), 1);
    m_clock->advance(9s);
    QCOMPARE(m_server->connectionCount(), 1);
    m_clock->advance(1s);
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QVERIFY(client.received().isEmpty());
}

void TestHttpLimits::timesOutASilentBody()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(10) + "12345"));
    QTRY_COMPARE(m_router->handlers, 1);
    m_clock->advance(29s);
    QCOMPARE(client.end(), RawClient::End::Open);
    m_clock->advance(1s);
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 408);
    QCOMPARE(m_router->handlers, 0);
}

void TestHttpLimits::timesOutADribblingBody()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(1000)));
    QTRY_COMPARE(m_router->handlers, 1);
    for (int i = 0; i < 3; ++i) {
        m_clock->advance(10s);
        QVERIFY(client.sendAll("x"));
        spin();
        QCOMPARE(client.end(), RawClient::End::Open);
    }
    m_clock->advance(10s);
    QVERIFY(client.sendAll("x"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(client.answers().first().status, 408);
}

void TestHttpLimits::toleratesASlowButSteadyBody()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(100 * 300)));
    for (int i = 0; i < 100; ++i) {
        QVERIFY(client.sendAll(QByteArray(300, 'x')));
        spin();
        m_clock->advance(1s);
    }
    QCOMPARE(client.answers().first().status, 200);
}

void TestHttpLimits::timesOutAnIdleConnection()
{
    listen();
    RawClient client(m_server->port());
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(client.sendAll(get()));
        QCOMPARE(client.answers(i).size(), i);
        m_clock->advance(59s);
        QCOMPARE(client.end(), RawClient::End::Open);
    }
    m_clock->advance(1s);
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
}

void TestHttpLimits::timesOutALingeringClose()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QCOMPARE(m_server->connectionCount(), 1);
    m_clock->advance(5s);
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

QTEST_GUILESS_MAIN(TestHttpLimits)
#include "tst_httplimits.moc"
