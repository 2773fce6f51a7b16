// Answers on the wire: their framing, how they stream, and the ways in which they end.

#include "errorresponse.h"
#include "httpservertest.h"

using namespace hearth;
using namespace hearth::http;

class TestAnswers final : public HttpServerTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void streamsInChunks();
    void coalescesTheWritesOfOneTurn();
    void streamsWithALength();
    void streamsToTheEndOfTheConnectionForHttp10();
    void answersHeadWithoutBody_data();
    void answersHeadWithoutBody();
    void answersEmptyStatusesWithoutBody();
    void ownsTheFramingFields();
    void dropsFieldsWithLineBreaks();
    void keepsTheConnectionAfterAStream();
    void cutDeliversEverythingButTheEnd();
    void cutSurvivesAClientThatIsStillSending();
    void abortResets();
    void resetsWhenABodyIsTooShort();
    void clipsABodyThatIsTooLong();
};

void TestAnswers::init()
{
    HttpServerTest::init();
    listen();
}

void TestAnswers::streamsInChunks()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    QVERIFY(!exchange.begun());
    exchange.begin(200, {{"Content-Type", "text/event-stream"}});
    QVERIFY(exchange.begun());
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\n"));
    exchange.write("data: one\n\n");
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\nb\r\ndata: one\n\n\r\n"));
    exchange.write(QByteArray(5000, 'x'));
    exchange.finish();
    const Answer answer = client.answers().first();
    QVERIFY(answer.complete);
    QCOMPARE(answer.status, 200);
    QCOMPARE(answer.fields.value("transfer-encoding"), QByteArray("chunked"));
    QCOMPARE(answer.fields.value("content-type"), QByteArray("text/event-stream"));
    QVERIFY(answer.body == "data: one\n\n" + QByteArray(5000, 'x'));
    QCOMPARE(m_server->activeRequests(), 0);
}

void TestAnswers::coalescesTheWritesOfOneTurn()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {});
    for (const QByteArray piece : {"a", "", "bc", "d"})
        exchange.write(piece);
    QVERIFY(exchange.bufferedBytes() > 4);
    QVERIFY(client.received().isEmpty());
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\n4\r\nabcd\r\n"));
    QCOMPARE(exchange.bufferedBytes(), 0);
    exchange.write("e");
    exchange.write("f");
    exchange.finish();
    spin();
    QVERIFY(client.received().endsWith("\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n"));
}

void TestAnswers::streamsWithALength()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(206, {}, 6);
    exchange.write("abc");
    spin();
    exchange.write("def");
    exchange.finish();
    const Answer answer = client.answers().first();
    QVERIFY(answer.complete);
    QCOMPARE(answer.status, 206);
    QCOMPARE(answer.fields.value("content-length"), QByteArray("6"));
    QCOMPARE(answer.body, QByteArray("abcdef"));
    QCOMPARE(client.end(), RawClient::End::Open);
}

void TestAnswers::streamsToTheEndOfTheConnectionForHttp10()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client, "GET /hold HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    exchange.begin(200, {});
    exchange.write("one");
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\none"));
    exchange.write("two");
    exchange.finish();
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    const Answer answer = client.answers().first();
    QVERIFY(answer.untilClose);
    QCOMPARE(answer.body, QByteArray("onetwo"));
    QCOMPARE(answer.fields.value("connection"), QByteArray("close"));
    QVERIFY(!answer.fields.contains("transfer-encoding"));
}

void TestAnswers::answersHeadWithoutBody_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("whole") << QByteArray("/echo") << QByteArray("content-length") << QByteArray("11");
    QTest::newRow("streamed") << QByteArray("/stream") << QByteArray("transfer-encoding") << QByteArray("chunked");
    QTest::newRow("refused") << QByteArray("/refuse") << QByteArray("content-type") << QByteArray("application/json");
}

void TestAnswers::answersHeadWithoutBody()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, value);
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("HEAD " + path + " HTTP/1.1\r\nHost: h\r\n\r\n"));
    QCOMPARE(client.answers(1, true).first().fields.value(field), value);
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\n"));
    QCOMPARE(client.received().count("\r\n\r\n"), 1);

    QVERIFY(client.sendAll("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
    QCOMPARE(client.answers(2, true).size(), 2);
}

void TestAnswers::answersEmptyStatusesWithoutBody()
{
    RawClient client(m_server->port());
    QVERIFY(client.sendAll("GET /empty HTTP/1.1\r\nHost: h\r\n\r\n"));
    QCOMPARE(client.answers().first().status, 204);
    QVERIFY(!client.answers().first().fields.contains("content-length"));
    QVERIFY(!client.answers().first().fields.contains("transfer-encoding"));

    Exchange &exchange = hold(client);
    exchange.begin(304, {});
    exchange.write("nobody may see this");
    exchange.finish();
    QCOMPARE(client.answers(2).last().status, 304);
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\n"));
}

void TestAnswers::ownsTheFramingFields()
{
    RawClient client(m_server->port());
    hold(client).respond({200,
                          {{"Content-Length", "99"},
                           {"transfer-encoding", "chunked"},
                           {"Connection", "close"},
                           {"Keep-Alive", "timeout=1"},
                           {"X-Request-Id", "theirs"},
                           {"Trailer", "x"},
                           {"Upgrade", "h2c"},
                           {"Date", "today"},
                           {"X-Theirs", "kept"}},
                          "body"});
    const Answer answer = client.answers().first();
    QCOMPARE(
        answer.fields,
        (HttpFields{{"X-Theirs", "kept"}, {"Content-Length", "4"}, {"x-request-id", m_router->lastHead.requestId}}));
    QCOMPARE(answer.body, QByteArray("body"));
}

void TestAnswers::dropsFieldsWithLineBreaks()
{
    RawClient client(m_server->port());
    QTest::ignoreMessage(QtWarningMsg, "An answer field with a line break in it was left out.");
    QTest::ignoreMessage(QtWarningMsg, "An answer field with a line break in it was left out.");
    hold(client).respond({200, {{"A", "b\r\nC: d"}, {"E\n", "f"}, {"G", "h"}}, {}});
    const Answer answer = client.answers().first();
    QVERIFY(!answer.fields.contains("a") && !answer.fields.contains("c") && !answer.fields.contains("e"));
    QCOMPARE(answer.fields.value("g"), QByteArray("h"));
}

void TestAnswers::keepsTheConnectionAfterAStream()
{
    RawClient client(m_server->port());
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(client.sendAll("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"));
        QCOMPARE(client.answers(i).size(), i);
        QCOMPARE(client.answers(i).last().body, QByteArray("onetwo"));
    }
}

void TestAnswers::cutDeliversEverythingButTheEnd()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {});
    const QByteArray body(2'000'000, 'x');
    exchange.write(body);
    exchange.write("last");
    exchange.cut();
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    const QByteArray &bytes = client.received();
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n") + 4;
    QVERIFY(bytes.mid(headEnd) == QByteArray::number(body.size() + 4, 16) + "\r\n" + body + "last\r\n");
    QVERIFY(!client.answers().first().complete);
    QVERIFY(!m_router->held.first()->clientGone);
    client.close();
    QTRY_COMPARE(m_server->connectionCount(), 0);
}

void TestAnswers::cutSurvivesAClientThatIsStillSending()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {});
    exchange.write("text");
    exchange.cut();
    QVERIFY(client.sendAll("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
    spin();
    QVERIFY(client.sendAll("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
    QTRY_COMPARE(client.end(), RawClient::End::Fin);
    QVERIFY(client.received().endsWith("4\r\ntext\r\n"));
    QCOMPARE(m_router->executed, QByteArrayList{"GET /hold"});
}

void TestAnswers::abortResets()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {}, 1000);
    exchange.write("text");
    spin();
    exchange.abort();
    QTRY_COMPARE(client.end(), RawClient::End::Reset);
    QTRY_COMPARE(m_router->handlers, 0);
    QVERIFY(!m_router->held.first()->clientGone);
    QCOMPARE(m_server->connectionCount(), 0);
}

void TestAnswers::resetsWhenABodyIsTooShort()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {}, 10);
    exchange.write("short");
    spin();
    exchange.finish();
    QTRY_COMPARE(client.end(), RawClient::End::Reset);
}

void TestAnswers::clipsABodyThatIsTooLong()
{
    RawClient client(m_server->port());
    Exchange &exchange = hold(client);
    exchange.begin(200, {}, 4);
    QTest::ignoreMessage(QtWarningMsg, "An answer was longer than announced and has been clipped.");
    exchange.write("longer");
    exchange.finish();
    QCOMPARE(client.answers().first().body, QByteArray("long"));
    spin();
    QVERIFY(client.received().endsWith("\r\n\r\nlong"));
}

QTEST_GUILESS_MAIN(TestAnswers)
#include "tst_answers.moc"
