// Chat completions of an Llm whose backend speaks the Messages API, over real connections.

#include "answermeter.h"
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
    void usageThatNobodyAskedFor();
    void errorKeepsItsStatus();
    void errorAtTheBeginningOfAStream();
    void errorInAStream();
    void streamThatEndsEarly();
    void answerThatIsNone_data();
    void answerThatIsNone();
    void keyInAnError_data();
    void keyInAnError();
    void keyInAWholeError();
    void keyThatTheTranslationJoins();
    void streamIsOverWithItsMessage();
    void badEndBehindTheMessage();
    void wholeAnswerEndsByItsFraming();

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

void TestPublicTranslation::usageThatNobodyAskedFor()
{
    relay::InferRequest request = makeRequest(m_llm.name, streamedChat);
    request.body.setUsageEdit(metering::usageRequest(1));
    QVERIFY(request.addsUsageFor(m_llm));
    AnswerRecorder recorder;
    start(recorder, request);
    Peer &peer = peerWithRequest(10);
    QVERIFY(!peer.body().contains("stream_options"));
    peer.write(QByteArray(streamHead) + started +
               "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},"
               "\"usage\":{\"input_tokens\":25,\"output_tokens\":15}}\n\n"
               "data: {\"type\":\"message_stop\"}\n\n");
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(recorder.body.contains("\"choices\":[],\"usage\":"));

    // What the relay does with such an answer.
    using metering::AnswerMeter;
    AnswerMeter meter(metering::Operation::Chat, AnswerMeter::Form::EventStream, AnswerMeter::UsageChunk::Remove);
    QByteArray forwarded;
    QVERIFY(meter.take(recorder.body, [&forwarded](QByteArrayView piece) { forwarded.append(piece); }) > 0);
    QVERIFY(meter.usage() == (metering::TokenUsage{25, 15}));
    QVERIFY(!forwarded.contains("\"choices\":[]"));
    QVERIFY(forwarded.endsWith("\"finish_reason\":\"stop\"}],\"usage\":null}\n\ndata: [DONE]\n\n"));
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

void TestPublicTranslation::keyInAnError_data()
{
    QTest::addColumn<QByteArray>("spelled");
    const QByteArray key(apiKey);
    QTest::newRow("as it is") << key;
    QTest::newRow("escaped") << QByteArray("\\u0073k\\u002D" + key.sliced(3));
    QTest::newRow("twice escaped") << QByteArray(R"(\\u0073k\\u002d)" + key.sliced(3));
}

void TestPublicTranslation::keyInAnError()
{
    QFETCH(QByteArray, spelled);
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(QByteArray(streamHead) + started +
               R"(data: {"type":"error","error":{"type":"authentication_error","message":"bad )" + spelled +
               "\"}}\n\n");
    QTRY_VERIFY(recorder.error);
    QVERIFY(!isKeyIn(recorder));
    QVERIFY(recorder.error->message.contains("bad [key]"_L1));
}

void TestPublicTranslation::keyInAWholeError()
{
    AnswerRecorder recorder;
    start(recorder, chat);
    const QByteArray body = R"({"type":"error","error":{"type":"authentication_error","message":"bad \u0073k\u002D)" +
                            QByteArray(apiKey).sliced(3) + R"("}})";
    peerWithRequest(10).write("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\nContent-Length: " +
                              QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, 401);
    QVERIFY(!isKeyIn(recorder));
    QVERIFY2(recorder.body.contains("bad [key]"), recorder.body.constData());
}

void TestPublicTranslation::keyThatTheTranslationJoins()
{
    AnswerRecorder recorder;
    start(recorder, chat);
    const QByteArray key(apiKey);
    peerWithRequest(10).answer(R"({"type":"message","content":[{"type":"text","text":"It is )" + key.first(9) +
                               R"("},{"type":"text","text":")" + key.sliced(9) + R"("}],"stop_reason":"end_turn"})");
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(!isKeyIn(recorder));
    QVERIFY2(recorder.body.contains("It is [key]"), recorder.body.constData());
}

void TestPublicTranslation::streamIsOverWithItsMessage()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    peer.write(QByteArray(streamHead) + started + "data: {\"type\":\"message_stop\"}\n\nevent: more\n");
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(recorder.body.endsWith("data: [DONE]\n\n"));
    QCOMPARE(running(), 0);
    QTRY_VERIFY(peer.isClosed());
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s, u"ended"_s}));
}

void TestPublicTranslation::badEndBehindTheMessage()
{
    AnswerRecorder recorder;
    start(recorder, streamedChat);
    Peer &peer = peerWithRequest(10);
    const QByteArray events = QByteArray(started) + "data: {\"type\":\"message_stop\"}\n\n";
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
               QByteArray::number(events.size(), 16) + "\r\n" + events + "\r\nthis is no chunk\r\n");
    peer.close();
    QTRY_VERIFY(recorder.hasEnded() || recorder.error);
    QCOMPARE(recorder.calls, (QStringList{u"head"_s, u"body"_s, u"ended"_s}));
    QVERIFY(recorder.body.endsWith("data: [DONE]\n\n"));
}

void TestPublicTranslation::wholeAnswerEndsByItsFraming()
{
    AnswerRecorder recorder;
    start(recorder, chat);
    Peer &peer = peerWithRequest(10);
    const QByteArray body = R"({"type":"message","content":[{"type":"text","text":"Hello"}]})";
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
               QByteArray::number(body.size()) + "\r\n\r\n" + body);
    QTRY_VERIFY(recorder.hasEnded());
    QVERIFY(recorder.body.contains("Hello"));

    AnswerRecorder cut;
    start(cut, chat);
    QTRY_VERIFY(m_server->peerCount() == 2 || m_server->peer(0).received().count("POST") == 2);
    Peer &last = m_server->peer(m_server->peerCount() - 1);
    last.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" + body);
    last.close();
    QTRY_VERIFY(cut.error);
    QVERIFY(cut.errorCode() == ErrorCode::BackendError);
}

QTEST_GUILESS_MAIN(TestPublicTranslation)
#include "tst_publictranslation.moc"
