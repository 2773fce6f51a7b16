// Sleeps whose Llms get other settings on the way.

#include "wakefixture.h"

#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestSleepChanges final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheTimeOfTheIdle();
    void fallsAsleepAtTheNewTime();
    void letsGoOfASleepThatNobodyWants();
    void takesNewcomersToSleep();
    void staysUpForRetiredRequests();
    void forgetsTheRestOfAnotherBackend();
};

namespace {

/// Up, with its idle time running. The backend is asked only when the test wants it: while the time is made to pass, it
/// could not answer.
bool start(WakeFixture &fixture)
{
    const bool isUp = fixture.make(true);
    fixture.watch->stop();
    fixture.sleeper->start();
    return isUp;
}

} // namespace

void TestSleepChanges::keepsTheTimeOfTheIdle()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    fixture.clock.advance(9min);
    fixture.add(QStringLiteral("another"));
    fixture.settings.llms.back().url = "http://127.0.0.1:1/v1";
    fixture.applyChanges();
    fixture.clock.advance(1min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestSleepChanges::fallsAsleepAtTheNewTime()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    fixture.settings.llms.front().sleep->idle = 1min;
    fixture.applyChanges();
    fixture.clock.advance(1min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.clock.advance(10min);
    QVERIFY2(fixture.recipes.runs.size() == 1, "The old time is forgotten.");
}

void TestSleepChanges::letsGoOfASleepThatNobodyWants()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    QVERIFY(fixture.llm().rest == Rest::FallingAsleep);
    fixture.settings.llms.front().sleep.reset();
    fixture.applyChanges();
    QVERIFY(fixture.recipes.runs[0].isLetGo);
    QVERIFY(fixture.llm().rest == Rest::None);
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
}

void TestSleepChanges::takesNewcomersToSleep()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    fixture.add(QStringLiteral("comes")).sleep = WakeFixture::sleepRecipe();
    fixture.applyChanges();
    QVERIFY(fixture.llm(1).rest == Rest::FallingAsleep);
    QVERIFY(!fixture.recipes.runs[0].isLetGo);
    fixture.recipes.runs[0].succeed();
    QVERIFY(fixture.llm(0).rest == Rest::PutToSleep);
    QVERIFY(fixture.llm(1).rest == Rest::PutToSleep);
}

void TestSleepChanges::staysUpForRetiredRequests()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("leaves")).sleep = WakeFixture::sleepRecipe();
    fixture.add(QStringLiteral("stays")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    PublishedLlm &leaves = fixture.llm(0);
    leaves.running = 1;
    fixture.settings.llms.front().publish = false;
    fixture.applyChanges();
    fixture.clock.advance(1h);
    QVERIFY(fixture.recipes.runs.empty());
    leaves.running = 0;
    fixture.clock.advance(20min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestSleepChanges::forgetsTheRestOfAnotherBackend()
{
    WakeFixture fixture;
    fixture.add(QStringLiteral("vllm-local")).sleep = WakeFixture::sleepRecipe();
    QVERIFY(start(fixture));
    fixture.clock.advance(10min);
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(fixture.backend.isQuiet());
    QVERIFY(fixture.llm().state == ReportedState::Hibernating);
    ScriptedBackend other;
    fixture.settings.llms.front().url = other.url();
    fixture.applyChanges();
    QVERIFY(fixture.llm().rest == Rest::None);
    fixture.watch->checkNew();
    QTRY_VERIFY(fixture.llm().state == ReportedState::Active);
}

QTEST_GUILESS_MAIN(TestSleepChanges)
#include "tst_sleepchanges.moc"
