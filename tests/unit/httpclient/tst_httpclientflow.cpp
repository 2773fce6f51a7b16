// Bodies that come and go in pieces, and back-pressure.

#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QTest>

#include <vector>

using namespace hearth;
using namespace hearth::httpclient;

class TestHttpClientFlow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uploadsInPieces();
    void uploadsFromReadyForBody();
    void holdsUploadBack();
    void takesEarlyAnswer_data();
    void takesEarlyAnswer();
    void takesEarlyAnswerWhilePaused();
    void goesOnUploadingAfterEarlyHead();
    void refusesTooLongBody();
    void streamsPieceByPiece();
    void pauseStopsReading();
    void pausesInsideCallback();
};

namespace {

constexpr qint64 megabyte = 1024 * 1024;

} // namespace

void TestHttpClientFlow::uploadsInPieces()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), 9), recorder);
    QTRY_VERIFY(server.hasRequest());
    QTRY_COMPARE(recorder.ready, 1);
    for (const QByteArray piece : {"abc", "def", "ghi"}) {
        const QByteArray before = server.peer().body();
        transfer->send(piece);
        QTRY_COMPARE(server.peer().body(), before + piece);
    }
    QVERIFY(server.peer().received().contains("Content-Length: 9\r\n"));
    server.peer().answer("ok");
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.body, QByteArray("ok"));

    // The upload was complete, so the connection can be used again.
    Recorder second;
    const auto next = client.start({.url = server.url()}, second);
    QTRY_VERIFY(server.peer().received().contains("GET / "));
    QCOMPARE(server.peerCount(), 1);
}

void TestHttpClientFlow::uploadsFromReadyForBody()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;
    const QByteArray piece(100'000, 'x');
    std::unique_ptr<Transfer> transfer;
    int left = 50;
    recorder.onReady = [&] {
        if (left-- > 0)
            transfer->send(piece);
    };

    transfer = client.start(post(server.url(), left * piece.size()), recorder);
    QTRY_VERIFY(server.hasRequest(0, 50 * piece.size()));
    QCOMPARE(server.peer().body().size(), 50 * piece.size());
    QCOMPARE(recorder.ready, 50);
    server.peer().answer();
    QTRY_VERIFY(recorder.succeeded());
}

void TestHttpClientFlow::holdsUploadBack()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;
    const QByteArray piece(256 * 1024, 'x');
    std::unique_ptr<Transfer> transfer;
    qint64 given = 0;
    recorder.onReady = [&] {
        given += piece.size();
        transfer->send(piece);
    };

    transfer = client.start(post(server.url(), 256 * megabyte), recorder);
    QTRY_VERIFY(server.peerCount() == 1);
    server.peer().setReading(false);
    passTime(client);
    QVERIFY(given > 0);
    QVERIFY2(given < 32 * megabyte, QByteArray::number(given));
}

void TestHttpClientFlow::takesEarlyAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QByteArray>("body");

    QTest::newRow("refusal") << QByteArray("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig") << false
                             << QByteArray("big");
    QTest::newRow("refusal without a body")
        << QByteArray("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n") << false << QByteArray();
    QTest::newRow("refusal and close") << QByteArray("HTTP/1.1 413 Too Large\r\nConnection: close\r\n\r\nbig") << true
                                       << QByteArray("big");
    QTest::newRow("success") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") << false
                             << QByteArray("ok");
    QTest::newRow("chunked success") << QByteArray(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")
                                     << false << QByteArray("ok");
}

void TestHttpClientFlow::takesEarlyAnswer()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, closes);
    QFETCH(const QByteArray, body);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), megabyte), recorder);
    transfer->send(QByteArray(100, 'x'));
    QTRY_VERIFY(server.hasRequest(0, 100));
    server.peer().write(answer);
    if (closes)
        server.peer().close();
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.body, body);

    // The backend still waits for the rest, so this connection must not carry another request.
    QTRY_VERIFY(server.peer().isClosed());
    Recorder second;
    const auto next = client.start({.url = server.url()}, second);
    QTRY_VERIFY(server.hasRequest(1));
    QVERIFY(!server.peer().received().contains("GET"));
}

void TestHttpClientFlow::takesEarlyAnswerWhilePaused()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), megabyte), recorder);
    transfer->send(QByteArray(100, 'x'));
    transfer->pause();
    QTRY_VERIFY(server.hasRequest(0, 100));
    server.peer().answer("ok");
    QTRY_COMPARE(recorder.heads, 1);
    passTime(client);
    QCOMPARE(recorder.body, QByteArray());
    QCOMPARE(recorder.ends, 0);
    transfer->resume();
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.body, QByteArray("ok"));
}

void TestHttpClientFlow::goesOnUploadingAfterEarlyHead()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), 6), recorder);
    transfer->send("abc");
    QTRY_VERIFY(server.hasRequest(0, 3));
    server.peer().write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
    QTRY_COMPARE(recorder.body, QByteArray("abc"));
    transfer->send("def");
    QTRY_COMPARE(server.peer().body(), QByteArray("abcdef"));
    server.peer().write("def");
    QTRY_VERIFY(recorder.succeeded());
    QCOMPARE(recorder.body, QByteArray("abcdef"));
}

void TestHttpClientFlow::refusesTooLongBody()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start(post(server.url(), 4), recorder);
    transfer->send("abc");
    QTRY_VERIFY(server.hasRequest(0, 3));
    transfer->send("dGET /smuggled HTTP/1.1\r\n\r\n");
    QCOMPARE(recorder.ends, 0);
    QTRY_VERIFY(recorder.failedWith(ErrorCode::InvalidRequest));
    QTRY_VERIFY(server.peer().isClosed());
    QCOMPARE(server.peer().body(), QByteArray("abc"));
}

void TestHttpClientFlow::streamsPieceByPiece()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    QTRY_VERIFY(server.hasRequest());
    server.peer().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    QTRY_COMPARE(recorder.heads, 1);
    QByteArray expected;
    for (int i = 0; i < 5; ++i) {
        const QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
        server.peer().write("9\r\n" + event + "\r\n");
        expected += event;
        QTRY_COMPARE(recorder.body, expected);
        QCOMPARE(recorder.pieces, i + 1);
    }
    QCOMPARE(recorder.ends, 0);
    server.peer().write("0\r\n\r\n");
    QTRY_VERIFY(recorder.succeeded());
}

void TestHttpClientFlow::pauseStopsReading()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;
    const QByteArray body(64 * megabyte, 'y');

    const auto transfer = client.start({.url = server.url()}, recorder);
    recorder.onHead = [&] { transfer->pause(); };
    QTRY_VERIFY(server.hasRequest());
    server.peer().answer(body);
    QTRY_COMPARE(recorder.heads, 1);
    passTime(client);
    QCOMPARE(recorder.pieces, 0);
    QVERIFY2(server.peer().bytesToWrite() > 32 * megabyte, QByteArray::number(server.peer().bytesToWrite()));

    // A second time, in the middle.
    recorder.onBody = [&] {
        if (recorder.body.size() > megabyte) {
            recorder.onBody = {};
            transfer->pause();
        }
    };
    transfer->resume();
    QCOMPARE(recorder.pieces, 0); // Nothing is delivered from inside resume().
    QTRY_VERIFY(recorder.body.size() > megabyte);
    passTime(client);
    QVERIFY(recorder.body.size() < 2 * megabyte);
    QVERIFY(server.peer().bytesToWrite() > 16 * megabyte);
    QCOMPARE(recorder.ends, 0);

    transfer->resume();
    QTRY_VERIFY_WITH_TIMEOUT(recorder.succeeded(), 30'000);
    QVERIFY(recorder.body == body);
}

void TestHttpClientFlow::pausesInsideCallback()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    const auto transfer = client.start({.url = server.url()}, recorder);
    recorder.onBody = [&] {
        transfer->pause();
        transfer->resume();
        transfer->pause();
    };
    QTRY_VERIFY(server.hasRequest());
    server.peer().write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n");
    QTRY_COMPARE(recorder.body, QByteArray("a"));
    passTime(client);
    QCOMPARE(recorder.body, QByteArray("a"));

    // libcurl holds the rest as one piece.
    transfer->resume();
    QTRY_COMPARE(recorder.body, QByteArray("abc"));
    transfer->resume();
    QTRY_VERIFY(recorder.succeeded());
}

QTEST_GUILESS_MAIN(TestHttpClientFlow)

#include "tst_httpclientflow.moc"
