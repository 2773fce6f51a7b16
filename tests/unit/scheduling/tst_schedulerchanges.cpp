// What happens to Llms while requests wait and run: publishers are lost and come back, rows move and go.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSchedulerChanges final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLostPublisherMayComeBack();
    void nobodyWaitsForItForLong();
    void newRequestsDoNotWaitForIt();
    void lostBeforeTheRowTellsIt();
    void withoutGrace();
    void otherReasonsAreFinal();
    void aWithdrawalIsFinal();
    void deletedWhileRequestsWait();
    void slotsOfADeletedLlmAreReleased();
    void deletedBetweenTwoDecisions();
    void movedIntoAPool();
    void movedOutOfItsPool();
    void theLastMemberLeaves();
    void nothingGrowsWithTime();
};

void TestSchedulerChanges::aLostPublisherMayComeBack()
{
    SchedulerHarness h({.reconnectGrace = 5s});
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    QVERIFY(h.scheduler.mayComeBack(h.id("m")));
    h.deactivate("m");
    h.release("a1");
    QVERIFY(h.scheduler.mayComeBack(h.id("m")));
    Request again = h.request("a1", "m");
    again.again = true;
    QCOMPARE(h.submit("a1", again), QByteArray());
    QCOMPARE(h.settle(), QByteArray());
    QCOMPARE(h.scheduler.nextDeadline(), std::optional(h.clock.now() + 5s));
    h.clock.advance(4s);
    QCOMPARE(h.settle(), QByteArray());
    h.activate("m");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
}

void TestSchedulerChanges::nobodyWaitsForItForLong()
{
    SchedulerHarness h({.reconnectGrace = 5s});
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.deactivate("m");
    h.clock.advance(3s);
    h.deactivate("m"); // Told once more, it is not lost anew.
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(2s);
    QVERIFY(!h.scheduler.mayComeBack(h.id("m")));
    QCOMPARE(h.settle(), QByteArray("a2!publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("Llm 'm' is inactive; publisher offline"));
    QVERIFY(!h.scheduler.nextDeadline());
}

void TestSchedulerChanges::newRequestsDoNotWaitForIt()
{
    SchedulerHarness h;
    h.add("m", 1, "p");
    h.deactivate("m");
    QCOMPARE(h.submit("a1", "m"), QByteArray("publisher_offline"));
    QCOMPARE(h.submit("a1", "p"), QByteArray("publisher_offline"));
}

void TestSchedulerChanges::lostBeforeTheRowTellsIt()
{
    SchedulerHarness h({.reconnectGrace = 5s});
    h.add("m");
    h.setReachable("m", false);
    QVERIFY(h.scheduler.mayComeBack(h.id("m")));
    QCOMPARE(h.submit("a1", "m"), QByteArray("publisher_offline"));
    Request again = h.request("a1", "m");
    again.again = true;
    QCOMPARE(h.submit("a1", again), QByteArray());
    h.deactivate("m");
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("a1!publisher_offline"));
}

void TestSchedulerChanges::withoutGrace()
{
    SchedulerHarness h({.reconnectGrace = 0s});
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.deactivate("m");
    QVERIFY(!h.scheduler.mayComeBack(h.id("m")));
    QCOMPARE(h.settle(), QByteArray("a2!publisher_offline"));
}

void TestSchedulerChanges::otherReasonsAreFinal()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.deactivate("m", domain::StatusReason::Paused);
    QVERIFY(!h.scheduler.mayComeBack(h.id("m")));
    QCOMPARE(h.settle(), QByteArray("a2!publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("Llm 'm' is inactive; paused by its owner"));
}

void TestSchedulerChanges::aWithdrawalIsFinal()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.change("m", [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Inactive;
        llm.statusReason = domain::StatusReason::Offline;
    });
    QVERIFY2(!h.scheduler.mayComeBack(h.id("m")), "Its publisher is there, and does not publish it.");
    QCOMPARE(h.settle(), QByteArray("a2!publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("Llm 'm' is inactive; no longer published"));
    QVERIFY(!h.scheduler.nextDeadline());
}

void TestSchedulerChanges::deletedWhileRequestsWait()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.settle();
    h.remove("m");
    QCOMPARE(h.settle(), QByteArray("a2!publisher_offline"));
    QCOMPARE(h.submit("a3", h.request("a3", "m")), QByteArray("publisher_offline"));
}

void TestSchedulerChanges::slotsOfADeletedLlmAreReleased()
{
    SchedulerHarness h;
    h.add("m", 1, "p");
    h.submit("a1", "p");
    h.settle();
    h.remove("m");
    QCOMPARE(h.settle(), QByteArray());
    QCOMPARE(h.scheduler.running(h.id("m")), 1);
    h.add("m", 1, "p");
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray());
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("a2>m"));
    h.remove("m");
    h.release("a2");
    QCOMPARE(h.scheduler.running(h.id("m")), 0);
}

void TestSchedulerChanges::deletedBetweenTwoDecisions()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    QVERIFY(h.scheduler.next());
    h.remove("y");
    QCOMPARE(h.settle(), QByteArray());
    QCOMPARE(h.scheduler.waiting(), 2);
    h.leave("a2");
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerChanges::movedIntoAPool()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("z1", "m");
    h.settle();
    h.submit("a1", "m");
    h.submit("a2", "m");
    h.change("m", [](domain::Llm &llm) { llm.pool = QStringLiteral("p"); });
    h.submit("b1", "p");
    QCOMPARE(h.scheduler.waiting(h.destination("m")), 2);
    QCOMPARE(h.settle(), QByteArray());
    h.release("z1");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("b1>m"));
}

void TestSchedulerChanges::movedOutOfItsPool()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    for (const char *const label : {"z1", "z2"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("z1>x, z2>y"));
    h.submit("a1", "p");
    h.submit("b1", "x");
    h.change("x", [](domain::Llm &llm) { llm.pool.clear(); });
    h.release("z1");
    QCOMPARE(h.settle(), QByteArray("b1>x"));
    h.release("z2");
    QCOMPARE(h.settle(), QByteArray("a1>y"));
}

void TestSchedulerChanges::theLastMemberLeaves()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.submit("z1", "p");
    h.submit("a1", "p");
    h.settle();
    h.change("x", [](domain::Llm &llm) { llm.pool.clear(); });
    QCOMPARE(h.settle(), QByteArray("a1!publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("No Llm belongs to pool 'p' any more."));
    h.release("z1");
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerChanges::nothingGrowsWithTime()
{
    SchedulerHarness h;
    h.add("always", 1, "p");
    h.settle();
    const Scheduler::Footprint before = h.scheduler.footprint();
    for (int i = 0; i < 1000; ++i) {
        const QByteArray llm = "llm-" + QByteArray::number(i);
        const QByteArrayList pools{"", "p", "of-" + llm};
        const QByteArray &pool = pools.at(i % pools.size());
        h.add(llm, 1, pool);
        for (const char *const label : {"a1", "a2"})
            h.submit(label, llm);
        h.submit("a3", "p");
        h.settle();
        h.scheduler.report(h.id(llm), MemberOutcome::Failed);
        if (i % 2 == 0)
            h.release("a1");
        h.settle();
        h.remove(llm);
        h.settle();
        for (const char *const label : {"a1", "a2", "a3"}) {
            h.leave(label);
            h.release(label);
        }
        QCOMPARE(h.settle(), QByteArray());
    }
    QVERIFY(h.scheduler.footprint() == before);
    QCOMPARE(h.scheduler.waiting(), 0);
}

QTEST_GUILESS_MAIN(TestSchedulerChanges)
#include "tst_schedulerchanges.moc"
