// Chats that wait, fail or lose their client: what is told, and what is stored all the same.

#include "chatroutetest.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestChatWaiting final : public ChatRouteTest
{
    Q_OBJECT

private Q_SLOTS:
    void failureBeforeTheHead_data();
    void failureBeforeTheHead();
    void failureAfterTheHead();
    void storageIsAway();
    void clientLeaves_data();
    void clientLeaves();
    void wakeIsTold();
    void failedWakeIsToldInTheStream();
    void queueIsTold();
    void clientThatDoesNotStreamIsHeldForAWhile();

private:
    /// Puts the Llm to sleep.
    void sleep() { QVERIFY(m_publisher->registerLlms({sleepingEntry(QStringLiteral("m"))})); }
};

void TestChatWaiting::failureBeforeTheHead_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("whole") << QByteArray(R"({"message":"Hi"})");
    QTest::newRow("streaming") << QByteArray(R"({"message":"Hi","stream":true})");
}

void TestChatWaiting::failureBeforeTheHead()
{
    QFETCH(QByteArray, body);
    const auto call = post(body);
    const auto infer = m_api->nextInfer(*m_publisher);
    QVERIFY(infer);
    m_publisher->answer(infer->message.task, 400, R"({"error":{"message":"context too long"}})");
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 502);
    QCOMPARE(call->errorCode(), QStringLiteral("backend_error"));
    QCOMPARE(call->error(QLatin1String("message")),
             QStringLiteral("The backend answered with status 400: context too long"));

    m_publisher->close();
    QTRY_VERIFY(llm().status == domain::LlmStatus::Inactive);
    const auto late = post(body);
    QVERIFY(late->waitForEnd());
    QCOMPARE(late->status(), 503);
    QCOMPARE(late->errorCode(), QStringLiteral("publisher_offline"));
}

void TestChatWaiting::failureAfterTheHead()
{
    const auto call = post(R"({"message":"Hi","stream":true})");
    m_api->beginAnswer(*m_publisher, "text/event-stream", said("half"));
    QVERIFY(call->waitForBody("half"));
    m_publisher->breakOff();
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Cut);
    const auto told = events(call->body());
    QCOMPARE(told.size(), 2);
    QCOMPARE(told[1].first, QByteArray("error"));
    QCOMPARE(told[1].second[QLatin1String("error")][QLatin1String("code")].toString(),
             QStringLiteral("publisher_lost"));
    QVERIFY(!call->body().contains("event: final"));
}

void TestChatWaiting::storageIsAway()
{
    make({.databaseIsAway = true});
    for (const auto &call : {post(R"({"message":"Hi"})"), m_api->get("/api/v1/agents/coder/threads"),
                             m_api->get("/api/v1/threads/t"), m_api->get("/api/v1/threads/t/messages")}) {
        QVERIFY(call->waitForEnd());
        QCOMPARE(call->status(), 503);
        QCOMPARE(call->errorCode(), QStringLiteral("storage_unavailable"));
        QVERIFY(!call->field("retry-after").isEmpty());
    }
}

void TestChatWaiting::clientLeaves_data()
{
    QTest::addColumn<bool>("streams");
    QTest::addColumn<bool>("early");
    QTest::newRow("before anything is stored") << false << true;
    QTest::newRow("before the answer") << false << false;
    QTest::newRow("streaming, before anything is stored") << true << true;
    QTest::newRow("in mid-stream") << true << false;
}

void TestChatWaiting::clientLeaves()
{
    QFETCH(bool, streams);
    QFETCH(bool, early);
    auto call = post(streams ? R"({"message":"Hi","stream":true})" : R"({"message":"Hi"})");
    if (early)
        call.reset();
    const TaskId task = m_api->beginAnswer(*m_publisher, "text/event-stream", said("Hel"));
    if (streams && !early)
        QVERIFY(call->waitForBody("Hel"));
    call.reset();
    finish(task, said("lo") + streamEnd);
    QTRY_VERIFY(m_api->chats.isIdle());
    const auto threads = m_api->get("/api/v1/agents/coder/threads");
    QVERIFY(threads->waitForEnd());
    const QJsonObject thread = threads->json()[QLatin1String("data")][0].toObject();
    const QJsonObject last = messagesOf(thread[QLatin1String("id")].toString().toLatin1()).last().toObject();
    QCOMPARE(last[QLatin1String("content")].toString(), QStringLiteral("Hello"));
    QCOMPARE(last[QLatin1String("status")].toString(), QStringLiteral("complete"));
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
}

void TestChatWaiting::wakeIsTold()
{
    sleep();
    const auto call = post(R"({"message":"Hi","stream":true})");
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    m_api->clock.advance(2s - 1ms);
    QCOMPARE(call->status(), 0);
    m_api->clock.advance(1ms);
    QVERIFY(call->waitForBody(": waking m, 2 s of at most 90 s\n\n"));
    m_api->clock.advance(5s);
    QVERIFY(call->waitForBody(": waking m, 7 s of at most 90 s\n\n"));
    m_publisher->send(channel::WakeResult{.task = wake->task, .ok = true, .durationMs = 7000});
    answer(said("Hello") + streamEnd);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Finished);
    QCOMPARE(events(call->body()).size(), 2);
}

void TestChatWaiting::failedWakeIsToldInTheStream()
{
    sleep();
    const auto call = post(R"({"message":"Hi","stream":true})");
    const auto whole = post(R"({"message":"Hi"})");
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    // Both have to be stored before they wait.
    QTRY_COMPARE(m_api->server.relay.waiting(llm().id), 2);
    m_api->clock.advance(3s);
    m_publisher->send(channel::WakeResult{
        .task = wake->task, .code = QStringLiteral("wake_failed"), .message = QStringLiteral("exit status 3")});
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->end(), ApiCall::End::Cut);
    QVERIFY(call->body().contains("event: error\ndata: {\"error\":{"));
    QVERIFY(call->body().contains("exit status 3"));
    QVERIFY(whole->waitForEnd());
    QCOMPARE(whole->status(), 503);
    QCOMPARE(whole->errorCode(), QStringLiteral("wake_failed"));
}

void TestChatWaiting::queueIsTold()
{
    const auto first = post(R"({"message":"1"})");
    const TaskId running = m_api->beginAnswer(*m_publisher, "text/event-stream", said("x"));
    const auto second = post(R"({"message":"2","stream":true})");
    QTRY_COMPARE(m_api->server.relay.waiting(llm().id), 1);
    m_api->clock.advance(2s);
    QVERIFY(second->waitForBody(": queued 1 of 1\n\n"));
    finish(running, streamEnd);
    answer(said("y") + streamEnd);
    QVERIFY(second->waitForEnd());
    QCOMPARE(second->end(), ApiCall::End::Finished);
}

void TestChatWaiting::clientThatDoesNotStreamIsHeldForAWhile()
{
    make({.api = {.wakeMaxHold = 30s}});
    sleep();
    const auto call = post(R"({"message":"Hi"})");
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    m_api->clock.advance(30s);
    QVERIFY(call->waitForEnd());
    QCOMPARE(call->status(), 503);
    QCOMPARE(call->errorCode(), QStringLiteral("queue_timeout"));
    QVERIFY(!call->field("retry-after").isEmpty());
    // The thread is free, and the wake goes on.
    QVERIFY(m_api->chats.isIdle());
    const auto retry = post(R"({"message":"Hi"})");
    m_publisher->send(channel::WakeResult{.task = wake->task, .ok = true, .durationMs = 31000});
    answer(said("Hello") + streamEnd);
    QVERIFY(retry->waitForEnd());
    QCOMPARE(retry->status(), 200);
}

QTEST_GUILESS_MAIN(TestChatWaiting)
#include "tst_chatwaiting.moc"
