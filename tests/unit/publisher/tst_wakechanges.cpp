// Wakes whose Llms get other settings on the way.

#include "publisherfixture.h"
#include "wakefixture.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestWakeChanges final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsTheServerThatTheRecipeHasChanged();
    void goesOnWithItsRecipe();
    void goesOnForThoseWhoStay();
    void refusesWhoWaitsForTheNextRun();
    void takesInWhoComes();
    void startsTheNewRecipeBesideTheOldOne();
    void endsWhenNobodyIsLeft();
    void sparesWhatIsUp();
    void pollsAtTheNewInterval();
};

void TestWakeChanges::tellsTheServerThatTheRecipeHasChanged()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(TaskId{1}));
    fixture.settings.llms.front().wake->action = CommandRecipe{QStringLiteral("/bin/other"), {}};
    fixture.apply();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(!result->ok);
    QCOMPARE(result->code, QStringLiteral("cancelled"));
    QVERIFY(result->message.contains(QStringLiteral("settings were changed")));
    QCOMPARE(fixture.server->terminals(TaskId{1}), 1);
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(!fixture.firstLlm().wake);
}

void TestWakeChanges::goesOnWithItsRecipe()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter));
    fixture.settings.llms.front().description = QStringLiteral("another one");
    fixture.applyChanges();
    QVERIFY(!waiter.isTold());
    QVERIFY(!fixture.recipes.runs[0].isLetGo);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(waiter.isAwake());
    QCOMPARE(fixture.woken, QStringList{QStringLiteral("vllm-local")});
}

void TestWakeChanges::goesOnForThoseWhoStay()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("leaves"));
    fixture.add(QStringLiteral("stays"));
    QVERIFY(fixture.make());
    RecordingWaiter leaves;
    RecordingWaiter stays;
    QVERIFY(!fixture.wake(leaves, 0));
    QVERIFY(!fixture.wake(stays, 1));
    fixture.settings.llms.front().publish = false;
    fixture.applyChanges();
    QVERIFY(leaves.isTold() && !leaves.isAwake());
    QVERIFY(!stays.isTold());
    QVERIFY(!fixture.recipes.runs[0].isBeingEnded());
    QCOMPARE(fixture.notWoken, QStringList{QStringLiteral("leaves")});
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(stays.isAwake());
    QVERIFY(fixture.runner->isIdle());
}

void TestWakeChanges::refusesWhoWaitsForTheNextRun()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter first;
    RecordingWaiter next;
    QVERIFY(!fixture.wake(first));
    fixture.runner->cancel(fixture.llm(), {ErrorCode::CancelledByOwner, QStringLiteral("No.")});
    QVERIFY(!fixture.wake(next));
    fixture.settings.llms.front().wake.reset();
    fixture.applyChanges();
    QVERIFY(next.isTold() && !next.isAwake());
    QVERIFY(next.outcome().result.error().code == ErrorCode::Cancelled);
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(fixture.runner->isIdle());
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestWakeChanges::takesInWhoComes()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter first;
    QVERIFY(!fixture.wake(first));
    fixture.add(QStringLiteral("comes"));
    fixture.applyChanges();
    QVERIFY(fixture.llm(1).wake);
    QVERIFY(fixture.llm(1).state == ReportedState::Hibernating);
    RecordingWaiter second;
    QVERIFY(!fixture.wake(second, 1));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(first.isAwake() && second.isAwake());
    QVERIFY(!fixture.llm(1).wake);
}

void TestWakeChanges::startsTheNewRecipeBesideTheOldOne()
{
    WakeFixture fixture;
    QVERIFY(fixture.make());
    RecordingWaiter before;
    QVERIFY(!fixture.wake(before));
    fixture.settings.llms.front().wake = WakeFixture::wakeRecipe(QStringLiteral("/bin/other"));
    fixture.applyChanges();
    RecordingWaiter after;
    QVERIFY(!fixture.wake(after));
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY2(fixture.llm().wake, "The end of the old one says nothing about the new one.");
    QVERIFY(!after.isTold());
    fixture.backend.start();
    fixture.recipes.runs[1].succeed();
    QTRY_VERIFY(after.isAwake());
    QVERIFY(fixture.runner->isIdle());
}

void TestWakeChanges::endsWhenNobodyIsLeft()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("leaves"));
    fixture.add(QStringLiteral("was not wanted"));
    QVERIFY(fixture.make());
    RecordingWaiter waiter;
    QVERIFY(!fixture.wake(waiter, 0));
    fixture.settings.llms.front().wake.reset();
    fixture.applyChanges();
    QVERIFY(waiter.isTold());
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(!fixture.runner->isIdle());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(fixture.runner->isIdle());
    QVERIFY(!fixture.llm(1).wake);
    QVERIFY(fixture.llm(0).state == ReportedState::Inactive);
}

void TestWakeChanges::sparesWhatIsUp()
{
    WakeFixture fixture;
    ScriptedBackend other;
    other.stop();
    fixture.add(QStringLiteral("comes up"));
    fixture.add(QStringLiteral("leaves"), other.url());
    QVERIFY(fixture.make());
    RecordingWaiter up;
    RecordingWaiter leaves;
    QVERIFY(!fixture.wake(up, 0));
    QVERIFY(!fixture.wake(leaves, 1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(up.isAwake());
    fixture.settings.llms.back().publish = false;
    fixture.applyChanges();
    QVERIFY(leaves.isTold() && !leaves.isAwake());
    QVERIFY2(!fixture.recipes.runs[0].isBeingEnded(), "It is the backend of the other one.");
    QVERIFY(fixture.runner->isIdle());
}

void TestWakeChanges::pollsAtTheNewInterval()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(TaskId{1}));
    fixture.settings.wakePoll = 10s;
    fixture.apply();
    fixture.clock.advance(1500ms);
    QVERIFY(fixture.server->waitFor<channel::WakeProgress>());
    fixture.clock.advance(9s);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::WakeProgress>().size(), 1);
    fixture.clock.advance(1s);
    QVERIFY(fixture.server->waitFor<channel::WakeProgress>(2));
}

QTEST_GUILESS_MAIN(TestWakeChanges)
#include "tst_wakechanges.moc"
