// Model requests that are not sent at once: large ones that are scanned elsewhere, and those that wait for a slot or
// are refused one.

#include "apiharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

/// A chat completion of `size` bytes with the name of the model behind all else.
QByteArray largeBody(qsizetype size, const QByteArray &model = R"("m")")
{
    const QByteArray head = R"({"messages":[{"role":"user","content":")";
    const QByteArray tail = R"("}], "model" : )" + model + " }";
    return head + QByteArray(size - head.size() - tail.size(), 'x') + tail;
}

} // namespace

class TestInferWaiting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void largeBodyIsScannedElsewhere_data();
    void largeBodyIsScannedElsewhere();
    void clientMayLeaveDuringTheScan();
    void serverMayStopDuringTheScan();

    void inactiveLlmIsRefused();
    void requestsWaitForASlot();
    void queueIsBounded();
    void clientMayLeaveTheQueue();
    void waitingIsBounded();
    void shutdownRefusesWhatIsNew();

private:
    std::unique_ptr<ApiHarness> m_api;
    std::unique_ptr<FakePublisher> m_publisher;
};

void TestInferWaiting::init()
{
    m_api = std::make_unique<ApiHarness>(ApiHarnessSettings{.relay = {.scheduler = {.maxWaiting = 2, .maxWait = 10s}}});
    channel::LlmEntry m = entry(QStringLiteral("m"));
    m.model = QStringLiteral("Qwen/\"2.5\"");
    m.maxConcurrency = 1;
    m_publisher = m_api->server.publish({m});
}

void TestInferWaiting::cleanup()
{
    m_publisher.reset();
    m_api.reset();
}

void TestInferWaiting::largeBodyIsScannedElsewhere_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("elsewhere");
    QTest::newRow("at the limit") << qsizetype(256 * 1024) << false;
    QTest::newRow("over the limit") << qsizetype(256 * 1024 + 1) << true;
    QTest::newRow("300 KiB") << qsizetype(300 * 1024) << true;
}

void TestInferWaiting::largeBodyIsScannedElsewhere()
{
    QFETCH(qsizetype, size);
    QFETCH(bool, elsewhere);
    const QByteArray body = largeBody(size);
    const auto call = m_api->post("/v1/chat/completions", body);
    const LlmId id = m_api->server.llm(QStringLiteral("m")).id;
    QCOMPARE(m_api->server.relay.running(id), elsewhere ? 0 : 1);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    const QByteArray spliced = R"("Qwen/\"2.5\"")";
    QVERIFY(infer->body == largeBody(size - 3 + spliced.size(), spliced));

    const auto unknown = m_api->post("/v1/chat/completions", largeBody(size, "5"));
    QVERIFY(unknown->waitForEnd());
    QCOMPARE(unknown->errorCode(), QStringLiteral("invalid_request"));
    const auto broken = m_api->post("/v1/messages", body.chopped(1));
    QVERIFY(broken->waitForEnd());
    QCOMPARE(broken->error(QLatin1String("type")), QStringLiteral("invalid_request_error"));
}

void TestInferWaiting::clientMayLeaveDuringTheScan()
{
    auto call = m_api->post("/v1/chat/completions", largeBody(300 * 1024));
    call->leave();
    QVERIFY(m_api->scanners.waitForDone(5000));
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    QCOMPARE(m_api->server.relay.running(m_api->server.llm(QStringLiteral("m")).id), 0);
    QCOMPARE(call->end(), ApiCall::End::Not);
}

void TestInferWaiting::serverMayStopDuringTheScan()
{
    auto call = m_api->post("/v1/chat/completions", largeBody(8 * 1024 * 1024));
    m_publisher.reset();
    call.reset();
    m_api.reset();
    QCoreApplication::processEvents();
}

void TestInferWaiting::inactiveLlmIsRefused()
{
    m_publisher->breakOff();
    QTRY_VERIFY(m_api->server.llm(QStringLiteral("m")).status == domain::LlmStatus::Inactive);
    const auto call = m_api->chat("m");
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("publisher_offline"));
    QCOMPARE(call->error(QLatin1String("message")), QStringLiteral("Llm 'm' is inactive; publisher offline"));
    QCOMPARE(call->error(QLatin1String("type")), QStringLiteral("server_error"));
}

void TestInferWaiting::requestsWaitForASlot()
{
    const auto first = m_api->chat("m");
    const auto second = m_api->post("/v1/completions", R"({"model":"m"})");
    const auto running = m_api->nextInfer(*m_publisher);
    QVERIFY(running);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    m_publisher->answer(running->message.task, 200, "{}");
    QVERIFY(first->waitForEnd());
    const auto next = m_api->nextInfer(*m_publisher);
    QVERIFY(next);
    QCOMPARE(next->message.path, QByteArray("/completions"));
    QCOMPARE(second->end(), ApiCall::End::Not);
}

void TestInferWaiting::queueIsBounded()
{
    const auto running = m_api->chat("m");
    const auto second = m_api->chat("m");
    const auto third = m_api->chat("m");
    const auto refused = m_api->chat("m");
    QCOMPARE(refused->status(), 429);
    QCOMPARE(refused->errorCode(), QStringLiteral("queue_full"));
    const int retryAfter = refused->field("retry-after").toInt();
    QVERIFY(retryAfter >= 1 && retryAfter <= 59);
    QCOMPARE(third->end(), ApiCall::End::Not);
}

void TestInferWaiting::clientMayLeaveTheQueue()
{
    const auto running = m_api->chat("m");
    const auto waiting = m_api->chat("m");
    const LlmId id = m_api->server.llm(QStringLiteral("m")).id;
    QCOMPARE(m_api->server.relay.waiting(id), 1);
    waiting->leave();
    QCOMPARE(m_api->server.relay.waiting(id), 0);
    const auto infer = m_api->nextInfer(*m_publisher);
    m_publisher->answer(infer->message.task, 200, "{}");
    QVERIFY(running->waitForEnd());
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    QCOMPARE(waiting->end(), ApiCall::End::Not);
}

void TestInferWaiting::waitingIsBounded()
{
    const auto running = m_api->chat("m");
    const auto waiting = m_api->chat("m");
    m_api->clock.advance(10s);
    QCOMPARE(waiting->status(), 503);
    QCOMPARE(waiting->errorCode(), QStringLiteral("queue_timeout"));
    QVERIFY(!waiting->field("retry-after").isEmpty());
    QCOMPARE(running->end(), ApiCall::End::Not);
}

void TestInferWaiting::shutdownRefusesWhatIsNew()
{
    const auto running = m_api->chat("m");
    const auto waiting = m_api->chat("m");
    const auto scanned = m_api->post("/v1/chat/completions", largeBody(300 * 1024));
    m_api->server.relay.beginShutdown();
    const auto late = m_api->chat("m");
    for (const ApiCall *call : {waiting.get(), scanned.get(), late.get()}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 503);
        QCOMPARE(call->errorCode(), QStringLiteral("shutting_down"));
        QVERIFY(!call->field("retry-after").isEmpty());
    }
    const TaskId task = m_api->beginAnswer(*m_publisher, "application/json", "{}");
    m_publisher->send(channel::ResponseEnd{task});
    QVERIFY(running->waitForEnd());
    QCOMPARE(running->status(), 200);
    QCOMPARE(m_api->get("/v1/models")->status(), 200);
}

QTEST_GUILESS_MAIN(TestInferWaiting)
#include "tst_inferwaiting.moc"
