// Wakes: who is woken when, for whom, and what becomes of those who wait for it.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSchedulerWakes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSleeperIsWokenOnce();
    void withoutARecipe();
    void aFailedWakeRefusesThoseWhoWait();
    void awakeWithoutWakeEnded();
    void deadlinesStandStillMeanwhile();
    void aSecondSleepContinuesTheSameAccount();
    void aFlappingPublisherBesideASleeper();
    void whoWaitsBesideASleeperThatRests();
    void deletedInMidWake();
    void lostInMidWake();
    void aPoolWakesOneMember();
    void aPoolWakesMoreWhenAllAreFull();
    void notBeforeEnoughWait();
    void theNextMemberIsWokenWhenOneFails();
    void aMemberThatCannotBeWokenIsLeftInPeace();
    void whatFailedElsewhereWakesNobodyThatRests();
    void byNameAnotherIsWokenToo();
};

namespace {

const Error failure{ErrorCode::WakeFailed, QStringLiteral("The recipe has failed.")};

} // namespace

void TestSchedulerWakes::aSleeperIsWokenOnce()
{
    SchedulerHarness h;
    h.add("m");
    h.hibernate("m");
    QCOMPARE(h.settle(), QByteArray());
    h.submit("a1", "m");
    h.submit("b1", "m");
    QCOMPARE(h.settle(), QByteArray("wake m"));
    h.submit("a2", "m");
    QCOMPARE(h.settle(), QByteArray());
    h.leave("a2");
    h.activate("m");
    h.scheduler.wakeEnded(h.id("m"), {});
    QCOMPARE(h.settle(), QByteArray("a1>m"));
}

void TestSchedulerWakes::withoutARecipe()
{
    SchedulerHarness h;
    h.add("m", 1, "p");
    h.hibernate("m");
    h.change("m", [](domain::Llm &llm) { llm.wake.reset(); });
    QCOMPARE(h.submit("a1", "m"), QByteArray("wake_failed"));
    QCOMPARE(h.lastError.message,
             QStringLiteral("Llm 'm' is hibernating and has no wake recipe; start its backend on the box."));
    QCOMPARE(h.submit("a1", "p"), QByteArray("wake_failed"));
}

void TestSchedulerWakes::aFailedWakeRefusesThoseWhoWait()
{
    SchedulerHarness h;
    h.add("m");
    h.hibernate("m");
    h.submit("a1", "m");
    h.submit("b1", "m");
    h.settle();
    h.scheduler.wakeEnded(h.id("m"), failure);
    QCOMPARE(h.settle(), QByteArray("a1!wake_failed, b1!wake_failed"));
    QCOMPARE(h.lastError, failure);
    // The next one tries again.
    h.submit("a1", "m");
    QCOMPARE(h.settle(), QByteArray("wake m"));
}

void TestSchedulerWakes::awakeWithoutWakeEnded()
{
    SchedulerHarness h;
    h.add("m");
    h.hibernate("m");
    h.submit("a1", "m");
    h.settle();
    h.activate("m");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    h.submit("a2", "m");
    h.scheduler.wakeEnded(h.id("m"), failure);
    QCOMPARE(h.settle(), QByteArray());
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("a2>m"));
}

void TestSchedulerWakes::deadlinesStandStillMeanwhile()
{
    SchedulerHarness h({.maxWait = 10s});
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.clock.advance(9s);
    h.release("a1");
    h.hibernate("m");
    QCOMPARE(h.settle(), QByteArray("wake m"));
    QVERIFY(!h.scheduler.nextDeadline());
    h.clock.advance(60s);
    QCOMPARE(h.settle(), QByteArray());
    h.submit("a3", "m");
    h.settle();
    h.change("m", [](domain::Llm &llm) { llm.maxConcurrency = 0; });
    h.activate("m");
    h.settle();
    // What was waited before the wake counts.
    h.clock.advance(999ms);
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(1ms);
    QCOMPARE(h.settle(), QByteArray("a2!queue_timeout"));
    h.clock.advance(8999ms);
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(1ms);
    QCOMPARE(h.settle(), QByteArray("a3!queue_timeout"));
}

void TestSchedulerWakes::aSecondSleepContinuesTheSameAccount()
{
    SchedulerHarness h({.maxWait = 10s});
    h.add("m", 0);
    h.hibernate("m");
    h.submit("a1", "m");
    for (const Duration awake : {6s, 3s}) {
        QCOMPARE(h.settle(), QByteArray("wake m"));
        h.clock.advance(60s);
        h.activate("m");
        h.scheduler.wakeEnded(h.id("m"), {});
        QCOMPARE(h.settle(), QByteArray());
        h.clock.advance(awake);
        QCOMPARE(h.settle(), QByteArray());
        h.hibernate("m");
    }
    h.activate("m");
    h.settle();
    h.clock.advance(1s);
    QCOMPARE(h.settle(), QByteArray("a1!queue_timeout"));
}

void TestSchedulerWakes::aFlappingPublisherBesideASleeper()
{
    SchedulerHarness h({.maxWait = 10s, .reconnectGrace = 5s});
    h.add("x", 0, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    QCOMPARE(h.settle(), QByteArray("wake y"));
    for (int i = 1; i <= 10; ++i) {
        h.deactivate("x");
        QCOMPARE(h.settle(), QByteArray());
        h.clock.advance(1s);
        h.activate("x");
        QCOMPARE(h.settle(), QByteArray());
        h.clock.advance(1s);
        // Only the time during which nobody but the sleeper was to be waited for does not count.
        QCOMPARE(h.settle(), QByteArray(i < 10 ? "" : "a1!queue_timeout"));
    }
}

void TestSchedulerWakes::whoWaitsBesideASleeperThatRests()
{
    SchedulerHarness h({.maxWait = 10s, .reconnectGrace = 5s});
    h.add("x", 0, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    QCOMPARE(h.settle(), QByteArray("wake y"));
    h.scheduler.wakeEnded(h.id("y"), failure);
    for (int i = 1; i <= 2; ++i) {
        h.deactivate("x");
        QCOMPARE(h.settle(), QByteArray());
        h.clock.advance(4s);
        h.activate("x");
        h.settle();
    }
    h.change("y", [](domain::Llm &llm) { llm.wake.reset(); });
    h.clock.advance(1999ms);
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(1ms);
    QCOMPARE(h.settle(), QByteArray("a1!queue_timeout"));
}

void TestSchedulerWakes::deletedInMidWake()
{
    SchedulerHarness h;
    h.add("m");
    h.hibernate("m");
    h.submit("a1", "m");
    h.settle();
    h.remove("m");
    QCOMPARE(h.settle(), QByteArray("a1!publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("The Llm was deleted."));
    h.scheduler.wakeEnded(h.id("m"), failure);
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerWakes::lostInMidWake()
{
    SchedulerHarness h;
    h.add("m");
    h.hibernate("m");
    h.submit("a1", "m");
    h.settle();
    h.deactivate("m");
    QCOMPARE(h.settle(), QByteArray("a1!publisher_lost"));
    QCOMPARE(h.lastError.message, QStringLiteral("The connection to the publisher was lost while it woke Llm 'm'."));
}

void TestSchedulerWakes::aPoolWakesOneMember()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("x");
    h.hibernate("y");
    for (const char *const label : {"a1", "a2"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("wake x"));
    QVERIFY(!h.scheduler.nextDeadline());
    h.activate("x");
    h.scheduler.wakeEnded(h.id("x"), {});
    QCOMPARE(h.settle(), QByteArray("a1>x, wake y"));
    QVERIFY(h.scheduler.nextDeadline());
}

void TestSchedulerWakes::aPoolWakesMoreWhenAllAreFull()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("wake y"));
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("a2>x"));
}

void TestSchedulerWakes::notBeforeEnoughWait()
{
    SchedulerHarness h({.wakeWhenQueuedOver = 2});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.submit("a4", "p");
    QCOMPARE(h.settle(), QByteArray("wake y"));
}

void TestSchedulerWakes::theNextMemberIsWokenWhenOneFails()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("x");
    h.hibernate("y");
    h.submit("a1", "p");
    QCOMPARE(h.settle(), QByteArray("wake x"));
    h.scheduler.wakeEnded(h.id("x"), failure);
    QCOMPARE(h.settle(), QByteArray("wake y"));
    h.clock.advance(3600s);
    h.scheduler.wakeEnded(h.id("y"), failure);
    QCOMPARE(h.settle(), QByteArray("a1!wake_failed"));
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("wake x"));
}

void TestSchedulerWakes::aMemberThatCannotBeWokenIsLeftInPeace()
{
    SchedulerHarness h({.breakerPause = 5s});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("a1>x, wake y"));
    h.scheduler.wakeEnded(h.id("y"), failure);
    h.submit("a3", "p");
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("wake y"));
}

void TestSchedulerWakes::whatFailedElsewhereWakesNobodyThatRests()
{
    SchedulerHarness h({.reconnectGrace = 60s, .breakerPause = 5s});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    h.submit("b1", "p");
    QCOMPARE(h.settle(), QByteArray("a1>x, wake y"));
    h.leave("b1");
    Request again = h.request("a1", "p");
    again.tried = {h.id("x")};
    QVERIFY(h.scheduler.hasAlternative(again));
    h.scheduler.wakeEnded(h.id("y"), failure);
    QVERIFY(!h.scheduler.hasAlternative(again));
    again.again = true;
    QCOMPARE(h.submit("a1", again), QByteArray("publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("No other Llm of pool 'p' can take the request over."));

    // It may wait for its publisher, and wakes the other one once that has had its rest.
    h.deactivate("x");
    again.tried.clear();
    QCOMPARE(h.submit("a1", again), QByteArray());
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("wake y"));
}

void TestSchedulerWakes::byNameAnotherIsWokenToo()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("x");
    h.hibernate("y");
    h.submit("a1", "p");
    QCOMPARE(h.settle(), QByteArray("wake x"));
    h.submit("b1", "y");
    QCOMPARE(h.settle(), QByteArray("wake y"));
    h.scheduler.wakeEnded(h.id("y"), failure);
    QCOMPARE(h.settle(), QByteArray("b1!wake_failed"));
    h.activate("x");
    h.scheduler.wakeEnded(h.id("x"), {});
    QCOMPARE(h.settle(), QByteArray("a1>x"));
}

QTEST_GUILESS_MAIN(TestSchedulerWakes)
#include "tst_schedulerwakes.moc"
