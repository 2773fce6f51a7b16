// Pools: who belongs to one, and which names they keep from others. The agents that are pinned to one are in
// tst_poolagents.

#include "agentplanning.h"
#include "poolrules.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::EntryStatus;
using channel::LlmEntry;

class TestPools final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void init() { m_planning.emplace(); }

    void joining_data();
    void joining();
    void poolFollowsTheEntry();
    void poolIsAnEdit();
    void ownersMayShare_data();
    void ownersMayShare();
    void concealedPools_data();
    void concealedPools();
    void memberStaysWhateverIsCalledLikeItsPool();
    void namesHideNoPoolOfOthers();
    void knownNameMayHideAPool();
    void nobodyJoinsTheNameOfOthersUnasked_data();
    void nobodyJoinsTheNameOfOthersUnasked();
    void adoptedRowIsNoOtherMember_data();
    void adoptedRowIsNoOtherMember();
    void registryKnowsTheMembers();
    void membersKeepTheirPlaces();

private:
    std::optional<AgentPlanning> m_planning;
};

void TestPools::joining_data()
{
    QTest::addColumn<LlmEntry>("entry");
    QTest::addColumn<QString>("pool");
    QTest::addColumn<QString>("message");

    const auto row = [](const char *name, const LlmEntry &entry, const char *pool, const char *message = "") {
        QTest::newRow(name) << entry << text(pool) << text(message);
    };
    const QString n = text("team-n");
    row("that of its model", {.name = n, .model = text("team-model")}, "team-model");
    row("its own name, as it is its model", {.name = n}, "team-n");
    row("the one that it asks for", {.name = n, .model = text("team-model"), .pool = text("team-p")}, "team-p");
    row("none, as it asks", {.name = n, .model = text("team-model"), .pool = text("")}, "");
    row("none for a model that is no name", {.name = n, .model = text("a model")}, "");
    row("none for a model that the key may not publish", {.name = n, .model = text("model")}, "");
    row("what is no name", {.name = n, .pool = text("a pool")}, "", "pool: \"a pool\" is not a valid name");
    row("what the key may not publish", {.name = n, .pool = text("p")}, "",
        "pool: this API key may not publish into \"p\"");
}

void TestPools::joining()
{
    QFETCH(LlmEntry, entry);
    QFETCH(QString, pool);
    QFETCH(QString, message);
    m_planning->mayPublish = {text("team-*")};
    const auto planned = m_planning->plan({}, {entry});
    QVERIFY(planned);
    const channel::EntryOutcome outcome = planned->llms.outcomes.first();
    QCOMPARE(outcome.message.left(message.size()), message);
    QVERIFY(outcome.status == (message.isEmpty() ? EntryStatus::Accepted : EntryStatus::Invalid));
    if (message.isEmpty())
        QCOMPARE(planned->llms.written.first().pool, pool);
    else
        QVERIFY(planned->llms.written.isEmpty());
}

void TestPools::poolFollowsTheEntry()
{
    Llm llm = m_planning->llm;
    llm.pool = text("before");
    llm.model = text("model");
    m_planning->put(llm);
    // Left out, the model keeps its value, and the pool is the model's again.
    const auto planned = m_planning->plan({}, {{.name = text("m")}});
    QVERIFY(planned);
    QCOMPARE(planned->llms.written.first().model, text("model"));
    QCOMPARE(planned->llms.written.first().pool, text("model"));
}

void TestPools::poolIsAnEdit()
{
    Llm llm = m_planning->llm;
    llm.pool = text("p");
    m_planning->put(llm);
    const auto same = m_planning->plan({}, {{.name = text("m"), .pool = text("p")}});
    QCOMPARE(same->llms.touched.size(), 1);
    const auto other = m_planning->plan({}, {{.name = text("m"), .pool = text("q")}});
    QCOMPARE(other->llms.written.size(), 1);
    QVERIFY(other->llms.written.first().id == llm.id);
    const auto unasked = m_planning->plan({}, {{.name = text("m"), .pool = text("p"), .streamUsage = false}});
    QCOMPARE(unasked->llms.written.size(), 1);
    QVERIFY(!unasked->llms.written.first().streamUsage);
}

void TestPools::ownersMayShare_data()
{
    QTest::addColumn<bool>("acrossOwners");
    QTest::addColumn<LlmEntry>("entry");
    QTest::addColumn<QString>("pool");
    QTest::addColumn<QString>("message");

    const LlmEntry asking{.name = text("n"), .pool = text("shared")};
    const LlmEntry following{.name = text("n"), .model = text("shared")};
    QTest::newRow("asked for") << true << asking << text("shared") << QString();
    QTest::newRow("by its model") << true << following << text("shared") << QString();
    QTest::newRow("asked for, forbidden")
        << false << asking << QString() << text("pool: \"shared\" belongs to another owner");
    QTest::newRow("by its model, forbidden") << false << following << QString() << QString();
    QTest::newRow("a pool of one's own") << false << LlmEntry{.name = text("n"), .pool = text("mine")} << text("mine")
                                         << QString();
}

void TestPools::ownersMayShare()
{
    QFETCH(bool, acrossOwners);
    QFETCH(LlmEntry, entry);
    QFETCH(QString, pool);
    QFETCH(QString, message);
    m_planning->others("theirs", "shared");
    Llm mine = m_planning->llm;
    mine.pool = text("mine");
    m_planning->put(mine);
    m_planning->poolsAcrossOwners = acrossOwners;
    const auto planned = m_planning->plan({}, {entry});
    QVERIFY(planned);
    const channel::EntryOutcome outcome = planned->llms.outcomes.first();
    QCOMPARE(outcome.message.left(message.size()), message);
    QVERIFY(outcome.status == (message.isEmpty() ? EntryStatus::Accepted : EntryStatus::Conflict));
    if (message.isEmpty())
        QCOMPARE(planned->llms.written.first().pool, pool);
}

void TestPools::concealedPools_data()
{
    QTest::addColumn<QString>("pool");
    QTest::addColumn<EntryStatus>("status");

    QTest::newRow("its own name") << text("n") << EntryStatus::Invalid;
    QTest::newRow("an Llm") << text("m") << EntryStatus::Conflict;
    QTest::newRow("an agent") << text("agent") << EntryStatus::Conflict;
    QTest::newRow("an Llm that is listed") << text("beside") << EntryStatus::Invalid;
    QTest::newRow("an agent that is listed") << text("new-agent") << EntryStatus::Invalid;
}

void TestPools::concealedPools()
{
    QFETCH(QString, pool);
    QFETCH(EntryStatus, status);
    m_planning->registry.put(publicAgent(text("agent"), m_planning->llm, m_planning->clock.wallNow()));
    const auto plan = [this](const LlmEntry &entry) {
        return m_planning->plan({{.name = text("new-agent"), .llm = text("m")}}, {entry, {.name = text("beside")}});
    };
    const auto asked = plan({.name = text("n"), .pool = pool});
    QVERIFY(asked->llms.outcomes.first().status == status);
    QVERIFY2(asked->llms.outcomes.first().message.contains(pool), qPrintable(asked->llms.outcomes.first().message));
    QVERIFY(asked->llms.outcomes.last().status == EntryStatus::Accepted);
    // Whoever asks for nothing is told nothing: the name is called, the pool waits for better times.
    const auto following = plan({.name = text("n"), .model = pool});
    QVERIFY(following->llms.outcomes.first().status == EntryStatus::Accepted);
    QCOMPARE(following->llms.written.first().pool, pool);
}

void TestPools::memberStaysWhateverIsCalledLikeItsPool()
{
    Llm llm = m_planning->llm;
    llm.pool = text("p");
    m_planning->put(llm);
    m_planning->registry.put(publicAgent(text("p"), llm, m_planning->clock.wallNow()));
    const auto planned = m_planning->plan({}, {{.name = text("m"), .pool = text("p")}});
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
}

void TestPools::namesHideNoPoolOfOthers()
{
    m_planning->others("theirs", "shared");
    Llm mine = m_planning->llm;
    mine.pool = text("mine");
    m_planning->put(mine);
    const auto planned = m_planning->plan({{.name = text("shared"), .llm = text("m")}},
                                          {{.name = text("m"), .pool = text("mine")}, {.name = text("mine")}});
    const channel::EntryOutcome agent = planned->agents.outcomes.first();
    QVERIFY(agent.status == EntryStatus::Conflict);
    QCOMPARE(agent.message, text("The name \"shared\" is a pool of another owner; choose another one."));
    QVERIFY(planned->llms.outcomes.last().status == EntryStatus::Accepted);

    const auto llm = m_planning->plan({}, {{.name = text("shared")}});
    QVERIFY(llm->llms.outcomes.first().status == EntryStatus::Conflict);
    QCOMPARE(llm->llms.outcomes.first().message, agent.message);
    QVERIFY(checkHidesNoPool(m_planning->registry, text("shared"), text("bob")));
    QVERIFY(!checkHidesNoPool(m_planning->registry, text("shared"), text("alice")));
}

void TestPools::knownNameMayHideAPool()
{
    // It was there before somebody made a pool of it.
    m_planning->others("theirs", "m");
    const auto planned = m_planning->plan({}, {{.name = text("m")}});
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
}

void TestPools::nobodyJoinsTheNameOfOthersUnasked_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("pool");

    QTest::newRow("an Llm of others") << text("theirs") << QString();
    QTest::newRow("an agent of others") << text("their-agent") << QString();
    QTest::newRow("an Llm of one's own") << text("mine") << text("mine");
    QTest::newRow("nobody's name") << text("model") << text("model");
}

void TestPools::nobodyJoinsTheNameOfOthersUnasked()
{
    QFETCH(QString, model);
    QFETCH(QString, pool);
    const Llm theirs = m_planning->others("theirs", "");
    Agent agent = publicAgent(text("their-agent"), theirs, m_planning->clock.wallNow());
    agent.owner = text("bob");
    m_planning->registry.put(agent);
    Llm mine = m_planning->lapsed("mine", "");
    const auto planned = m_planning->plan({}, {{.name = text("n"), .model = model}});
    QVERIFY(planned->llms.outcomes.first().status == EntryStatus::Accepted);
    QCOMPARE(planned->llms.written.first().pool, pool);
    // Nor does it stay in such a pool.
    mine.model = model;
    mine.pool = model;
    m_planning->put(mine);
    QCOMPARE(m_planning->plan({}, {{.name = text("mine")}})->llms.written.first().pool, pool);
}

void TestPools::adoptedRowIsNoOtherMember_data()
{
    QTest::addColumn<LlmEntry>("entry");

    QTest::newRow("asked for") << LlmEntry{.name = text("adopted"), .pool = text("p")};
    QTest::newRow("by its model") << LlmEntry{.name = text("adopted"), .model = text("p")};
    QTest::newRow("by its name") << LlmEntry{.name = text("adopted"), .model = text("adopted")};
}

void TestPools::adoptedRowIsNoOtherMember()
{
    QFETCH(LlmEntry, entry);
    const QString pool = entry.model == text("adopted") ? text("adopted") : text("p");
    Llm row = m_planning->lapsed("adopted", pool.toLatin1());
    row.owner = text("bob");
    m_planning->put(row);
    m_planning->adoptAcrossOwners = true;
    m_planning->poolsAcrossOwners = false;
    const auto planned = m_planning->plan({}, {entry});
    QVERIFY2(planned->llms.outcomes.first().status == EntryStatus::Accepted,
             qPrintable(planned->llms.outcomes.first().message));
    QCOMPARE(planned->llms.written.first().owner, text("alice"));
    QCOMPARE(planned->llms.written.first().pool, pool);
}

void TestPools::registryKnowsTheMembers()
{
    const auto members = [this](const char *pool) {
        QStringList names;
        for (const Llm *llm : m_planning->registry.poolMembers(text(pool)))
            names.append(llm->name);
        names.sort();
        return names.join(u',');
    };
    QVERIFY(m_planning->registry.pools().isEmpty());
    Llm a = m_planning->lapsed("a", "p");
    const Llm b = m_planning->others("b", "p");
    m_planning->others("c", "o");
    QCOMPARE(m_planning->registry.pools(), QStringList({text("o"), text("p")}));
    QCOMPARE(members("p"), text("a,b"));
    m_planning->put(a);
    QCOMPARE(members("p"), text("a,b"));
    a.pool = text("o");
    a.name = text("renamed");
    m_planning->put(a);
    QCOMPARE(members("p"), text("b"));
    QCOMPARE(members("o"), text("c,renamed"));
    m_planning->registry.removeLlm(b.id);
    QCOMPARE(members("p"), QString());
    QCOMPARE(m_planning->registry.pools(), QStringList(text("o")));
}

void TestPools::membersKeepTheirPlaces()
{
    const Llm a = m_planning->lapsed("a", "p");
    m_planning->others("b", "p");
    const auto &members = m_planning->registry.poolMembers(text("p"));
    // Heartbeats put rows all the time.
    m_planning->put(a);
    QCOMPARE(&m_planning->registry.poolMembers(text("p")), &members);
    QCOMPARE(members.size(), size_t{2});
    QCOMPARE(members.front()->name, text("a"));
}

QTEST_GUILESS_MAIN(TestPools)
#include "tst_pools.moc"
