// Credit on a control channel, both ways: what a publisher may send, and how a large request body waits and is kept
// once.

#include "linktest.h"

#include <malloc.h>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using channel::grantThreshold;
using channel::initialCredit;

class TestTaskCredit final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void grantsAfterAQuarterWasConsumed();
    void largeRequestBodyWaitsForGrants();
    void largeRequestBodyIsNotCopied();
    void requestBodyOutlivesTheRequest();
    void earlyAnswerStopsTheRequestBody();
};

void TestTaskCredit::grantsAfterAQuarterWasConsumed()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receiveBody(task, QByteArray(initialCredit, 'x'));
    m_link->consumed(task, grantThreshold - 1);
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_publisher->count<channel::Window>(), 0);
    m_link->consumed(task, 1);
    const auto window = m_publisher->next<channel::Window>();
    QVERIFY(window);
    QVERIFY(window->task == task);
    QCOMPARE(window->bytes, grantThreshold);
    // What was granted may come, and not a byte more.
    m_link->receiveBody(task, QByteArray(grantThreshold, 'y'));
    QVERIFY(m_violations.isEmpty());
    m_link->receiveBody(task, "z");
    QCOMPARE(m_violations.size(), 1);
    m_link->consumed(TaskId{4711}, 100);
}

void TestTaskCredit::largeRequestBodyWaitsForGrants()
{
    AnswerRecorder &recorder = makeRecorder();
    const QByteArray body = R"({"model":"m","x":")" + QByteArray(3 * initialCredit, 'x') + "\"}";
    const TaskId task = start(recorder, body);
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    QVERIFY(infer->size > 3 * initialCredit);
    QTRY_COMPARE(m_publisher->body(task).size(), initialCredit);
    while (m_publisher->body(task).size() < infer->size) {
        const qint64 had = m_publisher->body(task).size();
        m_link->receive(channel::Window{task, grantThreshold});
        QTRY_COMPARE(m_publisher->body(task).size(), std::min(had + grantThreshold, infer->size));
    }
    QVERIFY(m_publisher->body(task) == makeRequest(m_llm.name, body).body.spliced(m_llm.model).joined());
}

void TestTaskCredit::largeRequestBodyIsNotCopied()
{
    const auto allocated = [] {
        const auto info = mallinfo2();
        return static_cast<qint64>(info.uordblks + info.hblkhd);
    };
    AnswerRecorder &recorder = makeRecorder();
    const InferRequest request =
        makeRequest(m_llm.name, R"({"model":"m","x":")" + QByteArray(32 * 1024 * 1024, 'x') + "\"}");
    const qint64 before = allocated();
    m_link->start(m_llm, request, 1, m_slots.take(), recorder);
    QVERIFY2(allocated() - before < 2 * 1024 * 1024, "The body is in memory twice.");
}

void TestTaskCredit::requestBodyOutlivesTheRequest()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder, R"({"model":"m","x":")" + QByteArray(2 * initialCredit, 'x') + "\"}");
    m_link->receive(channel::Window{task, initialCredit});
    const auto infer = m_publisher->next<channel::Infer>();
    QVERIFY(infer);
    m_link->receive(channel::Window{task, grantThreshold});
    QTRY_COMPARE(m_publisher->body(task).size(), infer->size);
    QVERIFY(m_publisher->body(task).endsWith("xxx\"}"));
}

void TestTaskCredit::earlyAnswerStopsTheRequestBody()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder, R"({"model":"m","x":")" + QByteArray(3 * initialCredit, 'x') + "\"}");
    m_link->receive(channel::ResponseHead{task, 413, {}});
    m_link->receive(channel::ResponseEnd{task});
    QVERIFY(recorder.hasEnded());
    m_link->receive(channel::Window{task, grantThreshold});
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_publisher->body(task).size(), initialCredit);
}

QTEST_GUILESS_MAIN(TestTaskCredit)
#include "tst_taskcredit.moc"
