// What a wake and its control channel, and a sleep and its tasks, mean to each other.

#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestWakeLifetime final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void survivesTheChannel();
    void endsWhileTheChannelIsAway();
    void leavesAtAGoodbye();
    void refusesRequestsToASleepingLlm();
    void sleepsAfterItsTasksAndWakesAgain();
    void endsTheRecipeWhenStopped();
};

namespace {

constexpr TaskId task{1};

} // namespace

void TestWakeLifetime::survivesTheChannel()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    QVERIFY(fixture.reconnect());
    QVERIFY(fixture.server->all<channel::Register>().last().llms.first().initialStatus == ReportedState::Hibernating);
    // The same id: task ids belong to the channel.
    fixture.wake(task);
    QCoreApplication::processEvents();
    fixture.clock.advance(2s);
    const auto progress = fixture.server->waitFor<channel::WakeProgress>(2);
    QVERIFY(progress);
    QCOMPARE(progress->elapsedSeconds, 3);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result && result->ok);
    QCOMPARE(result->durationMs, 3000);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

void TestWakeLifetime::endsWhileTheChannelIsAway()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.server->channel->breakOff();
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Offline);
    fixture.backend.start();
    fixture.clock.advance(1500ms);
    QTRY_VERIFY(fixture.firstLlm().state == ReportedState::Active);
    QVERIFY(!fixture.firstLlm().wake);
    QVERIFY(fixture.recipes.runs[0].isLetGo);
}

void TestWakeLifetime::leavesAtAGoodbye()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.server->send(channel::Goodbye{QStringLiteral("Shutting down.")});
    const auto isClosed = [&fixture] {
        fixture.clock.advance(0ms);
        return fixture.server->closeReason.has_value();
    };
    QTRY_VERIFY(isClosed());
    QCOMPARE(fixture.server->terminals(task), 0);
    QVERIFY(fixture.firstLlm().wake);
    QVERIFY(!fixture.recipes.runs[0].isLetGo);
}

void TestWakeLifetime::refusesRequestsToASleepingLlm()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    fixture.backend.start();
    fixture.infer(task);
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("backend_asleep"));
    QCOMPARE(error->message, QStringLiteral("The backend of \"vllm-local\" is asleep."));
    QVERIFY(fixture.backend.exchanges().empty());
}

void TestWakeLifetime::sleepsAfterItsTasksAndWakesAgain()
{
    PublisherFixture fixture;
    fixture.settings.watchInterval = 24h;
    LlmSettings &llm = fixture.settings.llms.front();
    llm.wake = PublisherFixture::wakeRecipe();
    llm.sleep = SleepRecipe{CommandRecipe{QStringLiteral("/bin/sleep"), {}}, 30s, 1min};
    QVERIFY(fixture.goOnline());
    // A stream that takes long.
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->beginStream();
    exchange->chunk("one");
    QTRY_COMPARE(fixture.server->body(task), QByteArray("one"));
    fixture.clock.advance(150s);
    QVERIFY(fixture.recipes.runs.empty());
    exchange->endStream();
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    fixture.clock.advance(1min - 1ms);
    QVERIFY(fixture.recipes.runs.empty());
    fixture.clock.advance(1ms);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));

    // A request that was on its way is refused after the state was told.
    fixture.infer(TaskId{2});
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("backend_asleep"));
    const auto state =
        fixture.server->placeOf<channel::Heartbeat>(PublisherFixture::reports(ReportedState::Hibernating));
    QVERIFY(state >= 0);
    QVERIFY(state < fixture.server->placeOf<channel::TaskError>());

    // The wake waits for the sleep's end.
    fixture.wake(TaskId{3});
    QTRY_VERIFY(fixture.firstLlm().wake);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.recipes.runs[0].succeed();
    QCOMPARE(fixture.recipes.runs.size(), size_t(2));
    fixture.recipes.runs[1].succeed();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result && result->ok);
    fixture.infer(TaskId{4});
    QVERIFY(fixture.backend.waitForRequest(2));
}

void TestWakeLifetime::endsTheRecipeWhenStopped()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    QSignalSpy stopped(fixture.publisher.get(), &Publisher::stopped);
    fixture.publisher->stop();
    QVERIFY(fixture.recipes.runs[0].isBeingEnded());
    QVERIFY(fixture.server->waitFor<channel::TaskError>());
    QCOMPARE(fixture.server->all<channel::TaskError>().first().code, QStringLiteral("publisher_lost"));
    QTRY_VERIFY(fixture.server->closeReason);
    QVERIFY2(stopped.isEmpty(), "Something of the recipe is left.");
    std::exchange(fixture.recipes.runs[0].ended, {})();
    QVERIFY(stopped.wait());
    QCOMPARE(stopped.size(), 1);
    QVERIFY(!fixture.firstLlm().wake);
}

QTEST_GUILESS_MAIN(TestWakeLifetime)
#include "tst_wakelifetime.moc"
