// What clients see while an Llm is being woken: heads, comments, in-stream errors, the time after which to come back,
// and the row that tells how far the wake is.

#include "apiharness.h"

#include <QJsonArray>
#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestWakeComments final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { make(); }

    void cleanup();

    void shortWakeIsNotSeen_data();
    void shortWakeIsNotSeen();
    void commentsTellHowFarItIs();
    void messagesGetPings();
    void responsesGetCommentsAndTheirErrors();
    void failureBeforeTheGraceHasItsStatus_data();
    void failureBeforeTheGraceHasItsStatus();
    void failureAfterTheGraceIsToldInTheStream();
    void refusalOfTheBackendIsToldInTheStream_data();
    void refusalOfTheBackendIsToldInTheStream();
    void queueBehindTheWakeIsToldToo();
    void clientThatDoesNotStreamIsHeldForAWhile();
    void holdIsCountedFromTheFirstWait();
    void retryAfterFollowsTheEstimate();
    void embeddingsDoNotStream();
    void clientLeavesInMidWake();
    void sleepRaceIsToldToo();
    void rowShowsTheWake();

private:
    std::unique_ptr<ApiCall> stream(const QByteArray &route = "/v1/chat/completions")
    {
        return m_api->post(route, R"({"model":"m","stream":true})");
    }

    TaskId nextWake()
    {
        const auto wake = m_publisher->next<channel::Wake>();
        return wake ? wake->task : TaskId{};
    }

    void progress(TaskId task, int elapsed)
    {
        m_publisher->send(channel::WakeProgress{task, channel::WakePhase::Polling, elapsed, 120});
        QVERIFY(m_publisher->heartbeat());
    }

    void succeed(TaskId task, Duration duration = 20s)
    {
        m_publisher->send(channel::WakeResult{.task = task, .ok = true, .durationMs = duration.count()});
        QVERIFY(m_publisher->heartbeat());
    }

    void fail(TaskId task, const char *code)
    {
        m_publisher->send(channel::WakeResult{
            .task = task, .code = QString::fromLatin1(code), .message = QStringLiteral("exit status 3")});
        QVERIFY(m_publisher->heartbeat());
    }

    /// A server and a publisher whose only Llm sleeps.
    void make(const api::ApiSettings &settings = {});
    /// Wakes the Llm, answers a request with it and lets it fall asleep again.
    void wakeOnce(Duration duration);

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestWakeComments::make(const api::ApiSettings &settings)
{
    m_publisher.reset();
    m_api = std::make_unique<ApiHarness>(ApiHarnessSettings{.api = settings});
    channel::LlmEntry m = sleepingEntry(QStringLiteral("m"));
    m.maxConcurrency = 1;
    m.wake = channel::RecipeInfo{channel::RecipeKind::Command, 60, 60};
    m_publisher = m_api->server.publish({m});
}

void TestWakeComments::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

void TestWakeComments::wakeOnce(Duration duration)
{
    const auto call = m_api->chat("m");
    succeed(nextWake(), duration);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    m_publisher->answer(infer->message.task, 200, "{}");
    QVERIFY(call->waitForEnd());
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Hibernating, 0}}));
}

void TestWakeComments::shortWakeIsNotSeen_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("streaming") << QByteArray(R"({"model":"m","stream":true})");
    QTest::newRow("whole") << QByteArray(R"({"model":"m"})");
}

void TestWakeComments::shortWakeIsNotSeen()
{
    QFETCH(QByteArray, body);
    const auto call = m_api->post("/v1/chat/completions", body);
    const TaskId wake = nextWake();
    m_api->clock.advance(2s - 1ms);
    QCOMPARE(call->status(), 0);
    succeed(wake);
    m_api->beginAnswer(*m_publisher, "text/event-stream; charset=utf-8", "data: x\n\n");
    QVERIFY(call->waitForBody("data: x"));
    QCOMPARE(call->field("content-type"), QByteArray("text/event-stream; charset=utf-8"));
    m_api->clock.advance(1min);
    QCOMPARE(call->body(), QByteArray("data: x\n\n"));
}

void TestWakeComments::commentsTellHowFarItIs()
{
    const auto call = stream();
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    QCOMPARE(call->status(), 200);
    QCOMPARE(call->field("content-type"), QByteArray("text/event-stream"));
    QCOMPARE(call->field("cache-control"), QByteArray("no-store"));
    QCOMPARE(call->field("x-accel-buffering"), QByteArray("no"));
    QVERIFY(call->waitForBody(": waking m, 2 s of at most 120 s\n\n"));
    progress(wake, 6);
    m_api->clock.advance(5s);
    QVERIFY(call->waitForBody(": waking m, 11 s of at most 120 s\n\n"));
    m_api->clock.advance(4s);
    succeed(wake);
    const TaskId task = m_api->beginAnswer(*m_publisher, "text/event-stream", "data: x\n\n");
    m_publisher->send(channel::ResponseEnd{task});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Finished);
    QCOMPARE(call->body(),
             QByteArray(": waking m, 2 s of at most 120 s\n\n: waking m, 11 s of at most 120 s\n\ndata: x\n\n"));
}

void TestWakeComments::messagesGetPings()
{
    const auto call = stream("/v1/messages");
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    QVERIFY(call->waitForBody("event: ping\ndata: {\"type\":\"ping\"}\n\n"));
    QVERIFY(!call->body().contains(": waking"));
    fail(wake, "wake_failed");
    QVERIFY(call->waitForEnd());
    QVERIFY(call->body().contains("event: error\ndata: {"));
    QVERIFY(call->body().contains("overloaded_error"));
}

void TestWakeComments::responsesGetCommentsAndTheirErrors()
{
    const auto call = stream("/v1/responses");
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    QVERIFY(call->waitForBody(": waking m"));
    fail(wake, "wake_timeout");
    QVERIFY(call->waitForEnd());
    QVERIFY(call->body().contains("event: error\ndata: {\"type\":\"error\",\"code\":\"wake_timeout\""));
}

void TestWakeComments::failureBeforeTheGraceHasItsStatus_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<int>("status");
    QTest::newRow("failed") << QByteArray("wake_failed") << 503;
    QTest::newRow("timeout") << QByteArray("wake_timeout") << 504;
}

void TestWakeComments::failureBeforeTheGraceHasItsStatus()
{
    QFETCH(QByteArray, code);
    QFETCH(int, status);
    const auto streaming = stream();
    const auto whole = m_api->chat("m");
    const TaskId wake = nextWake();
    m_api->clock.advance(1s);
    fail(wake, code.constData());
    for (const ApiCall *call : {streaming.get(), whole.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), status);
        QCOMPARE(call->errorCode().toLatin1(), code);
        QCOMPARE(call->error(QLatin1String("message")), QStringLiteral("Llm 'm' could not be woken: exit status 3"));
    }
    QVERIFY(m_api->server.llm(QStringLiteral("m")).status == domain::LlmStatus::Hibernating);
}

void TestWakeComments::failureAfterTheGraceIsToldInTheStream()
{
    const auto streaming = stream();
    const auto whole = m_api->chat("m");
    const TaskId wake = nextWake();
    m_api->clock.advance(3s);
    fail(wake, "wake_failed");
    QVERIFY(streaming->waitForEnd());
    QCOMPARE(streaming->end(), ApiCall::End::Cut);
    QCOMPARE(streaming->status(), 200);
    QVERIFY(streaming->body().contains("\n\ndata: {\"error\":{"));
    QVERIFY(streaming->body().contains("wake_failed"));
    QVERIFY(!streaming->body().contains("[DONE]"));
    QVERIFY(whole->waitForEnd());
    QCOMPARE(whole->status(), 503);
}

void TestWakeComments::refusalOfTheBackendIsToldInTheStream_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    QTest::newRow("with words") << 400 << QByteArray("application/json")
                                << QByteArray(R"({"error":{"message":"context too long","code":"x"}})")
                                << QStringLiteral("The backend answered with status 400: context too long");
    QTest::newRow("without words") << 500 << QByteArray("text/html") << QByteArray("<h1>Oops</h1>")
                                   << QStringLiteral("The backend answered with status 500.");
    QTest::newRow("large") << 500 << QByteArray("text/html") << QByteArray(400'000, 'x')
                           << QStringLiteral("The backend answered with status 500.");
    QTest::newRow("no stream") << 200 << QByteArray("application/json") << QByteArray("{}")
                               << QStringLiteral("The backend did not answer with an event stream.");
}

void TestWakeComments::refusalOfTheBackendIsToldInTheStream()
{
    QFETCH(int, status);
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    const auto call = stream();
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    succeed(wake);
    // In pieces, as a publisher with credit for 256 KiB sends it.
    const TaskId task = m_api->beginAnswer(*m_publisher, type, body.left(200'000), status);
    if (body.size() > 200'000) {
        QVERIFY(m_publisher->next<channel::Window>());
        m_publisher->sendBody(task, body.mid(200'000));
    }
    m_publisher->send(channel::ResponseEnd{task});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Cut);
    const QByteArray event = call->body().mid(call->body().indexOf("data: ") + 6);
    const QJsonObject error = QJsonDocument::fromJson(event).object()[QLatin1String("error")].toObject();
    QCOMPARE(error[QLatin1String("message")].toString(), message);
    QCOMPARE(error[QLatin1String("code")].toString(), QStringLiteral("backend_error"));
}

void TestWakeComments::queueBehindTheWakeIsToldToo()
{
    const auto first = stream();
    const auto second = stream();
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    succeed(wake);
    const TaskId running = m_api->beginAnswer(*m_publisher, "text/event-stream", "data: x\n\n");
    m_api->clock.advance(5s);
    QVERIFY(second->waitForBody(": queued 1 of 1\n\n"));
    QVERIFY(!first->body().contains("queued"));
    m_publisher->send(channel::ResponseEnd{running});
    m_api->beginAnswer(*m_publisher, "text/event-stream", "data: y\n\n");
    QVERIFY(second->waitForBody("data: y\n\n"));
}

void TestWakeComments::clientThatDoesNotStreamIsHeldForAWhile()
{
    make({.wakeMaxHold = 30s});
    const auto call = m_api->chat("m");
    const TaskId wake = nextWake();
    m_api->clock.advance(30s - 1ms);
    QCOMPARE(call->end(), ApiCall::End::Not);
    m_api->clock.advance(1ms);
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("queue_timeout"));
    const int retryAfter = call->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 5);
    // The wake goes on, and whoever comes back is served by it.
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
    const auto retry = m_api->chat("m");
    succeed(wake);
    QVERIFY(m_api->nextInfer(*m_publisher));
    QCOMPARE(m_publisher->count<channel::Wake>(), 0);
}

void TestWakeComments::holdIsCountedFromTheFirstWait()
{
    make({.wakeMaxHold = 30s});
    const auto call = m_api->chat("m");
    const TaskId first = nextWake();
    m_api->clock.advance(20s);
    succeed(first);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Hibernating, 0}}));
    m_publisher->send(channel::TaskError{infer->message.task, QStringLiteral("backend_asleep"), {}});
    nextWake();
    m_api->clock.advance(10s - 1ms);
    QCOMPARE(call->end(), ApiCall::End::Not);
    m_api->clock.advance(1ms);
    QCOMPARE(call->status(), 503);
}

void TestWakeComments::retryAfterFollowsTheEstimate()
{
    make({.wakeMaxHold = 30s});
    for (const Duration duration : {40s, 45s, 35s})
        wakeOnce(duration);
    const auto call = m_api->chat("m");
    const auto streaming = stream();
    m_api->clock.advance(2s);
    QVERIFY(streaming->waitForBody(": waking m, 2 s of at most 120 s, usually 40 s\n\n"));
    m_api->clock.advance(28s);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->field("retry-after"), QByteArray("10"));
}

void TestWakeComments::embeddingsDoNotStream()
{
    const auto call = stream("/v1/embeddings");
    nextWake();
    m_api->clock.advance(10s);
    QCOMPARE(call->status(), 0);
}

void TestWakeComments::clientLeavesInMidWake()
{
    const auto staying = stream();
    const auto leaving = stream();
    const TaskId wake = nextWake();
    m_api->clock.advance(3s);
    leaving->leave();
    m_api->clock.advance(10s);
    succeed(wake);
    m_api->beginAnswer(*m_publisher, "text/event-stream", "data: x\n\n");
    QVERIFY(staying->waitForBody("data: x"));
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestWakeComments::sleepRaceIsToldToo()
{
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Active, 0}}));
    const auto call = stream();
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    QVERIFY(m_publisher->heartbeat({{QStringLiteral("m"), channel::ReportedState::Hibernating, 0}}));
    m_publisher->send(
        channel::TaskError{infer->message.task, QStringLiteral("backend_asleep"), QStringLiteral("asleep")});
    const TaskId wake = nextWake();
    m_api->clock.advance(2s);
    QVERIFY(call->waitForBody(": waking m"));
    succeed(wake);
    m_api->beginAnswer(*m_publisher, "text/event-stream", "data: x\n\n");
    QVERIFY(call->waitForBody("data: x"));
}

void TestWakeComments::rowShowsTheWake()
{
    const auto wakeOf = [this] { return m_api->get("/api/v1/llms/m")->json()[QLatin1String("wake")].toObject(); };
    QVERIFY(wakeOf()[QLatin1String("run")].isNull());
    for (const Duration duration : {10s, 12s, 14s})
        wakeOnce(duration);
    const auto first = stream();
    const auto second = m_api->chat("m");
    progress(nextWake(), 7);
    const QJsonObject wake = wakeOf();
    QCOMPARE(wake[QLatin1String("run")].toObject(), (QJsonObject{{QStringLiteral("phase"), QStringLiteral("polling")},
                                                                 {QStringLiteral("elapsedSeconds"), 7},
                                                                 {QStringLiteral("limitSeconds"), 120},
                                                                 {QStringLiteral("waiters"), 2}}));
    QCOMPARE(wake[QLatin1String("recentSeconds")].toArray(), (QJsonArray{10, 12, 14}));
    QCOMPARE(wake[QLatin1String("estimateSeconds")].toInt(), 12);
}

QTEST_GUILESS_MAIN(TestWakeComments)
#include "tst_wakecomments.moc"
