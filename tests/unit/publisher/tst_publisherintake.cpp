// What the owner lets a publisher take: what the server is told, and what still runs.

#include "publisherfixture.h"

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestPublisherIntake final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reports_data();
    void reports();
    void tellsThePauseAtOnce();
    void drainsWhatRuns();
    void finishesWhatWasUnderWay();
    void registersPaused();
    void survivesTheChannel();
    void saysNothingWhenNothingChanges();
    void asksBeforeItOpens();
    void opensEachAsItAnswers();
    void opensWhatIsBusyAtOnce();
    void forgetsThatItOpensWithTheChannel();
    void wakesNothingForTheServer();
    void wakesForTheOwner();
    void finishesAWakeThatWasUnderWay();
    void putsToSleepWhilePaused();
};

namespace {

constexpr TaskId task{1};
constexpr TaskId second{2};

/// The state of the first Llm in the heartbeat with this number; nothing when it does not come.
std::optional<ReportedState> reported(const PublisherFixture &fixture, qsizetype heartbeat)
{
    const auto message = fixture.server->waitFor<channel::Heartbeat>(heartbeat);
    return message ? std::optional(message->llms.first().state) : std::nullopt;
}

} // namespace

void TestPublisherIntake::reports_data()
{
    QTest::addColumn<Intake>("intake");
    QTest::addColumn<ReportedState>("backend");
    QTest::addColumn<int>("running");
    QTest::addColumn<ReportedState>("expected");
    QTest::newRow("open") << Intake::Open << ReportedState::Active << 1 << ReportedState::Active;
    QTest::newRow("open, asleep") << Intake::Open << ReportedState::Hibernating << 0 << ReportedState::Hibernating;
    QTest::newRow("draining") << Intake::Draining << ReportedState::Active << 1 << ReportedState::Draining;
    QTest::newRow("drained") << Intake::Draining << ReportedState::Active << 0 << ReportedState::Paused;
    QTest::newRow("draining, gone") << Intake::Draining << ReportedState::Inactive << 0 << ReportedState::Paused;
    QTest::newRow("paused") << Intake::Paused << ReportedState::Active << 1 << ReportedState::Paused;
    QTest::newRow("paused, asleep") << Intake::Paused << ReportedState::Hibernating << 0 << ReportedState::Paused;
}

void TestPublisherIntake::reports()
{
    QFETCH(const Intake, intake);
    QFETCH(const ReportedState, backend);
    QFETCH(const int, running);
    QFETCH(const ReportedState, expected);
    PublishedLlm llm(LlmSettings{}, BackendSettings{});
    llm.state = backend;
    llm.running = running;
    QVERIFY(reportedState(llm, intake) == expected);
}

void TestPublisherIntake::tellsThePauseAtOnce()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(reported(fixture, 1) == ReportedState::Paused);
    QVERIFY2(fixture.firstLlm().state == ReportedState::Active, "The backend is what it was.");
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
    fixture.publisher->setIntake(Intake::Open);
    QVERIFY(reported(fixture, 2) == ReportedState::Active);
}

void TestPublisherIntake::drainsWhatRuns()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    fixture.infer(second);
    const Exchange *last = fixture.backend.waitForRequest(2);
    QVERIFY(last);
    fixture.publisher->setIntake(Intake::Draining);
    QVERIFY(reported(fixture, 1) == ReportedState::Draining);
    fixture.backend.exchanges().front()->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(1));
    QCOMPARE(fixture.server->all<channel::Heartbeat>().size(), 1);
    last->answer("{}");
    QVERIFY2(reported(fixture, 2) == ReportedState::Paused, "It has drained, and that is told at once.");
    const auto end = fixture.server->waitFor<channel::ResponseEnd>(2);
    QVERIFY(end);
    QVERIFY(fixture.server->placeOf<channel::ResponseEnd>([&end](const auto &each) { return each == *end; }) <
            fixture.server->placeOf<channel::Heartbeat>(PublisherFixture::reports(ReportedState::Paused)));
}

void TestPublisherIntake::finishesWhatWasUnderWay()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Draining);
    // The server has sent it before it knew.
    fixture.infer(task);
    const Exchange *exchange = fixture.backend.waitForRequest();
    QVERIFY(exchange);
    exchange->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>());
}

void TestPublisherIntake::registersPaused()
{
    PublisherFixture fixture;
    fixture.make();
    fixture.publisher->setIntake(Intake::Draining);
    fixture.publisher->start();
    fixture.greet();
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QVERIFY(message->llms.front().initialStatus == ReportedState::Paused);
    QVERIFY(fixture.firstLlm().state == ReportedState::Active);
}

void TestPublisherIntake::survivesTheChannel()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(fixture.reconnect());
    QVERIFY(fixture.server->all<channel::Register>().first().llms.front().initialStatus == ReportedState::Paused);
    fixture.publisher->stop();
    QVERIFY(fixture.publisher->intake() == Intake::Paused);
}

void TestPublisherIntake::saysNothingWhenNothingChanges()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Open);
    fixture.publisher->setIntake(Intake::Paused);
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>());
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Heartbeat>().size(), 1);
}

void TestPublisherIntake::asksBeforeItOpens()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(reported(fixture, 1) == ReportedState::Paused);
    fixture.backend.stop();
    fixture.publisher->setIntake(Intake::Open);
    QVERIFY(fixture.server->waitFor<channel::Heartbeat>(2));
    for (const channel::Heartbeat &heartbeat : fixture.server->all<channel::Heartbeat>())
        QVERIFY2(heartbeat.llms.first().state != ReportedState::Active, "It has gone while it was paused.");
}

void TestPublisherIntake::opensEachAsItAnswers()
{
    PublisherFixture fixture;
    ScriptedBackend other;
    LlmSettings slow = fixture.llm(QStringLiteral("slow"));
    slow.url = other.url();
    fixture.settings.llms.push_back(slow);
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(reported(fixture, 1) == ReportedState::Paused);
    other.availability = 0;
    fixture.publisher->setIntake(Intake::Open);
    for (const PublishedLlm &llm : fixture.publisher->llms())
        QVERIFY2(reportedState(llm, Intake::Open) == ReportedState::Paused, "It is still being asked.");
    QVERIFY2(reported(fixture, 2) == ReportedState::Active, "It does not wait for the other one.");
    QVERIFY(fixture.server->all<channel::Heartbeat>().at(1).llms.last().state == ReportedState::Paused);
    fixture.clock.advance(3s);
    const auto last = fixture.server->waitFor<channel::Heartbeat>(3);
    QVERIFY(last);
    QVERIFY(last->llms.first().state == ReportedState::Active);
    QVERIFY(last->llms.last().state == ReportedState::Inactive);
}

void TestPublisherIntake::opensWhatIsBusyAtOnce()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.infer(task);
    QVERIFY(fixture.backend.waitForRequest());
    fixture.publisher->setIntake(Intake::Paused);
    QVERIFY(reported(fixture, 1) == ReportedState::Paused);
    fixture.backend.availability = 0;
    fixture.publisher->setIntake(Intake::Open);
    QVERIFY(reported(fixture, 2) == ReportedState::Active);
}

void TestPublisherIntake::forgetsThatItOpensWithTheChannel()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Paused);
    fixture.backend.availability = 0;
    fixture.publisher->setIntake(Intake::Open);
    QVERIFY(fixture.firstLlm().isResuming);
    fixture.backend.availability = 200;
    QVERIFY(fixture.reconnect());
    QVERIFY(fixture.server->all<channel::Register>().first().llms.front().initialStatus == ReportedState::Active);
}

void TestPublisherIntake::wakesNothingForTheServer()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    fixture.publisher->setIntake(Intake::Paused);
    fixture.wake(task);
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(!result->ok);
    QCOMPARE(result->code, QStringLiteral("wake_failed"));
    QVERIFY(result->message.contains(QStringLiteral("owner")));
    QVERIFY(fixture.recipes.runs.empty());
}

void TestPublisherIntake::wakesForTheOwner()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    fixture.publisher->setIntake(Intake::Paused);
    fixture.publisher->wake(QStringLiteral("vllm-local"));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(fixture.firstLlm().state == ReportedState::Active);
    fixture.clock.advance(15s);
    for (const channel::Heartbeat &heartbeat : fixture.server->all<channel::Heartbeat>())
        QVERIFY(heartbeat.llms.first().state == ReportedState::Paused);
}

void TestPublisherIntake::finishesAWakeThatWasUnderWay()
{
    PublisherFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    fixture.publisher->setIntake(Intake::Draining);
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result);
    QVERIFY(result->ok);
}

void TestPublisherIntake::putsToSleepWhilePaused()
{
    PublisherFixture fixture;
    fixture.settings.llms.front().wake = PublisherFixture::wakeRecipe();
    fixture.settings.llms.front().sleep = SleepRecipe{CommandRecipe{QStringLiteral("/bin/true"), {}}, 30s, 1min};
    fixture.settings.watchInterval = 1h;
    QVERIFY(fixture.goOnline());
    fixture.publisher->setIntake(Intake::Paused);
    fixture.clock.advance(2min);
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
}

QTEST_GUILESS_MAIN(TestPublisherIntake)
#include "tst_publisherintake.moc"
