// Settings that are replaced while the server works: what begins sees the new ones, what runs keeps the old ones.

#include "httpservertest.h"

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestHttpSettings final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void anOpenConnectionsNextRequestHasTheNewLimits();
    void aBodyThatArrivesKeepsItsLimits_data();
    void aBodyThatArrivesKeepsItsLimits();
    void aHeadThatArrivesKeepsItsLimits();
    void anOpenConnectionMayGetLargerHeads();
    void aSmallerBudgetTakesNothingAway();
    void aRaisedLimitEndsThePause();
    void aLoweredLimitClosesNothing();
    void idleConnectionsWaitAsNewlySet();
    void aStalledAnswerKeepsItsPatience();
    void originsChangeForTheNextAnswer();

private:
    /// Takes over m_settings.
    bool set();
};

namespace {

QByteArray getWithField(qsizetype size)
{
    return "GET /echo HTTP/1.1\r\nHost: h\r\nA: " + QByteArray(size, 'x') + "\r\n\r\n";
}

} // namespace

bool TestHttpSettings::set()
{
    return m_server->setSettings(m_settings).ok();
}

void TestHttpSettings::anOpenConnectionsNextRequestHasTheNewLimits()
{
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(post(2000) + QByteArray(2000, 'x')));
    QCOMPARE(client.answers().first().status, 200);
    m_settings.limits.body = 1000;
    QVERIFY(set());
    QVERIFY(client.sendAll(post(2000)));
    QCOMPARE(client.answers(2).last().status, 413);
}

void TestHttpSettings::aBodyThatArrivesKeepsItsLimits_data()
{
    QTest::addColumn<QByteArray>("begin");
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("chunks") << QByteArray(postChunked() + "3e8\r\n" + QByteArray(1000, 'x') + "\r\n")
                            << QByteArray("3e8\r\n" + QByteArray(1000, 'x') + "\r\n0\r\n\r\n");
    // A line that is longer than heads may be now.
    QTest::newRow("chunk line") << QByteArray(postChunked() + "1;" + QByteArray(2000, 'x'))
                                << QByteArray("\r\nx\r\n0\r\n\r\n");
    QTest::newRow("slow") << QByteArray(post(100) + "x") << QByteArray(99, 'x');
}

void TestHttpSettings::aBodyThatArrivesKeepsItsLimits()
{
    QFETCH(QByteArray, begin);
    QFETCH(QByteArray, end);
    m_settings.limits.head = 3000;
    m_settings.limits.bodyRate = 0;
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(begin));
    QTRY_COMPARE(m_server->activeRequests(), 1);
    spin();
    m_settings.limits = {.head = 1024, .body = 100, .readAhead = 100, .bodyRate = 1'000'000};
    m_settings.timeouts.bodyIdle = 1s;
    QVERIFY(set());
    m_clock->advance(25s);
    QVERIFY(client.sendAll(end));
    QCOMPARE(client.answers().first().status, 200);
}

void TestHttpSettings::aHeadThatArrivesKeepsItsLimits()
{
    listen();
    RawClient client(m_server->port());
    const QByteArray request = getWithField(5000);
    QVERIFY(client.sendAll(request.first(4000)));
    QTRY_COMPARE(m_server->connectionCount(), 1);
    spin();
    m_settings.limits.head = 1024;
    QVERIFY(set());
    QVERIFY(client.sendAll(request.sliced(4000)));
    QCOMPARE(client.answers().first().status, 200);
    QVERIFY(client.sendAll(request));
    QCOMPARE(client.answers(2).last().status, 431);
}

void TestHttpSettings::anOpenConnectionMayGetLargerHeads()
{
    m_settings.limits.head = 1024;
    m_settings.limits.readAhead = 1024;
    listen();
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(get()));
    QCOMPARE(client.answers().size(), 1);
    // More than its socket could hold.
    m_settings.limits.head = 100'000;
    QVERIFY(set());
    QVERIFY(client.sendAll(getWithField(90'000)));
    QCOMPARE(client.answers(2).last().status, 200);
    QVERIFY(client.sendAll(post(500'000) + QByteArray(500'000, 'x')));
    QCOMPARE(client.answers(3).last().status, 200);
}

void TestHttpSettings::aSmallerBudgetTakesNothingAway()
{
    listen();
    RawClient holder(m_server->port());
    QVERIFY(holder.sendAll(post(10'000, "/hold") + QByteArray(10'000, 'x')));
    QTRY_COMPARE(m_router->held.size(), 1);
    m_settings.limits.allBodies = 2000;
    QVERIFY(set());
    // What has no body needs no room.
    RawClient client(m_server->port());
    QVERIFY(client.sendAll(get()));
    QCOMPARE(client.answers().first().status, 200);
    RawClient refused(m_server->port());
    QVERIFY(refused.sendAll(post(1)));
    QCOMPARE(refused.answers().first().status, 503);

    m_router->held.first()->exchange->respond({});
    QCOMPARE(holder.answers().first().status, 200);
    QVERIFY(client.sendAll(post(2000) + QByteArray(2000, 'x')));
    QCOMPARE(client.answers(2).last().status, 200);
    QVERIFY(client.sendAll(post(2001)));
    QCOMPARE(client.answers(3).last().status, 503);
}

void TestHttpSettings::aRaisedLimitEndsThePause()
{
    m_settings.limits.connections = 1;
    listen();
    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 1");
    RawClient first(m_server->port());
    QTRY_COMPARE(m_server->connectionCount(), 1);
    RawClient second(m_server->port());
    QVERIFY(second.sendAll(get()));
    spin();
    QCOMPARE(m_server->connectionCount(), 1);
    m_settings.limits.connections = 10;
    QVERIFY(set());
    QCOMPARE(second.answers().size(), 1);
    QCOMPARE(m_server->connectionCount(), 2);
}

void TestHttpSettings::aLoweredLimitClosesNothing()
{
    listen();
    RawClient first(m_server->port());
    RawClient second(m_server->port());
    QTRY_COMPARE(m_server->connectionCount(), 2);
    m_settings.limits.connections = 1;
    QVERIFY(set());
    QVERIFY(first.sendAll(get()));
    QVERIFY(second.sendAll(get()));
    QCOMPARE(first.answers().size(), 1);
    QCOMPARE(second.answers().size(), 1);
    QTest::ignoreMessage(QtWarningMsg, "No more connections are accepted for now; open: 3");
    RawClient third(m_server->port());
    RawClient fourth(m_server->port());
    QTRY_COMPARE(m_server->connectionCount(), 3);
    spin();
    QCOMPARE(m_server->connectionCount(), 3);
}

void TestHttpSettings::idleConnectionsWaitAsNewlySet()
{
    listen();
    RawClient before(m_server->port());
    RawClient after(m_server->port());
    QVERIFY(before.sendAll(get()));
    QCOMPARE(before.answers().size(), 1);
    m_settings.timeouts.keepAlive = 5s;
    QVERIFY(set());
    QVERIFY(after.sendAll(get()));
    QCOMPARE(after.answers().size(), 1);
    m_clock->advance(5s);
    QTRY_COMPARE(after.end(), RawClient::End::Fin);
    QCOMPARE(before.end(), RawClient::End::Open);
    m_clock->advance(55s);
    QTRY_COMPARE(before.end(), RawClient::End::Fin);
}

void TestHttpSettings::aStalledAnswerKeepsItsPatience()
{
    listen();
    const auto stall = [this](const RawClient &client) {
        client.send("GET /hold HTTP/1.1\r\nHost: h\r\n\r\n");
        const qsizetype count = m_router->held.size() + 1;
        if (!QTest::qWaitFor([&] { return m_router->held.size() == count; }))
            return false;
        m_router->held.last()->exchange->begin(200, {});
        m_router->held.last()->exchange->write(QByteArray(20'000'000, 'x'));
        return QTest::qWaitFor([&] { return m_router->held.last()->exchange->bufferedBytes() > 0; });
    };
    RawClient before(m_server->port(), 4096);
    QVERIFY(stall(before));
    m_settings.timeouts.writeProgress = 1s;
    QVERIFY(set());
    RawClient after(m_server->port(), 4096);
    QVERIFY(stall(after));
    spin();
    m_clock->advance(29s);
    QVERIFY(m_router->held.last()->clientGone);
    QVERIFY(!m_router->held.first()->clientGone);
    m_clock->advance(1s);
    QVERIFY(m_router->held.first()->clientGone);
}

void TestHttpSettings::originsChangeForTheNextAnswer()
{
    listen();
    RawClient client(m_server->port());
    const QByteArray request = "GET /echo HTTP/1.1\r\nHost: h\r\nOrigin: https://a.example\r\n\r\n";
    QVERIFY(client.sendAll(request));
    QVERIFY(!client.answers().first().fields.contains("access-control-allow-origin"));
    m_settings.allowedOrigins = {"https://a.example"};
    QVERIFY(set());
    QVERIFY(client.sendAll(request));
    QCOMPARE(client.answers(2).last().fields.value("access-control-allow-origin"), QByteArray("https://a.example"));
}

QTEST_GUILESS_MAIN(TestHttpSettings)
#include "tst_httpsettings.moc"
