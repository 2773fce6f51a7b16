// Requests to pools: which member serves them, which one is woken, and who is refused when there is no room.

#include "relaypooltest.h"

#include <QTest>

using namespace hearth;
using namespace hearth::relay;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestPoolRouting final : public RelayPoolTest
{
    Q_OBJECT

private Q_SLOTS:
    void burstSpreads();
    void poolWithoutAnActiveMemberIsRefused();
    void keysTakeTurns();
    void sleepingMemberIsWokenWhenAllAreFull();
    void wakeIsToldToWhomItMatters();
    void failedWakeLeavesTheOthers();
    void explanationAgrees();
    void displacedRequestIsToldOutsideOfItsSubmit();
    void sinkMaySubmitWhenItIsRefused();
};

void TestPoolRouting::burstSpreads()
{
    Box &a = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.maxConcurrency = 4; });
    Box &b = addBox(QStringLiteral("b"), [](domain::Llm &llm) { llm.maxConcurrency = 2; });
    AnswerRecorder recorders[7];
    std::vector<TaskPointer> tasks;
    for (AnswerRecorder &recorder : recorders)
        tasks.push_back(submit(m_pool, recorder).value());
    QCOMPARE(m_relay->running(a.llm.id), 4);
    QCOMPARE(m_relay->running(b.llm.id), 2);
    QCOMPARE(m_relay->waiting(m_pool), 1);
    QVERIFY(tasks[6]->isWaiting());
    QCOMPARE(tasks[6]->waitStatus()->position.place, 1);
    QCOMPARE(m_relay->inFlight(), 7);
    b.succeed(b.nextTask());
    QVERIFY(!tasks[6]->isWaiting());
    QCOMPARE(tasks[6]->servedBy(), QStringLiteral("b"));
    QVERIFY(!tasks[6]->waitStatus());
}

void TestPoolRouting::poolWithoutAnActiveMemberIsRefused()
{
    AnswerRecorder recorder;
    lose(addBox(QStringLiteral("a")));
    lose(addBox(QStringLiteral("b")));
    const auto task = submit(m_pool, recorder);
    QVERIFY(!task);
    QVERIFY(task.error().code == ErrorCode::PublisherOffline);
    QVERIFY(recorder.calls.isEmpty());
    QCOMPARE(records().size(), 1);
    QVERIFY(records()[0].outcome == Outcome::Refused);
    QVERIFY(records()[0].llm.isEmpty());
}

void TestPoolRouting::keysTakeTurns()
{
    Box &box = addBox(QStringLiteral("a"), [](domain::Llm &llm) { llm.owner = QStringLiteral("nobody"); });
    AnswerRecorder recorders[6];
    std::vector<TaskPointer> tasks;
    for (size_t i = 0; i < 5; ++i)
        tasks.push_back(submit(m_pool, recorders[i], QStringLiteral("greedy")).value());
    tasks.push_back(submit(m_pool, recorders[5], QStringLiteral("modest")).value());
    box.succeed(box.nextTask());
    box.succeed(box.nextTask());
    box.succeed(box.nextTask());
    QVERIFY(recorders[5].hasEnded());
    QVERIFY(!recorders[3].hasEnded());
}

void TestPoolRouting::sleepingMemberIsWokenWhenAllAreFull()
{
    Box &active = addBox(QStringLiteral("a"));
    Box &asleep = addBox(QStringLiteral("b"), [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Hibernating;
        llm.wake = domain::WakeInfo{};
    });
    AnswerRecorder recorders[2];
    const auto first = submit(m_pool, recorders[0]);
    QVERIFY(active.nextTask() != TaskId{});
    QVERIFY(!m_relay->wakeStatus(m_pool));
    const auto second = submit(m_pool, recorders[1]);
    const auto wake = asleep.publisher->next<channel::Wake>();
    QVERIFY(wake);
    QCOMPARE(m_relay->wakeStatus(m_pool)->llm, QStringLiteral("b"));
    // The active one may serve it too: it waits for its turn.
    QVERIFY(!second.value()->waitStatus()->wake);
    QCOMPARE(second.value()->waitStatus()->position.place, 1);
    m_clock->advance(10s);
    asleep.link->receive(channel::WakeResult{.task = wake->task, .ok = true, .durationMs = 9000});
    asleep.succeed(asleep.nextTask());
    QVERIFY(recorders[1].hasEnded());
    QCOMPARE(wakeRecords().size(), 1);
    QVERIFY(!wakeRecords()[0].error);
    QVERIFY(wakeRecords()[0].took == 9s);
    QVERIFY(records()[0].queued == 10s);
}

void TestPoolRouting::wakeIsToldToWhomItMatters()
{
    Box &active = addBox(QStringLiteral("a"));
    const Box &asleep = addBox(QStringLiteral("b"), [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Hibernating;
        llm.wake = domain::WakeInfo{};
    });
    AnswerRecorder recorders[3];
    const auto first = submit(m_pool, recorders[0]);
    const auto second = submit(m_pool, recorders[1]);
    const auto named = submit(asleep.llm.id, recorders[2]);
    QVERIFY(!second.value()->waitStatus()->wake);
    QCOMPARE(named.value()->waitStatus()->wake->llm, QStringLiteral("b"));
    lose(active);
    QCOMPARE(second.value()->waitStatus()->wake->llm, QStringLiteral("b"));
}

void TestPoolRouting::failedWakeLeavesTheOthers()
{
    Box &active = addBox(QStringLiteral("a"));
    Box &asleep = addBox(QStringLiteral("b"), [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Hibernating;
        llm.wake = domain::WakeInfo{};
    });
    AnswerRecorder recorders[2];
    const auto first = submit(m_pool, recorders[0]);
    const auto second = submit(m_pool, recorders[1]);
    const auto wake = asleep.publisher->next<channel::Wake>();
    QVERIFY(wake);
    asleep.link->receive(channel::WakeResult{.task = wake->task, .code = QStringLiteral("wake_failed")});
    QVERIFY(recorders[1].calls.isEmpty());
    QVERIFY(wakeRecords()[0].error == ErrorCode::WakeFailed);
    active.succeed(active.nextTask());
    active.succeed(active.nextTask());
    QVERIFY(recorders[1].hasEnded());
}

void TestPoolRouting::explanationAgrees()
{
    using Verdict = scheduling::Explanation::Verdict;
    const Box &a = addBox(QStringLiteral("a"));
    const Box &b = addBox(QStringLiteral("b"));
    AnswerRecorder recorders[2];
    std::vector<TaskPointer> tasks;
    for (AnswerRecorder &recorder : recorders) {
        const scheduling::Explanation told = m_relay->explain(m_pool, caller());
        QVERIFY(told.verdict == Verdict::Dispatch);
        tasks.push_back(submit(m_pool, recorder).value());
        QVERIFY(told.chosen == (tasks.back()->servedBy() == QLatin1String("a") ? a.llm.id : b.llm.id));
    }
    QVERIFY(m_relay->explain(m_pool, caller()).verdict == Verdict::Queue);
    QCOMPARE(m_relay->explain(m_pool, caller()).candidates.size(), 2);
}

void TestPoolRouting::displacedRequestIsToldOutsideOfItsSubmit()
{
    makeRelay({.scheduler = {.maxWaiting = 2}});
    addBox(QStringLiteral("a"));
    AnswerRecorder recorders[4];
    const auto running = submit(m_pool, recorders[0], QStringLiteral("greedy"));
    const auto waiting = submit(m_pool, recorders[1], QStringLiteral("greedy"));
    auto displaced = submit(m_pool, recorders[2], QStringLiteral("greedy"));
    recorders[2].reaction = [&](const QString &) { displaced.value().reset(); };
    const auto modest = submit(m_pool, recorders[3], QStringLiteral("modest"));
    QVERIFY(modest);
    QVERIFY(modest.value()->isWaiting());
    QVERIFY(recorders[2].errorCode() == ErrorCode::QueueFull);
    QCOMPARE(m_relay->waiting(m_pool), 2);
}

void TestPoolRouting::sinkMaySubmitWhenItIsRefused()
{
    // Who is displaced by a request sees to it that this one, too, is refused while it is still being submitted.
    makeRelay({.scheduler = {.maxWaiting = 2}});
    addBox(QStringLiteral("a"));
    AnswerRecorder recorders[5];
    const auto running = submit(m_pool, recorders[0], QStringLiteral("greedy"));
    const auto waiting = submit(m_pool, recorders[1], QStringLiteral("greedy"));
    const auto displaced = submit(m_pool, recorders[2], QStringLiteral("greedy"));
    std::optional<Result<TaskPointer>> retry;
    recorders[2].reaction = [&](const QString &) {
        m_relay->beginShutdown();
        retry.emplace(submit(m_pool, recorders[3], QStringLiteral("greedy")));
    };
    const auto modest = submit(m_pool, recorders[4], QStringLiteral("modest"));
    QVERIFY(retry && !*retry);
    QVERIFY(!modest);
    QVERIFY(modest.error().code == ErrorCode::ShuttingDown);
    QVERIFY(recorders[4].calls.isEmpty());
    QVERIFY(recorders[1].errorCode() == ErrorCode::ShuttingDown);
}

QTEST_GUILESS_MAIN(TestPoolRouting)
#include "tst_poolrouting.moc"
