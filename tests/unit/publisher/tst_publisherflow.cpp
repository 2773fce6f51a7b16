// How bodies flow through a Publisher: order, credit, cancel, and servers that cheat.

#include "publisherfixture.h"

#include <sys/socket.h>

using namespace hearth;
using namespace hearth::publisher;

class TestPublisherFlow final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void streamsInOrder();
    void streamsALongRequestUnderCredit();
    void passesALongAnswerWhole();
    void stopsReadingForAStalledClient();
    void cancelsARunningTask();
    void cancelsATaskWhoseAnswerWaits();
    void ignoresCancelForUnknownTasks();
    void sendsWhatCameBeforeAFailure();
    void closesTheChannelOfACheatingServer_data();
    void closesTheChannelOfACheatingServer();
    void answersAnEarlyAnswer();
};

namespace {

constexpr TaskId task{1};
constexpr qint64 kib = 1024;

QByteArray pattern(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>((i * 131 + i / 251) & 0xff);
    return bytes;
}

} // namespace

void TestPublisherFlow::streamsInOrder()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->beginStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseHead>());
    QByteArray expected;
    for (int i = 0; i < 50; ++i) {
        const QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
        exchange->chunk(event);
        expected += event;
        // Each piece passes as it comes, not when the next one does.
        QTRY_COMPARE(fixture.server->body(task), expected);
    }
    QCOMPARE(fixture.server->terminals(task), 0);
    exchange->endStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCOMPARE(fixture.server->body(task), expected);
}

void TestPublisherFlow::streamsALongRequestUnderCredit()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    const QByteArray body = pattern(3 * 1024 * kib);
    fixture.server->send(PublisherFixture::inferMessage(task, "/embeddings", body.size()));
    qsizetype sent = 0;
    const auto allowed = [&fixture] {
        qint64 bytes = channel::initialCredit;
        for (const channel::Window &window : fixture.server->all<channel::Window>())
            bytes += window.bytes;
        return bytes;
    };
    while (sent < body.size()) {
        QTRY_VERIFY(allowed() > sent);
        const qsizetype size = std::min<qsizetype>(allowed() - sent, body.size() - sent);
        fixture.server->sendBody(task, QByteArrayView(body).sliced(sent, size));
        sent += size;
    }
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    QVERIFY(exchange->body == body);
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
}

void TestPublisherFlow::passesALongAnswerWhole()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    const QByteArray answer = pattern(5 * 1024 * kib);
    exchange->answer(answer);
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QVERIFY(fixture.server->body(task) == answer);
    QCOMPARE(fixture.server->terminals(task), 1);
}

void TestPublisherFlow::stopsReadingForAStalledClient()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->grants = false;
    fixture.infer(task);
    Exchange *stalled = fixture.backend.waitForRequest();
    QVERIFY(stalled);
    // More than the buffers of the kernel can take.
    stalled->answer(QByteArray(64 * 1024 * kib, 'x'));
    QTRY_COMPARE(fixture.server->body(task).size(), channel::initialCredit);

    // Others are not delayed.
    for (quint64 other = 2; other < 12; ++other) {
        fixture.infer(TaskId{other});
        Exchange *exchange = fixture.backend.waitForRequest(other);
        QVERIFY(exchange);
        exchange->answer("quick");
        QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(static_cast<qsizetype>(other) - 1));
        QCOMPARE(fixture.server->body(TaskId{other}), QByteArray("quick"));
    }
    QCOMPARE(fixture.server->body(task).size(), channel::initialCredit);
    QVERIFY(!stalled->isGone());
    QVERIFY(stalled->socket->bytesToWrite() > 16 * 1024 * kib);

    // A grant lets as much pass, and no more.
    fixture.server->send(channel::Window{task, 100 * kib});
    QTRY_COMPARE(fixture.server->body(task).size(), channel::initialCredit + 100 * kib);
    QCOMPARE(fixture.server->terminals(task), 0);
}

void TestPublisherFlow::cancelsARunningTask()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->beginStream();
    exchange->chunk("one");
    QTRY_COMPARE(fixture.server->body(task), QByteArray("one"));
    const int descriptor = static_cast<int>(exchange->socket->socketDescriptor());

    fixture.server->send(channel::Cancel{task});
    const auto cancelled = fixture.server->waitFor<channel::Cancelled>();
    QVERIFY(cancelled);
    QCOMPARE(cancelled->task, task);
    // The connection was closed before that was said: its end can be read now.
    char byte;
    QVERIFY(exchange->isGone() || ::recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
    QTRY_VERIFY_WITH_TIMEOUT(exchange->isGone(), 1000);
    QCOMPARE(fixture.server->terminals(task), 1);
    QCOMPARE(fixture.publisher->llms().front().running, 0);
}

void TestPublisherFlow::cancelsATaskWhoseAnswerWaits()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->grants = false;
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->answer(QByteArray(300 * kib, 'x'));
    QTRY_COMPARE(fixture.server->body(task).size(), channel::initialCredit);
    QCOMPARE(fixture.server->terminals(task), 0);
    fixture.server->send(channel::Cancel{task});
    QVERIFY(fixture.server->waitFor<channel::Cancelled>());
    fixture.server->send(channel::Window{task, 100 * kib});
    fixture.server->send(channel::Cancel{task});
    fixture.infer(TaskId{2}, "{}", "/not/allowed");
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QCOMPARE(fixture.server->terminals(task), 1);
    QCOMPARE(fixture.server->body(task).size(), channel::initialCredit);
}

void TestPublisherFlow::ignoresCancelForUnknownTasks()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->send(channel::Cancel{TaskId{77}});
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    fixture.server->send(channel::Cancel{task});
    fixture.infer(TaskId{2}, "{}", "/not/allowed");
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QVERIFY(fixture.server->all<channel::Cancelled>().isEmpty());
}

void TestPublisherFlow::sendsWhatCameBeforeAFailure()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->grants = false;
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    // Fits into the credit but for one byte, so that the failure has to wait for it.
    exchange->beginStream();
    exchange->chunk(QByteArray(channel::initialCredit + 1, 'x'));
    exchange->socket->disconnectFromHost();
    QTRY_COMPARE(fixture.server->body(task).size(), channel::initialCredit);
    QTRY_VERIFY(exchange->isGone());
    QCOMPARE(fixture.server->terminals(task), 0);
    fixture.server->send(channel::Window{task, 1});
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QCOMPARE(fixture.server->body(task).size(), channel::initialCredit + 1);
}

void TestPublisherFlow::closesTheChannelOfACheatingServer_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("sent");
    QTest::addColumn<int>("window");

    QTest::newRow("moreThanAnnounced") << 3 << 4 << 0;
    QTest::newRow("moreThanGranted") << 1024 * 1024 << 256 * 1024 + 1 << 0;
    QTest::newRow("grantBeyondTheWindow") << 2 << 2 << 1;
}

void TestPublisherFlow::closesTheChannelOfACheatingServer()
{
    QFETCH(int, size);
    QFETCH(int, sent);
    QFETCH(int, window);

    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->send(PublisherFixture::inferMessage(task, "/completions", size));
    fixture.server->sendBody(task, QByteArray(sent, 'x'));
    if (window > 0) {
        const Exchange *exchange = fixture.backend.waitForRequest();
        QVERIFY(exchange);
        exchange->beginStream();
        QVERIFY(fixture.server->waitFor<channel::ResponseHead>());
        fixture.server->send(channel::Window{task, window});
    }
    QTRY_VERIFY(fixture.server->closeReason);
    QCOMPARE(fixture.server->closeReason->code, static_cast<int>(channel::CloseCode::PolicyViolation));
    QVERIFY(fixture.publisher->state() == ConnectionState::Offline);
    QCOMPARE(fixture.publisher->llms().front().running, 0);
}

void TestPublisherFlow::answersAnEarlyAnswer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.server->send(PublisherFixture::inferMessage(task, "/completions", 1024 * kib));
    fixture.server->sendBody(task, QByteArray(100 * kib, 'x'));
    QTRY_COMPARE(fixture.backend.exchanges().size(), size_t(1));
    fixture.backend.exchanges().front()->answer("too large", "", "413 Content Too Large");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    QCOMPARE(fixture.server->all<channel::ResponseHead>().first().status, 413);
    QCOMPARE(fixture.server->body(task), QByteArray("too large"));
    // The rest of the body may still be under way.
    fixture.server->sendBody(task, QByteArray(64 * kib, 'x'));
    fixture.infer(TaskId{2}, "{}", "/not/allowed");
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QVERIFY(!fixture.server->closeReason);
}

QTEST_GUILESS_MAIN(TestPublisherFlow)
#include "tst_publisherflow.moc"
