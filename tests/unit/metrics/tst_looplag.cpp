// LoopLag: by how much a timer of the event loop is late.

#include "looplag.h"
#include "metrics.h"
#include "metricstext.h"

#include <QTest>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

namespace {

/// A clock whose loop can be held up: time passes, and what has fallen due meanwhile runs afterwards.
class HeldUpClock final : public Clock
{
public:
    MonotonicTime now() const override { return m_now; }

    WallTime wallNow() const override { return WallTime(m_now.time_since_epoch()); }

    void pass(Duration duration)
    {
        m_now += duration;
        runDue();
    }

protected:
    void dueChanged() override {}

private:
    MonotonicTime m_now{1h};
};

} // namespace

class TestLoopLag final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reportsHowLateItIs();
    void becomesAHistogram();
};

void TestLoopLag::reportsHowLateItIs()
{
    HeldUpClock clock;
    QList<qint64> lags;
    const metrics::LoopLag lag(clock, 1s, [&](Duration late) { lags.append(late.count()); });
    clock.pass(999ms);
    QVERIFY(lags.isEmpty());
    clock.pass(1ms);
    QCOMPARE(lags, QList<qint64>{0});
    // The delay of one sample does not add to the next.
    clock.pass(1700ms);
    clock.pass(1000ms);
    QCOMPARE(lags, (QList<qint64>{0, 700, 0}));
}

void TestLoopLag::becomesAHistogram()
{
    HeldUpClock clock;
    const metrics::Metrics metrics(clock, {.lagInterval = 100ms}, QStringLiteral("1"));
    clock.pass(100ms);
    clock.pass(350ms);
    const MetricsText text(metrics.text({}));
    const QString lag = QStringLiteral("hearth_event_loop_lag_seconds");
    QCOMPARE(text.problems(), QStringList());
    QCOMPARE(text.value(lag + u"_count"), 2);
    QCOMPARE(text.value(lag + u"_sum"), 0.25);
    QCOMPARE(text.value(lag + u"_bucket", {{QStringLiteral("le"), QStringLiteral("0.1")}}), 1);
    QCOMPARE(text.value(lag + u"_bucket", {{QStringLiteral("le"), QStringLiteral("0.25")}}), 2);
}

QTEST_GUILESS_MAIN(TestLoopLag)
#include "tst_looplag.moc"
