// Transfers and clients that go at any moment, also in the middle of a callback.

#include "recorder.h"
#include "scriptedserver.h"
#include "transferhelpers.h"

#include <QRegularExpression>
#include <QTest>

using namespace hearth;
using namespace hearth::httpclient;

class TestHttpClientLifetime final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cancelClosesConnection_data();
    void cancelClosesConnection();
    void destroysInsideCallback_data();
    void destroysInsideCallback();
    void destroysOtherInsideCallback();
    void startsInsideCallback();
    void outlivesClient();
    void neverCallsFromStart();
};

void TestHttpClientLifetime::init()
{
    // Qt warns about a notifier whose descriptor has been closed.
    QTest::failOnWarning(QRegularExpression(QStringLiteral("QSocketNotifier")));
}

void TestHttpClientLifetime::cancelClosesConnection_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("paused");

    QTest::newRow("before the answer") << QByteArray() << false;
    QTest::newRow("in mid-stream") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") << false;
    QTest::newRow("while paused") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc") << true;
}

void TestHttpClientLifetime::cancelClosesConnection()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, paused);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder recorder;

    auto transfer = client.start({.url = server.url()}, recorder);
    if (paused)
        transfer->pause();
    QTRY_VERIFY(server.hasRequest());
    server.peer().write(answer);
    QTRY_COMPARE(recorder.heads, answer.isEmpty() ? 0 : 1);
    transfer.reset();
    QTRY_VERIFY_WITH_TIMEOUT(server.peer().isClosed(), 1000);
    QCOMPARE(recorder.ends, 0);
    passTime(client);
}

void TestHttpClientLifetime::destroysInsideCallback_data()
{
    QTest::addColumn<std::function<void()> Recorder::*>("callback");
    QTest::addColumn<bool>("resumed");

    QTest::newRow("readyForBody") << &Recorder::onReady << false;
    QTest::newRow("responseHead") << &Recorder::onHead << false;
    QTest::newRow("responseBody") << &Recorder::onBody << false;
    QTest::newRow("responseBody after resume") << &Recorder::onBody << true;
    QTest::newRow("finished") << &Recorder::onFinished << false;
}

void TestHttpClientLifetime::destroysInsideCallback()
{
    using Callback = std::function<void()> Recorder::*;
    QFETCH(const Callback, callback);
    QFETCH(const bool, resumed);
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    auto recorder = std::make_unique<Recorder>();
    bool destroyed = false;

    auto transfer = client.start(post(server.url(), 6), *recorder);
    (*recorder).*callback = [&] {
        transfer.reset();
        recorder.reset();
        destroyed = true;
    };
    transfer->send("abc");
    QTRY_VERIFY(server.hasRequest(0, 3));
    if (!destroyed) {
        transfer->send("def");
        QTRY_VERIFY(server.hasRequest(0, 6));
        if (resumed)
            transfer->pause();
        server.peer().answer("hello");
        if (resumed) {
            QTRY_COMPARE(recorder->heads, 1);
            passTime(client);
            transfer->resume();
            QVERIFY(!destroyed);
        }
    }
    QTRY_VERIFY(destroyed);
    QVERIFY(!transfer);
    passTime(client);
    if (callback != &Recorder::onFinished)
        QVERIFY(server.peer().isClosed());
}

void TestHttpClientLifetime::destroysOtherInsideCallback()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder first;
    Recorder second;

    auto doomed = client.start({.url = server.url()}, first);
    QTRY_VERIFY(server.hasRequest(0));
    const auto transfer = client.start({.url = server.url()}, second);
    QTRY_VERIFY(server.hasRequest(1));
    second.onBody = [&] {
        doomed->resume();
        doomed.reset();
    };
    server.peer(1).answer("hello");
    QTRY_VERIFY(second.succeeded());
    QTRY_VERIFY_WITH_TIMEOUT(server.peer(0).isClosed(), 1000);
    QCOMPARE(first.ends, 0);
}

void TestHttpClientLifetime::startsInsideCallback()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder first;
    Recorder second;
    std::unique_ptr<Transfer> next;
    first.onHead = [&] { next = client.start({.url = server.url("/second")}, second); };

    const auto transfer = client.start({.url = server.url("/first")}, first);
    QTRY_VERIFY(server.hasRequest(0));
    server.peer(0).write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
    QTRY_VERIFY(server.hasRequest(1));
    server.peer(1).answer("2");
    QTRY_VERIFY(second.succeeded());
    server.peer(0).write("1");
    QTRY_VERIFY(first.succeeded());
}

void TestHttpClientLifetime::outlivesClient()
{
    FakeClock clock;
    ScriptedServer server;
    auto client = std::make_unique<HttpClient>(HttpClientSettings(), clock);
    Recorder recorder;

    const auto running = client->start(post(server.url(), 10), recorder);
    running->send("abc");
    QTRY_VERIFY(server.hasRequest(0, 3));
    const auto queued = client->start({.url = server.url()}, recorder);
    client.reset();
    QTRY_VERIFY(server.peer().isClosed());
    running->send("def");
    running->pause();
    running->resume();
    queued->resume();
    clock.advance(std::chrono::hours(1));
    QCOMPARE(recorder.ends, 0);
    QCOMPARE(server.peerCount(), 1);
}

void TestHttpClientLifetime::neverCallsFromStart()
{
    FakeClock clock;
    ScriptedServer server;
    HttpClient client({}, clock);
    Recorder first;
    Recorder second;
    std::unique_ptr<Transfer> next;
    bool calledFromStart = false;
    first.onFinished = [&] {
        next = client.start({.url = "nonsense"}, second);
        calledFromStart = second.ends > 0;
    };

    const auto transfer = client.start({.url = "nonsense"}, first);
    QCOMPARE(first.ends, 0);
    QTRY_VERIFY(second.failedWith(ErrorCode::InvalidRequest));
    QVERIFY(!calledFromStart);
}

QTEST_GUILESS_MAIN(TestHttpClientLifetime)

#include "tst_httpclientlifetime.moc"
