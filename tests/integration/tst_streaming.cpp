// Streams side by side: their number, clients that stall or leave, and the order of those who wait.

#include "stacktest.h"

#include <QElapsedTimer>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestStreaming final : public StackTest
{
    Q_OBJECT

private Q_SLOTS:
    void runsFiftyStreamsInParallel();
    void pausesForAStalledClientAtItsCostOnly_data();
    void pausesForAStalledClientAtItsCostOnly();
    void resumesWhenAStalledClientReadsOn();
    void cutsAClientThatNeverReads();
    void cancelsForAClientThatLeaves_data();
    void cancelsForAClientThatLeaves();
    void cancelsBeforeTheFirstByte();
    void forgetsAClientThatLeavesTheQueue();
    void servesThoseWhoWaitInOrder();
    void refusesMoreThanMayWait();
    void refusesThoseWhoHaveWaitedTooLong();

private:
    std::unique_ptr<HttpCall> stream(const QJsonObject &members = {}, const HttpCall::Options &options = {}) const;
    int waiting() const;
    qint64 eventsSentByBackend() const;
    QString firstOutcome() const;
};

namespace {

constexpr qint64 mebibyte = 1024 * 1024;

/// What a client that does not read may cost the server.
#ifdef __SANITIZE_ADDRESS__
// The sanitizer keeps what was freed, and surrounds what was not.
constexpr qint64 bytesOfAStalledClient = 2 * mebibyte;
#else
constexpr qint64 bytesOfAStalledClient = mebibyte;
#endif

const QJsonObject endless = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 100'000}});

QString textOf(const QList<StreamEvent> &events)
{
    QString text;
    for (const StreamEvent &event : events)
        text += event.json()[QLatin1String("choices")][0][QLatin1String("delta")][QLatin1String("content")].toString();
    return text;
}

} // namespace

std::unique_ptr<HttpCall> TestStreaming::stream(const QJsonObject &members, const HttpCall::Options &options) const
{
    return m_stack->call(m_stack->chat(members), options);
}

int TestStreaming::waiting() const
{
    return m_stack->llm()[QLatin1String("waiting")].toInt(-1);
}

qint64 TestStreaming::eventsSentByBackend() const
{
    qint64 sum = 0;
    for (const QJsonObject &request : m_stack->backendRequests())
        sum += request[QLatin1String("eventsSent")].toInteger();
    return sum;
}

QString TestStreaming::firstOutcome() const
{
    return m_stack->backendRequests().value(0)[QLatin1String("outcome")].toString();
}

void TestStreaming::runsFiftyStreamsInParallel()
{
    constexpr int count = 50;
    QVERIFY(startStack(
        {.publisher = {{QStringLiteral("watchIntervalSeconds"), QStringLiteral("600")}}, .maxConcurrency = 64}));
    m_stack->forgetBackendRequests();

    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < count; ++i) {
        QJsonObject members = directive({{QStringLiteral("rate"), 20}, {QStringLiteral("tokens"), 60}});
        members[QLatin1String("messages")] =
            QJsonArray{QJsonObject{{QStringLiteral("role"), QStringLiteral("user")},
                                   {QStringLiteral("content"), QStringLiteral("stream-%1").arg(i)}}};
        calls.push_back(stream(members));
    }
    std::chrono::milliseconds lastFirstEvent = 0ms;
    std::chrono::milliseconds firstEnd = 1h;
    for (const auto &call : calls) {
        QVERIFY(call->waitForEnd());
        QVERIFY(call->isComplete() && call->saysDone());
        lastFirstEvent = std::max(lastFirstEvent, call->events().first().at);
        firstEnd = std::min(firstEnd, call->endedAt());
    }
    QVERIFY2(lastFirstEvent < firstEnd, "a stream had to wait for another");
    QCOMPARE(m_stack->backendStats()[QLatin1String("maxRunning")].toInt(), count);
    for (int i = 0; i < count; ++i)
        QVERIFY(
            textOf(calls[static_cast<size_t>(i)]->events()).startsWith(QStringLiteral("You said: stream-%1 ").arg(i)));
}

void TestStreaming::pausesForAStalledClientAtItsCostOnly_data()
{
    QTest::addColumn<bool>("tls");
    QTest::newRow("http") << false;
    QTest::newRow("https") << true;
}

void TestStreaming::pausesForAStalledClientAtItsCostOnly()
{
    QFETCH(bool, tls);
    constexpr int count = 20;
    QVERIFY(startStack({.maxConcurrency = 32, .tls = tls}));
    QVERIFY(stream()->waitForEnd());
    const qint64 before = m_stack->server().residentBytes();

    const QJsonObject huge = directive({{QStringLiteral("bytes"), 64 * mebibyte}});
    std::vector<std::unique_ptr<HttpCall>> stalled;
    for (int i = 0; i < count; ++i)
        stalled.push_back(stream(huge, {.receiveBuffer = 4096, .startsStalled = true}));

    // The backend stops when everything on the way to the clients is full.
    qint64 sent = -1;
    QElapsedTimer still;
    const auto standsStill = [&] {
        if (const qint64 now = eventsSentByBackend(); std::exchange(sent, now) != now)
            still.start();
        return sent > count && still.elapsed() > 300;
    };
    QTRY_VERIFY_WITH_TIMEOUT(standsStill(), 20'000);

    const auto steady = stream(directive({{QStringLiteral("rate"), 50}, {QStringLiteral("tokens"), 60}}));
    QVERIFY(steady->waitForEnd());
    QVERIFY(steady->saysDone());
    QVERIFY2(steady->endedAt() < 1260ms + 500ms, qPrintable(QString::number(steady->endedAt().count())));

    const qint64 cost = m_stack->server().residentBytes() - before;
    QVERIFY2(cost <= count * bytesOfAStalledClient,
             qPrintable(QStringLiteral("%1 KiB a client").arg(cost / count / 1024)));
    QCOMPARE(m_stack->llm()[QLatin1String("running")].toInt(), count);
    for (const auto &call : stalled)
        QVERIFY(!call->hasEnded());
}

void TestStreaming::resumesWhenAStalledClientReadsOn()
{
    constexpr qint64 size = 8 * mebibyte;
    QVERIFY(startStack());
    const auto call = stream(directive({{QStringLiteral("bytes"), size}}), {.receiveBuffer = 65536});
    QVERIFY(call->waitForEvents(10));
    call->stopReading();
    QTRY_VERIFY(eventsSentByBackend() > 100);
    QVERIFY(!call->hasEnded());
    call->resumeReading();
    QVERIFY(call->waitForEnd());
    QVERIFY(call->isComplete() && call->saysDone());
    QCOMPARE(textOf(call->events()).size(), size);
}

void TestStreaming::cutsAClientThatNeverReads()
{
    QVERIFY(startStack(
        {.server = {{QStringLiteral("http.writeProgressSeconds"), QStringLiteral("0.5")}}, .maxConcurrency = 1}));
    const auto stalled =
        stream(directive({{QStringLiteral("bytes"), 64 * mebibyte}}), {.receiveBuffer = 4096, .startsStalled = true});
    QTRY_COMPARE(firstOutcome(), QStringLiteral("aborted"));
    const auto next = stream();
    QVERIFY(next->waitForEnd() && next->saysDone());
    stalled->resumeReading();
    QVERIFY(stalled->waitForEnd());
    QVERIFY(!stalled->isComplete());
}

void TestStreaming::cancelsForAClientThatLeaves_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("closed") << 0;
    QTest::newRow("reset") << 1;
    QTest::newRow("sending half closed") << 2;
}

void TestStreaming::cancelsForAClientThatLeaves()
{
    QFETCH(int, how);
    QVERIFY(startStack({.maxConcurrency = 1}));
    const auto leaver = stream(endless);
    QVERIFY(leaver->waitForEvents(2));
    const auto next = stream();
    QTRY_COMPARE(waiting(), 1);
    QCOMPARE(firstOutcome(), QStringLiteral("running"));

    if (how == 0)
        leaver->leave();
    else if (how == 1)
        leaver->breakOff();
    else
        leaver->closeSendingHalf();
    QElapsedTimer since;
    since.start();
    QTRY_COMPARE_WITH_TIMEOUT(firstOutcome(), QStringLiteral("aborted"), 1000);
    QVERIFY(next->waitForEnd(std::chrono::milliseconds(1000 - since.elapsed())));
    QVERIFY(next->saysDone());
    QCOMPARE(m_stack->llm()[QLatin1String("running")].toInt(), 0);
}

void TestStreaming::cancelsBeforeTheFirstByte()
{
    QVERIFY(startStack({.maxConcurrency = 1}));
    const auto leaver =
        m_stack->call(m_stack->modelRequest("/v1/chat/completions", directive({{QStringLiteral("hang"), true}})));
    QTRY_COMPARE(firstOutcome(), QStringLiteral("running"));
    leaver->leave();
    QTRY_COMPARE_WITH_TIMEOUT(firstOutcome(), QStringLiteral("aborted"), 1000);
    const auto next = stream();
    QVERIFY(next->waitForEnd(1s) && next->saysDone());
}

void TestStreaming::forgetsAClientThatLeavesTheQueue()
{
    QVERIFY(startStack({.maxConcurrency = 1}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    const auto leaver = stream();
    QTRY_COMPARE(waiting(), 1);
    leaver->leave();
    QTRY_COMPARE_WITH_TIMEOUT(waiting(), 0, 1000);
    running->leave();
    const auto next = stream();
    QVERIFY(next->waitForEnd() && next->saysDone());
    QCOMPARE(m_stack->backendRequests().size(), 2);
}

void TestStreaming::servesThoseWhoWaitInOrder()
{
    constexpr int count = 8;
    QVERIFY(startStack({.maxConcurrency = 1}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    std::vector<std::unique_ptr<HttpCall>> calls;
    for (int i = 0; i < count; ++i) {
        HttpRequest request = m_stack->chat();
        request.target += "?number=" + QByteArray::number(i);
        calls.push_back(m_stack->call(request));
        QTRY_COMPARE(waiting(), i + 1);
    }
    running->leave();
    for (const auto &call : calls)
        QVERIFY(call->waitForEnd() && call->saysDone());
    const QList<QJsonObject> requests = m_stack->backendRequests();
    QCOMPARE(requests.size(), count + 1);
    for (int i = 0; i < count; ++i)
        QCOMPARE(requests[i + 1][QLatin1String("query")].toString(), QStringLiteral("number=%1").arg(i));
    QCOMPARE(m_stack->backendStats()[QLatin1String("aborted")].toInt(), 1);
}

void TestStreaming::refusesMoreThanMayWait()
{
    QVERIFY(startStack({.server = {{QStringLiteral("queue.maxWaiting"), QStringLiteral("2")}}, .maxConcurrency = 1}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    const auto first = stream();
    const auto second = stream();
    QTRY_COMPARE(waiting(), 2);

    const auto third = stream();
    QVERIFY(third->waitForEnd(1s));
    QCOMPARE(third->status(), 429);
    QCOMPARE(third->errorCode(), QStringLiteral("queue_full"));
    const int retryAfter = third->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);

    running->leave();
    QVERIFY(first->waitForEnd() && first->saysDone());
    QVERIFY(second->waitForEnd() && second->saysDone());
}

void TestStreaming::refusesThoseWhoHaveWaitedTooLong()
{
    QVERIFY(
        startStack({.server = {{QStringLiteral("queue.maxWaitSeconds"), QStringLiteral("0.5")}}, .maxConcurrency = 1}));
    const auto running = stream(endless);
    QVERIFY(running->waitForEvents(1));
    const auto late = stream();
    QVERIFY(late->waitForEnd());
    QCOMPARE(late->status(), 503);
    QCOMPARE(late->errorCode(), QStringLiteral("queue_timeout"));
    QVERIFY(late->endedAt() >= 500ms && late->endedAt() < 1500ms);
    const int retryAfter = late->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);

    // It was given up for good: the backend never sees it.
    const qsizetype soFar = running->events().size();
    QVERIFY(running->waitForEvents(soFar + 3));
    QCOMPARE(m_stack->backendRequests().size(), 1);
}

QTEST_GUILESS_MAIN(TestStreaming)
#include "tst_streaming.moc"
