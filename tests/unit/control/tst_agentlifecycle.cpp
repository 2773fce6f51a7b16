// The lives of agents beside those of their Llms, on both engines: heartbeats, disconnects, and the sweep with its
// cascades.

#include "controltest.h"
#include "domainrows.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::ReportedState;
using control::SweepCounts;

namespace {

/// Longer than rows are kept.
constexpr Duration expired = 4h + 1ms;

} // namespace

class TestAgentLifecycle final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void init() override;

    void heartbeatBumpsAgents();
    void anyFrameBumpsAgents();
    void heartbeatRevivesASweptAgent();
    void heartbeatDoesNotReviveAWithdrawnAgent();
    void agentAdoptedMeanwhileIsForeign();
    void agentOfASleepingLlmIsActive();
    void disconnectFlipsOnlyItsOwnAgents();
    void replacedSocketLeavesTheAgentsAlone();
    void startMakesVirtualAgentsInactive();
    void marksAgentsBeforeTheirLlms();
    void deletesAgentsWithTheirLlm();
    void agentsHeartbeatLagsItsLlms();
    void llmsHeartbeatLagsItsAgents();
    void doomedLlmTakesAYoungerAgentAlong();
    void publicAgentKeepsADyingLlm();
    void agentOfABoundSessionKeepsADyingLlm();
    void repinnedAgentSurvivesItsOldLlm();
    void sweptAgentComesBackAsANewOne();
    void publisherComesBackInTheGrace();

private:
    /// A server that sweeps only when a test says so, past its first minutes.
    void restart();
    std::unique_ptr<FakePublisher> publish(const QList<channel::LlmEntry> &llms,
                                           const QList<channel::AgentEntry> &agents);
    /// The publisher goes, and the server has seen that.
    void lose(std::unique_ptr<FakePublisher> &publisher, const ProviderSessionId &session) const;

    const QString m_agent = QStringLiteral("a");
};

void TestAgentLifecycle::init()
{
    ControlTest::init();
    if (!QTest::currentTestFailed())
        restart();
}

void TestAgentLifecycle::restart()
{
    control::ControlSettings settings;
    settings.lifecycle.sweepInterval = 365 * 24h;
    makeHarness(settings);
    m_clock.advance(10min);
}

std::unique_ptr<FakePublisher> TestAgentLifecycle::publish(const QList<channel::LlmEntry> &llms,
                                                           const QList<channel::AgentEntry> &agents)
{
    auto publisher = m_harness->connect();
    const auto answer = publisher->registerRows(llms, agents);
    for (const channel::EntryOutcome &outcome : answer->llms + answer->agents) {
        if (outcome.status != channel::EntryStatus::Accepted)
            qFatal("%s", qPrintable(outcome.message));
    }
    return publisher;
}

void TestAgentLifecycle::lose(std::unique_ptr<FakePublisher> &publisher, const ProviderSessionId &session) const
{
    publisher->breakOff();
    if (!QTest::qWaitFor([&] { return !m_harness->control.isBound(session); }))
        qFatal("The server does not notice that its publisher has gone.");
    publisher.reset();
}

void TestAgentLifecycle::heartbeatBumpsAgents()
{
    const auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    m_clock.advance(15s);
    QVERIFY(publisher->heartbeat({{m_name}}));
    const Agent agent = m_harness->agent(m_agent);
    QVERIFY(agent.lastHeartbeatAt == m_clock.wallNow());
    QCOMPARE(agent.version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == agent);
    for (int i = 0; i < 4; ++i) {
        m_clock.advance(80s);
        QVERIFY(publisher->heartbeat({{m_name}}));
        QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    }
}

void TestAgentLifecycle::anyFrameBumpsAgents()
{
    const auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    m_clock.advance(80s);
    publisher->send(channel::ResponseEnd{TaskId{1}});
    QTRY_VERIFY(m_harness->agent(m_agent).lastHeartbeatAt == m_clock.wallNow());
}

void TestAgentLifecycle::heartbeatRevivesASweptAgent()
{
    const auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    m_clock.advance(91s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{2, 0}));
    QVERIFY(m_harness->storedAgent(m_agent)->status == LlmStatus::Inactive);
    QVERIFY(publisher->heartbeat({{m_name}}));
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    QVERIFY(!m_harness->agent(m_agent).inactiveSince);
    QCOMPARE(m_harness->agent(m_agent).version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

void TestAgentLifecycle::heartbeatDoesNotReviveAWithdrawnAgent()
{
    const QString refused = QStringLiteral("refused");
    const auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name), agentEntry(refused, m_name)});
    // One is not listed any more, the other one not as it should be.
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(refused, QStringLiteral("nobody"))}));
    m_clock.advance(15s);
    QVERIFY(publisher->heartbeat({{m_name}}));
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    QVERIFY(m_harness->agent(refused).status == LlmStatus::Inactive);
}

void TestAgentLifecycle::agentAdoptedMeanwhileIsForeign()
{
    auto silent = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const ProviderSessionId first = m_harness->agent(m_agent).providerSessionId;
    m_clock.advance(91s);
    m_harness->sweep();
    const auto heir = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent adopted = m_harness->agent(m_agent);
    QVERIFY(adopted.providerSessionId != first);
    m_clock.advance(15s);
    QVERIFY(silent->heartbeat({{m_name}}));
    QVERIFY(m_harness->agent(m_agent) == adopted);
    lose(silent, first);
    QVERIFY(m_harness->agent(m_agent) == adopted);
    QVERIFY(m_harness->storedAgent(m_agent) == adopted);
}

void TestAgentLifecycle::agentOfASleepingLlmIsActive()
{
    const auto publisher = publish({sleepingEntry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    for (const ReportedState state : {ReportedState::Hibernating, ReportedState::Paused, ReportedState::Inactive}) {
        QVERIFY(publisher->heartbeat({{m_name, state, 0}}));
        QVERIFY(m_harness->llm(m_name).status != LlmStatus::Active);
        QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    }
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

void TestAgentLifecycle::disconnectFlipsOnlyItsOwnAgents()
{
    const QString other = QStringLiteral("other");
    auto publisher = publish({sleepingEntry(m_name)}, {agentEntry(m_agent, m_name)});
    // Another publisher's agent at this one's Llm, and a public one.
    const auto neighbour = publish({}, {agentEntry(other, m_name)});
    const Agent open = publicAgent(QStringLiteral("open"), m_harness->llm(m_name), m_clock.wallNow());
    m_harness->add(open);
    m_clock.advance(1s);
    lose(publisher, m_harness->agent(m_agent).providerSessionId);
    const Agent agent = m_harness->agent(m_agent);
    QVERIFY(agent.status == LlmStatus::Inactive);
    QVERIFY(agent.inactiveSince == m_clock.wallNow());
    QCOMPARE(agent.version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == agent);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    for (const QString &name : {other, open.name}) {
        QVERIFY(m_harness->agent(name).status == LlmStatus::Active);
        QVERIFY(m_harness->storedAgent(name)->status == LlmStatus::Active);
    }
}

void TestAgentLifecycle::replacedSocketLeavesTheAgentsAlone()
{
    const auto old = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent before = m_harness->agent(m_agent);
    const auto fresh = m_harness->connect();
    QVERIFY(fresh->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}, before.providerSessionId));
    QCOMPARE(old->closeCode(), static_cast<int>(channel::CloseCode::Replaced));
    QVERIFY(m_harness->agent(m_agent) == before);
    QVERIFY(m_harness->storedAgent(m_agent) == before);
}

void TestAgentLifecycle::startMakesVirtualAgentsInactive()
{
    // Killed, so that nobody has marked them: they are stored as live.
    const auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent open = publicAgent(QStringLiteral("open"), m_harness->llm(m_name), m_clock.wallNow());
    m_harness->add(open);
    m_clock.advance(1s);
    ControlHarness restarted(m_clock, m_fixture->url());
    QVERIFY(restarted.agent(m_agent).status == LlmStatus::Inactive);
    QVERIFY(restarted.agent(m_agent).inactiveSince == m_clock.wallNow());
    QVERIFY(restarted.storedAgent(m_agent) == restarted.agent(m_agent));
    QVERIFY(restarted.agent(open.name) == open);
}

void TestAgentLifecycle::marksAgentsBeforeTheirLlms()
{
    const auto publisher = publish({sleepingEntry(m_name)}, {agentEntry(m_agent, m_name)});
    m_clock.advance(90s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{2, 0}));
    QVERIFY(m_harness->agent(m_agent).inactiveSince == m_clock.wallNow());
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
}

void TestAgentLifecycle::deletesAgentsWithTheirLlm()
{
    auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name), agentEntry(QStringLiteral("b"), m_name)});
    lose(publisher, m_harness->llm(m_name).providerSessionId);
    m_clock.advance(4h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    m_clock.advance(1ms);
    // The database deletes no Llm that an agent is pinned to: the agents went first.
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 3}));
    for (const QString &name : {m_agent, QStringLiteral("b")}) {
        QVERIFY(!m_harness->registry.findAgent(name));
        QVERIFY(!m_harness->storedAgent(name));
    }
    QVERIFY(!m_harness->storedLlm(m_name));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
}

void TestAgentLifecycle::agentsHeartbeatLagsItsLlms()
{
    const auto speaking = publish({entry(m_name)}, {});
    auto silent = publish({}, {agentEntry(m_agent, m_name)});
    m_clock.advance(91s);
    QVERIFY(speaking->heartbeat({{m_name}}));
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 0}));
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    lose(silent, m_harness->agent(m_agent).providerSessionId);
    m_clock.advance(expired);
    QVERIFY(speaking->heartbeat({{m_name}}));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedAgent(m_agent));
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Active);
}

void TestAgentLifecycle::llmsHeartbeatLagsItsAgents()
{
    auto silent = publish({entry(m_name)}, {});
    auto speaking = publish({}, {agentEntry(m_agent, m_name)});
    m_clock.advance(91s);
    QVERIFY(speaking->heartbeat());
    QCOMPARE(m_harness->sweep(), (SweepCounts{1, 0}));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    QVERIFY(m_harness->storedAgent(m_agent)->status == LlmStatus::Active);
}

void TestAgentLifecycle::doomedLlmTakesAYoungerAgentAlong()
{
    auto holder = publish({entry(m_name)}, {});
    auto publisher = publish({}, {agentEntry(m_agent, m_name)});
    lose(holder, m_harness->llm(m_name).providerSessionId);
    m_clock.advance(3h);
    QVERIFY(publisher->heartbeat());
    lose(publisher, m_harness->agent(m_agent).providerSessionId);
    m_clock.advance(1h);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    // Its own time would come in three hours.
    m_clock.advance(1ms);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 2}));
    QVERIFY(!m_harness->storedAgent(m_agent));
    QVERIFY(!m_harness->storedLlm(m_name));
}

void TestAgentLifecycle::publicAgentKeepsADyingLlm()
{
    auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent open = publicAgent(QStringLiteral("open"), m_harness->llm(m_name), m_clock.wallNow());
    m_harness->add(open);
    lose(publisher, m_harness->llm(m_name).providerSessionId);
    m_clock.advance(72h);
    // The virtual agent beside it goes when its own time has come.
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedAgent(m_agent));
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedAgent(open.name) == open);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    // And the Llm comes back as the one that it was.
    const LlmId id = m_harness->llm(m_name).id;
    publisher = publish({entry(m_name)}, {});
    QVERIFY(m_harness->llm(m_name).id == id);
    QVERIFY(m_harness->agent(open.name).pinnedTo == domain::Destination(id));
}

void TestAgentLifecycle::agentOfABoundSessionKeepsADyingLlm()
{
    auto holder = publish({entry(m_name)}, {});
    auto publisher = publish({}, {agentEntry(m_agent, m_name)});
    lose(holder, m_harness->llm(m_name).providerSessionId);
    m_clock.advance(72h);
    QVERIFY(publisher->heartbeat());
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->storedLlm(m_name));
    lose(publisher, m_harness->agent(m_agent).providerSessionId);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 2}));
}

void TestAgentLifecycle::repinnedAgentSurvivesItsOldLlm()
{
    auto holder = publish({entry(m_name)}, {});
    const QString other = QStringLiteral("other");
    const auto publisher = publish({entry(other)}, {agentEntry(m_agent, m_name)});
    lose(holder, m_harness->llm(m_name).providerSessionId);
    m_clock.advance(expired);
    QVERIFY(publisher->registerRows({entry(other)}, {agentEntry(m_agent, other)}));
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 1}));
    QVERIFY(!m_harness->storedLlm(m_name));
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
    QVERIFY(m_harness->agent(m_agent).pinnedTo == domain::Destination(m_harness->llm(other).id));
}

void TestAgentLifecycle::sweptAgentComesBackAsANewOne()
{
    auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent before = m_harness->agent(m_agent);
    lose(publisher, before.providerSessionId);
    m_clock.advance(expired);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 2}));
    // The session outlives its rows.
    publisher = m_harness->connect();
    const auto answer =
        publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}, before.providerSessionId);
    QVERIFY(answer);
    QVERIFY(answer->agents.first().status == channel::EntryStatus::Accepted);
    QVERIFY(m_harness->agent(m_agent).id != before.id);
    QCOMPARE(m_harness->agent(m_agent).version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

void TestAgentLifecycle::publisherComesBackInTheGrace()
{
    auto publisher = publish({entry(m_name)}, {agentEntry(m_agent, m_name)});
    const Agent before = m_harness->agent(m_agent);
    publisher.reset();
    m_harness.reset();
    m_clock.advance(72h);
    control::ControlSettings settings;
    settings.lifecycle.sweepInterval = 365 * 24h;
    makeHarness(settings);
    m_clock.advance(4min);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}, before.providerSessionId));
    m_clock.advance(80s);
    QCOMPARE(m_harness->sweep(), (SweepCounts{0, 0}));
    QVERIFY(m_harness->agent(m_agent).id == before.id);
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
}

QTEST_GUILESS_MAIN(TestAgentLifecycle)
#include "tst_agentlifecycle.moc"
