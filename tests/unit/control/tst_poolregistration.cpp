// Pools over the control channel, on both engines: that what a register message says of them is stored, survives a
// restart, and reaches those who wait.

#include "controltest.h"
#include "domainrows.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::EntryStatus;

namespace {

channel::LlmEntry member(const QString &name, const QString &pool)
{
    channel::LlmEntry listed = entry(name);
    listed.pool = pool;
    return listed;
}

} // namespace

class TestPoolRegistration final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void rowFollowsTheEntry();
    void agentIsPinnedToAPool();
    void newMemberServesWhoWaits();
    void closedPoolsKeepOthersOut();
    void survivesARestart();

private:
    const QString m_pool = QStringLiteral("p");
    const QString m_agent = QStringLiteral("a");
};

void TestPoolRegistration::rowFollowsTheEntry()
{
    const auto publisher = m_harness->publish({member(m_name, m_pool)});
    const Llm before = m_harness->llm(m_name);
    QCOMPARE(before.pool, m_pool);
    QVERIFY(m_harness->storedLlm(m_name) == before);

    channel::LlmEntry moved = member(m_name, QStringLiteral("q"));
    moved.streamUsage = false;
    QVERIFY(publisher->registerLlms({moved}));
    const Llm after = m_harness->llm(m_name);
    QVERIFY(after.id == before.id);
    QCOMPARE(after.pool, QStringLiteral("q"));
    QVERIFY(!after.streamUsage);
    QCOMPARE(after.version, before.version + 1);
    QVERIFY(m_harness->storedLlm(m_name) == after);
    QCOMPARE(m_harness->registry.pools(), QStringList(QStringLiteral("q")));

    // Left out, the pool is its model's again, which is called as the Llm.
    QVERIFY(publisher->registerLlms({entry(m_name)}));
    QCOMPARE(m_harness->llm(m_name).pool, m_name);
    QVERIFY(!m_harness->llm(m_name).streamUsage);
}

void TestPoolRegistration::agentIsPinnedToAPool()
{
    const auto publisher = m_harness->connect();
    const channel::AgentEntry pinned{.name = m_agent, .pool = m_pool};
    auto answer = publisher->registerRows({member(m_name, m_pool)}, {pinned});
    QVERIFY(answer);
    QVERIFY2(answer->agents.first().status == EntryStatus::Accepted, qPrintable(answer->agents.first().message));
    QVERIFY(m_harness->agent(m_agent).pinnedTo == Destination(PoolName(m_pool)));
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));

    answer = publisher->registerRows({member(m_name, m_pool)}, {agentEntry(m_agent, m_name)});
    QVERIFY(m_harness->agent(m_agent).pinnedTo == Destination(m_harness->llm(m_name).id));
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));

    // The agent whose pool has gone is refused alone.
    answer = publisher->registerRows({member(m_name, QStringLiteral("q"))}, {pinned});
    QVERIFY(answer->llms.first().status == EntryStatus::Accepted);
    QVERIFY(answer->agents.first().status == EntryStatus::Conflict);
}

void TestPoolRegistration::newMemberServesWhoWaits()
{
    const QString other = QStringLiteral("other");
    channel::LlmEntry full = member(other, m_pool);
    full.maxConcurrency = 1;
    const auto busy = m_harness->publish({full});
    const auto idle = m_harness->publish({member(m_name, QStringLiteral("q"))});
    AnswerRecorder running;
    AnswerRecorder waiting;
    const auto ask = [this](AnswerRecorder &recorder) {
        return m_harness->relay.submit(PoolName(m_pool), makeRequest(m_pool), caller(), recorder);
    };
    const auto first = ask(running);
    QVERIFY(first && busy->next<channel::Infer>());
    const auto second = ask(waiting);
    QVERIFY(second);
    QCOMPARE(m_harness->relay.waiting(PoolName(m_pool)), 1);

    QVERIFY(idle->registerLlms({member(m_name, m_pool)}));
    const auto infer = idle->next<channel::Infer>();
    QVERIFY(infer);
    QCOMPARE(infer->llm, m_name);
    QCOMPARE(m_harness->relay.waiting(PoolName(m_pool)), 0);
}

void TestPoolRegistration::closedPoolsKeepOthersOut()
{
    control::ControlSettings settings;
    settings.lifecycle.poolsAcrossOwners = false;
    makeHarness(settings);
    const auto alice = m_harness->publish({member(m_name, m_pool)}, QStringLiteral("alice"));
    const auto bob = m_harness->connect(QStringLiteral("bob"));
    const QString other = QStringLiteral("other");
    const auto answer = bob->registerLlms({member(other, m_pool)});
    QVERIFY(answer);
    QVERIFY(answer->llms.first().status == EntryStatus::Conflict);
    QVERIFY(!m_harness->registry.findLlm(other));
    channel::LlmEntry following = entry(other);
    following.model = m_pool;
    QVERIFY(bob->registerLlms({following}));
    QCOMPARE(m_harness->llm(other).pool, QString());
}

void TestPoolRegistration::survivesARestart()
{
    {
        const auto publisher = m_harness->connect();
        QVERIFY(publisher->registerRows({member(m_name, m_pool)}, {{.name = m_agent, .pool = m_pool}}));
    }
    makeHarness();
    QCOMPARE(m_harness->llm(m_name).pool, m_pool);
    QCOMPARE(m_harness->registry.poolMembers(m_pool).size(), size_t{1});
    QVERIFY(m_harness->agent(m_agent).pinnedTo == Destination(PoolName(m_pool)));
}

QTEST_GUILESS_MAIN(TestPoolRegistration)
#include "tst_poolregistration.moc"
