// Requests to public Llms that pass through: what the backend gets, what the client gets, and what ends them.

#include "publicllmtest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace hearth::testsupport;
using namespace Qt::StringLiterals;

class TestPublicPassThrough final : public PublicLlmTest
{
    Q_OBJECT

private Q_SLOTS:
    void requestAsTheBackendGetsIt();
    void messagesOfAnthropic();
    void versionOfTheCaller();
    void backendWithoutAKey();
    void largeBodyArrivesAsItIs();
    void answerAsItComes();
    void statusPassesThrough_data();
    void statusPassesThrough();
    void slotIsHeldUntilTheEnd();
    void nothingIsCalledInsideStart();
    void cancelClosesTheConnection();
    void cancelInEveryCall_data();
    void cancelInEveryCall();
    void cancelBeforeAnythingWasSent();
    void nextRequestStartsWhenASlotIsFree();
    void unableBackendIsLeftForAnotherOne();
    void backPressure();
    void keyIsInTheRequestAndNowhereElse();
};

void TestPublicPassThrough::requestAsTheBackendGetsIt()
{
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name, R"({"z":1.0,"mod\u0065l":"m","z":1e400,"messages":[]})");
    request.query = "beta=true";
    request.fields = {{"content-type", "application/json; charset=utf-8"},
                      {"authorization", "Bearer hk_caller"},
                      {"x-api-key", "hk_caller"},
                      {"cookie", "a=b"},
                      {"openai-organization", "org"},
                      {"accept", "text/event-stream"}};
    start(recorder, request);
    const QByteArray body = R"({"z":1.0,"mod\u0065l":"backend/model","z":1e400,"messages":[]})";
    Peer &peer = peerWithRequest(body.size());
    QCOMPARE(peer.body(), body);
    const QByteArray head = peer.received().first(peer.received().indexOf("\r\n\r\n")).toLower();
    QVERIFY(head.startsWith("post /v1/chat/completions?beta=true http/1.1\r\n"));
    QCOMPARE(head.count("authorization:"), 1);
    QVERIFY(peer.received().contains(QByteArray("authorization: Bearer " + QByteArray(apiKey) + "\r\n")));
    for (const char *kept : {"\ncontent-type: application/json; charset=utf-8", "\nopenai-organization: org",
                             "\naccept: text/event-stream", "\naccept-encoding: identity"})
        QVERIFY2(head.contains(kept), head.constData());
    for (const char *dropped : {"hk_caller", "cookie", "x-api-key", "anthropic-version"})
        QVERIFY2(!head.contains(dropped), head.constData());
    peer.answer();
    QTRY_VERIFY(recorder.hasEnded());
}

void TestPublicPassThrough::messagesOfAnthropic()
{
    m_llm.type = u"anthropic"_s;
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name, R"({"max_tokens":1,"model":"m","future":{"a":1.0}})");
    request.path = "/messages";
    start(recorder, request);
    const QByteArray body = R"({"max_tokens":1,"model":"backend/model","future":{"a":1.0}})";
    Peer &peer = peerWithRequest(body.size());
    QCOMPARE(peer.body(), body);
    QVERIFY(peer.received().startsWith("POST /v1/messages HTTP/1.1\r\n"));
    QVERIFY(peer.received().contains(QByteArray("x-api-key: " + QByteArray(apiKey) + "\r\n")));
    QVERIFY(peer.received().contains("anthropic-version: 2023-06-01\r\n"));
    QVERIFY(!peer.received().toLower().contains("authorization"));
    peer.answer("{\"type\":\"message\"}");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("{\"type\":\"message\"}"));
}

void TestPublicPassThrough::versionOfTheCaller()
{
    m_llm.type = u"anthropic"_s;
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name);
    request.path = "/messages";
    request.fields = {{"Anthropic-Version", "2099-01-01"}, {"anthropic-beta", "b"}};
    start(recorder, request);
    Peer &peer = peerWithRequest();
    QCOMPARE(peer.received().toLower().count("anthropic-version"), 1);
    QVERIFY(peer.received().contains("Anthropic-Version: 2099-01-01\r\n"));
    QVERIFY(peer.received().contains("anthropic-beta: b\r\n"));
    peer.answer();
    QTRY_VERIFY(recorder.hasEnded());
}

void TestPublicPassThrough::backendWithoutAKey()
{
    m_llm.sealedApiKey.clear();
    AnswerRecorder recorder;
    start(recorder);
    Peer &peer = peerWithRequest();
    QVERIFY(!peer.received().toLower().contains("authorization"));
    peer.answer("ok");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("ok"));
}

void TestPublicPassThrough::largeBodyArrivesAsItIs()
{
    QByteArray text;
    for (int i = 0; i < 200'000; ++i)
        text += QByteArray::number(i) + ' ';
    AnswerRecorder recorder;
    start(recorder, R"({"before":")" + text + R"(","model":"m","after":")" + text + "\"}");
    const QByteArray body = R"({"before":")" + text + R"(","model":"backend/model","after":")" + text + "\"}";
    Peer &peer = peerWithRequest(body.size());
    QVERIFY(peer.body() == body);
    peer.answer();
    QTRY_VERIFY(recorder.hasEnded());
}

void TestPublicPassThrough::answerAsItComes()
{
    AnswerRecorder recorder;
    start(recorder);
    Peer &peer = peerWithRequest();
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nSet-Cookie: a=b\r\nServer: x\r\n"
               "openai-version: 1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n");
    QTRY_COMPARE(recorder.body, QByteArray("data: "));
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.fields, (HttpFields{{"Content-Type", "text/event-stream"}, {"openai-version", "1"}}));
    peer.write("3\r\n1\n\n\r\n0\r\n\r\n");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("data: 1\n\n"));
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s, u"ended"_s}));
}

void TestPublicPassThrough::statusPassesThrough_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {200, 201, 400, 401, 404, 422, 429, 500, 503, 529, 599})
        QTest::addRow("%d", status) << status;
}

void TestPublicPassThrough::statusPassesThrough()
{
    QFETCH(int, status);
    AnswerRecorder recorder;
    start(recorder);
    peerWithRequest().write("HTTP/1.1 " + QByteArray::number(status) +
                            " Some Words\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\n{\"a\"}");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, status);
    QCOMPARE(recorder.fields.value("retry-after"), QByteArray("7"));
    QCOMPARE(recorder.body, QByteArray("{\"a\"}"));
}

void TestPublicPassThrough::slotIsHeldUntilTheEnd()
{
    AnswerRecorder recorder;
    start(recorder);
    QCOMPARE(running(), 1);
    Peer &peer = peerWithRequest();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
    QTRY_COMPARE(recorder.body.size(), 1);
    QCOMPARE(running(), 1);
    peer.write("b");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(running(), 0);
    QCOMPARE(m_publicLlms->taskCount(), 0);
}

void TestPublicPassThrough::nothingIsCalledInsideStart()
{
    m_llm.type = u"anthropic"_s;
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name);
    request.path = "/embeddings";
    start(recorder, request);
    QCOMPARE(recorder.calls, QStringList());
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::InvalidRequest);
    QVERIFY2(recorder.error->message.contains("/v1/messages"_L1), qPrintable(recorder.error->message));
    QCOMPARE(running(), 0);
    QCOMPARE(m_server->peerCount(), 0);
}

void TestPublicPassThrough::cancelClosesTheConnection()
{
    AnswerRecorder recorder;
    const TaskId task = start(recorder);
    Peer &peer = peerWithRequest();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\na");
    QTRY_COMPARE(recorder.body.size(), 1);
    m_publicLlms->cancel(task);
    QCOMPARE(running(), 0);
    QTRY_VERIFY(peer.isClosed());
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s}));
    // Both are ignored for a task that has ended.
    m_publicLlms->cancel(task);
    m_publicLlms->consumed(task, 1);
}

void TestPublicPassThrough::cancelInEveryCall_data()
{
    QTest::addColumn<QString>("call");
    for (const char *call : {"head", "body", "ended", "failed"})
        QTest::newRow(call) << QString::fromLatin1(call);
}

void TestPublicPassThrough::cancelInEveryCall()
{
    QFETCH(QString, call);
    AnswerRecorder recorder;
    const TaskId task = start(recorder);
    recorder.reaction = [&](const QString &now) {
        if (now == call)
            m_publicLlms->cancel(task);
    };
    Peer &peer = peerWithRequest();
    const bool breaks = call == "failed"_L1;
    peer.write(QByteArray("HTTP/1.1 200 OK\r\nContent-Length: ") + (breaks ? "9" : "2") + "\r\n\r\nab");
    if (breaks)
        peer.close();
    QTRY_VERIFY(recorder.calls.contains(call));
    QTRY_COMPARE(running(), 0);
    // Another request on the same loop: time enough for calls that must not come.
    AnswerRecorder next;
    start(next);
    QTRY_VERIFY(m_server->hasRequest(m_server->peerCount() - 1));
    QCOMPARE(recorder.calls.constLast(), call);
    m_publicLlms.reset();
}

void TestPublicPassThrough::cancelBeforeAnythingWasSent()
{
    m_llm.type = u"anthropic"_s;
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name);
    request.path = "/embeddings";
    m_publicLlms->cancel(start(recorder, request));
    m_publicLlms->cancel(start(recorder));
    QCOMPARE(running(), 0);
    QTest::qWait(0);
    QCOMPARE(recorder.calls, QStringList());
}

void TestPublicPassThrough::nextRequestStartsWhenASlotIsFree()
{
    // Through the relay, whose next request starts from inside the end of the one before.
    m_llm.maxConcurrency = 1;
    m_registry->put(m_llm);
    relay::Relay relay(*m_registry, *m_clock, {});
    relay.setPublicTarget(*m_publicLlms);
    AnswerRecorder first;
    AnswerRecorder second;
    AnswerRecorder third;
    auto firstTask = relay.submit(m_llm.id, makeRequest(m_llm.name), caller(), first);
    auto secondTask = relay.submit(m_llm.id, makeRequest(m_llm.name), caller(), second);
    auto thirdTask = relay.submit(m_llm.id, makeRequest(m_llm.name), caller(), third);
    QVERIFY(firstTask);
    QVERIFY(secondTask);
    QVERIFY(thirdTask);
    peerWithRequest().answer("1");
    m_server->peer().takeReceived();
    QTRY_VERIFY(first.hasEnded());
    QTRY_VERIFY(m_server->hasRequest(0));
    secondTask.value().reset();
    peerWithRequest(0, 1).answer("3");
    QTRY_VERIFY(third.hasEnded());
    QCOMPARE(third.body, QByteArray("3"));
    QCOMPARE(second.calls, QStringList());
}

void TestPublicPassThrough::unableBackendIsLeftForAnotherOne()
{
    relay::Relay relay(*m_registry, *m_clock, {});
    relay.setPublicTarget(*m_publicLlms);
    m_llm.pool = QStringLiteral("p");
    m_registry->put(m_llm);
    domain::Llm other = m_llm;
    other.id = LlmId(QStringLiteral("other"));
    other.name = QStringLiteral("other");
    m_registry->put(other);
    AnswerRecorder recorder;
    const auto task = relay.submit(domain::PoolName{m_llm.pool}, makeRequest(m_llm.pool), caller(), recorder);
    QVERIFY(task);
    const QString first = task.value()->servedBy();
    peerWithRequest().answer("busy", "HTTP/1.1 503 Service Unavailable");
    peerWithRequest(0, 1).answer("x");
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(task.value()->servedBy() != first);
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.body, QByteArray("x"));
    QCOMPARE(relay.running(m_llm.id) + relay.running(other.id), 0);
}

void TestPublicPassThrough::backPressure()
{
    constexpr qint64 maxUnread = 256 * 1024;
    constexpr qint64 onePiece = 16 * 1024;
    constexpr qint64 size = 16 * 1024 * 1024;
    AnswerRecorder recorder;
    const TaskId task = start(recorder);
    Peer &peer = peerWithRequest();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n" + QByteArray(size, 'x'));
    QTRY_VERIFY(recorder.body.size() >= maxUnread);
    // Another answer passes while this one stands.
    AnswerRecorder other;
    start(other);
    peerWithRequest(0, 1).answer("quick");
    QTRY_VERIFY(other.hasEnded());
    QVERIFY(recorder.body.size() <= maxUnread + onePiece);
    QVERIFY(peer.bytesToWrite() > 0);
    qint64 consumed = recorder.body.size();
    m_publicLlms->consumed(task, consumed);
    recorder.reaction = [&](const QString &call) {
        if (call == "body"_L1)
            m_publicLlms->consumed(task, recorder.body.size() - std::exchange(consumed, recorder.body.size()));
    };
    QTRY_VERIFY_WITH_TIMEOUT(recorder.hasEnded(), 20'000);
    QCOMPARE(recorder.body.size(), size);
}

void TestPublicPassThrough::keyIsInTheRequestAndNowhereElse()
{
    AnswerRecorder recorder;
    start(recorder);
    Peer &peer = peerWithRequest();
    QVERIFY(peer.received().contains(apiKey));
    const QByteArray key(apiKey);
    peer.write("HTTP/1.1 401 Unauthorized\r\nopenai-error: bad key " + key +
               "\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nbad key \r\n5\r\n" + key.first(5) + "\r\n");
    QTRY_COMPARE(recorder.body, QByteArray("bad key "));
    peer.write(QByteArray::number(key.size() - 5, 16) + "\r\n" + key.sliced(5) + "\r\n4\r\n sk-\r\n0\r\n\r\n");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("bad key [key] sk-"));
    QVERIFY(!isKeyIn(recorder));

    AnswerRecorder broken;
    start(broken);
    QTRY_VERIFY(m_server->peerCount() == 2 || m_server->peer(0).received().count("POST") == 2);
    m_server->peer(m_server->peerCount() - 1).write("HTTP/1.1 200 " + key + "\r\nbroken " + key + "\r\n\r\n");
    QTRY_VERIFY(broken.error);
    QVERIFY(!isKeyIn(broken));
}

QTEST_GUILESS_MAIN(TestPublicPassThrough)
#include "tst_publicpassthrough.moc"
