// The lifecycle rules as pure functions: what a report makes of a row, and what a sweep chooses at which age.

#include "domainrows.h"
#include "lifecycle.h"

#include <QSet>
#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;

class TestLifecycle final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void reportSetsTheStatus_data();
    void reportSetsTheStatus();
    void reportKeepsInactiveSince();
    void disconnectReplacesTheReason();

    void activeAgentIsNotInactiveAnyMore();

    void staleAfterTheHeartbeatTimeout_data();
    void staleAfterTheHeartbeatTimeout();
    void expiredAfterTheRetention();
    void publicRowsAreNeverSwept();
    void nothingIsDeletedInTheGraceAfterTheStart();
    void rowsOfBoundSessionsAreNotDeleted();
    void agentsOfADoomedLlmGoFirst();
    void llmGoesWithoutWaitingForYoungerAgents();
    void agentMayDieBeforeItsLlm();
    void llmWithAPublicAgentStays();
    void llmWithAnAgentOfABoundSessionStays();
    void wallClockHasNoEffect();
    void secondSweepOfAMomentFindsNothing();

private:
    SweepPlan sweep() const
    {
        return planSweep(*m_registry, {},
                         {m_clock->now(), m_clock->wallNow(), m_startedAt,
                          [this](const ProviderSessionId &session) { return m_bound.contains(session); }});
    }

    void carryOut(const SweepPlan &plan);
    /// Puts `llm` inactive at this moment.
    void lapse(Llm llm);

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Registry> m_registry;
    MonotonicTime m_startedAt;
    QSet<ProviderSessionId> m_bound;
};

void TestLifecycle::init()
{
    m_registry.reset();
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<Registry>(*m_clock);
    m_startedAt = m_clock->now() - 1h;
    m_bound.clear();
}

void TestLifecycle::carryOut(const SweepPlan &plan)
{
    for (const Agent &agent : plan.deactivatedAgents)
        m_registry->put(agent);
    for (const Llm &llm : plan.deactivatedLlms)
        m_registry->put(llm);
    for (const AgentId &id : plan.deletedAgents)
        m_registry->removeAgent(id);
    for (const LlmId &id : plan.deletedLlms)
        m_registry->removeLlm(id);
}

void TestLifecycle::lapse(Llm llm)
{
    deactivate(llm, StatusReason::Offline, m_clock->wallNow());
    m_registry->put(llm);
}

void TestLifecycle::reportSetsTheStatus_data()
{
    QTest::addColumn<ReportedState>("state");
    QTest::addColumn<LlmStatus>("status");
    QTest::addColumn<std::optional<StatusReason>>("reason");

    using Reason = std::optional<StatusReason>;
    QTest::newRow("active") << ReportedState::Active << LlmStatus::Active << Reason();
    QTest::newRow("hibernating") << ReportedState::Hibernating << LlmStatus::Hibernating << Reason();
    QTest::newRow("inactive") << ReportedState::Inactive << LlmStatus::Inactive << Reason(StatusReason::BackendDown);
    QTest::newRow("paused") << ReportedState::Paused << LlmStatus::Inactive << Reason(StatusReason::Paused);
    QTest::newRow("draining") << ReportedState::Draining << LlmStatus::Inactive << Reason(StatusReason::Draining);
}

void TestLifecycle::reportSetsTheStatus()
{
    QFETCH(ReportedState, state);
    QFETCH(LlmStatus, status);
    QFETCH(std::optional<StatusReason>, reason);
    const WallTime now = m_clock->wallNow();
    for (const LlmStatus before : {LlmStatus::Active, LlmStatus::Hibernating, LlmStatus::Inactive}) {
        Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), now - 1min);
        if (before == LlmStatus::Inactive)
            deactivate(llm, StatusReason::Offline, now - 1min);
        else
            llm.status = before;
        const bool changed = applyReport(llm, state, now);
        QVERIFY(llm.status == status);
        QVERIFY(llm.statusReason == reason);
        QVERIFY(llm.lastHeartbeatAt == now);
        QCOMPARE(llm.inactiveSince.has_value(), status == LlmStatus::Inactive);
        // Another reason is a change, too.
        QCOMPARE(changed, before != status || status == LlmStatus::Inactive);
        QVERIFY(!applyReport(llm, state, now));
    }
}

void TestLifecycle::reportKeepsInactiveSince()
{
    const WallTime now = m_clock->wallNow();
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), now);
    QVERIFY(applyReport(llm, ReportedState::Paused, now));
    QVERIFY(applyReport(llm, ReportedState::Draining, now + 1min));
    QVERIFY(llm.statusReason == StatusReason::Draining);
    QVERIFY(llm.inactiveSince == now);
}

void TestLifecycle::disconnectReplacesTheReason()
{
    const WallTime now = m_clock->wallNow();
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), now);
    applyReport(llm, ReportedState::Paused, now);
    QVERIFY(deactivate(llm, StatusReason::Offline, now + 1min));
    QVERIFY(llm.statusReason == StatusReason::Offline);
    QVERIFY2(llm.inactiveSince == now + 1min, "Its publisher has been gone since now.");
    QVERIFY(!deactivate(llm, StatusReason::Offline, now + 2min));
    QVERIFY(llm.inactiveSince == now + 1min);
    QVERIFY(applyReport(llm, ReportedState::Paused, now + 3min));
    QVERIFY(llm.inactiveSince == now + 1min);
}

void TestLifecycle::activeAgentIsNotInactiveAnyMore()
{
    const WallTime now = m_clock->wallNow();
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), now);
    const Agent before = liveAgent(QStringLiteral("a"), llm, QStringLiteral("s"), now);
    Agent agent = before;
    QVERIFY(!activate(agent));
    QVERIFY(deactivate(agent, now));
    QVERIFY(agent.status == LlmStatus::Inactive);
    QVERIFY(agent.inactiveSince == now);
    QVERIFY(!deactivate(agent, now + 1min));
    QVERIFY(activate(agent));
    QVERIFY(agent == before);
}

void TestLifecycle::staleAfterTheHeartbeatTimeout_data()
{
    QTest::addColumn<LlmStatus>("status");
    QTest::newRow("active") << LlmStatus::Active;
    QTest::newRow("hibernating") << LlmStatus::Hibernating;
}

void TestLifecycle::staleAfterTheHeartbeatTimeout()
{
    QFETCH(LlmStatus, status);
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    llm.status = status;
    m_registry->put(llm);
    m_registry->put(liveAgent(QStringLiteral("a"), llm, QStringLiteral("s"), m_clock->wallNow()));

    m_clock->advance(90s);
    QVERIFY(sweep().isEmpty());
    m_clock->advance(1ms);
    const SweepPlan plan = sweep();
    QCOMPARE(plan.deactivatedLlms.size(), 1);
    QVERIFY(plan.deactivatedLlms.first().status == LlmStatus::Inactive);
    QVERIFY(plan.deactivatedLlms.first().statusReason == StatusReason::Offline);
    QVERIFY(plan.deactivatedLlms.first().inactiveSince == m_clock->wallNow());
    QCOMPARE(plan.deactivatedAgents.size(), 1);
    QVERIFY(plan.deactivatedAgents.first().inactiveSince == m_clock->wallNow());
    QVERIFY(plan.deletedLlms.isEmpty() && plan.deletedAgents.isEmpty());
}

void TestLifecycle::expiredAfterTheRetention()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    m_clock->advance(4h);
    QVERIFY(sweep().isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{llm.id});
}

void TestLifecycle::publicRowsAreNeverSwept()
{
    const Llm llm = publicLlm(QStringLiteral("m"), m_clock->wallNow());
    m_registry->put(llm);
    m_registry->put(publicAgent(QStringLiteral("a"), llm, m_clock->wallNow()));
    m_clock->advance(100h);
    QVERIFY(sweep().isEmpty());
    lapse(llm);
    m_clock->advance(100h);
    QVERIFY(sweep().isEmpty());
}

void TestLifecycle::nothingIsDeletedInTheGraceAfterTheStart()
{
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow() - 10h);
    deactivate(llm, StatusReason::Offline, m_clock->wallNow() - 10h);
    m_startedAt = m_clock->now();
    m_registry->load({llm}, {}, {});
    QVERIFY(sweep().isEmpty());
    m_clock->advance(5min - 1ms);
    QVERIFY(sweep().isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{llm.id});
}

void TestLifecycle::rowsOfBoundSessionsAreNotDeleted()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    m_clock->advance(5h);
    m_bound.insert(llm.providerSessionId);
    QVERIFY(sweep().isEmpty());
    m_bound.clear();
    QCOMPARE(sweep().deletedLlms.size(), 1);
}

void TestLifecycle::agentsOfADoomedLlmGoFirst()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    m_clock->advance(5h);
    // One has expired by itself as well; each is deleted once.
    Agent expired = liveAgent(QStringLiteral("expired"), llm, QStringLiteral("s"), m_clock->wallNow() - 5h);
    deactivate(expired, m_clock->wallNow() - 5h);
    m_registry->put(expired);
    const Agent live = liveAgent(QStringLiteral("live"), llm, QStringLiteral("t"), m_clock->wallNow());
    m_registry->put(live);

    const SweepPlan plan = sweep();
    QCOMPARE(plan.deletedAgents, (QList<AgentId>{expired.id, live.id}));
    QCOMPARE(plan.deletedLlms, QList<LlmId>{llm.id});
}

void TestLifecycle::llmGoesWithoutWaitingForYoungerAgents()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    m_clock->advance(4h);
    // Its own time would come four hours from now.
    Agent agent = liveAgent(QStringLiteral("a"), llm, QStringLiteral("t"), m_clock->wallNow());
    deactivate(agent, m_clock->wallNow());
    m_registry->put(agent);
    QVERIFY(sweep().isEmpty());
    m_clock->advance(1ms);
    QCOMPARE(sweep().deletedAgents, QList<AgentId>{agent.id});
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{llm.id});
}

void TestLifecycle::agentMayDieBeforeItsLlm()
{
    // Of a session that fell silent, pinned to an Llm of one that speaks.
    const ProviderSessionId speaking(QStringLiteral("s"));
    const Llm llm = liveLlm(QStringLiteral("m"), speaking.toString(), m_clock->wallNow());
    m_registry->put(llm);
    const Agent agent = liveAgent(QStringLiteral("a"), llm, QStringLiteral("t"), m_clock->wallNow());
    m_registry->put(agent);
    m_clock->advance(90s);
    m_registry->heardFrom(speaking);
    m_clock->advance(1ms);
    SweepPlan plan = sweep();
    QCOMPARE(plan.deactivatedAgents.size(), 1);
    QVERIFY(plan.deactivatedAgents.first().id == agent.id);
    QVERIFY(plan.deactivatedLlms.isEmpty());
    carryOut(plan);
    m_clock->advance(4h + 1ms);
    m_registry->heardFrom(speaking);
    plan = sweep();
    QCOMPARE(plan.deletedAgents, QList<AgentId>{agent.id});
    QVERIFY(plan.deletedLlms.isEmpty() && plan.deactivatedLlms.isEmpty());
}

void TestLifecycle::llmWithAPublicAgentStays()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    const Agent agent = publicAgent(QStringLiteral("a"), llm, m_clock->wallNow());
    m_registry->put(agent);
    const Agent beside = liveAgent(QStringLiteral("b"), llm, QStringLiteral("s"), m_clock->wallNow() + 5h);
    m_registry->put(beside);
    m_clock->advance(5h);
    // The agent beside it is stale, but nobody's doom.
    QVERIFY(sweep().deletedLlms.isEmpty());
    QVERIFY(sweep().deletedAgents.isEmpty());
    m_registry->removeAgent(agent.id);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{llm.id});
}

void TestLifecycle::llmWithAnAgentOfABoundSessionStays()
{
    const Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(llm);
    lapse(llm);
    m_clock->advance(5h);
    const Agent agent = liveAgent(QStringLiteral("a"), llm, QStringLiteral("t"), m_clock->wallNow());
    m_registry->put(agent);
    m_bound.insert(agent.providerSessionId);
    QVERIFY(sweep().isEmpty());
}

void TestLifecycle::wallClockHasNoEffect()
{
    const Llm live = liveLlm(QStringLiteral("live"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(live);
    const Llm lapsed = liveLlm(QStringLiteral("lapsed"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(lapsed);
    lapse(lapsed);

    m_clock->jumpWall(240h);
    QVERIFY(sweep().isEmpty());
    m_clock->jumpWall(-480h);
    QVERIFY(sweep().isEmpty());
    m_clock->advance(91s);
    QCOMPARE(sweep().deactivatedLlms.size(), 1);
    m_clock->advance(4h);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{lapsed.id});
}

void TestLifecycle::secondSweepOfAMomentFindsNothing()
{
    const Llm stale = liveLlm(QStringLiteral("stale"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(stale);
    const Llm doomed = liveLlm(QStringLiteral("doomed"), QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(doomed);
    lapse(doomed);
    m_registry->put(liveAgent(QStringLiteral("a"), doomed, QStringLiteral("s"), m_clock->wallNow()));
    m_clock->advance(5h);
    const SweepPlan plan = sweep();
    QVERIFY(!plan.deactivatedLlms.isEmpty() && !plan.deletedLlms.isEmpty());
    carryOut(plan);
    QVERIFY(sweep().isEmpty());
}

QTEST_GUILESS_MAIN(TestLifecycle)
#include "tst_lifecycle.moc"
