// Provider sessions and what happens to the rows that belong to them: heartbeats, lifecycle writes, and their guards.

#include "agenttable.h"
#include "databasefixture.h"
#include "llmtable.h"
#include "providersessiontable.h"
#include "resultchecks.h"
#include "rows.h"
#include "transaction.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

class TestSessionTables final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void sessionRoundTrip();
    void sessionUpdateOfLowerEpoch();
    void sessionStaysWhileItHasRows();
    void heartbeatBumpsRowsOfItsSession();
    void heartbeatOfLowerEpochHasNoEffect();
    void lifecycleGuard_data();
    void lifecycleGuard();

private:
    Llm stored(const LlmId &id) { return (*LlmTable(*m_database).find(id)).value_or(Llm()); }

    Agent stored(const AgentId &id) { return (*AgentTable(*m_database).find(id)).value_or(Agent()); }

    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestSessionTables::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
    VERIFY_RESULT(ProviderSessionTable(*m_database).insert(makeSession(QStringLiteral("session"), 3)));
}

void TestSessionTables::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestSessionTables::sessionRoundTrip()
{
    ProviderSessionTable table(*m_database);
    ProviderSession session = makeSession(QStringLiteral("s"), 9'007'199'254'740'993);
    session.publisher = awkward();
    VERIFY_RESULT(table.insert(session));
    QVERIFY((*table.find(session.id)).value_or(ProviderSession()) == session);
    QCOMPARE(table.all()->size(), 2);
    COMPARE_ERROR(table.insert(session), ErrorCode::Conflict);
    ++session.epoch;
    session.lastHeartbeatAt = moment(9);
    VERIFY_RESULT(table.update(session));
    QVERIFY((*table.find(session.id)).value_or(ProviderSession()) == session);
    VERIFY_RESULT(table.remove(session.id));
    COMPARE_ERROR(table.remove(session.id), ErrorCode::NotFound);
    COMPARE_ERROR(table.update(session), ErrorCode::NotFound);
}

void TestSessionTables::sessionUpdateOfLowerEpoch()
{
    ProviderSessionTable table(*m_database);
    COMPARE_ERROR(table.update(makeSession(QStringLiteral("session"), 2)), ErrorCode::PreconditionFailed);
    QCOMPARE((*table.find(ProviderSessionId(QStringLiteral("session"))))->epoch, 3U);
}

void TestSessionTables::sessionStaysWhileItHasRows()
{
    const ProviderSessionId id(QStringLiteral("session"));
    const Llm llm = makeFullLlm(QStringLiteral("m"), id);
    VERIFY_RESULT(LlmTable(*m_database).insert(llm));
    ProviderSessionTable table(*m_database);
    COMPARE_ERROR(table.remove(id), ErrorCode::Conflict);
    VERIFY_RESULT(LlmTable(*m_database).remove(llm.id));
    VERIFY_RESULT(table.remove(id));
}

void TestSessionTables::heartbeatBumpsRowsOfItsSession()
{
    const ProviderSessionId id(QStringLiteral("session"));
    const Llm mine = makeFullLlm(QStringLiteral("mine"), id);
    const Llm foreign = makeLlm(QStringLiteral("foreign"));
    Agent agent = makeAgent(QStringLiteral("agent"), mine.id);
    agent.providerSessionId = id;
    VERIFY_RESULT(LlmTable(*m_database).insert(mine));
    VERIFY_RESULT(LlmTable(*m_database).insert(foreign));
    VERIFY_RESULT(AgentTable(*m_database).insert(agent));

    const SessionHeartbeat heartbeat{.session = id, .epoch = 3, .at = moment(50)};
    VERIFY_RESULT(ProviderSessionTable(*m_database).writeHeartbeat(heartbeat));
    VERIFY_RESULT(LlmTable(*m_database).writeHeartbeat(heartbeat));
    VERIFY_RESULT(AgentTable(*m_database).writeHeartbeat(heartbeat));
    QCOMPARE((*ProviderSessionTable(*m_database).find(id))->lastHeartbeatAt, moment(50));
    QCOMPARE(stored(mine.id).lastHeartbeatAt, moment(50));
    QCOMPARE(stored(mine.id).version, mine.version);
    QCOMPARE(stored(agent.id).lastHeartbeatAt, moment(50));
    QVERIFY(stored(foreign.id) == foreign);
}

void TestSessionTables::heartbeatOfLowerEpochHasNoEffect()
{
    const ProviderSessionId id(QStringLiteral("session"));
    const Llm llm = makeFullLlm(QStringLiteral("m"), id);
    VERIFY_RESULT(LlmTable(*m_database).insert(llm));
    const SessionHeartbeat stale{.session = id, .epoch = 2, .at = moment(50)};
    VERIFY_RESULT(ProviderSessionTable(*m_database).writeHeartbeat(stale));
    VERIFY_RESULT(LlmTable(*m_database).writeHeartbeat(stale));
    QCOMPARE((*ProviderSessionTable(*m_database).find(id))->lastHeartbeatAt, moment(1));
    QVERIFY(stored(llm.id) == llm);
}

void TestSessionTables::lifecycleGuard_data()
{
    QTest::addColumn<QString>("session");
    QTest::addColumn<quint64>("epoch");
    QTest::addColumn<bool>("written");

    QTest::newRow("the server's own word") << QString() << quint64(0) << true;
    QTest::newRow("present epoch") << QStringLiteral("session") << quint64(3) << true;
    QTest::newRow("replaced socket") << QStringLiteral("session") << quint64(2) << false;
    QTest::newRow("another session, adopted from") << QStringLiteral("former") << quint64(7) << false;
}

void TestSessionTables::lifecycleGuard()
{
    QFETCH(QString, session);
    QFETCH(quint64, epoch);
    QFETCH(bool, written);
    VERIFY_RESULT(ProviderSessionTable(*m_database).insert(makeSession(QStringLiteral("former"), 7)));
    const Llm llm = makeFullLlm(QStringLiteral("m"), ProviderSessionId(QStringLiteral("session")));
    Agent agent = makeAgent(QStringLiteral("a"), llm.id);
    agent.providerSessionId = llm.providerSessionId;
    VERIFY_RESULT(LlmTable(*m_database).insert(llm));
    VERIFY_RESULT(AgentTable(*m_database).insert(agent));

    VERIFY_RESULT(LlmTable(*m_database)
                      .writeLifecycle({.id = llm.id,
                                       .status = LlmStatus::Inactive,
                                       .statusReason = StatusReason::Draining,
                                       .lastHeartbeatAt = moment(60),
                                       .inactiveSince = moment(61),
                                       .session = ProviderSessionId(session),
                                       .epoch = epoch}));
    VERIFY_RESULT(AgentTable(*m_database)
                      .writeLifecycle({.id = agent.id,
                                       .status = LlmStatus::Inactive,
                                       .lastHeartbeatAt = moment(60),
                                       .inactiveSince = moment(61),
                                       .session = ProviderSessionId(session),
                                       .epoch = epoch}));
    Llm expectedLlm = llm;
    Agent expectedAgent = agent;
    if (written) {
        expectedLlm.status = expectedAgent.status = LlmStatus::Inactive;
        expectedLlm.statusReason = StatusReason::Draining;
        expectedLlm.lastHeartbeatAt = expectedAgent.lastHeartbeatAt = moment(60);
        expectedLlm.inactiveSince = expectedAgent.inactiveSince = moment(61);
    }
    QVERIFY(stored(llm.id) == expectedLlm);
    QVERIFY(stored(agent.id) == expectedAgent);
}

QTEST_GUILESS_MAIN(TestSessionTables)
#include "tst_sessiontables.moc"
