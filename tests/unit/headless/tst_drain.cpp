// What a publisher that is told to end still finishes, and for how long.

#include "drain.h"
#include "publisherfixture.h"

#include <QSignalSpy>

using namespace hearth;
using namespace hearth::headless;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestDrain final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAtOnceWhenNothingRuns();
    void endsAtOnceWithoutAChannel();
    void endsAtOnceWithoutTime();
    void finishesRequests();
    void finishesARequestThatCameTooLate();
    void finishesWakesOfTheServer();
    void leavesWakesOfTheOwnerAlone();
    void stopsWaitingForACancelledWake();
    void cutsWhatTakesTooLong();
    void endsWithTheChannel();
};

namespace {

constexpr TaskId task{1};
constexpr TaskId second{2};

/// A publisher with a drain.
class DrainFixture : public PublisherFixture
{
public:
    /// Whether it is over at once.
    bool begin(Duration limit = 30s)
    {
        m_drain = std::make_unique<Drain>(*publisher, clock);
        m_finished = std::make_unique<QSignalSpy>(m_drain.get(), &Drain::finished);
        m_drain->begin(limit);
        return isFinished();
    }

    bool isFinished() const { return m_finished->size() == 1; }

    /// Nothing that is on its way ends it.
    bool goesOn()
    {
        QCoreApplication::processEvents();
        clock.advance(29s);
        QCoreApplication::processEvents();
        return m_finished->isEmpty();
    }

    /// Comes online and has a request that the backend works on; null when it does not get there.
    const Exchange *beginRequest()
    {
        if (!goOnline())
            return nullptr;
        infer(task);
        return backend.waitForRequest();
    }

    bool isReported(ReportedState state) const
    {
        return QTest::qWaitFor(
            [&] {
                const auto heartbeats = server->all<channel::Heartbeat>();
                return !heartbeats.isEmpty() && heartbeats.last().llms.first().state == state;
            },
            5000);
    }

private:
    std::unique_ptr<Drain> m_drain;
    std::unique_ptr<QSignalSpy> m_finished;
};

} // namespace

void TestDrain::endsAtOnceWhenNothingRuns()
{
    DrainFixture fixture;
    QVERIFY(fixture.goOnline());
    QVERIFY(fixture.begin());
    QVERIFY2(fixture.publisher->intake() == publisher::Intake::Open, "The server hears of the end itself.");
}

void TestDrain::endsAtOnceWithoutAChannel()
{
    DrainFixture fixture;
    QVERIFY(fixture.beginRequest());
    fixture.server->channel->breakOff();
    QTRY_VERIFY(fixture.publisher->state() == publisher::ConnectionState::Offline);
    QVERIFY(fixture.begin());
}

void TestDrain::endsAtOnceWithoutTime()
{
    DrainFixture fixture;
    QVERIFY(fixture.beginRequest());
    QVERIFY(fixture.begin(0s));
}

void TestDrain::finishesRequests()
{
    DrainFixture fixture;
    const Exchange *const first = fixture.beginRequest();
    QVERIFY(first);
    fixture.infer(second);
    const Exchange *const last = fixture.backend.waitForRequest(2);
    QVERIFY(last);
    QVERIFY(!fixture.begin());
    QVERIFY(fixture.isReported(ReportedState::Draining));
    first->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(1));
    QVERIFY(fixture.goesOn());
    last->answer("{}");
    QTRY_VERIFY(fixture.isFinished());
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(2));
    QVERIFY(fixture.server->all<channel::TaskError>().isEmpty());
    // The limit is of no more interest.
    fixture.clock.advance(1h);
    QVERIFY(fixture.isFinished());
}

void TestDrain::finishesARequestThatCameTooLate()
{
    DrainFixture fixture;
    const Exchange *const first = fixture.beginRequest();
    QVERIFY(first);
    QVERIFY(!fixture.begin());
    // The server has sent it before it knew.
    fixture.infer(second);
    const Exchange *const last = fixture.backend.waitForRequest(2);
    QVERIFY(last);
    first->answer("{}");
    QVERIFY(fixture.server->waitFor<channel::ResponseEnd>(1));
    QVERIFY(fixture.goesOn());
    last->answer("{}");
    QTRY_VERIFY(fixture.isFinished());
}

void TestDrain::finishesWakesOfTheServer()
{
    DrainFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    QVERIFY(!fixture.begin());
    QVERIFY(fixture.isReported(ReportedState::Paused));
    fixture.backend.start();
    fixture.recipes.runs[0].succeed();
    QTRY_VERIFY(fixture.isFinished());
    const auto result = fixture.server->waitFor<channel::WakeResult>();
    QVERIFY(result && result->ok);
}

void TestDrain::leavesWakesOfTheOwnerAlone()
{
    DrainFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    fixture.publisher->wake(QStringLiteral("vllm-local"));
    QCOMPARE(fixture.recipes.runs.size(), size_t(1));
    QVERIFY(fixture.begin());
}

void TestDrain::stopsWaitingForACancelledWake()
{
    DrainFixture fixture;
    QVERIFY(fixture.goOnlineAsleep());
    QVERIFY(fixture.wakeAndRun(task));
    QVERIFY(!fixture.begin());
    fixture.server->send(channel::Cancel{task});
    QTRY_VERIFY(fixture.isFinished());
}

void TestDrain::cutsWhatTakesTooLong()
{
    DrainFixture fixture;
    QVERIFY(fixture.beginRequest());
    QVERIFY(!fixture.begin(10s));
    fixture.clock.advance(9999ms);
    QVERIFY(!fixture.isFinished());
    fixture.clock.advance(1ms);
    QVERIFY(fixture.isFinished());
    fixture.publisher->stop();
    const auto error = fixture.server->waitFor<channel::TaskError>();
    QVERIFY(error);
    QCOMPARE(error->code, QStringLiteral("publisher_lost"));
    QCoreApplication::processEvents();
    QVERIFY(fixture.isFinished());
}

void TestDrain::endsWithTheChannel()
{
    DrainFixture fixture;
    QVERIFY(fixture.beginRequest());
    QVERIFY(!fixture.begin());
    fixture.server->channel->breakOff();
    QTRY_VERIFY(fixture.isFinished());
}

QTEST_GUILESS_MAIN(TestDrain)
#include "tst_drain.moc"
