// Cancelling a task: its observer is deaf at once, its slot is held until the publisher has confirmed.

#include "linktest.h"

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

/// What a publisher does to a task in a row of test data.
using Deed = std::function<void(PublisherLink &, TaskId)>;

} // namespace

class TestTaskCancel final : public LinkTest
{
    Q_OBJECT

private Q_SLOTS:
    void cancelHoldsTheSlotUntilItsEnd_data();
    void cancelHoldsTheSlotUntilItsEnd();
    void cancelledTaskIsNotHeard();
    void cancelTwiceIsSentOnce();
    void cancelOfAnEndedTaskIsNotSent();
    void unconfirmedCancelIsAViolation();
    void confirmedCancelIsNone();
    void theTimeToConfirmMayChange();
};

void TestTaskCancel::cancelHoldsTheSlotUntilItsEnd_data()
{
    QTest::addColumn<Deed>("end");

    QTest::newRow("cancelled") << Deed(
        [](PublisherLink &link, TaskId task) { link.receive(channel::Cancelled{task}); });
    QTest::newRow("responseEnd") << Deed(
        [](PublisherLink &link, TaskId task) { link.receive(channel::ResponseEnd{task}); });
    QTest::newRow("taskError") << Deed([](PublisherLink &link, TaskId task) {
        link.receive(channel::TaskError{task, QStringLiteral("backend_error"), {}});
    });
}

void TestTaskCancel::cancelHoldsTheSlotUntilItsEnd()
{
    QFETCH(Deed, end);
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->cancel(task);
    const auto cancel = m_publisher->next<channel::Cancel>();
    QVERIFY(cancel);
    QVERIFY(cancel->task == task);
    QCOMPARE(running(), 1);
    QCOMPARE(m_link->taskCount(), 1);
    end(*m_link, task);
    QCOMPARE(running(), 0);
    QCOMPARE(m_link->taskCount(), 0);
    QVERIFY(recorder.calls.isEmpty());
}

void TestTaskCancel::cancelledTaskIsNotHeard()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->cancel(task);
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receiveBody(task, "under way when the cancel was sent");
    QVERIFY(recorder.calls.isEmpty());
    QCOMPARE(m_link->strayCount(), quint64{0});
    m_link.reset();
    QVERIFY(recorder.calls.isEmpty());
}

void TestTaskCancel::cancelTwiceIsSentOnce()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->cancel(task);
    m_link->cancel(task);
    QVERIFY(m_publisher->next<channel::Cancel>());
    QCoreApplication::processEvents();
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
}

void TestTaskCancel::cancelOfAnEndedTaskIsNotSent()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->receive(channel::ResponseHead{task, 200, {}});
    m_link->receive(channel::ResponseEnd{task});
    m_link->cancel(task);
    QVERIFY(m_publisher->next<channel::Infer>());
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
}

void TestTaskCancel::unconfirmedCancelIsAViolation()
{
    AnswerRecorder &recorder = makeRecorder();
    m_link->cancel(start(recorder));
    m_clock->advance(10s - 1ms);
    QVERIFY(m_violations.isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(m_violations.size(), 1);
}

void TestTaskCancel::confirmedCancelIsNone()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId task = start(recorder);
    m_link->cancel(task);
    m_clock->advance(9s);
    m_link->receive(channel::Cancelled{task});
    m_clock->advance(1h);
    QVERIFY(m_violations.isEmpty());
}

void TestTaskCancel::theTimeToConfirmMayChange()
{
    AnswerRecorder &recorder = makeRecorder();
    const TaskId before = start(recorder);
    m_link->cancel(before);
    m_relay->setSettings({.cancelConfirm = 1s});
    m_clock->advance(5s);
    QVERIFY(m_violations.isEmpty());
    m_link->receive(channel::Cancelled{before});

    m_link->cancel(start(recorder));
    m_clock->advance(1s);
    QCOMPARE(m_violations.size(), 1);
}

QTEST_GUILESS_MAIN(TestTaskCancel)
#include "tst_taskcancel.moc"
