// What a Publisher and its server say to each other about waking and sleeping.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;
using channel::WakePhase;

class TestWakeSession final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wakesOnDemand();
    void reportsTheStateBeforeTheResult();
    void tellsTheProgressOnEachTick();
    void joinsASecondWake();
    void tellsTheRealCause();
    void tellsThatTheBackendDidNotComeUp();
    void refusesWhatIsNotPublished();
    void refusesWhatHasNoRecipe();
    void answersAtOnceForAnActiveLlm();
    void cancelsATaskAndNotTheWake();
    void dropsUsedIds();
    void boundsTheWakes();
    void goesOnWithHeartbeats();
    void countsWakesNotAsRunning();
    void startsDespiteAMissingProgram();
};

namespace {

constexpr TaskId task{1};

} // namespace

void TestWakeSession::wakesOnDemand()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    QVERIFY(fixture.recipes.runs[0].action == PublisherFixture::wakeRecipe().action);
    fixture.clock.advance(1200ms);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(*result == (channel::WakeResult{.task = task, .ok = true, .durationMs = 1200}));
    QCOMPARE(fixture.server->terminals(task), 1);
    // Requests are served now.
    fixture.infer(TaskId{2});
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
}

void TestWakeSession::reportsTheStateBeforeTheResult()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.backend.start();
    fixture.clock.advance(1500ms);
    QVERIFY(fixture.server->waitFor<channel::WakeResult>());
    const auto state = fixture.server->placeOf<channel::Heartbeat>(PublisherFixture::reports(ReportedState::Active));
    const auto result = fixture.server->placeOf<channel::WakeResult>();
    QVERIFY(state >= 0);
    QVERIFY(state < result);
}

void TestWakeSession::tellsTheProgressOnEachTick()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QSignalSpy changes(fixture.publisher.get(), &Publisher::llmsChanged);
    QVERIFY(fixture.wakeAndRun(task));
    fixture.clock.advance(1500ms);
    const auto first = fixture.server->waitFor<channel::WakeProgress>();
    QVERIFY(first);
    QVERIFY(*first == (channel::WakeProgress{task, WakePhase::Recipe, 1, 90}));
    QVERIFY(fixture.firstLlm().wake == (WakeStatus{WakePhase::Recipe, 1500ms, 90s}));
    fixture.clock.advance(1s);
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(500ms);
    const auto second = fixture.server->waitFor<channel::WakeProgress>(2);
    QVERIFY(second);
    QVERIFY(*second == (channel::WakeProgress{task, WakePhase::Polling, 3, 63}));
    QVERIFY(changes.size() >= 2);
}

void TestWakeSession::joinsASecondWake()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.wake(TaskId{2});
    fixture.wake(TaskId{3});
    QCoreApplication::processEvents();
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QVERIFY(fixture.server->waitFor<channel::WakeResult>(3));
    for (const channel::WakeResult &result : fixture.server->all<channel::WakeResult>())
        QVERIFY(result.ok);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestWakeSession::tellsTheRealCause()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.clock.advance(700ms);
    fixture.recipes.runs[0].fail(ErrorCode::WakeFailed, QStringLiteral("Exit status 3: out of memory"));
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(*result == (channel::WakeResult{task, false, 700, QStringLiteral("wake_failed"),
                                            QStringLiteral("Exit status 3: out of memory")}));
    // Still hibernating; the next one tries again.
    QVERIFY(fixture.wakeAndRun(TaskId{2}, 2));
    QVERIFY(fixture.firstLlm().state == ReportedState::Hibernating);
}

void TestWakeSession::tellsThatTheBackendDidNotComeUp()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.recipes.runs[0].succeed();
    fixture.clock.advance(60s);
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    std::exchange(fixture.recipes.runs[0].ended, {})();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(!result->ok);
    QCOMPARE(result->code, QStringLiteral("wake_timeout"));
    QVERIFY(result->message.contains(QStringLiteral("did not come up within 60 s")));
    QCOMPARE(result->durationMs, 60'000);
}

void TestWakeSession::refusesWhatIsNotPublished()
{
    PublisherFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("hidden")));
    fixture.settings.llms.back().publish = false;
    fixture.settings.llms.back().wake = PublisherFixture::wakeRecipe();
    QVERIFY(fixture.goOnlineAsleep());
    fixture.server->send(channel::Wake{task, QStringLiteral("hidden")});
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(*result == (channel::WakeResult{task, false, 0, QStringLiteral("wake_failed"),
                                            QStringLiteral("This publisher does not publish \"hidden\".")}));
    QVERIFY(fixture.recipes.runs.empty());
}

void TestWakeSession::refusesWhatHasNoRecipe()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.wake(task);
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(!result->ok);
    QCOMPARE(result->code, QStringLiteral("wake_failed"));
    QVERIFY(result->message.contains(QStringLiteral("\"vllm-local\" has no wake recipe")));
}

void TestWakeSession::answersAtOnceForAnActiveLlm()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = PublisherFixture::wakeRecipe();
    QVERIFY(fixture.goOnline());
    fixture.wake(task);
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(*result == (channel::WakeResult{.task = task, .ok = true}));
    QVERIFY(fixture.recipes.runs.empty());
}

void TestWakeSession::cancelsATaskAndNotTheWake()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.wake(TaskId{2});
    fixture.server->send(channel::Cancel{task});
    const auto cancelled = fixture.server->waitFor<channel::Cancelled>();
    QVERIFY(cancelled);
    QCOMPARE(cancelled->task, task);
    fixture.server->send(channel::Cancel{task});
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result && result->ok);
    QCOMPARE(result->task, TaskId{2});
    QCOMPARE(fixture.server->terminals(task), 1);
}

void TestWakeSession::dropsUsedIds()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.wake(task);
    fixture.server->send(PublisherFixture::inferMessage(task, "/completions"));
    fixture.server->sendBody(task, "no wake has a body");
    fixture.server->send(channel::Cancel{task});
    QVERIFY(fixture.server->waitFor<channel::Cancelled>());
    QCOMPARE(fixture.server->terminals(task), 1);
    QVERIFY(!fixture.server->closeReason);
}

void TestWakeSession::boundsTheWakes()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().maxConcurrency = 2;
    fixture.settings.extraTasks = 0;
    QVERIFY(fixture.goOnlineAsleep());
    for (quint64 id = 1; id <= 3; ++id)
        fixture.wake(TaskId{id});
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QCOMPARE(result->task, TaskId{3});
    QCOMPARE(result->code, QStringLiteral("wake_failed"));
}

void TestWakeSession::goesOnWithHeartbeats()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.clock.advance(29s);
    const auto first = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(first);
    QVERIFY(first->llms.first().state == ReportedState::Hibernating);
    fixture.clock.advance(1s);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>(2));
    QVERIFY(fixture.server->waitFor<channel::WakeProgress>(20));
}

void TestWakeSession::countsWakesNotAsRunning()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.clock.advance(15s);
    const auto heartbeat = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(heartbeat);
    QCOMPARE(heartbeat->llms.first().running, 0);
}

void TestWakeSession::startsDespiteAMissingProgram()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = WakeRecipe{CommandRecipe{QStringLiteral("/nonexistent/start"), {}}, 30s, 60s};
    QTest::ignoreMessage(QtWarningMsg, "vllm-local: its wake recipe /nonexistent/start is not an executable file.");
    QVERIFY(fixture.goOnline());
}

QTEST_GUILESS_MAIN(TestWakeSession)
#include "tst_wakesession.moc"
