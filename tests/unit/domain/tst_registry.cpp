// The registry: what it finds, and how old its rows are.

#include "domainrows.h"
#include "registry.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;

class TestRegistry final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void findsByNameAndId();
    void followsARename();
    void removedRowsAreGone();
    void listsByName();
    void rowsOfASessionAndPins();
    void loadMakesVirtualRowsInactive();
    void loadKeepsWhatWasInactive();
    void loadTakesThePublisherFromWhatRested();
    void agesOfLoadedRowsComeFromTheirStamps();
    void stampFromTheFutureIsNow();
    void heardFromBumpsAllRowsOfASession();
    void agesAreMonotonic();

private:
    Llm add(const QString &name, const QString &session = QStringLiteral("s"))
    {
        const Llm llm = liveLlm(name, session, m_clock->wallNow());
        m_registry->put(llm);
        return llm;
    }

    Duration heartbeatAge(const QString &name) const;
    Duration inactiveAge(const QString &name) const;
    const Registry::LiveLlm &live(const QString &name) const;

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<Registry> m_registry;
};

void TestRegistry::init()
{
    m_registry.reset();
    m_clock = std::make_unique<FakeClock>();
    m_registry = std::make_unique<Registry>(*m_clock);
}

const Registry::LiveLlm &TestRegistry::live(const QString &name) const
{
    for (const Registry::LiveLlm *llm : m_registry->llms()) {
        if (llm->row.name == name)
            return *llm;
    }
    qFatal("There is no such Llm.");
}

Duration TestRegistry::heartbeatAge(const QString &name) const
{
    return m_clock->now() - live(name).heartbeatAt;
}

Duration TestRegistry::inactiveAge(const QString &name) const
{
    return m_clock->now() - live(name).inactiveAt;
}

void TestRegistry::findsByNameAndId()
{
    const Llm llm = add(QStringLiteral("m"));
    const Agent agent = liveAgent(QStringLiteral("a"), llm, QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(agent);
    QVERIFY(*m_registry->findLlm(llm.name) == llm);
    QVERIFY(*m_registry->findLlm(llm.id) == llm);
    QVERIFY(*m_registry->findLlmByNameOrId(llm.name) == llm);
    QVERIFY(*m_registry->findLlmByNameOrId(llm.id.toString()) == llm);
    QVERIFY(*m_registry->findAgent(agent.name) == agent);
    QVERIFY(!m_registry->findLlm(QStringLiteral("nobody")));
    QVERIFY(!m_registry->findAgent(llm.name));
    QVERIFY(!m_registry->findSession(ProviderSessionId(QStringLiteral("nobody"))));
}

void TestRegistry::followsARename()
{
    Llm llm = add(QStringLiteral("old"));
    llm.name = QStringLiteral("new");
    m_registry->put(llm);
    QVERIFY(!m_registry->findLlm(QStringLiteral("old")));
    QVERIFY(m_registry->findLlm(QStringLiteral("new")));
    m_registry->removeLlm(llm.id);
    QVERIFY(!m_registry->findLlm(QStringLiteral("new")));

    Agent agent = liveAgent(QStringLiteral("before"), llm, QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(agent);
    agent.name = QStringLiteral("after");
    m_registry->put(agent);
    QVERIFY(!m_registry->findAgent(QStringLiteral("before")));
    QVERIFY(*m_registry->findAgent(QStringLiteral("after")) == agent);
}

void TestRegistry::removedRowsAreGone()
{
    const Llm llm = add(QStringLiteral("m"));
    const Agent agent = liveAgent(QStringLiteral("a"), llm, QStringLiteral("s"), m_clock->wallNow());
    m_registry->put(agent);
    m_registry->removeAgent(agent.id);
    m_registry->removeAgent(agent.id);
    m_registry->removeLlm(llm.id);
    m_registry->removeLlm(llm.id);
    QVERIFY(!m_registry->findLlm(llm.name));
    QVERIFY(!m_registry->findLlm(llm.id));
    QVERIFY(m_registry->llms().empty());
    QVERIFY(!m_registry->findAgent(agent.name));
    QVERIFY(m_registry->agents().empty());
}

void TestRegistry::listsByName()
{
    for (const char *name : {"c", "a", "b"})
        add(QString::fromLatin1(name));
    QStringList names;
    for (const Registry::LiveLlm *llm : m_registry->llms())
        names.append(llm->row.name);
    QCOMPARE(names, (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}));
}

void TestRegistry::rowsOfASessionAndPins()
{
    const Llm mine = add(QStringLiteral("mine"), QStringLiteral("s"));
    add(QStringLiteral("other"), QStringLiteral("t"));
    m_registry->put(liveAgent(QStringLiteral("a"), mine, QStringLiteral("t"), m_clock->wallNow()));
    const auto llms = m_registry->llmsOf(ProviderSessionId(QStringLiteral("s")));
    QCOMPARE(llms.size(), size_t{1});
    QCOMPARE(llms.front()->row.name, QStringLiteral("mine"));
    QCOMPARE(m_registry->agentsOf(ProviderSessionId(QStringLiteral("t"))).size(), size_t{1});
    QVERIFY(m_registry->agentsOf(ProviderSessionId(QStringLiteral("s"))).empty());
    QCOMPARE(m_registry->agentsPinnedTo(mine.id).size(), size_t{1});
}

void TestRegistry::loadMakesVirtualRowsInactive()
{
    const WallTime before = m_clock->wallNow() - 1h;
    const Llm live = liveLlm(QStringLiteral("live"), QStringLiteral("s"), before);
    Llm asleep = liveLlm(QStringLiteral("asleep"), QStringLiteral("s"), before);
    asleep.status = LlmStatus::Hibernating;
    const Llm open = publicLlm(QStringLiteral("open"), before);
    const Agent agent = liveAgent(QStringLiteral("a"), live, QStringLiteral("s"), before);
    m_registry->load({live, asleep, open}, {agent}, {});

    for (const QString &name : {live.name, asleep.name}) {
        const Llm *const llm = m_registry->findLlm(name);
        QVERIFY(llm->status == LlmStatus::Inactive);
        QVERIFY(llm->statusReason == StatusReason::Offline);
        QVERIFY(llm->inactiveSince == m_clock->wallNow());
        QVERIFY(inactiveAge(name) == 0ms);
    }
    QVERIFY(m_registry->findLlm(open.name)->status == LlmStatus::Active);
    QVERIFY(m_registry->findAgent(agent.name)->status == LlmStatus::Inactive);
}

void TestRegistry::loadKeepsWhatWasInactive()
{
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow() - 10h);
    llm.status = LlmStatus::Inactive;
    llm.statusReason = StatusReason::Offline;
    llm.inactiveSince = m_clock->wallNow() - 3h;
    m_registry->load({llm}, {}, {});
    QVERIFY(*m_registry->findLlm(llm.name) == llm);
}

void TestRegistry::loadTakesThePublisherFromWhatRested()
{
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow() - 10h);
    llm.status = LlmStatus::Inactive;
    llm.statusReason = StatusReason::Paused;
    llm.inactiveSince = m_clock->wallNow() - 5h;
    m_registry->load({llm}, {}, {});
    // Nobody is there who could have paused it, and that has been so since now.
    QVERIFY(m_registry->findLlm(llm.name)->statusReason == StatusReason::Offline);
    QVERIFY(m_registry->findLlm(llm.name)->inactiveSince == m_clock->wallNow());
    QVERIFY(inactiveAge(llm.name) == 0ms);
}

void TestRegistry::agesOfLoadedRowsComeFromTheirStamps()
{
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow() - 10h);
    llm.status = LlmStatus::Inactive;
    llm.statusReason = StatusReason::Offline;
    llm.inactiveSince = m_clock->wallNow() - 3h;
    m_registry->load({llm}, {}, {});
    QVERIFY(heartbeatAge(llm.name) == 10h);
    QVERIFY(inactiveAge(llm.name) == 3h);
    m_clock->jumpWall(100h);
    QVERIFY(inactiveAge(llm.name) == 3h);
}

void TestRegistry::stampFromTheFutureIsNow()
{
    Llm llm = liveLlm(QStringLiteral("m"), QStringLiteral("s"), m_clock->wallNow());
    llm.status = LlmStatus::Inactive;
    llm.statusReason = StatusReason::Offline;
    llm.inactiveSince = m_clock->wallNow() + 3h;
    m_registry->load({llm}, {}, {});
    QVERIFY(inactiveAge(llm.name) == 0ms);
}

void TestRegistry::heardFromBumpsAllRowsOfASession()
{
    const ProviderSessionId session(QStringLiteral("s"));
    m_registry->put(providerSession(session, QStringLiteral("alice"), 1));
    const Llm mine = add(QStringLiteral("mine"));
    add(QStringLiteral("other"), QStringLiteral("t"));
    m_registry->put(liveAgent(QStringLiteral("a"), mine, QStringLiteral("s"), m_clock->wallNow()));
    m_clock->advance(30s);
    m_registry->heardFrom(session);
    QVERIFY(m_registry->findSession(session)->lastHeartbeatAt == m_clock->wallNow());
    QVERIFY(m_registry->findLlm(mine.name)->lastHeartbeatAt == m_clock->wallNow());
    QVERIFY(m_registry->findAgent(QStringLiteral("a"))->lastHeartbeatAt == m_clock->wallNow());
    QVERIFY(heartbeatAge(mine.name) == 0ms);
    QVERIFY(m_clock->now() == m_registry->agents().front()->heartbeatAt);
    QVERIFY(heartbeatAge(QStringLiteral("other")) == 30s);
}

void TestRegistry::agesAreMonotonic()
{
    const ProviderSessionId session(QStringLiteral("s"));
    Llm llm = add(QStringLiteral("m"));
    m_clock->advance(60s);
    // The date is set back by just as much: the stamps look as if nothing had happened.
    m_clock->jumpWall(-60s);
    m_registry->heardFrom(session);
    QVERIFY(heartbeatAge(llm.name) == 0ms);

    llm = *m_registry->findLlm(llm.name);
    llm.status = LlmStatus::Inactive;
    llm.statusReason = StatusReason::Offline;
    llm.inactiveSince = m_clock->wallNow();
    m_registry->put(llm);
    m_clock->advance(60s);
    m_clock->jumpWall(-60s);
    QVERIFY(inactiveAge(llm.name) == 60s);
    // Inactive again, with the very same stamp.
    llm.status = LlmStatus::Active;
    m_registry->put(llm);
    llm.status = LlmStatus::Inactive;
    m_registry->put(llm);
    QVERIFY(inactiveAge(llm.name) == 0ms);
}

QTEST_GUILESS_MAIN(TestRegistry)
#include "tst_registry.moc"
