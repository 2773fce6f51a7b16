// Registration of agents as a pure function: what an agent may be pinned to, whose names it may take, and what becomes
// of agents that are not listed any more. With a database behind them these rules are in tst_agentregistration.

#include "agentplanning.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::AgentEntry;
using channel::EntryStatus;

class TestAgentPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_planning.emplace(); }

    void pins_data();
    void pins();
    void newLlmOfTheSameMessage();
    void adoptedLlmOfTheSameMessage();
    void llmInConflictIsWorthAnotherOffer();
    void namesOfLlms();
    void namesOfOtherAgents_data();
    void namesOfOtherAgents();
    void keyBoundsTheNames();
    void keyBoundsThePins();
    void unlistedAgentIsWithdrawn();

private:
    std::optional<AgentPlanning> m_planning;
};

void TestAgentPlan::pins_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<LlmKind>("kind");
    QTest::addColumn<LlmStatus>("status");
    QTest::addColumn<bool>("mayPin");

    const auto row = [](const char *name, const char *owner, LlmKind kind, LlmStatus status, bool mayPin) {
        QTest::newRow(name) << text(owner) << kind << status << mayPin;
    };
    row("of the owner's other session", "alice", LlmKind::Virtual, LlmStatus::Active, true);
    row("asleep", "alice", LlmKind::Virtual, LlmStatus::Hibernating, true);
    row("away", "alice", LlmKind::Virtual, LlmStatus::Inactive, true);
    row("public", "carol", LlmKind::Public, LlmStatus::Active, true);
    row("another owner's", "bob", LlmKind::Virtual, LlmStatus::Active, false);
    row("another owner's, away", "bob", LlmKind::Virtual, LlmStatus::Inactive, false);
}

void TestAgentPlan::pins()
{
    QFETCH(QString, owner);
    QFETCH(LlmKind, kind);
    QFETCH(LlmStatus, status);
    QFETCH(bool, mayPin);
    Llm llm = kind == LlmKind::Public ? publicLlm(text("target"), m_planning->clock.wallNow())
                                      : liveLlm(text("target"), text("theirs"), m_planning->clock.wallNow());
    llm.owner = owner;
    if (status == LlmStatus::Inactive)
        deactivate(llm, StatusReason::Offline, m_planning->clock.wallNow());
    else
        llm.status = status;
    m_planning->put(llm);
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("target")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == (mayPin ? EntryStatus::Accepted : EntryStatus::Conflict));
    if (mayPin) {
        QVERIFY(planned->agents.written.first().pinnedTo == domain::Destination(llm.id));
        // Whatever its Llm is: the agent's publisher is there.
        QVERIFY(planned->agents.written.first().status == LlmStatus::Active);
    } else {
        // In the words for an Llm that does not exist: what others publish is theirs to tell.
        const auto unknown = m_planning->plan({{.name = text("a"), .llm = text("nobody")}});
        QCOMPARE(planned->agents.outcomes.first().message,
                 QString(unknown->agents.outcomes.first().message).replace(text("nobody"), text("target")));
    }
}

void TestAgentPlan::newLlmOfTheSameMessage()
{
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("new")}}, {{.name = text("new")}});
    QVERIFY(planned);
    QCOMPARE(planned->llms.written.size(), 1);
    QCOMPARE(planned->agents.written.size(), 1);
    QVERIFY(planned->agents.written.first().pinnedTo == domain::Destination(planned->llms.written.first().id));
}

void TestAgentPlan::adoptedLlmOfTheSameMessage()
{
    m_planning->adoptAcrossOwners = true;
    Llm lapsed = liveLlm(text("lapsed"), text("theirs"), m_planning->clock.wallNow());
    lapsed.owner = text("bob");
    deactivate(lapsed, StatusReason::Offline, m_planning->clock.wallNow());
    m_planning->put(lapsed);
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("lapsed")}}, {{.name = text("lapsed")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Accepted);
    QVERIFY(planned->agents.written.first().pinnedTo == domain::Destination(lapsed.id));
}

void TestAgentPlan::llmInConflictIsWorthAnotherOffer()
{
    Llm theirs = liveLlm(text("theirs"), text("theirs"), m_planning->clock.wallNow());
    theirs.owner = text("bob");
    m_planning->put(theirs);
    m_planning->registry.put(publicAgent(text("agent"), m_planning->llm, m_planning->clock.wallNow()));
    for (const char *name : {"theirs", "agent"}) {
        const auto planned = m_planning->plan({{.name = text("a"), .llm = text(name)}}, {{.name = text(name)}});
        QVERIFY(planned);
        QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Conflict);
        QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Conflict);
        QVERIFY(planned->agents.outcomes.first().message.contains(text(name)));
        QVERIFY(planned->agents.written.isEmpty());
    }
    // Nobody can publish over a public Llm, but everybody can pin it.
    const Llm open = m_planning->put(publicLlm(text("open"), m_planning->clock.wallNow()));
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("open")}}, {{.name = text("open")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Accepted);
    QVERIFY(planned->agents.written.first().pinnedTo == domain::Destination(open.id));
}

void TestAgentPlan::namesOfLlms()
{
    const auto planned = m_planning->plan(
        {{.name = text("m"), .llm = text("m")}, {.name = text("new"), .llm = text("m")}}, {{.name = text("new")}});
    QVERIFY(planned);
    for (const channel::EntryOutcome &outcome : planned->agents.outcomes) {
        QVERIFY(outcome.status == EntryStatus::Conflict);
        QVERIFY2(outcome.message.contains(text("taken by an Llm")), qPrintable(outcome.message));
    }
    QVERIFY(planned->agents.written.isEmpty());
}

void TestAgentPlan::namesOfOtherAgents_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<LlmKind>("kind");
    QTest::addColumn<LlmStatus>("status");
    QTest::addColumn<QString>("words");

    const auto row = [](const char *name, const char *owner, LlmKind kind, LlmStatus status, const char *words) {
        QTest::newRow(name) << text(owner) << kind << status << text(words);
    };
    row("public", "alice", LlmKind::Public, LlmStatus::Active, "Cannot publish over public agent: a");
    row("live elsewhere", "alice", LlmKind::Virtual, LlmStatus::Active, "already active under a different session");
    row("another owner's", "bob", LlmKind::Virtual, LlmStatus::Inactive, "belongs to another owner");
    row("away, of the same owner", "alice", LlmKind::Virtual, LlmStatus::Inactive, "");
}

void TestAgentPlan::namesOfOtherAgents()
{
    QFETCH(QString, owner);
    QFETCH(LlmKind, kind);
    QFETCH(LlmStatus, status);
    QFETCH(QString, words);
    Agent agent = kind == LlmKind::Public
                      ? publicAgent(text("a"), m_planning->llm, m_planning->clock.wallNow())
                      : liveAgent(text("a"), m_planning->llm, text("theirs"), m_planning->clock.wallNow());
    agent.owner = owner;
    if (status == LlmStatus::Inactive)
        deactivate(agent, m_planning->clock.wallNow());
    m_planning->registry.put(agent);
    const auto planned = m_planning->plan({{.name = text("a"), .llm = text("m")}});
    QVERIFY(planned);
    const channel::EntryOutcome outcome = planned->agents.outcomes.first();
    QVERIFY2(outcome.message.contains(words), qPrintable(outcome.message));
    QVERIFY(outcome.status == (words.isEmpty() ? EntryStatus::Accepted : EntryStatus::Conflict));
    if (words.isEmpty()) {
        // Adopted: the same row under a new session.
        QVERIFY(planned->agents.written.first().id == agent.id);
        QVERIFY(planned->agents.written.first().providerSessionId == m_planning->session);
        QVERIFY(planned->agents.written.first().status == LlmStatus::Active);
    } else {
        QVERIFY(planned->agents.written.isEmpty() && planned->agents.touched.isEmpty());
    }
}

void TestAgentPlan::keyBoundsTheNames()
{
    m_planning->mayPublish = {text("team-*")};
    // The key bounds what is published, not what a published agent is pinned to.
    const auto planned =
        m_planning->plan({{.name = text("team-a"), .llm = text("m")}, {.name = text("a"), .llm = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Accepted);
    QVERIFY(planned->agents.outcomes.last().status == EntryStatus::Invalid);
}

void TestAgentPlan::keyBoundsThePins()
{
    m_planning->put(publicLlm(text("open"), m_planning->clock.wallNow()));
    Llm closed = publicLlm(text("closed"), m_planning->clock.wallNow());
    closed.owner = text("alice");
    m_planning->put(closed);
    m_planning->mayPublish = {text("a"), text("open")};
    const auto outcome = [this](const QString &llm) {
        return m_planning->plan({{.name = text("a"), .llm = llm}})->agents.outcomes.first();
    };
    QVERIFY(outcome(text("open")).status == EntryStatus::Accepted);
    // What the owner publishes is the owner's to pin to, whichever key does it.
    QVERIFY(outcome(text("m")).status == EntryStatus::Accepted);
    const channel::EntryOutcome refused = outcome(text("closed"));
    QVERIFY(refused.status == EntryStatus::Conflict);
    QString unknown = outcome(text("nobody")).message;
    QCOMPARE(refused.message, unknown.replace(text("\"nobody\""), text("\"closed\"")));
}

void TestAgentPlan::unlistedAgentIsWithdrawn()
{
    const Agent mine = liveAgent(text("mine"), m_planning->llm, text("mine"), m_planning->clock.wallNow());
    m_planning->registry.put(mine);
    m_planning->registry.put(liveAgent(text("theirs"), m_planning->llm, text("theirs"), m_planning->clock.wallNow()));
    m_planning->registry.put(publicAgent(text("open"), m_planning->llm, m_planning->clock.wallNow()));
    for (const QList<AgentEntry> &listed : {QList<AgentEntry>{}, {{.name = text("mine"), .llm = text("nobody")}}}) {
        const auto planned = m_planning->plan(listed, {{.name = text("m")}});
        QVERIFY(planned);
        QCOMPARE(planned->agents.touched.size(), 1);
        QVERIFY(planned->agents.touched.first().id == mine.id);
        QVERIFY(planned->agents.touched.first().status == LlmStatus::Inactive);
        QVERIFY(planned->agents.touched.first().inactiveSince == m_planning->clock.wallNow());
    }
}

QTEST_GUILESS_MAIN(TestAgentPlan)
#include "tst_agentplan.moc"
