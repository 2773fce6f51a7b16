// Pools: which member serves, and who is left out for a while.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSchedulerPools final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leastLoadedFirst();
    void idleForTheLongestFirst();
    void aBurstSpreads();
    void whoHasFailedItIsNotAskedAgain();
    void membersByNameShareTheTurns();
    void aNamedMemberIsNotReplaced();
    void inactiveMembersAreNotAsked();
    void allInactive();
    void allInactiveForOneReason_data();
    void allInactiveForOneReason();
    void conversationsStayWhereTheyAreKnown();
    void affinityCanBeOff();
    void failingMembersAreLeftOut();
    void whoIsLeftOutIsProbed();
    void aProbeThatIsCancelledIsForgotten();
    void ifAllFailAllAreAsked();
    void byNameTheBreakerDoesNotCount();
    void alternatives();
    void queuesAreBoundedByDestination();
    void positionsAmongAllWhoWantTheSameSlots();
};

namespace {

Request tried(Request request, std::initializer_list<const char *> llms)
{
    for (const char *const llm : llms)
        request.tried += SchedulerHarness::id(llm);
    request.again = true;
    return request;
}

void fail(SchedulerHarness &h, const char *llm, int times)
{
    for (int i = 0; i < times; ++i)
        h.scheduler.report(h.id(llm), MemberOutcome::Failed);
}

} // namespace

void TestSchedulerPools::leastLoadedFirst()
{
    SchedulerHarness h;
    h.add("small", 1, "p");
    h.add("large", 4, "p");
    h.submit("a1", "small");
    QCOMPARE(h.settle(), QByteArray("a1>small"));
    for (const char *const label : {"b1", "b2", "b3"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("b1>large, b2>large, b3>large"));
    h.release("a1");
    h.submit("b4", "p");
    QCOMPARE(h.settle(), QByteArray("b4>small"));
}

void TestSchedulerPools::idleForTheLongestFirst()
{
    SchedulerHarness h;
    for (const char *const name : {"x", "y", "z"})
        h.add(name, 1, "p");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("a1>x, a2>y, a3>z"));
    h.release("a2");
    h.release("a3");
    h.release("a1");
    h.submit("b1", "p");
    QCOMPARE(h.settle(), QByteArray("b1>y"));
}

void TestSchedulerPools::aBurstSpreads()
{
    SchedulerHarness h;
    for (const char *const name : {"x", "y", "z"})
        h.add(name, 2, "p");
    for (const char *const label : {"a1", "a2", "a3", "a4", "a5", "a6", "a7"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("a1>x, a2>y, a3>z, a4>x, a5>y, a6>z"));
    QCOMPARE(h.scheduler.waiting(h.destination("p")), 1);
}

void TestSchedulerPools::whoHasFailedItIsNotAskedAgain()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.submit("b1", "y");
    h.settle();
    h.submit("a1", tried(h.request("a1", "p"), {"x"}));
    QCOMPARE(h.settle(), QByteArray());
    h.release("b1");
    QCOMPARE(h.settle(), QByteArray("a1>y"));
    QCOMPARE(h.submit("a2", tried(h.request("a2", "p"), {"x", "y"})), QByteArray("publisher_offline"));
}

void TestSchedulerPools::membersByNameShareTheTurns()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.submit("z1", "x");
    h.settle();
    h.submit("a1", "p");
    h.submit("a2", "x");
    h.submit("b1", "p");
    QCOMPARE(h.scheduler.waiting(h.destination("p")), 2);
    QCOMPARE(h.scheduler.waiting(h.destination("x")), 1);
    h.release("z1");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("b1>x"));
    h.release("b1");
    QCOMPARE(h.settle(), QByteArray("a2>x"));
}

void TestSchedulerPools::aNamedMemberIsNotReplaced()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.submit("a1", "x");
    h.submit("a2", "x");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.submit("b1", "p");
    QCOMPARE(h.settle(), QByteArray("b1>y"));
}

void TestSchedulerPools::inactiveMembersAreNotAsked()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.deactivate("x", domain::StatusReason::Draining);
    h.setReachable("y", false);
    QCOMPARE(h.submit("a1", "p"), QByteArray("publisher_offline"));
    h.setReachable("y", true);
    QCOMPARE(h.submit("a1", "p"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("a1>y"));
}

void TestSchedulerPools::allInactive()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.deactivate("x");
    h.deactivate("y", domain::StatusReason::Paused);
    QCOMPARE(h.submit("a1", "p"), QByteArray("publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("All Llms of pool 'p' are inactive."));
    QCOMPARE(h.submit("a1", "nobody"), QByteArray("publisher_offline"));
}

void TestSchedulerPools::allInactiveForOneReason_data()
{
    QTest::addColumn<domain::StatusReason>("reason");
    QTest::addColumn<QString>("words");
    QTest::newRow("offline") << domain::StatusReason::Offline << QStringLiteral("their publishers are offline");
    QTest::newRow("backendDown") << domain::StatusReason::BackendDown << QStringLiteral("their backends do not answer");
    QTest::newRow("paused") << domain::StatusReason::Paused << QStringLiteral("paused by their owner");
    QTest::newRow("draining") << domain::StatusReason::Draining
                              << QStringLiteral("their publishers finish what runs and take nothing new");
}

void TestSchedulerPools::allInactiveForOneReason()
{
    QFETCH(const domain::StatusReason, reason);
    QFETCH(const QString, words);
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.deactivate("x", reason);
    h.deactivate("y", reason);
    QCOMPARE(h.submit("a1", "p"), QByteArray("publisher_offline"));
    QCOMPARE(h.lastError.message, QStringLiteral("All Llms of pool 'p' are inactive; %1.").arg(words));
}

void TestSchedulerPools::conversationsStayWhereTheyAreKnown()
{
    SchedulerHarness h;
    h.add("x", 2, "p");
    h.add("y", 2, "p");
    Request talk = h.request("a1", "p");
    talk.conversation = 7;
    for (const char *const label : {"a1", "a2"})
        h.submit(label, talk);
    // The second one would go to the other member, but for the first.
    QCOMPARE(h.settle(), QByteArray("a1>x, a2>x"));
    h.submit("a3", talk);
    QCOMPARE(h.settle(), QByteArray("a3>y"));
    h.release("a1");
    h.submit("a4", talk);
    QCOMPARE(h.settle(), QByteArray("a4>y"));
}

void TestSchedulerPools::affinityCanBeOff()
{
    SchedulerHarness h({.affinity = false});
    h.add("x", 2, "p");
    h.add("y", 2, "p");
    Request talk = h.request("a1", "p");
    talk.conversation = 7;
    h.submit("a1", talk);
    h.submit("a2", talk);
    QCOMPARE(h.settle(), QByteArray("a1>x, a2>y"));
}

void TestSchedulerPools::failingMembersAreLeftOut()
{
    SchedulerHarness h({.breakerFailures = 2, .breakerPause = 5s, .maxBreakerPause = 15s});
    h.add("x", 9, "p");
    h.add("y", 1, "p");
    fail(h, "x", 2);
    h.submit("a1", "p");
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("a1>y"));
    QCOMPARE(h.scheduler.nextDeadline(), std::optional(h.clock.now() + 5s));
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("a2>x"));
    // It fails its probe, and is left out for longer.
    fail(h, "x", 1);
    h.release("a2");
    h.submit("a3", "p");
    h.clock.advance(9s);
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(1s);
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerPools::whoIsLeftOutIsProbed()
{
    SchedulerHarness h({.breakerFailures = 1, .breakerPause = 5s});
    h.add("x", 9, "p");
    h.add("y", 1, "p");
    fail(h, "x", 1);
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("a1>y"));
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("a2>x"));
    h.scheduler.report(h.id("x"), MemberOutcome::Served);
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerPools::aProbeThatIsCancelledIsForgotten()
{
    SchedulerHarness h({.breakerFailures = 1, .breakerPause = 5s});
    h.add("x", 9, "p");
    h.add("y", 1, "p");
    fail(h, "x", 1);
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    h.settle();
    h.clock.advance(5s);
    QCOMPARE(h.settle(), QByteArray("a2>x"));
    h.release("a2");
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerPools::ifAllFailAllAreAsked()
{
    SchedulerHarness h({.breakerFailures = 1});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    fail(h, "x", 1);
    fail(h, "y", 1);
    h.submit("a1", "p");
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("a1>x, a2>y"));
    // For one that all others have failed, they do not count either.
    h.release("a1");
    h.scheduler.report(h.id("y"), MemberOutcome::Served);
    h.submit("a3", tried(h.request("a3", "p"), {"y"}));
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerPools::byNameTheBreakerDoesNotCount()
{
    SchedulerHarness h({.breakerFailures = 1});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    fail(h, "x", 1);
    h.submit("a1", "x");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
}

void TestSchedulerPools::alternatives()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    const Request pooled = tried(h.request("a1", "p"), {"x"});
    QVERIFY(h.scheduler.hasAlternative(pooled));
    QVERIFY(h.scheduler.hasFreeAlternative(pooled));
    h.submit("b1", "y");
    h.settle();
    QVERIFY(h.scheduler.hasAlternative(pooled));
    QVERIFY(!h.scheduler.hasFreeAlternative(pooled));
    QVERIFY(!h.scheduler.hasAlternative(tried(h.request("a1", "x"), {"x"})));
    h.hibernate("y");
    QVERIFY(h.scheduler.hasAlternative(pooled));
    QVERIFY(!h.scheduler.hasFreeAlternative(pooled));
    h.deactivate("y");
    QVERIFY(!h.scheduler.hasAlternative(pooled));
}

void TestSchedulerPools::queuesAreBoundedByDestination()
{
    SchedulerHarness h({.maxWaiting = 1});
    h.add("x", 1, "p");
    h.submit("z1", "p");
    h.settle();
    QCOMPARE(h.submit("a1", "p"), QByteArray());
    QCOMPARE(h.submit("b1", "x"), QByteArray());
    QCOMPARE(h.submit("c1", "p"), QByteArray("queue_full"));
    QCOMPARE(h.lastError.message,
             QStringLiteral("Pool 'p' is busy and 1 requests are waiting for it already; try again later."));
}

void TestSchedulerPools::positionsAmongAllWhoWantTheSameSlots()
{
    SchedulerHarness h;
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.change("y", [](domain::Llm &llm) { llm.owner = QStringLiteral("bob"); });
    for (const char *const label : {"z1", "z2"})
        h.submit(label, "p");
    h.settle();
    h.submit("a1", "p");
    h.submit("b1", "x");
    h.submit("c1", "y");
    h.submit("bob1", "p");
    const auto position = [&h](const char *label) -> QByteArray {
        const QueuePosition found = *h.scheduler.position(h.ticket(label));
        return QByteArray::number(found.place) + " of " + QByteArray::number(found.waiting);
    };
    QCOMPARE(position("a1"), QByteArray("1 of 3"));
    QCOMPARE(position("b1"), QByteArray("2 of 3"));
    // Behind the pool's and the owner's.
    QCOMPARE(position("c1"), QByteArray("3 of 3"));
    QCOMPARE(position("bob1"), QByteArray("1 of 3"));
}

QTEST_GUILESS_MAIN(TestSchedulerPools)
#include "tst_schedulerpools.moc"
