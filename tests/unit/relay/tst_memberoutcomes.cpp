// What a failed request says of the Llm that it was with, and requests that an Llm does not take.

#include "relaypooltest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;

class TestMemberOutcomes final : public RelayPoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void brokenMemberIsLeftOut();
    void lostConnectionIsNoFailureOfItsRequests();
    void requestThatIsNotTakenGoesToWhoeverTakesIt();
    void requestThatNobodyTakesIsToldSo();
    void requestThatIsNotTakenMayBeTriedAgain();
};

void TestMemberOutcomes::brokenMemberIsLeftOut()
{
    Box &first = addBox(QStringLiteral("a"));
    for (int i = 0; i < RelaySettings().scheduler.breakerFailures; ++i) {
        AnswerRecorder recorder;
        const auto task = submit(first.llm.id, recorder);
        first.fail(first.nextTask(), "backend_unreachable");
        QVERIFY(recorder.error);
    }
    Box &second = addBox(QStringLiteral("b"), [](domain::Llm &llm) { llm.maxConcurrency = 2; });
    AnswerRecorder recorders[3];
    const auto one = submit(m_pool, recorders[0]);
    const auto two = submit(m_pool, recorders[1]);
    QVERIFY(second.nextTask() != TaskId{} && second.nextTask() != TaskId{});
    QVERIFY(!first.hasTask());
    // By name it is asked all the same.
    const auto named = submit(first.llm.id, recorders[2]);
    first.succeed(first.nextTask());
    QVERIFY(recorders[2].hasEnded());
}

void TestMemberOutcomes::lostConnectionIsNoFailureOfItsRequests()
{
    const auto roomy = [](domain::Llm &llm) { llm.maxConcurrency = 4; };
    Box &first = addBox(QStringLiteral("a"), roomy);
    AnswerRecorder recorders[4];
    std::vector<TaskPointer> tasks;
    for (AnswerRecorder &recorder : recorders)
        tasks.push_back(submit(m_pool, recorder).value());
    addBox(QStringLiteral("b"), roomy);
    lose(first);
    comeBack(first);
    const auto candidates = m_relay->explain(m_pool, caller()).candidates;
    QCOMPARE(candidates.size(), 2);
    for (const scheduling::Candidate &candidate : candidates)
        QVERIFY(candidate.breaker == scheduling::BreakerState::Closed);
}

void TestMemberOutcomes::requestThatIsNotTakenGoesToWhoeverTakesIt()
{
    // More members that do not take it than there may be attempts.
    QList<Box *> picky;
    for (const char *name : {"a", "b", "c"})
        picky.append(&addBox(QString::fromLatin1(name)));
    AnswerRecorder busy;
    Box &taker = addBox(QStringLiteral("d"));
    const auto other = submit(taker.llm.id, busy);
    const TaskId running = taker.nextTask();
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    for (Box *const box : std::as_const(picky))
        box->fail(box->nextTask(), "invalid_request");
    QVERIFY(!recorder.error);
    for (const scheduling::Candidate &candidate : m_relay->explain(m_pool, caller()).candidates)
        QVERIFY(candidate.breaker == scheduling::BreakerState::Closed);
    taker.succeed(running);
    taker.succeed(taker.nextTask());
    QVERIFY(recorder.hasEnded());
}

void TestMemberOutcomes::requestThatNobodyTakesIsToldSo()
{
    Box &first = addBox(QStringLiteral("a"));
    Box &second = addBox(QStringLiteral("b"));
    AnswerRecorder recorder;
    const auto task = submit(m_pool, recorder);
    first.fail(first.nextTask(), "invalid_request");
    second.fail(second.nextTask(), "invalid_request");
    QVERIFY(recorder.errorCode() == ErrorCode::InvalidRequest);
    QCOMPARE(recorder.error->message, QStringLiteral("The cause."));
}

void TestMemberOutcomes::requestThatIsNotTakenMayBeTriedAgain()
{
    // Who could have served it has failed, or is busy: the client is not told that it has asked for something wrong.
    Box &first = addBox(QStringLiteral("a"));
    Box &second = addBox(QStringLiteral("b"));
    AnswerRecorder recorders[3];
    const auto failing = submit(m_pool, recorders[0]);
    first.fail(first.nextTask(), "backend_unreachable");
    second.fail(second.nextTask(), "invalid_request");
    QVERIFY(recorders[0].errorCode() == ErrorCode::BackendUnreachable);

    const auto busy = submit(first.llm.id, recorders[1]);
    const auto waiting = submit(m_pool, recorders[2]);
    second.fail(second.nextTask(), "invalid_request");
    m_clock->advance(RelaySettings().scheduler.maxWait);
    QVERIFY(recorders[2].errorCode() == ErrorCode::QueueTimeout);
}

QTEST_GUILESS_MAIN(TestMemberOutcomes)
#include "tst_memberoutcomes.moc"
