// Settings that are replaced while the scheduler works: they concern what comes, and nobody who waits already.

#include "breaker.h"
#include "conversations.h"
#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestSchedulerSettings final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aShorterQueueDropsNobody();
    void aShorterQueueIsFull();
    void whoWaitsMayWaitAsLongAsBefore();
    void aLongerWaitIsForThoseWhoCome();
    void whoComesAgainMayWaitAsLongAsBefore_data();
    void whoComesAgainMayWaitAsLongAsBefore();
    void aSleeperIsWokenForThoseWhoWaitAlready();
    void affinityEndsAtOnce();
    void conversationsThatDoNotFitAreForgotten();
    void fewerFailuresOpenABreaker();
    void aPauseThatHasBegunStays();
};

namespace {

void fail(SchedulerHarness &h, const char *llm)
{
    h.scheduler.report(h.id(llm), MemberOutcome::Failed);
}

Request inConversation(Request request, quint64 conversation)
{
    request.conversation = conversation;
    return request;
}

} // namespace

void TestSchedulerSettings::aShorterQueueDropsNobody()
{
    SchedulerHarness h({.maxWaiting = 3});
    h.add("m");
    for (const char *const label : {"z1", "a1", "b1", "c1"})
        QCOMPARE(h.submit(label, "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("z1>m"));
    h.scheduler.setSettings({.maxWaiting = 1});
    QCOMPARE(h.settle(), QByteArray());
    QCOMPARE(h.scheduler.waiting(), 3);
    QCOMPARE(h.submit("d1", "m"), QByteArray("queue_full"));

    h.scheduler.setSettings({.maxWaiting = 4});
    QCOMPARE(h.submit("d1", "m"), QByteArray());
    QCOMPARE(h.submit("e1", "m"), QByteArray("queue_full"));
}

void TestSchedulerSettings::aShorterQueueIsFull()
{
    SchedulerHarness h({.maxWaiting = 5});
    h.add("m");
    for (const char *const label : {"z1", "a1", "a2", "a3", "b1"})
        QCOMPARE(h.submit(label, "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("z1>m"));
    h.scheduler.setSettings({.maxWaiting = 1});
    QCOMPARE(h.settle(), QByteArray());
    // It takes the place of the greediest key's newest, and a place for another does not come of that.
    QCOMPARE(h.submit("c1", "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("a3!queue_full"));
    QCOMPARE(h.scheduler.waiting(), 4);
    QCOMPARE(h.submit("b2", "m"), QByteArray("queue_full"));
}

void TestSchedulerSettings::whoWaitsMayWaitAsLongAsBefore()
{
    SchedulerHarness h({.maxWait = 100s});
    h.add("m");
    h.submit("z1", "m");
    h.submit("a1", "m");
    h.settle();
    h.clock.advance(50s);
    h.scheduler.setSettings({.maxWait = 10s});
    QCOMPARE(h.settle(), QByteArray());
    // It stands behind one who waits for longer, and is late before that one all the same.
    h.submit("b1", "m");
    h.settle();
    QVERIFY(h.scheduler.nextDeadline() == h.clock.now() + 10s);
    h.clock.advance(10s);
    QCOMPARE(h.settle(), QByteArray("b1!queue_timeout"));
    QVERIFY2(h.lastError.message.contains(QLatin1String(" 10 s")), qPrintable(h.lastError.message));
    QVERIFY(h.scheduler.nextDeadline() == h.clock.now() + 40s);
    h.clock.advance(40s);
    QCOMPARE(h.settle(), QByteArray("a1!queue_timeout"));
    QVERIFY2(h.lastError.message.contains(QLatin1String(" 100 s")), qPrintable(h.lastError.message));
}

void TestSchedulerSettings::aLongerWaitIsForThoseWhoCome()
{
    SchedulerHarness h({.maxWait = 10s});
    h.add("m");
    h.submit("z1", "m");
    h.submit("a1", "m");
    h.settle();
    h.scheduler.setSettings({.maxWait = 100s});
    h.submit("b1", "m");
    h.settle();
    h.clock.advance(10s);
    QCOMPARE(h.settle(), QByteArray("a1!queue_timeout"));
    h.clock.advance(90s);
    QCOMPARE(h.settle(), QByteArray("b1!queue_timeout"));
}

void TestSchedulerSettings::whoComesAgainMayWaitAsLongAsBefore_data()
{
    QTest::addColumn<Duration>("promised");
    QTest::addColumn<Duration>("set");
    QTest::newRow("shorter since") << Duration(100s) << Duration(10s);
    QTest::newRow("longer since") << Duration(100s) << Duration(1000s);
}

void TestSchedulerSettings::whoComesAgainMayWaitAsLongAsBefore()
{
    QFETCH(Duration, promised);
    QFETCH(Duration, set);
    SchedulerHarness h({.maxWait = set});
    h.add("m");
    h.submit("z1", "m");
    h.settle();
    Request again = h.request("a1", "m");
    again.again = true;
    again.waited = 30s;
    again.maxWait = promised;
    QCOMPARE(h.submit("a1", again), QByteArray());
    QCOMPARE(h.settle(), QByteArray());
    QVERIFY(h.scheduler.nextDeadline() == h.clock.now() + 70s);
    h.clock.advance(70s);
    QCOMPARE(h.settle(), QByteArray("a1!queue_timeout"));
    QVERIFY2(h.lastError.message.contains(QLatin1String(" 100 s")), qPrintable(h.lastError.message));
}

void TestSchedulerSettings::aSleeperIsWokenForThoseWhoWaitAlready()
{
    SchedulerHarness h({.wakeWhenQueuedOver = 5});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.scheduler.setSettings({.wakeWhenQueuedOver = 1});
    QCOMPARE(h.settle(), QByteArray("wake y"));
}

void TestSchedulerSettings::affinityEndsAtOnce()
{
    SchedulerHarness h;
    h.add("x", 2, "p");
    h.add("y", 2, "p");
    h.submit("a1", inConversation(h.request("a1", "p"), 7));
    QCOMPARE(h.settle(), QByteArray("a1>x"));
    h.submit("a2", inConversation(h.request("a2", "p"), 7));
    QCOMPARE(h.settle(), QByteArray("a2>x"));
    h.release("a2");
    h.scheduler.setSettings({.affinity = false});
    h.submit("a3", inConversation(h.request("a3", "p"), 7));
    QCOMPARE(h.settle(), QByteArray("a3>y"));
}

void TestSchedulerSettings::conversationsThatDoNotFitAreForgotten()
{
    Conversations conversations(3);
    for (const quint64 number : {1, 2, 3})
        conversations.remember(number, SchedulerHarness::id("x"));
    conversations.setCapacity(2);
    QCOMPARE(conversations.count(), 2);
    QVERIFY(!conversations.lastServer(1));
    QVERIFY(conversations.lastServer(2) && conversations.lastServer(3));
    conversations.remember(4, SchedulerHarness::id("y"));
    QCOMPARE(conversations.count(), 2);
    QVERIFY(!conversations.lastServer(2));
    conversations.setCapacity(3);
    conversations.remember(5, SchedulerHarness::id("y"));
    QCOMPARE(conversations.count(), 3);
}

void TestSchedulerSettings::fewerFailuresOpenABreaker()
{
    SchedulerHarness h({.breakerFailures = 5});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.submit("a1", "x");
    h.settle();
    h.release("a1");
    fail(h, "x");
    h.scheduler.setSettings({.breakerFailures = 2});
    fail(h, "x");
    h.submit("a2", "p");
    QCOMPARE(h.settle(), QByteArray("a2>y"));
    // It has room, and is left out.
    h.submit("a3", "p");
    QCOMPARE(h.settle(), QByteArray());
    h.clock.advance(SchedulerSettings().breakerPause);
    QCOMPARE(h.settle(), QByteArray("a3>x"));
}

void TestSchedulerSettings::aPauseThatHasBegunStays()
{
    Breaker breaker({1, 10s, 100s});
    const MonotonicTime start{};
    breaker.report(MemberOutcome::Failed, start);
    breaker.setLimits({1, 2s, 15s});
    QCOMPARE(breaker.state(start + 9s), BreakerState::Open);
    QCOMPARE(breaker.state(start + 10s), BreakerState::HalfOpen);
    // The next one would be twice as long, and is not longer than the new limit.
    breaker.report(MemberOutcome::Failed, start + 10s);
    QVERIFY(breaker.pausedUntil() == start + 25s);
    breaker.report(MemberOutcome::Served, start + 25s);
    breaker.report(MemberOutcome::Failed, start + 30s);
    QVERIFY(breaker.pausedUntil() == start + 32s);

    // One that is closed begins with the new pause.
    Breaker closed({1, 10s, 100s});
    closed.setLimits({1, 2s, 15s});
    closed.report(MemberOutcome::Failed, start);
    QVERIFY(closed.pausedUntil() == start + 2s);
}

QTEST_GUILESS_MAIN(TestSchedulerSettings)
#include "tst_schedulersettings.moc"
