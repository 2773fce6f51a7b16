// How backends are woken: once at a time, by their recipe, whoever waits.

#include "wakefixture.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;
using channel::WakePhase;

class TestWakeRunner final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsNothingForAnActiveLlm();
    void refusesAnLlmWithoutRecipe();
    void runsTheRecipeOnceForAllWaiters();
    void asksFromTheStart();
    void tellsHowFarItIs();
    void succeedsWhileTheRecipeStillRuns();
    void asksAtOnceWhenTheRecipeHasEnded();
    void failsAsTheRecipeFails();
    void endsTheRecipeWhenTheBackendDoesNotComeUp();
    void wakesAnewForThoseWhoComeWhileItIsBeingEnded();
    void goesOnWithoutWaiters();
    void asksOneQuestionAtATime();
    void sharesARunAmongLlmsOfOneRecipe();
    void runsDifferentRecipesSideBySide();
    void leavesAloneWhatIsUpWhenASiblingFails();
    void takesNoAnswerOfASleeperBeforeItsRecipeHasEnded();
    void leavesASleeperAsleepWhenItsRecipeFails();
    void endsEverythingWhenStopped();
    void leavesTheProgramAloneWhenDestroyed();
};

void TestWakeRunner::runsNothingForAnActiveLlm()
{
    WakeFixture fixture;
    QVERIFY(fixture.make(true));
    RecordingWaiter waiter;
    const auto outcome = fixture.wake(waiter);
    QVERIFY(outcome && outcome->result.ok());
    QCOMPARE(outcome->duration, Duration::zero());
    QVERIFY(fixture.recipes.runs.empty());
    QVERIFY(!waiter.isTold());
}

void TestWakeRunner::refusesAnLlmWithoutRecipe()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("first"));
    fixture.add(QStringLiteral("plain")).wake.reset();
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    const auto outcome = fixture.wake(waiter, 1);
    QVERIFY(outcome && !outcome->result.ok());
    QVERIFY(outcome->result.error().code == ErrorCode::WakeFailed);
    QVERIFY(outcome->result.error().message.contains(QStringLiteral("\"plain\" has no wake recipe")));
}

void TestWakeRunner::runsTheRecipeOnceForAllWaiters()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter second;
    QVERIFY(!fixture.wake(first));
    fixture.clock.advance(1s);
    QVERIFY(!fixture.wake(second));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(std::get<CommandRecipe>(fixture.recipes.runs[0].action).program == QStringLiteral("/bin/wake"));
    QCOMPARE(fixture.recipes.runs[0].timeout, Duration(30s));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(first.isTold() && second.isTold());
    QVERIFY(first.isAwake() && second.isAwake());
    QCOMPARE(first.outcome().duration, Duration(1s));
    QCOMPARE(second.outcome().duration, Duration(1s));
    QVERIFY(fixture.runner->isIdle());
    QVERIFY(!fixture.llm().wake);
    QCOMPARE(first.outcomes.size(), size_t(1));
}

void TestWakeRunner::asksFromTheStart()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    // From now on it listens, but is still loading.
    fixture.backend.start();
    fixture.backend.availability = 503;
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    for (int tick = 1; tick <= 4; ++tick) {
        fixture.clock.advance(1499ms);
        QCoreApplication::processEvents();
        QCOMPARE(fixture.backend.questions.size(), tick - 1);
        fixture.clock.advance(1ms);
        QTRY_COMPARE(fixture.backend.questions.size(), tick);
        QTRY_VERIFY(fixture.backend.isQuiet());
    }
    QVERIFY(!waiter.isTold());
}

void TestWakeRunner::tellsHowFarItIs()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    QVERIFY(fixture.llm().wake == (WakeStatus{WakePhase::Recipe, 0s, 90s}));
    fixture.clock.advance(3s);
    QCOMPARE(waiter.progress.size(), size_t(2));
    QVERIFY(waiter.progress[0] == (WakeStatus{WakePhase::Recipe, 1500ms, 90s}));
    QVERIFY(waiter.progress[1] == (WakeStatus{WakePhase::Recipe, 3s, 90s}));
    fixture.clock.advance(1s);
    fixture.recipes.runs[0].succeed();
    QVERIFY(fixture.llm().wake == (WakeStatus{WakePhase::Polling, 4s, 64s}));
    RecordingWaiter late;
    QVERIFY(!fixture.wake(late));
    fixture.clock.advance(500ms);
    QVERIFY(waiter.progress.back() == (WakeStatus{WakePhase::Polling, 4500ms, 64s}));
    QVERIFY(late.progress.back() == waiter.progress.back());
    QCOMPARE(late.progress.size(), size_t(1));
    QVERIFY(fixture.changes >= 4);
}

void TestWakeRunner::succeedsWhileTheRecipeStillRuns()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.backend.start();
    fixture.clock.advance(1500ms);
    QTRY_VERIFY(waiter.isAwake());
    // The program is the backend itself.
    QVERIFY(fixture.recipes.runs[0].isLetGo);
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.llm().state == ReportedState::Active);
}

void TestWakeRunner::asksAtOnceWhenTheRecipeHasEnded()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(waiter.isAwake());
    QCOMPARE(fixture.backend.questions.size(), 1);
    QVERIFY(fixture.recipes.runs[0].isLetGo);
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
}

void TestWakeRunner::failsAsTheRecipeFails()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.clock.advance(2s);
    fixture.recipes.runs[0].fail(ErrorCode::WakeTimeout, QStringLiteral("It did not end."));
    QVERIFY(waiter.isTold());
    QVERIFY(waiter.outcome().result.error() == (Error{ErrorCode::WakeTimeout, QStringLiteral("It did not end.")}));
    QCOMPARE(waiter.outcome().duration, Duration(2s));
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    // The next one tries again.
    RecordingWaiter next;
    QVERIFY(!fixture.wake(next));
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

void TestWakeRunner::endsTheRecipeWhenTheBackendDoesNotComeUp()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.clock.advance(10s);
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(59'999ms);
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    fixture.clock.advance(1ms);
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(!waiter.isTold());
    QVERIFY(!fixture.runner->isIdle());
    fixture.clock.advance(5s);
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(waiter.isTold());
    QVERIFY(
        waiter.outcome().result.error() ==
        (Error{ErrorCode::WakeTimeout, QStringLiteral("The backend of \"vllm-local\" did not come up within 60 s.")}));
    QCOMPARE(waiter.outcome().duration, Duration(75s));
    QVERIFY(fixture.runner->isIdle());
}

void TestWakeRunner::wakesAnewForThoseWhoComeWhileItIsBeingEnded()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(60s);
    RecordingWaiter late;
    QVERIFY(!fixture.wake(late));
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(waiter.isTold() && !waiter.isAwake() && !late.isTold());
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
}

void TestWakeRunner::goesOnWithoutWaiters()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    {
        RecordingWaiter waiter;
        QVERIFY(!fixture.wake(waiter));
        fixture.runner->leave(waiter);
        fixture.runner->leave(waiter);
        fixture.clock.advance(3s);
        QVERIFY(waiter.progress.empty());
    }
    QVERIFY(!fixture.runner->isIdle());
    RecordingWaiter another;
    QVERIFY(!fixture.wake(another));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.runner->leave(another);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(fixture.runner->isIdle());
    QVERIFY(fixture.llm().state == ReportedState::Active);
    QVERIFY(!another.isTold());
}

void TestWakeRunner::asksOneQuestionAtATime()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    fixture.backend.start();
    fixture.backend.availability = 0;
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.clock.advance(1500ms);
    QTRY_COMPARE(fixture.backend.questions.size(), 1);
    // Its limit of 3 s runs out at 4.5 s.
    fixture.clock.advance(2999ms);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.backend.questions.size(), 1);
    fixture.clock.advance(1501ms);
    QTRY_COMPARE(fixture.backend.questions.size(), 2);
}

void TestWakeRunner::sharesARunAmongLlmsOfOneRecipe()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("first"));
    fixture.add(QStringLiteral("second"));
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter second;
    QVERIFY(!fixture.wake(first, 0));
    QVERIFY(fixture.llm(1).wake);
    QVERIFY(!fixture.wake(second, 1));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(first.isAwake() && second.isAwake());
    QCOMPARE(fixture.backend.questions.size(), 1);
}

void TestWakeRunner::runsDifferentRecipesSideBySide()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("first"));
    fixture.add(QStringLiteral("second")).wake = WakeFixture::wakeRecipe(QStringLiteral("/bin/other"));
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter second;
    QVERIFY(!fixture.wake(first, 0));
    QVERIFY(!fixture.llm(1).wake);
    QVERIFY(!fixture.wake(second, 1));
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    fixture.recipes.runs[1].fail(ErrorCode::WakeFailed, QStringLiteral("No."));
    QVERIFY(second.isTold() && !first.isTold());
}

void TestWakeRunner::leavesAloneWhatIsUpWhenASiblingFails()
{
    ScriptedBackend other;
    other.stop();
    WakeFixture fixture;
    fixture.add(QStringLiteral("first"));
    fixture.add(QStringLiteral("second"), other.url());
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter second;
    QVERIFY(!fixture.wake(first, 0));
    QVERIFY(!fixture.wake(second, 1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(first.isAwake());
    QVERIFY(!second.isTold());
    QVERIFY(!fixture.recipes.runs[0].isLetGo);
    fixture.clock.advance(60s);
    QVERIFY(second.isTold() && !second.isAwake());
    QVERIFY(second.outcome().result.error().message.contains(QStringLiteral("second")));
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.recipes.runs[0].isLetGo);
}

void TestWakeRunner::takesNoAnswerOfASleeperBeforeItsRecipeHasEnded()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(fixture.make(true));
    PublishedLlm *const llms[] = {&fixture.llm()};
    fixture.watch->fallAsleep(llms);
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    QVERIFY2(fixture.recipes.runs.empty(), "The sleep's end comes first.");
    fixture.clock.advance(1500ms);
    QVERIFY(waiter.progress.back() == (WakeStatus{WakePhase::Recipe, 1500ms, 120s}));
    fixture.watch->sleepEnded(llms, Rest::PutToSleep);
    fixture.runner->statesChanged();
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QTRY_COMPARE(fixture.backend.questions.size(), 2);
    QTRY_VERIFY(fixture.backend.isQuiet());
    fixture.clock.advance(1500ms);
    QVERIFY(waiter.progress.back() == (WakeStatus{WakePhase::Recipe, 3s, 91'500ms}));
    QTRY_COMPARE(fixture.backend.questions.size(), 3);
    QTRY_VERIFY(fixture.backend.isQuiet());
    QVERIFY2(!waiter.isTold(), "It answers although it sleeps.");
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(waiter.isAwake());
    QVERIFY(fixture.llm().rest == Rest::None);
}

void TestWakeRunner::leavesASleeperAsleepWhenItsRecipeFails()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(fixture.make(true));
    PublishedLlm *const llms[] = {&fixture.llm()};
    fixture.watch->sleepEnded(llms, Rest::PutToSleep);
    QTRY_VERIFY(fixture.llm().state == ReportedState::Hibernating);
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("No."));
    QVERIFY(waiter.isTold());
    const auto asked = fixture.backend.questions.size();
    fixture.clock.advance(10s);
    QTRY_COMPARE(fixture.backend.questions.size(), asked + 1);
    QTRY_VERIFY(fixture.backend.isQuiet());
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
}

void TestWakeRunner::endsEverythingWhenStopped()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("first"));
    fixture.add(QStringLiteral("second")).wake = WakeFixture::wakeRecipe(QStringLiteral("/bin/other"));
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter second;
    QVERIFY(!fixture.wake(first, 0));
    QVERIFY(!fixture.wake(second, 1));
    fixture.recipes.runs[1].succeed();
    fixture.runner->stop();
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.recipes.runs[1].isBeingEnded());
    QVERIFY(!fixture.runner->isIdle());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(first.isTold() && !first.isAwake());
    QVERIFY(!fixture.runner->isIdle());
    std::exchange(fixture.recipes.runs[1].ended, {})();
    QVERIFY(fixture.runner->isIdle());
}

void TestWakeRunner::leavesTheProgramAloneWhenDestroyed()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.runner.reset();
    QVERIFY(fixture.recipes.runs[0].isLetGo);
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(!fixture.llm().wake);
    QVERIFY(!waiter.isTold());
}

QTEST_GUILESS_MAIN(TestWakeRunner)
#include "tst_wakerunner.moc"
