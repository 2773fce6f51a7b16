// Trying a recipe: what has to happen for it to count as one that works.

#include "recipetrial.h"
#include "scriptedbackend.h"
#include "scriptedrecipes.h"

#include <QSignalSpy>
#include <QTest>

using namespace hearth;
using namespace hearth::publisher;
using namespace hearth::recipes;
using namespace std::chrono_literals;

namespace {

struct Trial
{
    Trial()
        : trial(clock, recipes.starter(), {.poll = 10ms, .tick = 10ms})
        , finished(&trial, &RecipeTrial::finished)
    {
        llm.name = QStringLiteral("a");
        llm.url = backend.url();
        llm.wake =
            WakeRecipe{.action = CommandRecipe{QStringLiteral("/bin/wake"), {}}, .recipeTimeout = 5s, .maxWait = 5s};
        llm.sleep = SleepRecipe{.action = CommandRecipe{QStringLiteral("/bin/sleep"), {}}, .recipeTimeout = 7s};
        backend.availability = 503;
    }

    bool waitForRun() const
    {
        return QTest::qWaitFor([this] { return !recipes.runs.empty(); });
    }

    bool waitForEnd() { return !finished.isEmpty() || finished.wait(); }

    bool hasWorked() const { return finished.first().at(0).toBool(); }

    QString text() const { return finished.first().at(1).toString(); }

    SystemClock clock;
    ScriptedBackend backend;
    ScriptedRecipes recipes;
    LlmSettings llm;
    RecipeTrial trial;
    QSignalSpy finished;
};

} // namespace

class TestRecipeTrial final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void worksWhenTheBackendComesUp();
    void worksWhileTheRecipeStillRuns();
    void provesNothingWhenTheBackendIsAwake();
    void failsWithTheRecipe();
    void failsWhenTheBackendStaysAway();
    void triesASleepRecipe();
    void endsTheProgramWhenCancelled();
    void endsTheProgramWhenDestroyed();
    void tellsHowFarItIs();
};

void TestRecipeTrial::initTestCase()
{
    qRegisterMetaType<channel::WakePhase>("hearth::channel::WakePhase");
    qRegisterMetaType<Duration>("hearth::Duration");
}

void TestRecipeTrial::worksWhenTheBackendComesUp()
{
    Trial t;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    QCOMPARE(t.backend.questions.size(), 1);
    QVERIFY(t.recipes.runs.front().timeout == 5s);
    t.recipes.runs.front().succeed();
    QVERIFY(t.finished.isEmpty());
    t.backend.availability = 200;
    QVERIFY(t.waitForEnd());
    QVERIFY2(t.hasWorked(), qPrintable(t.text()));
    QVERIFY(!t.trial.isRunning());
    QVERIFY(t.recipes.runs.front().isLetGo);
    QCOMPARE(t.recipes.runs.size(), size_t(1));
}

void TestRecipeTrial::worksWhileTheRecipeStillRuns()
{
    Trial t;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    t.backend.availability = 200;
    QVERIFY(t.waitForEnd());
    QVERIFY(t.hasWorked());
    // Its program may be the backend itself.
    QVERIFY(t.recipes.runs.front().isLetGo && !t.recipes.runs.front().isBeingEnded());
}

void TestRecipeTrial::provesNothingWhenTheBackendIsAwake()
{
    Trial t;
    t.backend.availability = 200;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    QTRY_VERIFY(t.backend.questions.size() >= 3);
    QVERIFY(t.finished.isEmpty());
    t.recipes.runs.front().succeed();
    QVERIFY(t.waitForEnd());
    QVERIFY(t.hasWorked());
    QVERIFY(t.text().contains(QLatin1String("awake before")));
}

void TestRecipeTrial::failsWithTheRecipe()
{
    Trial t;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    t.recipes.runs.front().fail(ErrorCode::WakeFailed, QStringLiteral("exit status 3"));
    QVERIFY(t.waitForEnd());
    QVERIFY(!t.hasWorked());
    QCOMPARE(t.text(), QStringLiteral("exit status 3"));
}

void TestRecipeTrial::failsWhenTheBackendStaysAway()
{
    Trial t;
    t.llm.wake->maxWait = 50ms;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    t.recipes.runs.front().succeed();
    QVERIFY(t.waitForEnd());
    QVERIFY(!t.hasWorked());
    QVERIFY(t.text().contains(QLatin1String("has not answered")));
    QVERIFY(t.recipes.runs.front().isBeingEnded());
}

void TestRecipeTrial::triesASleepRecipe()
{
    Trial t;
    t.trial.sleep(t.llm);
    QVERIFY(t.waitForRun());
    QVERIFY(t.recipes.runs.front().timeout == 7s);
    t.recipes.runs.front().succeed();
    QVERIFY(t.waitForEnd());
    QVERIFY(t.hasWorked());
    QVERIFY(t.backend.questions.isEmpty());
}

void TestRecipeTrial::endsTheProgramWhenCancelled()
{
    Trial t;
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    t.trial.cancel();
    QVERIFY(!t.trial.isRunning());
    QVERIFY(t.recipes.runs.front().isBeingEnded());
    t.recipes.runs.front().ended();
    t.backend.availability = 200;
    QVERIFY(!t.finished.wait(100));
}

void TestRecipeTrial::endsTheProgramWhenDestroyed()
{
    Trial t;
    ScriptedRecipes recipes;
    auto trial = std::make_unique<RecipeTrial>(t.clock, recipes.starter(), RecipeTrialSettings());
    trial->sleep(t.llm);
    QCOMPARE(recipes.runs.size(), size_t(1));
    trial.reset();
    QVERIFY(recipes.runs.front().isBeingEnded());
    QVERIFY2(!recipes.runs.front().isLetGo, "What is let go is not ended.");
    recipes.runs.front().ended();
    QVERIFY(recipes.runs.front().isLetGo);
}

void TestRecipeTrial::tellsHowFarItIs()
{
    Trial t;
    QSignalSpy progress(&t.trial, &RecipeTrial::progress);
    t.trial.wake(t.llm);
    QVERIFY(t.waitForRun());
    const auto lastPhase = [&progress] { return progress.last().at(0).value<channel::WakePhase>(); };
    QTRY_VERIFY(progress.size() >= 3);
    QVERIFY(lastPhase() == channel::WakePhase::Recipe);
    QVERIFY(progress.last().at(1).value<Duration>() > 0ms);
    t.recipes.runs.front().succeed();
    QVERIFY(lastPhase() == channel::WakePhase::Polling);
    QVERIFY(progress.last().at(2).value<Duration>() == 5s);
}

QTEST_GUILESS_MAIN(TestRecipeTrial)
#include "tst_recipetrial.moc"
