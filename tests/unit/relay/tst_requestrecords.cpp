// What is said of a request when it is over, what its key is charged, and how the usage is read out of its answer.

#include "relaypooltest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

HttpFields eventStream()
{
    return {{"content-type", "text/event-stream"}};
}

} // namespace

class TestRequestRecords final : public RelayPoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void keyIsHeldToItsLimits();
    void keyHoldsItsPlaceForAsLongAsASlot();
    void tokensCountForTheKey();

    void outcomes_data();
    void outcomes();

    void streamsThatTellNoEnd_data();
    void streamsThatTellNoEnd();
    void clientThatLeavesUponAnError();
    void cutStreamsAreChargedAnEstimate_data();
    void cutStreamsAreChargedAnEstimate();

    void usageChunkIsTakenOut_data();
    void usageChunkIsTakenOut();
    void takenOutBytesAreGranted();
    void heldBackBytesComeBeforeTheError();

    void timesAreTold();
    void givenUpIsNotCancelled();
};

void TestRequestRecords::keyIsHeldToItsLimits()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = 8; });
    domain::ApiKey key = caller().key();
    key.limits.maxConcurrent = 1;
    const domain::Principal limited(std::make_shared<const domain::ApiKey>(key));
    AnswerRecorder recorders[3];
    const auto request = [] { return makeRequest(QStringLiteral("p")); };
    const auto first = m_relay->submit(m_pool, request(), limited, recorders[0]);
    const auto refused = m_relay->submit(m_pool, request(), limited, recorders[1]);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    QVERIFY(records()[0].outcome == Outcome::Refused);
    QVERIFY(records()[0].error == ErrorCode::RateLimited);
    box.succeed(box.nextTask());
    QVERIFY(m_relay->submit(m_pool, request(), limited, recorders[2]));
}

void TestRequestRecords::keyHoldsItsPlaceForAsLongAsASlot()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = 8; });
    domain::ApiKey key = caller().key();
    key.limits.maxConcurrent = 1;
    const domain::Principal limited(std::make_shared<const domain::ApiKey>(key));
    AnswerRecorder recorders[3];
    const auto request = [] { return makeRequest(QStringLiteral("p")); };
    auto leaving = m_relay->submit(m_pool, request(), limited, recorders[0]);
    const TaskId task = box.nextTask();
    leaving.value().reset();
    QVERIFY(records()[0].outcome == Outcome::Cancelled);
    // The backend still works for the one that has left.
    QCOMPARE(m_relay->running(box.llm.id), 1);
    const auto refused = m_relay->submit(m_pool, request(), limited, recorders[1]);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    QVERIFY(m_relay->admit(m_pool, request(), limited).error().code == ErrorCode::RateLimited);
    QCOMPARE(records().size(), 3);
    QVERIFY(records()[2].outcome == Outcome::Refused);
    QVERIFY(records()[2].error == ErrorCode::RateLimited);
    QCOMPARE(records()[2].model, QStringLiteral("p"));
    box.link->receive(channel::Cancelled{task});
    QVERIFY(m_relay->admit(m_pool, request(), limited));
    QVERIFY(m_relay->submit(m_pool, request(), limited, recorders[2]));
}

void TestRequestRecords::tokensCountForTheKey()
{
    Box &box = addBox(QStringLiteral("a"));
    domain::ApiKey key = caller().key();
    key.limits.tokensPerMinute = 100;
    const domain::Principal limited(std::make_shared<const domain::ApiKey>(key));
    AnswerRecorder recorders[2];
    const auto first = m_relay->submit(m_pool, makeRequest(QStringLiteral("p")), limited, recorders[0]);
    const TaskId task = box.nextTask();
    box.head(task, 200);
    box.link->receiveBody(task, R"({"usage":{"prompt_tokens":90,"completion_tokens":60}})");
    box.link->receive(channel::ResponseEnd{task});
    QVERIFY(records()[0].usage == (metering::TokenUsage{90, 60}));
    const auto refused = m_relay->submit(m_pool, makeRequest(QStringLiteral("p")), limited, recorders[1]);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::RateLimited);
    QVERIFY(refused.error().retryAfter);
}

void TestRequestRecords::outcomes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("end");
    QTest::addColumn<Outcome>("outcome");
    QTest::newRow("succeeded") << 200 << QStringLiteral("end") << Outcome::Succeeded;
    QTest::newRow("rejected") << 400 << QStringLiteral("end") << Outcome::Rejected;
    QTest::newRow("unable") << 503 << QStringLiteral("end") << Outcome::Rejected;
    QTest::newRow("cut") << 200 << QStringLiteral("error") << Outcome::Truncated;
    QTest::newRow("lost") << 200 << QStringLiteral("lose") << Outcome::Truncated;
    QTest::newRow("idle") << 200 << QStringLiteral("idle") << Outcome::Truncated;
    QTest::newRow("no head") << 0 << QStringLiteral("error") << Outcome::Failed;
    QTest::newRow("no first byte") << 0 << QStringLiteral("idle") << Outcome::Failed;
    QTest::newRow("left") << 0 << QStringLiteral("leave") << Outcome::Cancelled;
    QTest::newRow("left in mid-answer") << 200 << QStringLiteral("leave") << Outcome::Cancelled;
}

void TestRequestRecords::outcomes()
{
    QFETCH(int, status);
    QFETCH(QString, end);
    QFETCH(Outcome, outcome);
    Box &box = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    auto task = submit(m_pool, recorder);
    const TaskId id = box.nextTask();
    if (status > 0)
        box.head(id, status);
    if (end == QLatin1String("end"))
        box.link->receive(channel::ResponseEnd{id});
    else if (end == QLatin1String("error"))
        box.fail(id, "backend_error");
    else if (end == QLatin1String("lose"))
        lose(box);
    else if (end == QLatin1String("leave"))
        task.value().reset();
    else
        m_clock->advance(status > 0 ? RelaySettings().idle : RelaySettings().firstByte);
    QCOMPARE(records().size(), 1);
    const RequestRecord record = records()[0];
    QVERIFY(record.outcome == outcome);
    QCOMPARE(record.status, status);
    QCOMPARE(record.error.has_value(), outcome == Outcome::Failed || outcome == Outcome::Truncated);
    QCOMPARE(record.llm, QStringLiteral("a"));
    QCOMPARE(record.model, QStringLiteral("p"));
    QCOMPARE(record.owner, QStringLiteral("alice"));
    QCOMPARE(record.attempts, 1);
    QCOMPARE(m_relay->inFlight(), 0);
}

void TestRequestRecords::streamsThatTellNoEnd_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("stream");
    QTest::addColumn<Outcome>("outcome");
    const QByteArray delta = "data: {\"choices\":[{\"delta\":{},\"finish_reason\":null}]}\n\n";
    const QByteArray error = "data: {\"error\":{\"message\":\"out of memory\"}}\n\n";
    const QByteArray done = "data: [DONE]\n\n";
    const QByteArray chat = "/chat/completions";
    QTest::newRow("complete") << chat << QByteArray(delta + done) << Outcome::Succeeded;
    QTest::newRow("cut off") << chat << delta << Outcome::Truncated;
    QTest::newRow("empty") << chat << QByteArray() << Outcome::Truncated;
    QTest::newRow("error and done") << chat << QByteArray(delta + error + done) << Outcome::Truncated;
    QTest::newRow("responses") << QByteArray("/responses") << QByteArray("event: response.failed\ndata: {}\n\n")
                               << Outcome::Truncated;
    QTest::newRow("messages") << QByteArray("/messages") << QByteArray("event: ping\ndata: {}\n\n")
                              << Outcome::Truncated;
}

void TestRequestRecords::streamsThatTellNoEnd()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, stream);
    QFETCH(Outcome, outcome);
    Box &box = addBox(QStringLiteral("a"));
    InferRequest request = makeRequest(QStringLiteral("p"));
    request.path = path;
    AnswerRecorder recorder;
    const auto task = submit(m_pool, std::move(request), recorder);
    const TaskId id = box.nextTask();
    box.head(id, 200, eventStream());
    box.link->receiveBody(id, stream);
    box.link->receive(channel::ResponseEnd{id});
    // The client gets what the backend has sent, and nothing else.
    QVERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, stream);
    QVERIFY(records()[0].outcome == outcome);
    QCOMPARE(records()[0].error, outcome == Outcome::Truncated ? std::optional(ErrorCode::BackendError) : std::nullopt);
}

void TestRequestRecords::clientThatLeavesUponAnError()
{
    Box &box = addBox(QStringLiteral("a"));
    AnswerRecorder recorder;
    auto task = submit(m_pool, recorder);
    const TaskId id = box.nextTask();
    box.head(id, 200, eventStream());
    box.link->receiveBody(id, "data: {\"error\":{\"message\":\"out of memory\"}}\n\n");
    task.value().reset();
    QVERIFY(records()[0].outcome == Outcome::Truncated);
    QVERIFY(records()[0].error == ErrorCode::BackendError);
}

void TestRequestRecords::cutStreamsAreChargedAnEstimate_data()
{
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<QString>("end");
    QTest::addColumn<int>("charged");
    // A request of 400 bytes and 20 events.
    QTest::newRow("client has left") << QByteArray() << QStringLiteral("leave") << 120;
    QTest::newRow("publisher is lost") << QByteArray() << QStringLiteral("lose") << 120;
    QTest::newRow("no end") << QByteArray() << QStringLiteral("end") << 120;
    QTest::newRow("told so far")
        << QByteArray("data: {\"choices\":[{}],\"usage\":{\"prompt_tokens\":30,\"completion_tokens\":1}}\n\n")
        << QStringLiteral("leave") << 51;
    QTest::newRow("complete without usage") << QByteArray("data: [DONE]\n\n") << QStringLiteral("end") << 0;
}

void TestRequestRecords::cutStreamsAreChargedAnEstimate()
{
    QFETCH(QByteArray, usage);
    QFETCH(QString, end);
    QFETCH(int, charged);
    Box &box = addBox(QStringLiteral("a"));
    domain::ApiKey key = caller().key();
    key.limits.tokensPerMinute = 120;
    const domain::Principal limited(std::make_shared<const domain::ApiKey>(key));
    QByteArray body = R"({"model":"p","x":""})";
    body.insert(body.size() - 2, QByteArray(400 - body.size(), 'x'));
    AnswerRecorder recorders[2];
    auto task = m_relay->submit(m_pool, makeRequest(QStringLiteral("p"), body), limited, recorders[0]);
    const TaskId id = box.nextTask();
    box.head(id, 200, eventStream());
    const QByteArray stream = QByteArray("data: {\"choices\":[{}]}\n\n: alive\n\n").repeated(20) + usage;
    box.link->receiveBody(id, stream);
    if (end == QLatin1String("leave"))
        task.value().reset();
    else if (end == QLatin1String("lose"))
        lose(box);
    else
        box.link->receive(channel::ResponseEnd{id});
    // What backends have not said is not counted as if they had.
    QCOMPARE(records()[0].usage.has_value(), usage.contains("usage"));
    const auto next = m_relay->submit(m_pool, makeRequest(QStringLiteral("p")), limited, recorders[1]);
    if (charged < key.limits.tokensPerMinute)
        QVERIFY(next || next.error().code != ErrorCode::RateLimited);
    else
        QVERIFY(next.error().code == ErrorCode::RateLimited);
}

void TestRequestRecords::usageChunkIsTakenOut_data()
{
    QTest::addColumn<bool>("isAsked");
    QTest::addColumn<bool>("llmTakesIt");
    QTest::newRow("asked by Hearth") << false << true;
    QTest::newRow("asked by the client") << true << true;
    QTest::newRow("asked by nobody") << false << false;
}

void TestRequestRecords::usageChunkIsTakenOut()
{
    QFETCH(bool, isAsked);
    QFETCH(bool, llmTakesIt);
    Box &box = addBox(QStringLiteral("a"), [&](domain::Llm &llm) { llm.streamUsage = llmTakesIt; });
    InferRequest request = makeRequest(QStringLiteral("p"), R"({"model":"p","stream":true})");
    if (!isAsked)
        request.body.setUsageEdit(metering::BodyEdit{{1, 0}, R"("stream_options":{"include_usage":true},)"});
    AnswerRecorder recorder;
    const auto task = submit(m_pool, std::move(request), recorder);
    const TaskId id = box.nextTask();
    QCOMPARE(box.publisher->body(id).contains("include_usage"), !isAsked && llmTakesIt);
    const QByteArray text = "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n";
    const QByteArray usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n";
    const QByteArray done = "data: [DONE]\n\n";
    box.head(id, 200, eventStream());
    // Byte by byte: what belongs together comes apart.
    const QByteArray whole = text + usage + done;
    for (const char byte : whole)
        box.link->receiveBody(id, QByteArrayView(&byte, 1));
    box.link->receive(channel::ResponseEnd{id});
    QVERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, !isAsked && llmTakesIt ? QByteArray(text + done) : whole);
    QVERIFY(records()[0].usage == (metering::TokenUsage{3, 4}));
    QVERIFY(records()[0].streamed);
}

void TestRequestRecords::takenOutBytesAreGranted()
{
    Box &box = addBox(QStringLiteral("a"));
    InferRequest request = makeRequest(QStringLiteral("p"), R"({"model":"p","stream":true})");
    request.body.setUsageEdit(metering::BodyEdit{{1, 0}, R"("stream_options":{"include_usage":true},)"});
    AnswerRecorder recorder;
    const auto task = submit(m_pool, std::move(request), recorder);
    const TaskId id = box.nextTask();
    box.head(id, 200, eventStream());
    const QByteArray usage = R"(data: {"choices":[],"usage":{"prompt_tokens":3}})"
                             "\n\n";
    for (qint64 sent = 0; sent < channel::grantThreshold; sent += usage.size())
        box.link->receiveBody(id, usage);
    QVERIFY(recorder.body.isEmpty());
    QVERIFY(box.publisher->next<channel::Window>());
}

void TestRequestRecords::heldBackBytesComeBeforeTheError()
{
    Box &box = addBox(QStringLiteral("a"));
    InferRequest request = makeRequest(QStringLiteral("p"), R"({"model":"p","stream":true})");
    request.body.setUsageEdit(metering::BodyEdit{{1, 0}, R"("stream_options":{"include_usage":true},)"});
    AnswerRecorder recorder;
    const auto task = submit(m_pool, std::move(request), recorder);
    const TaskId id = box.nextTask();
    box.head(id, 200, eventStream());
    const QByteArray half = R"(data: {"choices":[],"usa)";
    box.link->receiveBody(id, half);
    lose(box);
    QCOMPARE(recorder.body, half);
    QCOMPARE(recorder.calls.constLast(), QStringLiteral("failed"));
}

void TestRequestRecords::timesAreTold()
{
    Box &box = addBox(QStringLiteral("a"));
    AnswerRecorder recorders[2];
    const auto first = submit(m_pool, recorders[0]);
    const auto second = submit(m_pool, recorders[1]);
    m_clock->advance(3s);
    box.succeed(box.nextTask());
    QVERIFY(second.value()->queuedFor() == 3s);
    const TaskId id = box.nextTask();
    m_clock->advance(2s);
    box.head(id, 200);
    m_clock->advance(1s);
    box.link->receiveBody(id, "12345");
    m_clock->advance(4s);
    box.link->receive(channel::ResponseEnd{id});
    const RequestRecord record = records().constLast();
    QVERIFY(record.queued == 3s);
    QVERIFY(record.firstByte == Duration(6s));
    QVERIFY(record.total == 10s);
    QCOMPARE(record.answerBytes, 5);
    QCOMPARE(record.requestBytes, makeRequest(QStringLiteral("p")).body.originalSize());
}

void TestRequestRecords::givenUpIsNotCancelled()
{
    addBox(QStringLiteral("a"));
    AnswerRecorder recorders[2];
    const auto first = submit(m_pool, recorders[0]);
    auto second = submit(m_pool, recorders[1]);
    second.value()->giveUp({ErrorCode::QueueTimeout, {}});
    QVERIFY(recorders[1].calls.isEmpty());
    QCOMPARE(m_relay->waiting(), 0);
    second.value().reset();
    QCOMPARE(records().size(), 1);
    QVERIFY(records()[0].outcome == Outcome::Refused);
    QVERIFY(records()[0].error == ErrorCode::QueueTimeout);
}

QTEST_GUILESS_MAIN(TestRequestRecords)
#include "tst_requestrecords.moc"
