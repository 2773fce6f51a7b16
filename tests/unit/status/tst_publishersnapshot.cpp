// Snapshots of a real Publisher between a server and a backend that the test plays.

#include "activity.h"
#include "publisherfixture.h"
#include "publishersnapshot.h"

#include <QTest>

using namespace hearth;
using namespace hearth::status;
using namespace std::chrono_literals;
using hearth::publisher::ConnectionState;
using hearth::publisher::Intake;

class TestPublisherSnapshot final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m = std::make_unique<PublisherFixture>(); }

    void cleanup() { m.reset(); }

    void showsAPublisherThatRests();
    void showsTheConnection();
    void showsTheWaitForTheServer();
    void listsLlmsInTheirOrder();
    void showsWhatTheServerIsTold();
    void showsAWake();
    void pausedLlmsCanBeWoken();
    void onlyWhoSleepsCanBeWoken();
    void tellsNoSecretOfAUrl();
    void countsRunningRequests();
    void countsRequestsOfWithdrawnLlms();
    void showsWhatAnActivityKnows();

private:
    PublisherSnapshot snapshot(const Activity *activity = nullptr) const
    {
        return snapshotOf(*m->publisher, activity, m->clock);
    }

    std::unique_ptr<PublisherFixture> m;
};

void TestPublisherSnapshot::showsAPublisherThatRests()
{
    m->make();
    const PublisherSnapshot now = snapshot();
    QCOMPARE(now.program, QCoreApplication::applicationName());
    QCOMPARE(now.processId, QCoreApplication::applicationPid());
    QCOMPARE(now.name, QStringLiteral("gpu-box"));
    QVERIFY(now.state == ConnectionState::Offline);
    QVERIFY(!now.connection);
    QVERIFY(!now.retryIn);
    QVERIFY(now.requests.empty());
    QVERIFY(now.lastHour.empty());
    QCOMPARE(now.llms.size(), 1u);
    QVERIFY(!now.llms.front().outcome);
}

void TestPublisherSnapshot::showsTheConnection()
{
    QVERIFY(m->goOnline());
    m->clock.advance(4s);
    const PublisherSnapshot now = snapshot();
    QVERIFY(now.state == ConnectionState::Online);
    QVERIFY(now.connection);
    QCOMPARE(now.connection->serverVersion, QStringLiteral("0.1.0"));
    QCOMPARE(now.connection->epoch, 1u);
    QVERIFY(now.connection->age == 4s);
    QVERIFY(now.connection->heartbeatAge == 4s);
    QVERIFY(now.llms.front().outcome);
    QVERIFY(now.llms.front().outcome->status == channel::EntryStatus::Accepted);
}

void TestPublisherSnapshot::showsTheWaitForTheServer()
{
    m->make();
    m->publisher->start();
    m->dialer.refuse({ErrorCode::Io, QStringLiteral("The server cannot be reached.")});
    const std::optional<Duration> wait = snapshot().retryIn;
    QVERIFY(wait);
    QVERIFY(*wait > 100ms);
    QCOMPARE(snapshot().problem, QStringLiteral("The server cannot be reached."));
    m->clock.advance(100ms);
    QVERIFY(snapshot().retryIn == *wait - 100ms);
}

void TestPublisherSnapshot::listsLlmsInTheirOrder()
{
    m->settings.llms.insert(m->settings.llms.begin(), m->llm(QStringLiteral("secret")));
    m->settings.llms.front().publish = false;
    m->settings.llms.push_back(m->llm(QStringLiteral("last")));
    QVERIFY(m->goOnline());
    const std::vector<LlmSnapshot> llms = snapshot().llms;
    QCOMPARE(llms.size(), 3u);
    QCOMPARE(llms.at(0).name, QStringLiteral("secret"));
    QVERIFY(!llms.at(0).isPublished);
    QVERIFY(llms.at(0).state == channel::ReportedState::Inactive);
    QVERIFY(!llms.at(0).outcome);
    QCOMPARE(llms.at(1).name, QStringLiteral("vllm-local"));
    QVERIFY(llms.at(1).isPublished);
    QVERIFY(llms.at(1).state == channel::ReportedState::Active);
    QCOMPARE(llms.at(1).model, QStringLiteral("test-model"));
    QCOMPARE(llms.at(1).maxConcurrency, 4);
    QCOMPARE(llms.at(2).name, QStringLiteral("last"));
}

void TestPublisherSnapshot::showsWhatTheServerIsTold()
{
    QVERIFY(m->goOnline());
    m->publisher->setIntake(Intake::Paused);
    QVERIFY(snapshot().intake == Intake::Paused);
    QVERIFY(snapshot().llms.front().state == channel::ReportedState::Paused);
}

void TestPublisherSnapshot::showsAWake()
{
    QVERIFY(m->goOnlineAsleep());
    QVERIFY(snapshot().llms.front().canBeWoken);
    QVERIFY(!snapshot().llms.front().wake);
    QVERIFY(m->wakeAndRun(TaskId{1}));
    QVERIFY(snapshot().llms.front().wake);
    QVERIFY(snapshot().llms.front().wake->phase == channel::WakePhase::Recipe);
    QVERIFY(!snapshot().llms.front().canBeWoken);
}

void TestPublisherSnapshot::pausedLlmsCanBeWoken()
{
    QVERIFY(m->goOnlineAsleep());
    m->publisher->setIntake(Intake::Paused);
    QVERIFY(snapshot().llms.front().state == channel::ReportedState::Paused);
    QVERIFY(snapshot().llms.front().canBeWoken);
}

void TestPublisherSnapshot::onlyWhoSleepsCanBeWoken()
{
    m->settings.llms.front().wake = publisher::WakeRecipe{};
    m->settings.llms.push_back(m->llm(QStringLiteral("without-recipe")));
    QVERIFY(m->goOnline());
    QVERIFY(snapshot().llms.at(0).state == channel::ReportedState::Active);
    QVERIFY(!snapshot().llms.at(0).canBeWoken);
    QVERIFY(!snapshot().llms.at(1).canBeWoken);
}

void TestPublisherSnapshot::tellsNoSecretOfAUrl()
{
    m->settings.server = QUrl(QStringLiteral("https://user:hidden@llm.example.org:4327"));
    m->settings.llms.front().url = "http://user:hidden@[::1]:8000/v1";
    m->make();
    const PublisherSnapshot now = snapshot();
    QCOMPARE(now.server, QUrl(QStringLiteral("https://llm.example.org:4327")));
    QCOMPARE(now.llms.front().backend, QStringLiteral("[::1]:8000"));
}

void TestPublisherSnapshot::countsRunningRequests()
{
    QVERIFY(m->goOnline());
    m->infer(TaskId{1});
    m->infer(TaskId{2});
    QVERIFY(m->backend.waitForRequest(2));
    QCOMPARE(snapshot().running(), 2);
    QCOMPARE(snapshot().llms.front().running, 2);
    // The fixture's publisher watches no requests, as one without a face.
    QVERIFY(snapshot().requests.empty());
}

void TestPublisherSnapshot::countsRequestsOfWithdrawnLlms()
{
    PublisherSnapshot shown;
    shown.llms = {{.name = QStringLiteral("one"), .running = 1}};
    shown.requests = {{.llm = QStringLiteral("one")}, {.llm = QStringLiteral("removed")}};
    QCOMPARE(shown.running(), 2);
    // Who lists no requests counts them all the same.
    shown.requests.clear();
    QCOMPARE(shown.running(), 1);
}

void TestPublisherSnapshot::showsWhatAnActivityKnows()
{
    QVERIFY(m->goOnline());
    Activity activity(m->clock);
    publisher::RequestFacts request;
    request.task = TaskId{1};
    request.llm = QStringLiteral("vllm-local");
    request.began = m->clock.now();
    request.isStream = true;
    m->clock.advance(2s);
    request.events = 80;
    activity.sample({&request, 1});
    const PublisherSnapshot now = snapshot(&activity);
    QCOMPARE(now.llms.front().tokensPerSecond, 40.0);
    QVERIFY(now.llms.front().lastRequestAge == 2s);
    QCOMPARE(now.lastHour.size(), 60u);
    QCOMPARE(now.lastHour.back().tokens, 80);
}

QTEST_GUILESS_MAIN(TestPublisherSnapshot)
#include "tst_publishersnapshot.moc"
