// Clients that leave while they are answered, and clients that do not read.

#include "httpservertest.h"

using namespace hearth;
using namespace hearth::http;
using namespace std::chrono_literals;

class TestSlowClients final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void noticesAClientThatLeaves_data();
    void noticesAClientThatLeaves();
    void noticesAClientThatLeavesBehindPipelinedBytes();
    void boundsWhatAStalledClientCosts();
    void drainsToASlowClient();
    void waitsWithTheNextRequestUntilTheAnswerIsTaken();
};

void TestSlowClients::init()
{
    HttpServerTest::init();
    listen();
}

void TestSlowClients::noticesAClientThatLeaves_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<bool>("streaming");
    QTest::newRow("FIN while waiting") << 0 << false;
    QTest::newRow("FIN while streaming") << 0 << true;
    QTest::newRow("half close while streaming") << 1 << true;
    QTest::newRow("RST while waiting") << 2 << false;
    QTest::newRow("RST while streaming") << 2 << true;
}

void TestSlowClients::noticesAClientThatLeaves()
{
    QFETCH(int, way);
    QFETCH(bool, streaming);
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    if (streaming) {
        exchange.begin(200, {});
        exchange.write("text");
        spin();
    }
    way == 0 ? client.close() : way == 1 ? client.shutdown() : client.reset();
    QTRY_VERIFY_WITH_TIMEOUT(m_router->held.first()->clientGone, 1000);
    QTRY_COMPARE(m_router->handlers, 0);
    QCOMPARE(m_server->connectionCount(), 0);
    QCOMPARE(m_server->activeRequests(), 0);
}

void TestSlowClients::noticesAClientThatLeavesBehindPipelinedBytes()
{
    RawClient client(m_server->port());
    hold(client, "GET /hold HTTP/1.1\r\nHost: h\r\n\r\n" + QByteArray(60'000, 'x'));
    spin();
    QVERIFY(!m_router->held.first()->clientGone);
    client.close();
    QTRY_VERIFY_WITH_TIMEOUT(m_router->held.first()->clientGone, 1000);
}

void TestSlowClients::boundsWhatAStalledClientCosts()
{
    RawClient client(m_server->port(), 4096);
    Exchange &exchange = hold(client);
    exchange.begin(200, {});
    const QByteArray piece(64 * 1024, 'x');
    qint64 written = 0;
    spin();
    while (exchange.bufferedBytes() == 0 && written < 16 * 1024 * 1024) {
        exchange.write(piece);
        written += piece.size();
        spin();
    }
    QVERIFY2(written <= 1024 * 1024, qPrintable(QString::number(written)));
    QVERIFY(exchange.bufferedBytes() > 0);
    const qint64 buffered = exchange.bufferedBytes();
    exchange.write(piece);
    QVERIFY(exchange.bufferedBytes() >= buffered + piece.size());

    spin();
    m_clock->advance(29s);
    QVERIFY(!m_router->held.first()->clientGone);
    m_clock->advance(1s);
    QVERIFY(m_router->held.first()->clientGone);
    QTRY_COMPARE(m_server->connectionCount(), 0);
    QTRY_COMPARE(client.end(), RawClient::End::Reset);
}

void TestSlowClients::drainsToASlowClient()
{
    RawClient client(m_server->port(), 4096);
    Exchange &exchange = hold(client);
    HeldExchange &held = *m_router->held.first();
    exchange.begin(200, {});
    const QByteArray piece(64 * 1024, 'x');
    qint64 left = 8 * 1024 * 1024;
    qint64 most = 0;
    held.onDrained = [&] {
        while (left > 0 && exchange.bufferedBytes() < 128 * 1024) {
            exchange.write(piece);
            left -= piece.size();
            most = qMax(most, exchange.bufferedBytes());
            if (left == 0)
                return exchange.finish();
        }
    };
    spin();
    m_clock->advance(29s);
    const QList<Answer> answers = client.answers();
    QVERIFY(answers.first().complete);
    QCOMPARE(answers.first().body.size(), 8 * 1024 * 1024);
    QVERIFY2(most < 256 * 1024, qPrintable(QString::number(most)));
    QVERIFY(held.drained > 20);
    QVERIFY(!held.clientGone);
}

void TestSlowClients::waitsWithTheNextRequestUntilTheAnswerIsTaken()
{
    RawClient client(m_server->port(), 4096);
    Exchange &exchange = hold(client);
    QVERIFY(client.sendAll("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
    exchange.respond({200, {}, QByteArray(4'000'000, 'x')});
    spin();
    QCOMPARE(m_router->executed, QByteArrayList{"GET /hold"});
    const QList<Answer> answers = client.answers(2);
    QCOMPARE(answers.size(), 2);
    QCOMPARE(answers.first().body.size(), 4'000'000);
    QCOMPARE(answers.last().body, QByteArray("GET /echo\n"));
}

QTEST_GUILESS_MAIN(TestSlowClients)
#include "tst_slowclients.moc"
