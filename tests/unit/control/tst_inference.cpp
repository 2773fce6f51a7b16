// A request through server and control channel, on both engines: answered, failed, refused, and with bad publishers.

#include "controltest.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::CloseCode;

class TestInference final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void happyPath();
    void chunksArriveInOrder();
    void backendFails();
    void inactiveLlm();
    void unknownLlm();
    void noChannel();
    void whoWaitsIsToldOfAWithdrawal();
    void whoWaitsIsKeptForALostPublisher();
    void lateAndForeignFramesAreDropped();
    void publishersCannotAnswerForEachOther();
    void manyStreamsAtOnce();
    void clientLeaves();
    void unconfirmedCancelClosesTheChannel();
    void sendingBeyondTheCreditClosesTheChannel();
    void truncatedAnswerNeverLooksComplete();
    void malformedMessageClosesTheChannel();
    void unknownMessagesAreIgnored();

private:
    void init() override;

    std::unique_ptr<FakePublisher> m_publisher;
};

namespace {

/// It takes one request at a time.
channel::LlmEntry busyEntry(const QString &name)
{
    channel::LlmEntry listed = entry(name);
    listed.maxConcurrency = 1;
    return listed;
}

} // namespace

void TestInference::init()
{
    ControlTest::init();
    if (QTest::currentTestFailed())
        return;
    channel::LlmEntry listed = entry(m_name);
    listed.model = QStringLiteral("backend/model");
    listed.maxConcurrency = 50;
    m_publisher = m_harness->publish({listed});
}

void TestInference::happyPath()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    QVERIFY(task);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    QCOMPARE(infer->llm, m_name);
    QCOMPARE(infer->path, QByteArray("/chat/completions"));
    QTRY_COMPARE(m_publisher->body(infer->task), QByteArray(R"({"model":"backend/model"})"));
    m_publisher->send(channel::ResponseHead{infer->task, 200, {{"content-type", "application/json"}}});
    m_publisher->sendBody(infer->task, R"({"choices":[]})");
    m_publisher->send(channel::ResponseEnd{infer->task});
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.fields.value("content-type"), QByteArray("application/json"));
    QCOMPARE(recorder.body, QByteArray(R"({"choices":[]})"));
    QCOMPARE(m_harness->relay.running(m_harness->llm(m_name).id), 0);
}

void TestInference::chunksArriveInOrder()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->send(channel::ResponseHead{infer->task, 200, {}});
    QByteArray sent;
    for (int i = 0; i < 1000; ++i) {
        const QByteArray event = "data: " + QByteArray::number(i) + "\n\n";
        m_publisher->sendBody(infer->task, event);
        sent += event;
    }
    m_publisher->send(channel::ResponseEnd{infer->task});
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, sent);
}

void TestInference::backendFails()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->send(
        channel::TaskError{infer->task, QStringLiteral("backend_unreachable"), QStringLiteral("refused")});
    QTRY_VERIFY(recorder.error);
    QCOMPARE(recorder.calls, QStringList{QStringLiteral("failed")});
    QVERIFY(recorder.errorCode() == ErrorCode::BackendUnreachable);
    QCOMPARE(m_harness->relay.running(m_harness->llm(m_name).id), 0);
}

void TestInference::inactiveLlm()
{
    QVERIFY(m_publisher->heartbeat({{m_name, channel::ReportedState::Paused, 0}}));
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
    QVERIFY(m_publisher->heartbeat());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestInference::unknownLlm()
{
    QVERIFY(!m_harness->registry.findLlm(QStringLiteral("nobody")));
    // One that existed and was deleted is unknown again.
    const auto leaving = m_harness->publish({entry(QStringLiteral("gone"))}, QStringLiteral("bob"));
    leaving->breakOff();
    QTRY_VERIFY(m_harness->llm(QStringLiteral("gone")).status == LlmStatus::Inactive);
    m_clock.advance(5h);
    m_harness->sweep();
    QTRY_VERIFY(!m_harness->registry.findLlm(QStringLiteral("gone")));
}

void TestInference::noChannel()
{
    // A row that says it is live although nobody is there.
    Llm llm = m_harness->llm(m_name);
    m_publisher->breakOff();
    QTRY_VERIFY(!m_harness->control.isBound(llm.providerSessionId));
    m_harness->registry.put(llm);
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
}

void TestInference::whoWaitsIsToldOfAWithdrawal()
{
    QVERIFY(m_publisher->registerLlms({busyEntry(m_name)}));
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto first = m_harness->infer(m_name, running);
    const auto second = m_harness->infer(m_name, waiting);
    QVERIFY(m_publisher->next<channel::Infer>());
    QVERIFY(m_publisher->registerLlms({}));
    QTRY_VERIFY(waiting.error);
    QVERIFY(waiting.errorCode() == ErrorCode::PublisherOffline);
    QCOMPARE(waiting.error->message, QStringLiteral("Llm '%1' is inactive; no longer published").arg(m_name));
    QVERIFY2(!running.error, "What runs is finished.");
}

void TestInference::whoWaitsIsKeptForALostPublisher()
{
    QVERIFY(m_publisher->registerLlms({busyEntry(m_name)}));
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto first = m_harness->infer(m_name, running);
    const auto second = m_harness->infer(m_name, waiting);
    QVERIFY(m_publisher->next<channel::Infer>());
    m_publisher->breakOff();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QCoreApplication::processEvents();
    QVERIFY2(!waiting.error, "It may come back.");
    m_clock.advance(5s);
    QTRY_VERIFY(waiting.error);
    QCOMPARE(waiting.error->message, QStringLiteral("Llm '%1' is inactive; publisher offline").arg(m_name));
}

void TestInference::lateAndForeignFramesAreDropped()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->answer(infer->task, 200, "answer");
    m_publisher->answer(infer->task, 500, "late");
    m_publisher->answer(TaskId{4711}, 500, "foreign");
    m_publisher->send(channel::WakeResult{TaskId{4711}, true, 0, {}, {}});
    QVERIFY(m_publisher->heartbeat());
    QVERIFY(!m_publisher->isClosed());
    QCOMPARE(recorder.calls, (QStringList{QStringLiteral("head"), QStringLiteral("body"), QStringLiteral("ended")}));
    QCOMPARE(recorder.status, 200);
    QCOMPARE(recorder.body, QByteArray("answer"));
}

void TestInference::publishersCannotAnswerForEachOther()
{
    const auto other = m_harness->publish({entry(QStringLiteral("other"))}, QStringLiteral("bob"));
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    other->answer(infer->task, 200, "not mine to give");
    QVERIFY(other->heartbeat());
    QVERIFY(recorder.calls.isEmpty());
    m_publisher->answer(infer->task, 200, "mine");
    QTRY_VERIFY(recorder.hasEnded());
    QCOMPARE(recorder.body, QByteArray("mine"));
}

void TestInference::manyStreamsAtOnce()
{
    constexpr size_t streams = 50;
    std::vector<AnswerRecorder> recorders(streams);
    std::vector<std::unique_ptr<relay::RelayTask>> tasks;
    QList<TaskId> ids;
    for (AnswerRecorder &recorder : recorders) {
        tasks.push_back(std::move(m_harness->infer(m_name, recorder).value()));
        const auto infer = m_publisher->next<channel::Infer>();
        QVERIFY(infer);
        ids.append(infer->task);
        m_publisher->send(channel::ResponseHead{infer->task, 200, {}});
    }
    for (int round = 0; round < 20; ++round) {
        for (size_t i = 0; i < streams; ++i)
            m_publisher->sendBody(ids[static_cast<qsizetype>(i)], QByteArray::number(i).append(','));
    }
    for (const TaskId id : ids)
        m_publisher->send(channel::ResponseEnd{id});
    for (size_t i = 0; i < streams; ++i) {
        QTRY_VERIFY(recorders[i].hasEnded());
        QCOMPARE(recorders[i].body, QByteArray::number(i).append(',').repeated(20));
    }
}

void TestInference::clientLeaves()
{
    AnswerRecorder recorder;
    auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->send(channel::ResponseHead{infer->task, 200, {}});
    m_publisher->sendBody(infer->task, "half");
    QTRY_VERIFY(!recorder.body.isEmpty());
    task.value().reset();
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == infer->task);
    const LlmId llm = m_harness->llm(m_name).id;
    QCOMPARE(m_harness->relay.running(llm), 1);
    m_publisher->send(channel::Cancelled{infer->task});
    QTRY_COMPARE(m_harness->relay.running(llm), 0);
}

void TestInference::unconfirmedCancelClosesTheChannel()
{
    AnswerRecorder recorder;
    AnswerRecorder other;
    auto task = m_harness->infer(m_name, recorder);
    const auto otherTask = m_harness->infer(m_name, other);
    task.value().reset();
    QVERIFY(m_publisher->next<channel::Cancel>());
    m_clock.advance(10s);
    QCOMPARE(m_publisher->closeCode(), static_cast<int>(CloseCode::PolicyViolation));
    m_clock.advance(5s);
    QVERIFY(other.errorCode() == ErrorCode::PublisherLost);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QCOMPARE(m_harness->relay.running(m_harness->llm(m_name).id), 0);
}

void TestInference::sendingBeyondTheCreditClosesTheChannel()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_publisher->send(channel::ResponseHead{infer->task, 200, {}});
    m_publisher->sendBody(infer->task, QByteArray(channel::initialCredit + 1, 'x'));
    QCOMPARE(m_publisher->closeCode(), static_cast<int>(CloseCode::PolicyViolation));
    QCOMPARE(recorder.body.size(), channel::initialCredit);
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
}

void TestInference::truncatedAnswerNeverLooksComplete()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    // All in one burst: the frame without credit is dropped, so the end must not count.
    m_publisher->answer(infer->task, 200, QByteArray(channel::initialCredit + 1, 'x'));
    QVERIFY(m_publisher->closeCode() != 0);
    QVERIFY(!recorder.hasEnded());
    QVERIFY(recorder.error);
}

void TestInference::malformedMessageClosesTheChannel()
{
    AnswerRecorder recorder;
    const auto task = m_harness->infer(m_name, recorder);
    m_publisher->sendText("{\"type\":\"responseHead\"}");
    QCOMPARE(m_publisher->closeCode(), static_cast<int>(CloseCode::InvalidPayload));
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    m_clock.advance(5s);
    QVERIFY(recorder.errorCode() == ErrorCode::PublisherLost);
}

void TestInference::unknownMessagesAreIgnored()
{
    m_publisher->sendText("{\"type\":\"fromTheFuture\",\"x\":1}");
    QVERIFY(m_publisher->heartbeat());
    QVERIFY(!m_publisher->isClosed());
}

QTEST_GUILESS_MAIN(TestInference)
#include "tst_inference.moc"
