// Chat completions of an Llm whose backend speaks the Messages API, over real connections.

#include "publicllmtest.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hearth;
using namespace hearth::publicllm;
using namespace hearth::testsupport;
using namespace Qt::StringLiterals;

class TestPublicTranslation final : public PublicLlmTest
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void request();
    void requestWithoutAModel();
    void largeRequest();
    void cancelledWhileItIsTranslated();
    void refusedRequest();
    void wholeAnswer();
    void streamedAnswer();
    void errorKeepsItsStatus();
    void errorAtTheBeginningOfAStream();
    void errorInAStream();
    void streamThatEndsEarly();
    void answerThatIsNone_data();
    void answerThatIsNone();
    void keyInAnError();

private:
    static constexpr char chat[] = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
    static constexpr char streamedChat[] = R"({"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]})";
    static constexpr char streamHead[] =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n";
    static constexpr char started[] =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"x\"}}\n\n";
};

void TestPublicTranslation::init()
{
    PublicLlmTest::init();
    m_llm.type = u"anthropic"_s;
}

void TestPublicTranslation::request()
{
    AnswerRecorder recorder;
    relay::InferRequest request = makeRequest(m_llm.name, chat);
    request.query = "a=b";
    request.fields = {{"content-type", "application/json"},
                      {"openai-organization", "org"},
                      {"anthropic-beta", "b"},
                      {"accept", "text/event-stream"}};
    start(recorder, request);
    const QByteArray body = R"({"model":"backend/model","max_tokens":4096,)"
                            R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})";
    Peer &peer = peerWithRequest(body.size());
    QCOMPARE(peer.body(), body);
    QVERIFY(peer.received().startsWith("POST /v1/messages HTTP/1.1\r\n"));
    QVERIFY(peer.received().contains("content-type: application/json\r\n"));
    QVERIFY(peer.received().contains("anthropic-beta: b\r\n"));
    QVERIFY(peer.received().contains("anthropic-version: 2023-06-01\r\n"));
    QVERIFY(peer.received().contains(QByteArray("x-api-key: " + QByteArray(apiKey) + "\r\n")));
    QVERIFY(!peer.received().contains("openai-organization"));
}

void TestPublicTranslation::requestWithoutAModel()
{
    AnswerRecorder recorder;
    start(recorder, R"({"messages":[{"role":"user","content":"hi"}]})");
    QTRY_VERIFY(m_server->hasRequest(0, 10));
    QCOMPARE(QJsonDocument::fromJson(m_server->peer().body())["model"_L1].toString(), u"backend/model"_s);
}

void TestPublicTranslation::largeRequest()
{
    makePublicLlms({.translateInline = 10});
    const QByteArray text(500'000, 'x');
    AnswerRecorder recorder;
    start(recorder, R"({"model":"m","messages":[{"role":"user","content":")" + text + "\"}]}");
    QTRY_VERIFY(m_server->hasRequest(0, text.size() + 100));
    QVERIFY(m_server->peer().body().contains(text));
    m_server->peer().answer(R"({"type":"message","content":[]})");
    QTRY_VERIFY(recorder.hasEnded());

    AnswerRecorder refused;
    start(refused, R"({"model":"m","messages":[]})");
    QTRY_VERIFY(refused.error);
    QVERIFY(refused.errorCode() == ErrorCode::InvalidRequest);
}

void TestPublicTranslation::cancelledWhileItIsTranslated()
{
    makePublicLlms({.translateInline = 0});
    AnswerRecorder recorder;
    m_publicLlms->cancel(start(recorder, chat));
    QCOMPARE(running(), 0);
    AnswerRecorder next;
    start(next, chat);
    peerWithRequest();
    QCOMPARE(m_server->peerCount(), 1);
    QCOMPARE(recorder.calls, QStringList());
}

void TestPublicTranslation::refusedRequest()
{
    AnswerRecorder recorder;
    start(recorder, R"({"model":"m","n":2,"messages":[{"role":"user","content":"hi"}]})");
    QCOMPARE(recorder.calls, QStringList());
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::InvalidRequest);
    QCOMPARE(recorder.error->param, u"n"_s);
    QCOMPARE(m_server->peerCount(), 0);
    QCOMPARE(running(), 0);
}

void TestPublicTranslation::wholeAnswer()
{
    AnswerRecorder recorder;
    start(recorder, chat);
    peerWithRequest(10).write(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nanthropic-organization-id: o\r\n"
        "Connection: close\r\n\r\n"
        R"({"id":"msg_1","type":"message","model":"x","content":[{"type":"text","text":"Hello"}],)"
        R"("stop_reason":"end_turn","usage":{"input_tokens":1,"output_tokens":2}})");
    m_server->peer().close();
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.fields, (HttpFields{{"content-type", "application/json"}, {"anthropic-organization-id", "o"}}));
    const QJsonDocument answer = QJsonDocument::fromJson(recorder.body);
    QCOMPARE(answer["choices"_L1][0]["message"_L1]["content"_L1].toString(), u"Hello"_s);
    QCOMPARE(answer["created"_L1].toInteger(), m_clock->wallNow().time_since_epoch() / std::chrono::seconds(1));
}

void TestPublicTranslation::streamedAnswer()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    QVERIFY(QJsonDocument::fromJson(peer.body())["stream"_L1].toBool());
    peer.write(QByteArray(streamHead) + started);
    QTRY_VERIFY(recorder.body.contains("assistant"));
    QCOMPARE(recorder.fields, (HttpFields{{"content-type", "text/event-stream"}}));
    peer.write(
        "data: "
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hel\"}}\n\n");
    QTRY_VERIFY(recorder.body.contains("\"content\":\"Hel\""));
    QVERIFY(!recorder.hasEnded());
    peer.write("data: {\"type\":\"message_stop\"}\n\n");
    peer.close();
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(recorder.body.endsWith("data: [DONE]\n\n"));
}

void TestPublicTranslation::errorKeepsItsStatus()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    const QByteArray body = R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})";
    peerWithRequest(10).write("HTTP/1.1 529 Overloaded\r\nContent-Type: application/json\r\nRetry-After: 3\r\n"
                              "Content-Length: " +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, 529);
    QCOMPARE(recorder.fields, (HttpFields{{"content-type", "application/json"}, {"Retry-After", "3"}}));
    QCOMPARE(recorder.body,
             QByteArray(R"({"error":{"message":"Overloaded","type":"overloaded_error","param":null,"code":null}})"));
}

void TestPublicTranslation::errorAtTheBeginningOfAStream()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(
        QByteArray(streamHead) +
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"No\"}}\n\n");
    peer.write("event: more\ndata: {}\n\n");
    peer.close();
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, 529);
    QCOMPARE(recorder.body,
             QByteArray(R"({"error":{"message":"No","type":"overloaded_error","param":null,"code":null}})"));
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s, u"ended"_s}));
}

void TestPublicTranslation::errorInAStream()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(QByteArray(streamHead) + started +
               "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Oh\"}}\n\n");
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendError);
    QVERIFY(recorder.error->message.contains("Oh"_L1));
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s, u"failed"_s}));
    QVERIFY(!recorder.body.contains("[DONE]"));
    QTRY_VERIFY(peer.isClosed());
    QCOMPARE(running(), 0);
}

void TestPublicTranslation::streamThatEndsEarly()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(QByteArray(streamHead) + started);
    peer.close();
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendError);
    QVERIFY(!recorder.body.contains("[DONE]"));
}

void TestPublicTranslation::answerThatIsNone_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("page") << QByteArray("<html></html>");
    QTest::newRow("too long") << QByteArray(2000, ' ');
}

void TestPublicTranslation::answerThatIsNone()
{
    QFETCH(QByteArray, body);
    makePublicLlms({.maxWholeAnswer = 1000});
    AnswerRecorder recorder;
    start(recorder, chat);
    peerWithRequest(10).answer(body);
    QTRY_VERIFY(recorder.error);
    QVERIFY(recorder.errorCode() == ErrorCode::BackendError);
    QCOMPARE(recorder.calls, QStringList{u"failed"_s});
}

void TestPublicTranslation::keyInAnError()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(QByteArray(streamHead) + started +
               R"(data: {"type":"error","error":{"type":"authentication_error","message":"bad )" + apiKey + "\"}}\n\n");
    QTRY_VERIFY(recorder.error);
    QVERIFY(!isKeyIn(recorder));
    QVERIFY(recorder.error->message.contains("bad [key]"_L1));
}

QTEST_GUILESS_MAIN(TestPublicTranslation)
#include "tst_publictranslation.moc"
