// The sweep, on both engines and a clock of our own: what it marks at 90 s, what it deletes at 4 h, and what it spares.

#include "controltest.h"
#include "domainrows.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using control::SweepCounts;

namespace {

/// An interval for servers that sweep when a test says so.
constexpr Duration never = 365 * 24h;

} // namespace

class TestSweep final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void marksAfter90Seconds();
    void marksHibernatingRowsOfSilentPublishers();
    void deletesAfter4Hours();
    void deletesHibernatingRowsOfDeadPublishers();
    void isIdempotent();
    void sparesRowsOfBoundSessions();
    void keepsWhatWasPausedForLong();
    void startKeepsWhatWasPausedForLong();
    void sparesPublicRows();
    void deletesNothingInTheFirstFiveMinutesAfterALongDowntime();
    void publisherComesBackInTheGrace();
    void startMakesEveryLiveRowInactive();
    void wallClockHasNoEffect();
    void deletesVirtualAgentsOfADoomedLlmFirst();
    void llmWithAPublicAgentStays();
    void runsByItself();
    void deletesNothingWhileTheDatabaseIsAway();
    void deletedNameIsFreeForEverybody();

private:
    void init() override;
    void restart(Duration interval = never, Duration statementTimeout = 5s);
    /// A row whose publisher has been dead since now.
    Llm lapsedLlm(const QString &name, const channel::LlmEntry &listed);

    Llm lapsedLlm(const QString &name) { return lapsedLlm(name, entry(name)); }
};

void TestSweep::init()
{
    ControlTest::init();
    if (!QTest::currentTestFailed())
        restart();
    m_clock.advance(10min);
}

void TestSweep::restart(Duration interval, Duration statementTimeout)
{
    control::ControlSettings settings;
    settings.lifecycle.sweepInterval = interval;
    makeHarness(settings, statementTimeout);
}

Llm TestSweep::lapsedLlm(const QString &name, const channel::LlmEntry &listed)
{
    const auto publisher = m_harness->publish({listed});
    publisher->breakOff();
    if (!QTest::qWaitFor([&] { return m_harness->llm(name).status == LlmStatus::Inactive; }))
        qFatal("The server does not notice that its publisher has gone.");
    return m_harness->llm(name);
}

void TestSweep::marksAfter90Seconds()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    m_clock.advance(90s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 0}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(m_name).statusReason == StatusReason::Offline);
    QVERIFY(m_harness->llm(m_name).inactiveSince == m_clock.wallNow());
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    QCOMPARE(m_harness->llm(m_name).version, 1);
}

void TestSweep::marksHibernatingRowsOfSilentPublishers()
{
    const auto publisher = m_harness->publish({sleepingEntry(m_name)});
    m_clock.advance(91s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 0}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
}

void TestSweep::deletesAfter4Hours()
{
    lapsedLlm(m_name);
    m_clock.advance(4h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->registry.findLlm(m_name));
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->registry.findLlm(m_name));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::deletesHibernatingRowsOfDeadPublishers()
{
    lapsedLlm(m_name, sleepingEntry(m_name));
    m_clock.advance(4h + 1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::isIdempotent()
{
    const QString silent = QStringLiteral("silent");
    lapsedLlm(m_name);
    m_clock.advance(4h);
    const auto publisher = m_harness->publish({entry(silent)});
    m_clock.advance(2min);
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 1}));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->llm(silent).status == LlmStatus::Inactive);
}

void TestSweep::sparesRowsOfBoundSessions()
{
    // Inactive for days, and yet its publisher is there: paused, say, or silent.
    const auto publisher =
        m_harness->publish({entry(m_name, channel::ReportedState::Paused), entry(QStringLiteral("x"))});
    QVERIFY(publisher->registerLlms({entry(m_name, channel::ReportedState::Paused)}));
    m_clock.advance(72h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->storedLlm(m_name));
    publisher->close();
    QTRY_VERIFY(!m_harness->control.isBound(m_harness->llm(m_name).providerSessionId));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY2(m_harness->storedLlm(m_name), "Its publisher has only just gone.");
    QVERIFY2(!m_harness->storedLlm(QStringLiteral("x")), "It was withdrawn long ago.");
}

void TestSweep::keepsWhatWasPausedForLong()
{
    const auto publisher = m_harness->publish({entry(m_name, channel::ReportedState::Paused)});
    m_clock.advance(5h);
    publisher->close();
    QTRY_VERIFY(!m_harness->control.isBound(m_harness->llm(m_name).providerSessionId));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(*m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    // The next start finds when its publisher was lost.
    m_harness.reset();
    m_clock.advance(3h);
    restart();
    m_clock.advance(1h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::startKeepsWhatWasPausedForLong()
{
    const auto publisher = m_harness->publish({entry(m_name, channel::ReportedState::Paused)});
    QVERIFY(m_harness->storedLlm(m_name));
    m_clock.advance(5h);
    // The other one was killed.
    ControlHarness restarted(m_clock, m_fixture->url());
    m_clock.advance(10min);
    QCOMPARE(restarted.sweep(), (SweepCounts{0, 0}));
    QVERIFY(restarted.storedLlm(m_name));
    QVERIFY(*restarted.storedLlm(m_name) == restarted.llm(m_name));
}

void TestSweep::sparesPublicRows()
{
    m_harness->add(publicLlm(m_name, m_clock.wallNow()));
    m_clock.advance(72h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
}

void TestSweep::deletesNothingInTheFirstFiveMinutesAfterALongDowntime()
{
    lapsedLlm(m_name);
    m_harness.reset();
    m_clock.advance(72h);
    restart();
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.advance(5min - 1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->storedLlm(m_name));
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::publisherComesBackInTheGrace()
{
    const Llm before = lapsedLlm(m_name);
    m_harness.reset();
    m_clock.advance(72h);
    restart();
    m_clock.advance(4min);
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->registerLlms({entry(m_name)}, before.providerSessionId));
    m_clock.advance(80s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->llm(m_name).id == before.id);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
}

void TestSweep::startMakesEveryLiveRowInactive()
{
    // Killed, so that nobody has marked them: they are stored as live.
    const QString asleep = QStringLiteral("asleep");
    const auto publisher = m_harness->publish({entry(m_name), sleepingEntry(asleep)});
    m_harness->add(publicLlm(QStringLiteral("open"), m_clock.wallNow()));
    ControlHarness restarted(m_clock, m_fixture->url());
    for (const QString &name : {m_name, asleep}) {
        QVERIFY(restarted.llm(name).status == LlmStatus::Inactive);
        QVERIFY(restarted.llm(name).inactiveSince == m_clock.wallNow());
        QVERIFY(restarted.storedLlm(name) == restarted.llm(name));
    }
    QVERIFY(restarted.llm(QStringLiteral("open")).status == LlmStatus::Active);
}

void TestSweep::wallClockHasNoEffect()
{
    const auto publisher = m_harness->publish({entry(m_name)});
    const QString lapsed = QStringLiteral("lapsed");
    lapsedLlm(lapsed);
    m_clock.jumpWall(24h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.jumpWall(-48h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.advance(91s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 0}));
    m_clock.advance(4h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(lapsed));
}

void TestSweep::deletesVirtualAgentsOfADoomedLlmFirst()
{
    const Llm llm = lapsedLlm(m_name);
    Agent agent = liveAgent(QStringLiteral("a"), llm, llm.providerSessionId.toString(), m_clock.wallNow());
    deactivate(agent, m_clock.wallNow());
    m_harness->add(agent);
    m_clock.advance(4h + 1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 2}));
    QVERIFY(!m_harness->storedAgent(agent.name));
    QVERIFY(!m_harness->storedLlm(m_name));
    QVERIFY(!m_harness->registry.findAgent(agent.name));
}

void TestSweep::llmWithAPublicAgentStays()
{
    const Llm llm = lapsedLlm(m_name);
    m_harness->add(publicAgent(QStringLiteral("a"), llm, m_clock.wallNow()));
    m_clock.advance(72h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->storedLlm(m_name));
    QVERIFY(m_harness->storedAgent(QStringLiteral("a")));
}

void TestSweep::runsByItself()
{
    restart(60s);
    const auto publisher = m_harness->publish({entry(m_name)});
    m_clock.advance(119s);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    m_clock.advance(1s);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    publisher->breakOff();
    QTRY_VERIFY(!m_harness->control.isBound(m_harness->llm(m_name).providerSessionId));
    m_clock.advance(4h + 60s);
    QTRY_VERIFY(!m_harness->registry.findLlm(m_name));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::deletesNothingWhileTheDatabaseIsAway()
{
    restart(never, 100ms);
    lapsedLlm(m_name);
    m_harness->storedLlm(m_name);
    m_clock.advance(5h);
    {
        const WriteBlock block(*m_fixture, QStringLiteral("names"));
        QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
        QVERIFY(m_harness->registry.findLlm(m_name));
    }
    QTRY_VERIFY(m_harness->storage.available());
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestSweep::deletedNameIsFreeForEverybody()
{
    const Llm before = lapsedLlm(m_name);
    m_clock.advance(5h);
    m_harness->sweep();
    const auto publisher = m_harness->publish({entry(m_name)}, QStringLiteral("bob"));
    QCOMPARE(m_harness->llm(m_name).owner, QStringLiteral("bob"));
    QVERIFY(m_harness->llm(m_name).id != before.id);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

QTEST_GUILESS_MAIN(TestSweep)
#include "tst_sweep.moc"
