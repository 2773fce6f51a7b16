// Answers on their way out: what of a backend's answer reaches the client, how a failure is told before and after the
// answer has begun, and how the client's reading paces the backend.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

constexpr char eventStream[] = "text/event-stream; charset=utf-8";
constexpr char jsonType[] = "application/json";
/// One event, whole.
constexpr char oneEvent[] = "data: {\"n\":1}\n\n";

} // namespace

class TestInferAnswers final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void answerIsPassedOn_data();
    void answerIsPassedOn();
    void onlyAllowedFieldsReachTheClient();
    void eventStreamsAreNotHeldBack_data();
    void eventStreamsAreNotHeldBack();

    void failureBeforeTheAnswer_data();
    void failureBeforeTheAnswer();
    void failureInAnEventStream_data();
    void failureInAnEventStream();
    void partialEventIsEnded_data();
    void partialEventIsEnded();
    void failureInAnotherBody();
    void lostPublisher_data();
    void lostPublisher();
    void silentBackend();

    void stalledClientStallsItsBackend();
    void eventsArePassedOnAtOnce();
    void clientGoneIsACancel_data();
    void clientGoneIsACancel();
    void clientGoneInTheMiddle();

private:
    /// A chat completion that is being answered with this, and its task.
    std::unique_ptr<ApiCall> begin(const QByteArray &contentType, QByteArrayView body = {},
                                   const QByteArray &target = "/v1/chat/completions", bool reads = true);
    /// Ends the task with a failure.
    void fail(const char *code, const char *message = "why");

    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
    TaskId m_task{};
};

void TestInferAnswers::init()
{
    m_api = std::make_unique<ApiHarness>(
        ApiHarnessSettings{.relay = {.scheduler = {.reconnectGrace = 0s}, .firstByte = 20s, .idle = 10s}});
    m_publisher = m_api->server.publish({entry(QStringLiteral("m"))});
}

void TestInferAnswers::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

std::unique_ptr<ApiCall> TestInferAnswers::begin(const QByteArray &contentType, QByteArrayView body,
                                                 const QByteArray &target, bool reads)
{
    // A client that asks for the usage itself gets every byte at once.
    auto call =
        m_api->post(target, R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})", {}, reads);
    m_task = m_api->beginAnswer(*m_publisher, contentType, body);
    if (!QTest::qWaitFor([&] { return call->status() == 200 && call->body() == body; }))
        qFatal("The answer has not begun.");
    return call;
}

void TestInferAnswers::fail(const char *code, const char *message)
{
    m_publisher->send(channel::TaskError{m_task, QString::fromLatin1(code), QString::fromLatin1(message)});
}

void TestInferAnswers::answerIsPassedOn_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("JSON") << 200 << QByteArray(jsonType) << QByteArray(R"({"a": 1.0})");
    QTest::newRow("the backend's own error")
        << 400 << QByteArray(jsonType) << QByteArray(R"({"error":{"message":"x"}})");
    QTest::newRow("the backend's own 401") << 401 << QByteArray(jsonType) << QByteArray("{}");
    QTest::newRow("not JSON") << 500 << QByteArray("text/plain; charset=latin1") << QByteArray("caf\xe9");
    QTest::newRow("events") << 200 << QByteArray(eventStream) << QByteArray("data: x\r\n\r\n: y\n\ndata: [DONE]\n\n");
    QTest::newRow("nothing") << 200 << QByteArray(jsonType) << QByteArray();
    QTest::newRow("200 KiB") << 200 << QByteArray(jsonType) << QByteArray(200 * 1024, '\0');
}

void TestInferAnswers::answerIsPassedOn()
{
    QFETCH(int, status);
    QFETCH(QByteArray, contentType);
    QFETCH(QByteArray, body);
    const auto call = m_api->chat("m");
    const TaskId task = m_api->beginAnswer(*m_publisher, contentType, body, status);
    m_publisher->send(channel::ResponseEnd{task});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Finished);
    QCOMPARE(call->status(), status);
    QCOMPARE(call->field("content-type"), contentType);
    QVERIFY(call->body() == body);
}

void TestInferAnswers::onlyAllowedFieldsReachTheClient()
{
    const auto call = m_api->chat("m");
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    m_publisher->send(channel::ResponseHead{infer->message.task,
                                            200,
                                            {{"Content-Type", jsonType},
                                             {"Retry-After", "5"},
                                             {"Cache-Control", "private"},
                                             {"anthropic-ratelimit-requests-limit", "10"},
                                             {"OpenAI-Processing-MS", "12"},
                                             {"Set-Cookie", "a=b"},
                                             {"Server", "vllm"},
                                             {"Connection", "close"},
                                             {"Transfer-Encoding", "chunked"},
                                             {"Content-Length", "2"},
                                             {"Content-Encoding", "gzip"},
                                             {"X-Request-Id", "backend-1"},
                                             {"Access-Control-Allow-Origin", "*"},
                                             {"Location", "http://10.0.0.1/"},
                                             {"X-Accel-Buffering", "yes"}}});
    m_publisher->send(channel::ResponseEnd{infer->message.task});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->fields(), (HttpFields{{"Content-Type", jsonType},
                                         {"Retry-After", "5"},
                                         {"Cache-Control", "private"},
                                         {"anthropic-ratelimit-requests-limit", "10"},
                                         {"OpenAI-Processing-MS", "12"},
                                         {"x-hearth-llm", "m"},
                                         {"x-hearth-queue-ms", "0"}}));
}

void TestInferAnswers::eventStreamsAreNotHeldBack_data()
{
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<bool>("isStream");
    QTest::newRow("event stream") << QByteArray("text/event-stream") << true;
    QTest::newRow("with a charset") << QByteArray(eventStream) << true;
    QTest::newRow("capital letters") << QByteArray("Text/Event-Stream") << true;
    QTest::newRow("JSON") << QByteArray(jsonType) << false;
    QTest::newRow("JSON lines") << QByteArray("application/x-ndjson") << false;
}

void TestInferAnswers::eventStreamsAreNotHeldBack()
{
    QFETCH(QByteArray, contentType);
    QFETCH(bool, isStream);
    const auto call = begin(contentType);
    QCOMPARE(call->field("x-accel-buffering"), QByteArray(isStream ? "no" : ""));
    QCOMPARE(call->field("cache-control"), QByteArray(isStream ? "no-store" : ""));
}

void TestInferAnswers::failureBeforeTheAnswer_data()
{
    QTest::addColumn<QString>("taskError");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("code");
    const auto row = [](const char *taskError, int status, const char *code) {
        QTest::newRow(taskError) << QString::fromLatin1(taskError) << status << QString::fromLatin1(code);
    };
    row("backend_unreachable", 502, "backend_unreachable");
    row("backend_timeout", 504, "backend_timeout");
    row("backend_error", 502, "backend_error");
    row("cancelled_by_owner", 502, "cancelled_by_owner");
    row("publisher_offline", 503, "publisher_offline");
    // A publisher must not be able to tell the client that its key is wrong.
    row("invalid_api_key", 502, "backend_error");
    row("no_such_code", 502, "backend_error");
}

void TestInferAnswers::failureBeforeTheAnswer()
{
    QFETCH(QString, taskError);
    QFETCH(int, status);
    QFETCH(QString, code);
    const auto call = m_api->chat("m");
    m_task = m_api->nextInfer(*m_publisher)->message.task;
    fail(taskError.toLatin1(), "the backend's own words");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Responded);
    QCOMPARE(call->status(), status);
    QCOMPARE(call->errorCode(), code);
    QCOMPARE(call->error(QLatin1String("message")), QStringLiteral("the backend's own words"));
}

void TestInferAnswers::failureInAnEventStream_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("told");
    const QByteArray chat = "data: {\"error\":{\"code\":\"backend_unreachable\",\"message\":\"why \\\"x\\\"\","
                            "\"param\":null,\"type\":\"server_error\"}}\n\n";
    for (const char *path :
         {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/rerank", "/api/v1/llms/m/infer"})
        QTest::newRow(path) << QByteArray(path) << chat;
    QTest::newRow("responses") << QByteArray("/v1/responses")
                               << QByteArray("event: error\ndata: {\"type\":\"error\",\"code\":\"backend_unreachable\","
                                             "\"message\":\"why \\\"x\\\"\",\"param\":null}\n\n");
    QTest::newRow("messages") << QByteArray("/v1/messages")
                              << QByteArray("event: error\ndata: {\"error\":{\"message\":\"why \\\"x\\\"\","
                                            "\"type\":\"api_error\"},\"type\":\"error\"}\n\n");
}

void TestInferAnswers::failureInAnEventStream()
{
    QFETCH(QByteArray, target);
    QFETCH(QByteArray, told);
    const auto call = begin(eventStream, oneEvent, target);
    fail("backend_unreachable", "why \"x\"");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Cut);
    QCOMPARE(call->body(), oneEvent + told);
}

void TestInferAnswers::partialEventIsEnded_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<bool>("isWhole");
    QTest::newRow("nothing") << QByteArray() << true;
    QTest::newRow("whole event") << QByteArray(oneEvent) << true;
    QTest::newRow("whole event in CR LF") << QByteArray("data: x\r\n\r\n") << true;
    QTest::newRow("half a line") << QByteArray("data: {\"n\":1}\n\ndata: {\"n\"") << false;
    QTest::newRow("half an event") << QByteArray("event: delta\n") << false;
}

void TestInferAnswers::partialEventIsEnded()
{
    QFETCH(QByteArray, sent);
    QFETCH(bool, isWhole);
    const auto call = begin(eventStream, sent);
    fail("backend_unreachable");
    QVERIFY(call->waitForEnd());
    const QByteArray rest = call->body().sliced(sent.size());
    QVERIFY2(rest.startsWith(isWhole ? "data: {\"error\"" : "\n\ndata: {\"error\""), rest.constData());
    QVERIFY(call->body().endsWith("\n\n"));
    QVERIFY(!call->body().contains("[DONE]"));
}

void TestInferAnswers::failureInAnotherBody()
{
    const auto call = begin(jsonType, R"({"choices":[)");
    fail("backend_unreachable");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Aborted);
    QCOMPARE(call->body(), QByteArray(R"({"choices":[)"));
}

void TestInferAnswers::lostPublisher_data()
{
    QTest::addColumn<QByteArray>("contentType");
    QTest::addColumn<ApiCall::End>("end");
    QTest::newRow("before the answer") << QByteArray() << ApiCall::End::Responded;
    QTest::newRow("in a stream") << QByteArray(eventStream) << ApiCall::End::Cut;
    QTest::newRow("in another body") << QByteArray(jsonType) << ApiCall::End::Aborted;
}

void TestInferAnswers::lostPublisher()
{
    QFETCH(QByteArray, contentType);
    QFETCH(ApiCall::End, end);
    auto call = contentType.isEmpty() ? m_api->chat("m") : begin(contentType, oneEvent);
    m_publisher->breakOff();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), end);
    QCOMPARE(call->status(), contentType.isEmpty() ? 502 : 200);
    QCOMPARE(call->body().contains("publisher_lost"), end != ApiCall::End::Aborted);
}

void TestInferAnswers::silentBackend()
{
    const auto silent = m_api->chat("m");
    QVERIFY(m_api->nextInfer(*m_publisher));
    m_api->clock.advance(20s);
    QCOMPARE(silent->status(), 504);
    QCOMPARE(silent->errorCode(), QStringLiteral("backend_timeout"));
    QVERIFY(m_publisher->next<channel::Cancel>());

    const auto halting = begin(eventStream, oneEvent);
    m_api->clock.advance(10s);
    QCOMPARE(halting->end(), ApiCall::End::Cut);
    QVERIFY(halting->body().contains("backend_timeout"));
    QVERIFY(m_publisher->next<channel::Cancel>());
}

void TestInferAnswers::stalledClientStallsItsBackend()
{
    const QByteArray window(channel::initialCredit, 'x');
    const auto call = begin(eventStream, window, "/v1/chat/completions", false);
    QCOMPARE(call->waitingBytes(), window.size());
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Window>(), 0);

    // Grants come in portions, for what has left and not for what is still here.
    call->take(channel::grantThreshold - 1);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Window>(), 0);
    call->take(1);
    const auto first = m_publisher->next<channel::Window>();
    QVERIFY(first);
    QCOMPARE(first->task, m_task);
    QCOMPARE(first->bytes, channel::grantThreshold);
    call->take(window.size());
    const auto second = m_publisher->next<channel::Window>();
    QVERIFY(second);
    QCOMPARE(second->bytes, channel::initialCredit - channel::grantThreshold);

    // All that was granted may come, and not a byte more.
    m_publisher->sendBody(m_task, window);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(call->waitingBytes(), window.size());
    m_publisher->sendBody(m_task, "x");
    QCOMPARE(m_publisher->closeCode(), static_cast<int>(channel::CloseCode::PolicyViolation));
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Cut);
}

void TestInferAnswers::eventsArePassedOnAtOnce()
{
    const auto call = begin(eventStream);
    for (int i = 0; i < 3; ++i) {
        const QByteArray one = "data: " + QByteArray::number(i) + "\n\n";
        m_publisher->sendBody(m_task, one);
        QVERIFY(call->waitForBody(one));
    }
    // A client that reads keeps its backend going without end.
    for (int sent = 0; sent < 1024 * 1024; sent += 64 * 1024) {
        m_publisher->sendBody(m_task, QByteArray(64 * 1024, 'x'));
        QVERIFY(m_publisher->next<channel::Window>());
    }
}

void TestInferAnswers::clientGoneIsACancel_data()
{
    QTest::addColumn<bool>("begun");
    QTest::newRow("before the answer") << false;
    QTest::newRow("in the middle of it") << true;
}

void TestInferAnswers::clientGoneIsACancel()
{
    QFETCH(bool, begun);
    auto call = begun ? begin(eventStream, oneEvent) : m_api->chat("m");
    if (!begun)
        m_task = m_api->nextInfer(*m_publisher)->message.task;
    call->leave();
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QCOMPARE(cancel->task, m_task);
    // The slot is taken until the publisher has confirmed.
    const LlmId id = m_api->server.llm(QStringLiteral("m")).id;
    QCOMPARE(m_api->server.relay.running(id), 1);
    m_publisher->sendBody(m_task, oneEvent);
    m_publisher->send(channel::Cancelled{m_task});
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_api->server.relay.running(id), 0);
    QCOMPARE(call->body(), QByteArray(begun ? oneEvent : ""));
    QCOMPARE(call->end(), ApiCall::End::Not);
}

void TestInferAnswers::clientGoneInTheMiddle()
{
    // The end of the answer and the client's departure in one turn of the event loop.
    const auto call = begin(eventStream, oneEvent, "/v1/chat/completions", false);
    m_publisher->send(channel::ResponseEnd{m_task});
    QVERIFY(call->waitForEnd());
    call->take(1);
    call->leave();
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
}

QTEST_GUILESS_MAIN(TestInferAnswers)
#include "tst_inferanswers.moc"
