// The scheduler with Llms that are in no pool: slots and turns.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestScheduler final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsAtMostMaxConcurrency();
    void llmsDoNotShareSlots();
    void keysTakeTurns();
    void aKeyThatComesLaterIsNotLast();
    void aGreedyKeyCostsNoMoreThanItsShare();
    void prioritiesGoBeforeTurns();
    void ownersGoFirstOnTheirBox();
    void ownersDoNotGoFirstOnPublicLlms();
    void growingServesWaiters();
    void shrinkingLetsWhatRunsEnd();
    void refuseAll();
};

void TestScheduler::runsAtMostMaxConcurrency()
{
    SchedulerHarness h;
    h.add("m", 2);
    for (const char *const label : {"a1", "a2", "a3"})
        QCOMPARE(h.submit(label, "m"), QByteArray());
    QCOMPARE(h.settle(), QByteArray("a1>m, a2>m"));
    QCOMPARE(h.scheduler.running(h.id("m")), 2);
    QCOMPARE(h.scheduler.waiting(h.destination("m")), 1);
    h.release("a2");
    QCOMPARE(h.settle(), QByteArray("a3>m"));
    h.release("a1");
    h.release("a3");
    h.release("a3");
    QCOMPARE(h.scheduler.running(h.id("m")), 0);
    QCOMPARE(h.scheduler.waiting(), 0);
}

void TestScheduler::llmsDoNotShareSlots()
{
    SchedulerHarness h;
    h.add("m");
    h.add("n");
    h.submit("a1", "m");
    h.submit("a2", "n");
    QCOMPARE(h.settle(), QByteArray("a1>m, a2>n"));
}

void TestScheduler::keysTakeTurns()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"a1", "a2", "a3", "a4", "b1", "b2", "c1"})
        h.submit(label, "m");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    QByteArray order;
    for (QByteArray last = "a1"; !last.isEmpty(); last = h.settle().split('>').first()) {
        order += last + ' ';
        h.release(last);
    }
    QCOMPARE(order, QByteArray("a1 b1 c1 a2 b2 a3 a4 "));
}

void TestScheduler::aKeyThatComesLaterIsNotLast()
{
    SchedulerHarness h({.maxWaiting = 1000});
    h.add("m");
    for (int i = 0; i < 500; ++i)
        h.submit(qPrintable(QStringLiteral("a%1").arg(i)), "m");
    h.settle();
    for (const char *const label : {"b1", "b2", "b3"})
        h.submit(label, "m");
    h.release("a0");
    QCOMPARE(h.settle(), QByteArray("a1>m"));
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("b1>m"));
    h.release("b1");
    QCOMPARE(h.settle(), QByteArray("a2>m"));
    h.release("a2");
    QCOMPARE(h.settle(), QByteArray("b2>m"));
}

void TestScheduler::aGreedyKeyCostsNoMoreThanItsShare()
{
    SchedulerHarness h({.maxWaiting = 1000, .maxWait = 3600s});
    h.add("m");
    constexpr Duration service = 100ms;
    for (int i = 0; i < 500; ++i)
        h.submit(qPrintable(QStringLiteral("a%1").arg(i)), "m");
    QByteArray running = h.settle().split('>').first();
    Duration longest{};
    for (int i = 0; i < 50; ++i) {
        const QByteArray label = "b" + QByteArray::number(i);
        h.submit(label, "m");
        const MonotonicTime submitted = h.clock.now();
        while (running != label) {
            h.clock.advance(service);
            h.release(running);
            running = h.settle().split('>').first();
        }
        longest = std::max(longest, h.clock.now() - submitted);
    }
    // For what runs, and for one of the other's.
    QCOMPARE(longest, 2 * service);
}

void TestScheduler::prioritiesGoBeforeTurns()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.settle();
    Request low = h.request("b1", "m");
    low.priority = domain::Priority::Low;
    h.submit("b1", low);
    h.submit("c1", "m");
    Request high = h.request("d1", "m");
    high.priority = domain::Priority::High;
    h.submit("d1", high);
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("d1>m"));
    h.release("d1");
    QCOMPARE(h.settle(), QByteArray("c1>m"));
    h.release("c1");
    QCOMPARE(h.settle(), QByteArray("b1>m"));
}

void TestScheduler::ownersGoFirstOnTheirBox()
{
    SchedulerHarness h;
    h.add("m");
    h.submit("a1", "m");
    h.settle();
    Request high = h.request("b1", "m");
    high.priority = domain::Priority::High;
    h.submit("b1", high);
    h.submit("alice1", "m");
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("alice1>m"));
}

void TestScheduler::ownersDoNotGoFirstOnPublicLlms()
{
    SchedulerHarness h;
    h.add("m");
    h.change("m", [](domain::Llm &llm) { llm.kind = domain::LlmKind::Public; });
    for (const char *const label : {"a1", "b1", "alice1"})
        h.submit(label, "m");
    h.settle();
    h.release("a1");
    QCOMPARE(h.settle(), QByteArray("b1>m"));
}

void TestScheduler::growingServesWaiters()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"a1", "a2", "a3"})
        h.submit(label, "m");
    h.settle();
    h.change("m", [](domain::Llm &llm) { llm.maxConcurrency = 3; });
    QCOMPARE(h.settle(), QByteArray("a2>m, a3>m"));
}

void TestScheduler::shrinkingLetsWhatRunsEnd()
{
    SchedulerHarness h;
    h.add("m", 3);
    for (const char *const label : {"a1", "a2", "a3", "a4"})
        h.submit(label, "m");
    h.settle();
    h.change("m", [](domain::Llm &llm) { llm.maxConcurrency = 1; });
    h.release("a1");
    h.release("a2");
    QCOMPARE(h.settle(), QByteArray());
    h.release("a3");
    QCOMPARE(h.settle(), QByteArray("a4>m"));
}

void TestScheduler::refuseAll()
{
    SchedulerHarness h;
    h.add("m");
    h.add("n");
    for (const char *const label : {"a1", "a2", "b1"})
        h.submit(label, "m");
    h.submit("c1", "n");
    h.submit("c2", "n");
    QCOMPARE(h.settle(), QByteArray("a1>m, c1>n"));
    h.scheduler.refuseAll({ErrorCode::ShuttingDown, QStringLiteral("The server is stopping.")});
    QCOMPARE(h.settle(), QByteArray("a2!shutting_down, b1!shutting_down, c2!shutting_down"));
    QCOMPARE(h.scheduler.waiting(), 0);
    QCOMPARE(h.scheduler.running(h.id("m")), 1);
}

QTEST_GUILESS_MAIN(TestScheduler)
#include "tst_scheduler.moc"
