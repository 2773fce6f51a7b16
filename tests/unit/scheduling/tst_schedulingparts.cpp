// The small parts of the scheduler: breakers, service rates, remembered conversations.

#include "breaker.h"
#include "conversations.h"
#include "servicerate.h"

#include <QTest>

using namespace hearth;
using namespace hearth::scheduling;
using namespace std::chrono_literals;

class TestSchedulingParts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void breakerOpensAfterFailuresInARow();
    void breakerPausesGrow();
    void breakerIgnoresStragglers();
    void rateNeedsSamples();
    void rateFollows();
    void theLongestUnusedConversationIsForgotten();
    void noConversationsAtAll();
};

namespace {

constexpr MonotonicTime start{1h};

} // namespace

void TestSchedulingParts::breakerOpensAfterFailuresInARow()
{
    Breaker breaker({3, 5s, 60s});
    for (const MemberOutcome outcome : {MemberOutcome::Failed, MemberOutcome::Failed, MemberOutcome::Served,
                                        MemberOutcome::Failed, MemberOutcome::Failed}) {
        breaker.report(outcome, start);
        QCOMPARE(breaker.state(start), BreakerState::Closed);
    }
    breaker.report(MemberOutcome::Failed, start);
    QCOMPARE(breaker.state(start + 4999ms), BreakerState::Open);
    QCOMPARE(breaker.state(start + 5s), BreakerState::HalfOpen);
    breaker.report(MemberOutcome::Served, start + 6s);
    QCOMPARE(breaker.state(start + 6s), BreakerState::Closed);
}

void TestSchedulingParts::breakerPausesGrow()
{
    Breaker breaker({1, 5s, 15s});
    MonotonicTime now = start;
    for (const Duration pause : {5s, 10s, 15s, 15s}) {
        breaker.report(MemberOutcome::Failed, now);
        QCOMPARE(breaker.pausedUntil(), std::optional(now + pause));
        now += pause;
    }
    breaker.report(MemberOutcome::Served, now);
    breaker.report(MemberOutcome::Failed, now);
    QCOMPARE(breaker.pausedUntil(), std::optional(now + 5s));
}

void TestSchedulingParts::breakerIgnoresStragglers()
{
    Breaker breaker({1, 5s, 60s});
    breaker.report(MemberOutcome::Failed, start);
    breaker.report(MemberOutcome::Failed, start + 1s);
    QCOMPARE(breaker.pausedUntil(), std::optional(start + 5s));
}

void TestSchedulingParts::rateNeedsSamples()
{
    ServiceRate rate;
    rate.add(1s);
    rate.add(2s);
    QVERIFY(!rate.estimate(1, 1));
    rate.add(3s);
    QCOMPARE(rate.estimate(1, 1), std::optional<Duration>(2s));
    QCOMPARE(rate.estimate(6, 4), std::optional<Duration>(3s));
    QVERIFY(!rate.estimate(1, 0));
}

void TestSchedulingParts::rateFollows()
{
    ServiceRate rate;
    for (int i = 0; i < 10; ++i)
        rate.add(1s);
    QCOMPARE(rate.estimate(1, 1), std::optional<Duration>(1s));
    for (int i = 0; i < 40; ++i)
        rate.add(10s);
    QVERIFY(rate.estimate(1, 1) > 9900ms);
}

void TestSchedulingParts::theLongestUnusedConversationIsForgotten()
{
    Conversations conversations(2);
    const LlmId x(QStringLiteral("x"));
    const LlmId y(QStringLiteral("y"));
    conversations.remember(1, x);
    conversations.remember(2, x);
    conversations.remember(1, y);
    conversations.remember(3, x);
    QCOMPARE(conversations.count(), 2);
    QCOMPARE(conversations.lastServer(1), std::optional(y));
    QVERIFY(!conversations.lastServer(2));
    QCOMPARE(conversations.lastServer(3), std::optional(x));
}

void TestSchedulingParts::noConversationsAtAll()
{
    Conversations conversations(0);
    conversations.remember(1, LlmId(QStringLiteral("x")));
    QCOMPARE(conversations.count(), 0);
}

QTEST_GUILESS_MAIN(TestSchedulingParts)
#include "tst_schedulingparts.moc"
