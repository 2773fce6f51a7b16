// How backends are put to sleep, and what counts of their answers from then on.

#include "wakefixture.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestIdleSleeper final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sleepsAfterItsIdleTime();
    void hibernatesBeforeTheRecipeStarts();
    void countsFromTheLastTask();
    void neverSleepsUnderATask();
    void countsFromComingUp();
    void neverSleepsUnderAWake();
    void staysAsleepAlthoughItAnswers();
    void followsTheBackendOnceThatIsGone();
    void triesAgainAfterAFailure();
    void sleepsNoSecondTime();
    void sleepsWithItsSiblings();
    void sparesNeighboursWithoutARecipe();
    void leavesModelsOfTheirOwnAlone();
    void wakesAfterTheSleepHasEnded();
    void looksBeforeItWakesAfterAFailedSleep();
    void wakesAfterASleepThatFailedAndWorked();
    void doesNothingWhenStopped();

private:
    /// Two entries at one backend.
    static void addTwo(WakeFixture &fixture)
    {
        fixture.add(QStringLiteral("first")).sleep = WakeFixture::sleepRecipe();
        fixture.add(QStringLiteral("second")).sleep = WakeFixture::sleepRecipe();
    }

    /// Up, with its idle time running. The backend is asked only when the test wants it: while the time is made to
    /// pass, it could not answer.
    static bool start(WakeFixture &fixture, const char *name = "vllm-local")
    {
        if (name)
            fixture.add(QString::fromLatin1(name)).sleep = WakeFixture::sleepRecipe();
        const bool isUp = fixture.make(true);
        fixture.watch->stop();
        fixture.sleeper->start();
        return isUp;
    }

    /// Lets the idle time pass and the recipe end well.
    static bool putToSleep(WakeFixture &fixture)
    {
        fixture.clock.advance(10min);
        if (fixture.recipes.runs.size() != 1)
            return false;
        fixture.recipes.runs[0].succeed();
        return fixture.llm().rest == Rest::PutToSleep;
    }
};

void TestIdleSleeper::sleepsAfterItsIdleTime()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min - 1ms);
    QVERIFY(fixture.recipes.runs.empty());
    QVERIFY(fixture.llm().state == ReportedState::Active);
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(std::get<CommandRecipe>(fixture.recipes.runs[0].action).program == QStringLiteral("/bin/sleep"));
    QCOMPARE(fixture.recipes.runs[0].timeout, Duration(30s));
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    QVERIFY(fixture.llm().rest == Rest::FallingAsleep);
    fixture.recipes.runs[0].succeed();
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    QVERIFY(fixture.llm().rest == Rest::PutToSleep);
    QVERIFY(fixture.recipes.runs[0].isLetGo);
}

void TestIdleSleeper::hibernatesBeforeTheRecipeStarts()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    size_t startedWhenReported = 99;
    QObject::connect(&*fixture.watch, &BackendWatch::changed, &*fixture.watch,
                     [&] { startedWhenReported = fixture.recipes.runs.size(); });
    fixture.clock.advance(10min);
    QCOMPARE(startedWhenReported, size_t(0));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::countsFromTheLastTask()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(7min);
    fixture.llm().lastActivity = fixture.clock.now();
    fixture.clock.advance(10min - 1ms);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::neverSleepsUnderATask()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.llm().running = 1;
    fixture.clock.advance(24h);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.clock.advance(3min);
    fixture.llm().running = 0;
    fixture.llm().lastActivity = fixture.clock.now();
    fixture.clock.advance(10min - 1ms);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::countsFromComingUp()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(fixture.make(false));
    fixture.watch->stop();
    fixture.sleeper->start();
    fixture.clock.advance(25min);
    QVERIFY2(fixture.recipes.runs.empty(), "What is not up is not put to sleep.");
    fixture.backend.start();
    fixture.watch->askNow(fixture.llm());
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
    fixture.clock.advance(10min - 1ms);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::neverSleepsUnderAWake()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.llm().wake.emplace();
    fixture.clock.advance(1h);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.llm().wake.reset();
    fixture.clock.advance(10min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::staysAsleepAlthoughItAnswers()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    QVERIFY(putToSleep(fixture));
    for (int i = 0; i < 3; ++i) {
        const auto asked = fixture.backend.questions.size();
        fixture.watch->askNow(fixture.llm());
        QTRY_VERIFY(fixture.backend.questions.size() > asked || !fixture.backend.isQuiet());
        QTRY_VERIFY(fixture.backend.isQuiet());
        QVERIFY(fixture.llm().state == ReportedState::Hibernating);
        QVERIFY(fixture.llm().rest == Rest::PutToSleep);
    }
}

void TestIdleSleeper::followsTheBackendOnceThatIsGone()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.backend.stop();
    QVERIFY(putToSleep(fixture));
    // Asked at once, it does not answer.
    QTRY_VERIFY(fixture.llm().rest == Rest::None);
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    // Somebody has started it by hand.
    fixture.backend.start();
    fixture.watch->askNow(fixture.llm());
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
}

void TestIdleSleeper::triesAgainAfterAFailure()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    QTest::ignoreMessage(QtWarningMsg, "vllm-local could not be put to sleep: Exit status 3.");
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("Exit status 3."));
    QVERIFY(fixture.llm().rest == Rest::None);
    // It is what its backend says.
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
    fixture.clock.advance(10min - 1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

void TestIdleSleeper::sleepsNoSecondTime()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    fixture.clock.advance(1h);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(1h);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::sleepsWithItsSiblings()
{
    WakeFixture fixture;
    addTwo(fixture);
    QVERIFY(start(fixture, nullptr));
    fixture.llm(1).running = 1;
    fixture.clock.advance(1h);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.llm(1).running = 0;
    fixture.clock.advance(10min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(fixture.llm(0).state == ReportedState::Hibernating);
    QVERIFY(fixture.llm(1).state == ReportedState::Hibernating);
}

void TestIdleSleeper::sparesNeighboursWithoutARecipe()
{
    WakeFixture fixture;
    addTwo(fixture);
    fixture.add(QStringLiteral("neighbour"));
    QVERIFY(start(fixture, nullptr));
    fixture.llm(2).running = 1;
    fixture.clock.advance(1h);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.llm(2).running = 0;
    fixture.clock.advance(10min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(fixture.llm(2).state == ReportedState::Active);
}

void TestIdleSleeper::leavesModelsOfTheirOwnAlone()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("first")).sleep = WakeFixture::sleepRecipe();
    fixture.add(QStringLiteral("second")).sleep = WakeFixture::sleepRecipe(QStringLiteral("/bin/unload"));
    QVERIFY(start(fixture, nullptr));
    fixture.llm(1).running = 1;
    fixture.clock.advance(10min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(fixture.llm(0).state == ReportedState::Hibernating);
    QVERIFY(fixture.llm(1).state == ReportedState::Active);
}

void TestIdleSleeper::wakesAfterTheSleepHasEnded()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.clock.advance(2s);
    fixture.recipes.runs[0].succeed();
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    QVERIFY(std::get<CommandRecipe>(fixture.recipes.runs[1].action).program == QStringLiteral("/bin/wake"));
    fixture.recipes.runs[1].succeed();
    QTRY_VERIFY(waiter.isAwake());
    QVERIFY(fixture.llm().state == ReportedState::Active);
    QCOMPARE(waiter.outcome().duration, Duration(2s));
}

void TestIdleSleeper::looksBeforeItWakesAfterAFailedSleep()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("No."));
    // It never slept, and a second one beside it is not started.
    QTRY_VERIFY(waiter.isAwake());
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestIdleSleeper::wakesAfterASleepThatFailedAndWorked()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.backend.stop();
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("No."));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.clock.advance(1500ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

void TestIdleSleeper::doesNothingWhenStopped()
{
    WakeFixture fixture;
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    fixture.sleeper->stop();
    QVERIFY(fixture.recipes.runs[0].isLetGo);
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.llm().rest == Rest::None);
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
    fixture.clock.advance(1h);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.sleeper->start();
    fixture.clock.advance(10min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

QTEST_GUILESS_MAIN(TestIdleSleeper)
#include "tst_idlesleeper.moc"
