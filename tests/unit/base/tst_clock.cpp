#include "clock.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace hearth;
using namespace std::chrono_literals;

class TestClock final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsInOrder();
    void sameMomentKeepsOrderOfStart();
    void runsOnce();
    void advancesToEachMoment();
    void restartLater();
    void restartEarlier();
    void restartedTooLateToFire();
    void stop();
    void restartsItself();
    void destroysItself();
    void destroysAnother();
    void stopsAnotherThatIsDue();
    void negativeDurationIsAtOnce();
    void manyTimers();
    void wallClockJumpsAlone();
    void systemClockRunsTimers();
    void systemClockTakesEarlierTimer();
    void systemClockSpansTimersStartedByTimers();
    void systemClockTellsBothTimes();
};

void TestClock::runsInOrder()
{
    FakeClock clock;
    QStringList ran;
    Timer late(clock, [&] { ran.append(QStringLiteral("late")); });
    Timer early(clock, [&] { ran.append(QStringLiteral("early")); });
    Timer middle(clock, [&] { ran.append(QStringLiteral("middle")); });
    late.start(30ms);
    early.start(10ms);
    middle.start(20ms);
    clock.advance(9ms);
    QVERIFY(ran.isEmpty());
    clock.advance(1ms);
    QCOMPARE(ran, QStringList{QStringLiteral("early")});
    clock.advance(1h);
    QCOMPARE(ran.join(u' '), QStringLiteral("early middle late"));
}

void TestClock::sameMomentKeepsOrderOfStart()
{
    FakeClock clock;
    QList<int> ran;
    std::vector<std::unique_ptr<Timer>> timers;
    for (int i = 0; i < 20; ++i) {
        timers.push_back(std::make_unique<Timer>(clock, [&ran, i] { ran.append(i); }));
        timers.back()->start(5ms);
    }
    clock.advance(5ms);
    QCOMPARE(ran.size(), 20);
    QVERIFY(std::ranges::is_sorted(ran));
}

void TestClock::runsOnce()
{
    FakeClock clock;
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.start(1s);
    QVERIFY(timer.isActive());
    clock.advance(10s);
    QCOMPARE(runs, 1);
    QVERIFY(!timer.isActive());
}

void TestClock::advancesToEachMoment()
{
    FakeClock clock;
    const MonotonicTime start = clock.now();
    const WallTime wallStart = clock.wallNow();
    Duration seen{};
    Duration wallSeen{};
    Timer timer(clock, [&] {
        seen = clock.now() - start;
        wallSeen = clock.wallNow() - wallStart;
    });
    timer.start(40ms);
    clock.advance(100ms);
    QCOMPARE(seen, 40ms);
    QCOMPARE(wallSeen, 40ms);
    QCOMPARE(clock.now() - start, 100ms);
    QCOMPARE(clock.wallNow() - wallStart, 100ms);
}

void TestClock::restartLater()
{
    FakeClock clock;
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.start(10ms);
    // Each chunk of a stream restarts the idle timer of the stream.
    for (int chunk = 0; chunk < 100; ++chunk) {
        clock.advance(9ms);
        timer.start(10ms);
    }
    QCOMPARE(runs, 0);
    clock.advance(9ms);
    QCOMPARE(runs, 0);
    clock.advance(1ms);
    QCOMPARE(runs, 1);
}

void TestClock::restartEarlier()
{
    FakeClock clock;
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.start(10s);
    timer.start(10ms);
    clock.advance(10ms);
    QCOMPARE(runs, 1);
    clock.advance(20s);
    QCOMPARE(runs, 1);
}

void TestClock::restartedTooLateToFire()
{
    FakeClock clock;
    QStringList ran;
    Timer idle(clock, [&] { ran.append(QStringLiteral("idle")); });
    Timer other(clock, [&] { ran.append(QStringLiteral("other")); });
    idle.start(10ms);
    other.start(15ms);
    idle.start(20ms);
    clock.advance(15ms);
    QCOMPARE(ran, QStringList{QStringLiteral("other")});
    QVERIFY(idle.isActive());
    clock.advance(5ms);
    QCOMPARE(ran.size(), 2);
}

void TestClock::stop()
{
    FakeClock clock;
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.stop();
    timer.start(10ms);
    timer.stop();
    QVERIFY(!timer.isActive());
    clock.advance(1s);
    QCOMPARE(runs, 0);
    timer.start(10ms);
    clock.advance(1s);
    QCOMPARE(runs, 1);
}

void TestClock::restartsItself()
{
    FakeClock clock;
    int runs = 0;
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(clock, [&] {
        if (++runs < 5)
            timer->start(10ms);
    });
    timer->start(10ms);
    clock.advance(35ms);
    QCOMPARE(runs, 3);
    clock.advance(1s);
    QCOMPARE(runs, 5);
}

void TestClock::destroysItself()
{
    FakeClock clock;
    // A capture that would be gone with the timer: the sanitizers see the function outlive its own destruction.
    const auto capture = std::make_shared<QString>(QStringLiteral("still here"));
    QString seen;
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(clock, [&timer, &seen, capture] {
        timer.reset();
        seen = *capture;
    });
    timer->start(1ms);
    clock.advance(1ms);
    QVERIFY(!timer);
    QCOMPARE(seen, QStringLiteral("still here"));
    QCOMPARE(capture.use_count(), 1);
}

void TestClock::destroysAnother()
{
    FakeClock clock;
    int runs = 0;
    auto victim = std::make_unique<Timer>(clock, [&] { ++runs; });
    Timer killer(clock, [&] { victim.reset(); });
    killer.start(5ms);
    victim->start(5ms);
    clock.advance(1s);
    QCOMPARE(runs, 0);
}

void TestClock::stopsAnotherThatIsDue()
{
    FakeClock clock;
    int runs = 0;
    Timer second(clock, [&] { ++runs; });
    Timer first(clock, [&] { second.stop(); });
    first.start(1ms);
    second.start(2ms);
    clock.advance(1ms);
    clock.advance(1s);
    QCOMPARE(runs, 0);
}

void TestClock::negativeDurationIsAtOnce()
{
    FakeClock clock;
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.start(-5s);
    clock.advance(0ms);
    QCOMPARE(runs, 1);
}

void TestClock::manyTimers()
{
    constexpr int count = 10'000;
    FakeClock clock;
    QRandomGenerator random(4327);
    const MonotonicTime start = clock.now();
    std::vector<std::unique_ptr<Timer>> timers;
    std::vector<Duration> due(count);
    std::vector<Duration> ranAt;
    int wrong = 0;
    for (int i = 0; i < count; ++i) {
        timers.push_back(std::make_unique<Timer>(clock, [&, i] {
            ranAt.push_back(clock.now() - start);
            wrong += ranAt.back() == due[i] ? 0 : 1;
        }));
    }
    // Every timer is started, most are moved, some are stopped or destroyed.
    const auto begin = [&](int i) {
        due[i] = Duration(random.bounded(100'000));
        timers[i]->start(due[i]);
    };
    for (int i = 0; i < count; ++i)
        begin(i);
    for (int round = 0; round < 3 * count; ++round)
        begin(random.bounded(count));
    for (int i = 0; i < count; i += 10)
        timers[i]->stop();
    for (int i = 5; i < count; i += 10)
        timers[i].reset();

    clock.advance(100s);
    QCOMPARE(ranAt.size(), size_t(count - 2 * count / 10));
    QCOMPARE(wrong, 0);
    QVERIFY(std::ranges::is_sorted(ranAt));
}

void TestClock::wallClockJumpsAlone()
{
    FakeClock clock;
    const MonotonicTime start = clock.now();
    const WallTime wallStart = clock.wallNow();
    int runs = 0;
    Timer timer(clock, [&] { ++runs; });
    timer.start(10s);
    clock.jumpWall(24h);
    QCOMPARE(clock.now(), start);
    QCOMPARE(clock.wallNow() - wallStart, 24h);
    QCOMPARE(runs, 0);
}

void TestClock::systemClockRunsTimers()
{
    SystemClock clock;
    const MonotonicTime start = clock.now();
    QList<int> ran;
    Duration elapsed{};
    Timer second(clock, [&] {
        ran.append(2);
        elapsed = clock.now() - start;
    });
    Timer first(clock, [&] { ran.append(1); });
    Timer never(clock, [&] { ran.append(3); });
    second.start(30ms);
    first.start(10ms);
    never.start(20ms);
    never.stop();
    QTRY_COMPARE_WITH_TIMEOUT(ran, (QList<int>{1, 2}), 5000);
    QVERIFY2(elapsed >= 30ms, qPrintable(QString::number(elapsed.count())));
}

void TestClock::systemClockTakesEarlierTimer()
{
    SystemClock clock;
    bool lateRan = false;
    bool ran = false;
    Timer late(clock, [&] { lateRan = true; });
    Timer early(clock, [&] { ran = true; });
    late.start(1h);
    early.start(1ms);
    QTRY_VERIFY_WITH_TIMEOUT(ran, 5000);
    QVERIFY(!lateRan);
    late.start(1ms);
    QTRY_VERIFY_WITH_TIMEOUT(lateRan, 5000);
}

void TestClock::systemClockSpansTimersStartedByTimers()
{
    SystemClock clock;
    int runs = 0;
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(clock, [&] {
        if (++runs < 20)
            timer->start(1ms);
        else
            timer.reset();
    });
    timer->start(0ms);
    QTRY_COMPARE_WITH_TIMEOUT(runs, 20, 5000);
    QVERIFY(!timer);
}

void TestClock::systemClockTellsBothTimes()
{
    const SystemClock clock;
    const MonotonicTime first = clock.now();
    QVERIFY(clock.now() >= first);
    const qint64 wall = clock.wallNow().time_since_epoch().count();
    QVERIFY(qAbs(QDateTime::currentMSecsSinceEpoch() - wall) < 60'000);
}

QTEST_GUILESS_MAIN(TestClock)
#include "tst_clock.moc"
