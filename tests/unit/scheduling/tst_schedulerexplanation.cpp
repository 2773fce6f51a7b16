// explain(): what it says, and that it changes nothing.

#include "schedulerharness.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

using Verdict = Explanation::Verdict;

class TestSchedulerExplanation final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMemberHasItsReason();
    void dispatch();
    void queue();
    void wake();
    void refuse();
    void refuseForWantOfRoom();
    void whoMakesRoomDoesNotCount();
};

void TestSchedulerExplanation::everyMemberHasItsReason()
{
    SchedulerHarness h({.breakerFailures = 1});
    for (const char *const name : {"best", "busy", "failing", "full", "tried", "asleep", "gone"})
        h.add(name, name == QByteArray("full") ? 1 : 4, "p");
    h.submit("a1", "busy");
    h.submit("a2", "full");
    h.settle();
    h.scheduler.report(h.id("failing"), MemberOutcome::Failed);
    h.hibernate("asleep");
    h.deactivate("gone", domain::StatusReason::Paused);
    Request request = h.request("b1", "p");
    request.tried += h.id("tried");

    const Explanation explanation = h.scheduler.explain(request);
    QCOMPARE(explanation.verdict, Verdict::Dispatch);
    QCOMPARE(explanation.chosen, std::optional(h.id("best")));
    QCOMPARE(explanation.candidates.size(), 7);
    std::map<QString, QString> reasons;
    for (const Candidate &candidate : explanation.candidates)
        reasons[candidate.llm.toString().mid(6)] = candidate.reason;
    const auto starts = [&reasons](const char *name, const char *text) {
        return reasons[QLatin1String(name)].startsWith(QLatin1String(text));
    };
    QVERIFY(starts("best", "chosen; 0 of 4 slots are taken"));
    QVERIFY(starts("busy", "has room, but another one"));
    QVERIFY(starts("failing", "left out for a while"));
    QVERIFY(starts("full", "full; 1 of 1 slots are taken"));
    QVERIFY(starts("tried", "has failed this request already"));
    QVERIFY(starts("asleep", "hibernates, and need not be woken"));
    QVERIFY(starts("gone", "Llm 'gone' is inactive; paused by its owner"));
}

void TestSchedulerExplanation::dispatch()
{
    SchedulerHarness h;
    h.add("m");
    for (int i = 0; i < 2; ++i) {
        const Explanation explanation = h.scheduler.explain(h.request("a1", "m"));
        QCOMPARE(explanation.verdict, Verdict::Dispatch);
        QCOMPARE(explanation.candidates.front().running, 0);
        QCOMPARE(explanation.waiting, 0);
    }
    QCOMPARE(h.settle(), QByteArray());
}

void TestSchedulerExplanation::queue()
{
    SchedulerHarness h;
    h.add("m");
    for (const char *const label : {"a1", "a2", "a3", "a4", "a5"}) {
        h.submit(label, "m");
        h.settle();
    }
    for (const char *const label : {"a1", "a2", "a3"}) {
        h.clock.advance(4s);
        h.release(label);
        h.settle();
    }
    const Explanation explanation = h.scheduler.explain(h.request("b1", "m"));
    QCOMPARE(explanation.verdict, Verdict::Queue);
    QVERIFY(!explanation.chosen);
    QCOMPARE(explanation.waiting, 1);
    QCOMPARE(explanation.estimate, std::optional<Duration>(8s));
}

void TestSchedulerExplanation::wake()
{
    SchedulerHarness h({.wakeWhenQueuedOver = 1});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    h.submit("a1", "p");
    h.settle();
    QCOMPARE(h.scheduler.explain(h.request("b1", "p")).verdict, Verdict::Queue);
    h.submit("a2", "p");
    h.settle();
    const Explanation wanted = h.scheduler.explain(h.request("b1", "p"));
    QCOMPARE(wanted.verdict, Verdict::Wake);
    QCOMPARE(wanted.chosen, std::optional(h.id("y")));
    QCOMPARE(wanted.candidates.back().reason, QStringLiteral("hibernates, and would be woken"));
    h.submit("b1", "p");
    QCOMPARE(h.settle(), QByteArray("wake y"));
    const Explanation running = h.scheduler.explain(h.request("b2", "p"));
    QCOMPARE(running.verdict, Verdict::Wake);
    QCOMPARE(running.candidates.back().reason, QStringLiteral("hibernates, and is being woken"));
}

void TestSchedulerExplanation::refuse()
{
    SchedulerHarness h;
    h.add("m");
    h.deactivate("m");
    const Explanation explanation = h.scheduler.explain(h.request("a1", "m"));
    QCOMPARE(explanation.verdict, Verdict::Refuse);
    QCOMPARE(explanation.reason, QStringLiteral("Llm 'm' is inactive; publisher offline"));
    QCOMPARE(h.scheduler.explain(h.request("a1", "nobody")).verdict, Verdict::Refuse);
}

void TestSchedulerExplanation::refuseForWantOfRoom()
{
    SchedulerHarness h({.maxWaiting = 2});
    h.add("m");
    for (const char *const label : {"x1", "a1", "a2"})
        h.submit(label, "m");
    h.settle();
    QCOMPARE(h.scheduler.explain(h.request("a3", "m")).verdict, Verdict::Refuse);
    // It would take the place of the greedier one's.
    QCOMPARE(h.scheduler.explain(h.request("b1", "m")).verdict, Verdict::Queue);
}

void TestSchedulerExplanation::whoMakesRoomDoesNotCount()
{
    SchedulerHarness h({.maxWaiting = 2, .wakeWhenQueuedOver = 2});
    h.add("x", 1, "p");
    h.add("y", 1, "p");
    h.hibernate("y");
    for (const char *const label : {"z1", "a1", "a2"})
        h.submit(label, "p");
    QCOMPARE(h.settle(), QByteArray("z1>x"));
    const Explanation explanation = h.scheduler.explain(h.request("b1", "p"));
    QVERIFY(explanation.verdict == Explanation::Verdict::Queue);
    h.submit("b1", "p");
    QCOMPARE(h.settle(), QByteArray("a2!queue_full"));
}

QTEST_GUILESS_MAIN(TestSchedulerExplanation)
#include "tst_schedulerexplanation.moc"
