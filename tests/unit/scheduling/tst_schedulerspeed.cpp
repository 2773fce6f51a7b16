// How fast the scheduler decides: figures to look at, no limits.

#include "schedulerharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace hearth::testsupport;

class TestSchedulerSpeed final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneRequestAtATime();
    void withHundredKeysWaiting();
    void inAPoolOfTwenty();
};

namespace {

constexpr int rounds = 20'000;

void print(const char *what, const QElapsedTimer &timer)
{
    qInfo("%s: %.0f requests a second", what, rounds * 1e9 / static_cast<double>(timer.nsecsElapsed()));
}

Ticket grantedTicket(Scheduler &scheduler)
{
    const std::optional<Decision> decision = scheduler.next();
    return decision && std::holds_alternative<Granted>(*decision) ? std::get<Granted>(*decision).ticket : Ticket{};
}

} // namespace

void TestSchedulerSpeed::oneRequestAtATime()
{
    SchedulerHarness h;
    h.add("m");
    const Request request = h.request("a1", "m");
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < rounds; ++i) {
        const Result<Ticket> ticket = h.scheduler.submit(request);
        QVERIFY(ticket && grantedTicket(h.scheduler) == *ticket);
        QVERIFY(!h.scheduler.next());
        h.scheduler.release(*ticket);
        QVERIFY(!h.scheduler.next());
    }
    print("submit, next, release", timer);
}

void TestSchedulerSpeed::withHundredKeysWaiting()
{
    SchedulerHarness h({.maxWaiting = 1000});
    h.add("m");
    std::vector<Request> requests;
    for (int i = 0; i < 100; ++i)
        requests.push_back(h.request(qPrintable(QStringLiteral("key-%1-").arg(i)), "m"));
    for (const Request &request : requests)
        QVERIFY(h.scheduler.submit(request));
    Ticket running = grantedTicket(h.scheduler);
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < rounds; ++i) {
        QVERIFY(h.scheduler.submit(requests[static_cast<size_t>(i) % requests.size()]));
        QVERIFY(!h.scheduler.next());
        h.scheduler.release(running);
        running = grantedTicket(h.scheduler);
        QVERIFY(!h.scheduler.next());
    }
    QCOMPARE(h.scheduler.waiting(), 99);
    print("the same with 100 keys waiting", timer);
}

void TestSchedulerSpeed::inAPoolOfTwenty()
{
    SchedulerHarness h;
    for (int i = 0; i < 20; ++i)
        h.add(qPrintable(QStringLiteral("m%1").arg(i)), 2, "p");
    const Request request = h.request("a1", "p");
    const LlmId served = h.id("m0");
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < rounds; ++i) {
        const Result<Ticket> ticket = h.scheduler.submit(request);
        QVERIFY(ticket && grantedTicket(h.scheduler) == *ticket);
        QVERIFY(!h.scheduler.next());
        h.scheduler.report(served, MemberOutcome::Served);
        h.scheduler.release(*ticket);
        QVERIFY(!h.scheduler.next());
    }
    print("the same in a pool of 20 members", timer);
}

QTEST_GUILESS_MAIN(TestSchedulerSpeed)
#include "tst_schedulerspeed.moc"
