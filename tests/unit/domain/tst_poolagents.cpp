// The agents of pools: which pools an agent may be pinned to, and what pinned agents keep alive.

#include "agentplanning.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::EntryStatus;

class TestPoolAgents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_planning.emplace(); }

    void agentPins_data();
    void agentPins();
    void agentFollowsThePoolOfTheSameMessage();
    void agentNeedsOnePin_data();
    void agentNeedsOnePin();
    void boundedKeyIsToldNothingOfAPool();
    void lastMemberIsNeeded();
    void publisherMayLeaveAPinnedPool();
    void sweepKeepsTheLastMember();
    void sweepTakesAgentsOfAPoolAlong();

private:
    Agent pinned(Agent agent, const char *pool)
    {
        agent.pinnedTo = PoolName(text(pool));
        m_planning->registry.put(agent);
        return agent;
    }

    SweepPlan sweep() const
    {
        return planSweep(m_planning->registry, {},
                         {.now = m_planning->clock.now(),
                          .wallNow = m_planning->clock.wallNow(),
                          .startedAt = {},
                          .isBound = [](const ProviderSessionId &) { return false; }});
    }

    std::optional<AgentPlanning> m_planning;
};

void TestPoolAgents::agentPins_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<LlmKind>("kind");
    QTest::addColumn<QString>("pool");
    QTest::addColumn<EntryStatus>("status");
    QTest::addColumn<QStringList>("mayPublish");

    const auto row = [](const char *name, const char *owner, LlmKind kind, const char *pool, EntryStatus status,
                        const QStringList &mayPublish = {}) {
        QTest::newRow(name) << text(owner) << kind << text(pool) << status << mayPublish;
    };
    const QStringList bounded{text("a"), text("m"), text("member")};
    row("with a member of the owner", "alice", LlmKind::Virtual, "p", EntryStatus::Accepted);
    row("with a public member", "carol", LlmKind::Public, "p", EntryStatus::Accepted);
    row("of others", "bob", LlmKind::Virtual, "p", EntryStatus::Conflict);
    row("without members", "alice", LlmKind::Virtual, "q", EntryStatus::Conflict);
    row("with a name that none can have", "alice", LlmKind::Virtual, "a pool", EntryStatus::Invalid);
    row("that the key may not use", "alice", LlmKind::Virtual, "p", EntryStatus::Conflict, bounded);
    row("that the key may not use, with a public member", "carol", LlmKind::Public, "p", EntryStatus::Conflict,
        bounded);
    // The pool is what is named; its members need not be.
    row("that the key may use", "carol", LlmKind::Public, "p", EntryStatus::Accepted, {text("a"), text("p")});
}

void TestPoolAgents::agentPins()
{
    QFETCH(QString, owner);
    QFETCH(LlmKind, kind);
    QFETCH(QString, pool);
    QFETCH(EntryStatus, status);
    QFETCH(QStringList, mayPublish);
    m_planning->mayPublish = mayPublish;
    Llm member = kind == LlmKind::Public ? publicLlm(text("member"), m_planning->clock.wallNow())
                                         : liveLlm(text("member"), text("theirs"), m_planning->clock.wallNow());
    member.owner = owner;
    member.pool = text("p");
    m_planning->put(member);
    const auto planned = m_planning->plan({{.name = text("a"), .pool = pool}}, {{.name = text("m")}});
    QVERIFY(planned);
    QVERIFY(planned->agents.outcomes.first().status == status);
    if (status == EntryStatus::Accepted)
        QVERIFY(planned->agents.written.first().pinnedTo == Destination(PoolName(pool)));
    else
        QVERIFY2(planned->agents.outcomes.first().message.contains(pool),
                 qPrintable(planned->agents.outcomes.first().message));
}

void TestPoolAgents::agentFollowsThePoolOfTheSameMessage()
{
    Llm llm = m_planning->llm;
    llm.pool = text("before");
    m_planning->put(llm);
    const auto planned =
        m_planning->plan({{.name = text("a"), .pool = text("before")}, {.name = text("b"), .pool = text("after")}},
                         {{.name = text("m"), .pool = text("after")}});
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Conflict);
    QVERIFY(planned->agents.outcomes.last().status == EntryStatus::Accepted);
}

void TestPoolAgents::agentNeedsOnePin_data()
{
    QTest::addColumn<QString>("llm");
    QTest::addColumn<QString>("pool");
    QTest::newRow("none") << QString() << QString();
    QTest::newRow("both") << text("m") << text("p");
}

void TestPoolAgents::agentNeedsOnePin()
{
    QFETCH(QString, llm);
    QFETCH(QString, pool);
    Llm member = m_planning->llm;
    member.pool = text("p");
    m_planning->put(member);
    const auto planned = m_planning->plan({{.name = text("a"), .llm = llm, .pool = pool}});
    QVERIFY(planned->agents.outcomes.first().status == EntryStatus::Invalid);
}

void TestPoolAgents::boundedKeyIsToldNothingOfAPool()
{
    m_planning->others("theirs", "p");
    m_planning->lapsed("mine", "p");
    m_planning->mayPublish = {text("a"), text("m")};
    const auto refusal = [this](const QString &pool) {
        const auto planned = m_planning->plan({{.name = text("a"), .pool = pool}});
        QString message = planned->agents.outcomes.first().message;
        return message.replace(u'"' + pool + u'"', text("it"));
    };
    QCOMPARE(refusal(text("p")), refusal(text("nobodys")));
}

void TestPoolAgents::lastMemberIsNeeded()
{
    const Llm a = m_planning->lapsed("a", "p");
    const Llm b = m_planning->lapsed("b", "p");
    const Agent agent = pinned(publicAgent(text("agent"), a, m_planning->clock.wallNow()), "p");
    QVERIFY(agentsThatNeed(m_planning->registry, a).empty());
    QCOMPARE(agentsThatNeed(m_planning->registry, b, {a.id}).size(), size_t{1});
    m_planning->registry.removeLlm(b.id);
    QCOMPARE(agentsThatNeed(m_planning->registry, a).size(), size_t{1});
    // An Llm in no pool is nobody's last member.
    QVERIFY(agentsThatNeed(m_planning->registry, m_planning->llm).empty());
}

void TestPoolAgents::publisherMayLeaveAPinnedPool()
{
    Llm llm = m_planning->llm;
    llm.pool = text("p");
    m_planning->put(llm);
    const Agent agent = pinned(publicAgent(text("agent"), llm, m_planning->clock.wallNow()), "p");
    const auto planned = m_planning->plan({}, {{.name = text("m"), .pool = text("q")}});
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
    QCOMPARE(planned->llms.written.first().pool, text("q"));
    QVERIFY(planned->agents.written.isEmpty() && planned->agents.touched.isEmpty());
}

void TestPoolAgents::sweepKeepsTheLastMember()
{
    const Llm first = m_planning->lapsed("a", "p");
    const Llm last = m_planning->lapsed("b", "p");
    const Agent agent = pinned(publicAgent(text("agent"), first, m_planning->clock.wallNow()), "p");
    m_planning->clock.advance(5h);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{first.id});
    m_planning->registry.removeLlm(first.id);
    QVERIFY(sweep().deletedLlms.isEmpty());
    m_planning->registry.removeAgent(agent.id);
    QCOMPARE(sweep().deletedLlms, QList<LlmId>{last.id});
}

void TestPoolAgents::sweepTakesAgentsOfAPoolAlong()
{
    const Llm first = m_planning->lapsed("a", "p");
    const Llm last = m_planning->lapsed("b", "p");
    m_planning->clock.advance(5h);
    const Agent agent = pinned(liveAgent(text("agent"), first, text("t"), m_planning->clock.wallNow()), "p");
    const SweepPlan plan = sweep();
    QCOMPARE(plan.deletedLlms, (QList<LlmId>{first.id, last.id}));
    QCOMPARE(plan.deletedAgents, QList<AgentId>{agent.id});
}

QTEST_GUILESS_MAIN(TestPoolAgents)
#include "tst_poolagents.moc"
