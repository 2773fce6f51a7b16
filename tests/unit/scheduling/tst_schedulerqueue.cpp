// The queue of an Llm: its bounds, its deadlines, and what those who wait in it are told.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSchedulerQueue final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatComesAgainGoesBeforeItsKeysOthers();
    void whatComesAgainKeepsItsOrder();
    void fullQueueRefusesTheGreediest();
    void fullQueueRefusesTheNewcomerWhenNobodyIsGreedier();
    void whatComesAgainIsNotRefusedForRoom();
    void whatComesAgainIsNotGreedy();
    void noQueueAtAll();
    void waitsAreBounded();
    void waitsOfAllAttemptsAreBoundedTogether();
    void leavingMakesRoom();
    void whoHasLeftIsNotRefused();
    void positions();
    void ownersStandFirstOnTheirBox();
    void retryAfterFollowsTheServiceRate();
};

void TestSchedulerQueue::whatComesAgainGoesBeforeItsKeysOthers()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"a1", "a2", "b1"})
        h.submit(label, "m");
    h.settle();
    Request again = h.request("a3", "m");
    again.again = true;
    h.submit("a3", again);
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("b1>m"));
    h.release("b1");
    QCOMPARE(h.settle(), QByteArray("a3>m"));
}

void TestSchedulerQueue::whatComesAgainKeepsItsOrder()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"z1", "a9"})
        h.submit(label, "m");
    h.settle();
    for (const char *const label : {"a1", "a2"}) {
        Request again = h.request(label, "m");
        again.again = true;
        h.submit(label, again);
    }
    // So it does when they move.
    h.change("m", [](domain::Llm &llm) { llm.pool = QStringLiteral("p"); });
    QByteArray order;
    for (QByteArray last = "z1"; !last.isEmpty(); last = h.settle().split('>').first()) {
        order += last + ' ';
        h.release(last);
    }
    QCOMPARE(order, QByteArray("z1 a1 a2 a9 "));
}

void TestSchedulerQueue::fullQueueRefusesTheGreediest()
{
    SchedulerHarness h({.maxWaiting = 4});
    h.add("m");
    for (const char *const label : {"x1", "a1", "a2", "a3", "b1"})
        QCOMPARE(h.submit(label, "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("x1>m"));
    QCOMPARE(h.submit("c1", "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("a3!queue_full"));
    QVERIFY(h.lastError.retryAfter);
    QCOMPARE(h.lastError.message,
             QStringLiteral("Llm 'm' is busy and 4 requests are waiting for it already; try again later."));
    QCOMPARE(h.scheduler.waiting(h.destination("m")), 4);
}

void TestSchedulerQueue::fullQueueRefusesTheNewcomerWhenNobodyIsGreedier()
{
    SchedulerHarness h({.maxWaiting = 3});
    h.add("m");
    for (const char *const label : {"x1", "a1", "a2", "b1"})
        h.submit(label, "m");
    h.settle();
    QCOMPARE(h.submit("a3", "m"), QByteArray("queue_full"));
    QCOMPARE(h.submit("b2", "m"), QByteArray("queue_full"));
    QVERIFY(h.lastError.retryAfter);
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerQueue::whatComesAgainIsNotRefusedForRoom()
{
    SchedulerHarness h({.maxWaiting = 1});
    h.add("m");
    h.submit("a1", "m");
    h.settle();
    Request again = h.request("b1", "m");
    again.again = true;
    h.submit("b1", again);
    again = h.request("b2", "m");
    again.again = true;
    QCOMPARE(h.submit("b2", again), QByteArray());
    QCOMPARE(h.submit("c1", "m"), QByteArray("queue_full"));
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerQueue::whatComesAgainIsNotGreedy()
{
    SchedulerHarness h({.maxWaiting = 3});
    h.add("m");
    for (const char *const label : {"x1", "a1"})
        h.submit(label, "m");
    h.settle();
    for (const char *const label : {"a2", "a3"}) {
        Request again = h.request(label, "m");
        again.again = true;
        h.submit(label, again);
    }
    QCOMPARE(h.submit("b1", "m"), QByteArray("queue_full"));
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerQueue::noQueueAtAll()
{
    SchedulerHarness h({.maxWaiting = 0});
    h.add("m");
    QCOMPARE(h.submit("a1", "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    QCOMPARE(h.submit("b1", "m"), QByteArray("queue_full"));
}

void TestSchedulerQueue::waitsAreBounded()
{
    SchedulerHarness h({.maxWait = 10s});
    h.add("m");
    h.submit("a1", "m");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    QVERIFY(!h.scheduler.nextDeadline());
    h.submit("b1", "m");
    h.settle();
    QCOMPARE(h.scheduler.nextDeadline(), std::optional(h.clock.now() + 10s));
    h.clock.advance(4s);
    h.submit("c1", "m");
    h.clock.advance(5999ms);
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(1ms);
    QCOMPARE(h.settle(), QByteArray("b1!queue_timeout"));
    QCOMPARE(h.lastError.message, QStringLiteral("The request waited 10 s for a free slot; try again later."));
    QVERIFY(h.lastError.retryAfter);
    QCOMPARE(h.scheduler.nextDeadline(), std::optional(h.clock.now() + 4s));
    h.clock.advance(4s);
    h.release("a1");
    // At its last moment it is served rather than refused.
    QCOMPARE(h.settle(), QByteArray("c1>m"));
    QVERIFY(!h.scheduler.nextDeadline());
}

void TestSchedulerQueue::waitsOfAllAttemptsAreBoundedTogether()
{
    SchedulerHarness h({.maxWait = 10s});
    h.add("m");
    h.submit("a1", "m");
    h.submit("b1", "m");
    h.settle();
    h.clock.advance(4s);
    h.release("a1");
    const std::optional<Decision> decision = h.scheduler.next();
    const Granted &granted = std::get<Granted>(*decision);
    QCOMPARE(granted.waited, Duration(4s));
    h.clock.advance(60s);
    // It is served no better than others, but for the time that it has waited.
    h.submit("c1", "m");
    Request again = h.request("b1", "m");
    again.again = true;
    again.waited = granted.waited;
    h.submit("b2", again);
    h.settle();
    QCOMPARE(h.scheduler.nextDeadline(), std::optional(h.clock.now() + 6s));
    h.clock.advance(6s);
    QCOMPARE(h.settle(), QByteArray("b2!queue_timeout"));
    again.waited = 10s;
    h.submit("b3", again);
    QCOMPARE(h.settle(), QByteArray("b3!queue_timeout"));
    h.clock.advance(4s);
    QCOMPARE(h.settle(), QByteArray("c1!queue_timeout"));
}

void TestSchedulerQueue::leavingMakesRoom()
{
    SchedulerHarness h({.maxWaiting = 1});
    h.add("m");
    h.submit("a1", "m");
    h.submit("b1", "m");
    h.settle();
    h.leave("b1");
    QCOMPARE(h.scheduler.waiting(), 0);
    QCOMPARE(h.submit("c1", "m"), QByteArray());
    h.settle();
    h.leave("a1"); // It does not wait.
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("c1>m"));
}

void TestSchedulerQueue::whoHasLeftIsNotRefused()
{
    SchedulerHarness h({.maxWaiting = 2});
    h.add("m");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "m");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    h.submit("b1", "m");
    h.leave("a3");
    h.leave("b1");
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerQueue::positions()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"x1", "a1", "a2", "a3", "b1", "c1"})
        h.submit(label, "m");
    h.settle();
    const auto place = [&h](const char *label) { return h.scheduler.position(h.ticket(label))->place; };
    QCOMPARE(place("a1"), 1);
    QCOMPARE(place("b1"), 2);
    QCOMPARE(place("c1"), 3);
    QCOMPARE(place("a2"), 4);
    QCOMPARE(place("a3"), 5);
    QCOMPARE(h.scheduler.position(h.ticket("a3"))->waiting, 5);
    QVERIFY(!h.scheduler.position(h.ticket("x1")));
    Request high = h.request("d1", "m");
    high.priority = domain::Priority::High;
    h.submit("d1", high);
    QCOMPARE(place("d1"), 1);
    QCOMPARE(place("a1"), 2);
}

void TestSchedulerQueue::ownersStandFirstOnTheirBox()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("x1", "m");
    h.settle();
    for (const char *const label : {"a1", "b1", "alice1"})
        h.submit(label, "m");
    const auto place = [&h](const char *label) { return h.scheduler.position(h.ticket(label))->place; };
    QCOMPARE(place("alice1"), 1);
    QCOMPARE(place("a1"), 2);
    QCOMPARE(place("b1"), 3);
}

void TestSchedulerQueue::retryAfterFollowsTheServiceRate()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.settle();
    const std::chrono::seconds unknown = h.scheduler.retryAfter(h.destination("m"));
    QVERIFY(unknown >= 1s && unknown <= 5s);
    h.submit("b1", "m");
    h.settle();
    QVERIFY(!h.scheduler.position(h.ticket("b1"))->estimate);
    h.submit("b2", "m");
    for (const char *const label : {"a1", "b1", "b2"}) {
        h.clock.advance(4s);
        h.release(label);
        h.settle();
    }
    h.submit("b3", "m");
    h.settle();
    for (int i = 0; i < 100; ++i)
        h.submit(qPrintable(QStringLiteral("c%1").arg(i)), "m");
    h.settle();
    QCOMPARE(h.scheduler.retryAfter(h.destination("m")), 59s);
    h.change("m", [](domain::Llm &llm) { llm.maxConcurrency = 40; });
    QVERIFY(h.scheduler.retryAfter(h.destination("m")) < 20s);
}

QTEST_GUILESS_MAIN(TestSchedulerQueue)
#include "tst_schedulerqueue.moc"
