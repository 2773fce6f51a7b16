// The tables of Llms and agents: what goes in comes out, and what the database itself forbids.

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

class TestTables final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void llmRoundTrip_data();
    void llmRoundTrip();
    void llmFinds();
    void llmUpdate();
    void llmUpdateOfAnotherVersion();
    void llmUpdateOfNothing();
    void llmRename();
    void llmRemove();
    void llmNeedsItsSession();
    void llmIllegalStateIsADefect();
    void malformedRowIsADefect();
    void agentRoundTrip();
    void agentUpdate();
    void agentNeedsItsLlm();
    void agentNeedsOnePin();
    void pinnedLlmStays();
    void nameIsUniqueAcrossLlmsAndAgents();

private:
    Llm stored(const LlmId &id) { return (*LlmTable(*m_database).find(id)).value_or(Llm()); }

    Agent stored(const AgentId &id) { return (*AgentTable(*m_database).find(id)).value_or(Agent()); }

    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestTables::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
    VERIFY_RESULT(ProviderSessionTable(*m_database).insert(makeSession(QStringLiteral("session"), 3)));
}

void TestTables::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestTables::llmRoundTrip_data()
{
    QTest::addColumn<bool>("full");

    QTest::newRow("all optional fields absent") << false;
    QTest::newRow("all fields set") << true;
}

void TestTables::llmRoundTrip()
{
    QFETCH(bool, full);
    const Llm llm = full ? makeFullLlm(QStringLiteral("m"), ProviderSessionId(QStringLiteral("session")))
                         : makeLlm(QStringLiteral("m"));
    LlmTable table(*m_database);
    VERIFY_RESULT(table.insert(llm));
    const auto all = table.all();
    VERIFY_RESULT(all);
    QCOMPARE(all->size(), 1);
    QCOMPARE(all->first().extraConfig, llm.extraConfig);
    QVERIFY(all->first() == llm);
}

void TestTables::llmFinds()
{
    LlmTable table(*m_database);
    const Llm llm = makeLlm(QString::fromUtf8("n\xC3\xA4me"));
    VERIFY_RESULT(table.insert(llm));
    VERIFY_RESULT(table.insert(makeLlm(QStringLiteral("other"))));
    QVERIFY(stored(llm.id) == llm);
    QVERIFY((*table.findByName(llm.name)).value_or(Llm()) == llm);
    QVERIFY(!table.findByName(QStringLiteral("nobody"))->has_value());
    QVERIFY(!table.find(LlmId(QStringLiteral("no id")))->has_value());
    COMPARE_ERROR(table.findByName(QString(QChar(u'\0'))), ErrorCode::InvalidRequest);
}

void TestTables::llmUpdate()
{
    LlmTable table(*m_database);
    const Llm before = makeLlm(QStringLiteral("m"));
    VERIFY_RESULT(table.insert(before));
    Llm wanted = makeFullLlm(QStringLiteral("m"), ProviderSessionId(QStringLiteral("session")));
    wanted.id = before.id;
    wanted.version = before.version;
    const Result<Llm> updated = table.update(wanted);
    VERIFY_RESULT(updated);
    QCOMPARE(updated->version, before.version + 1);
    QVERIFY(stored(before.id) == *updated);
}

void TestTables::llmUpdateOfAnotherVersion()
{
    LlmTable table(*m_database);
    Llm llm = makeLlm(QStringLiteral("m"));
    VERIFY_RESULT(table.insert(llm));
    VERIFY_RESULT(table.update(llm));
    llm.name = QStringLiteral("renamed");
    COMPARE_ERROR(table.update(llm), ErrorCode::PreconditionFailed);
    QCOMPARE(stored(llm.id).name, QStringLiteral("m"));
}

void TestTables::llmUpdateOfNothing()
{
    COMPARE_ERROR(LlmTable(*m_database).update(makeLlm(QStringLiteral("m"))), ErrorCode::NotFound);
}

void TestTables::llmRename()
{
    LlmTable table(*m_database);
    Llm llm = makeLlm(QStringLiteral("old"));
    VERIFY_RESULT(table.insert(llm));
    VERIFY_RESULT(table.insert(makeLlm(QStringLiteral("taken"))));

    llm.name = QStringLiteral("taken");
    COMPARE_ERROR(table.update(llm), ErrorCode::Conflict);
    llm.name = QStringLiteral("new");
    VERIFY_RESULT(table.update(llm));
    QCOMPARE(stored(llm.id).name, QStringLiteral("new"));
    VERIFY_RESULT(table.insert(makeLlm(QStringLiteral("old"))));
}

void TestTables::llmRemove()
{
    LlmTable table(*m_database);
    const Llm llm = makeLlm(QStringLiteral("m"));
    VERIFY_RESULT(table.insert(llm));
    VERIFY_RESULT(table.remove(llm.id));
    QVERIFY(!table.find(llm.id)->has_value());
    COMPARE_ERROR(table.remove(llm.id), ErrorCode::NotFound);
    VERIFY_RESULT(table.insert(makeLlm(QStringLiteral("m"))));
}

void TestTables::llmNeedsItsSession()
{
    LlmTable table(*m_database);
    Llm llm = makeLlm(QStringLiteral("m"));
    llm.providerSessionId = ProviderSessionId(QStringLiteral("unknown"));
    COMPARE_ERROR(table.insert(llm), ErrorCode::Conflict);
    // Nothing of the attempt is left, not even the name.
    llm.providerSessionId = ProviderSessionId();
    VERIFY_RESULT(table.insert(llm));
}

void TestTables::llmIllegalStateIsADefect()
{
    LlmTable table(*m_database);
    Llm llm = makeLlm(QStringLiteral("m"));
    llm.status = LlmStatus::Active;
    llm.statusReason = StatusReason::Offline;
    COMPARE_ERROR(table.insert(llm), ErrorCode::Internal);
}

void TestTables::malformedRowIsADefect()
{
    LlmTable table(*m_database);
    VERIFY_RESULT(table.insert(makeLlm(QStringLiteral("m"))));
    VERIFY_RESULT(m_database->executeText(QStringLiteral("UPDATE llms SET extra_config = '{'")));
    const auto all = table.all();
    COMPARE_ERROR(all, ErrorCode::Internal);
    QVERIFY(all.error().message.contains(QStringLiteral("extra_config")));
}

void TestTables::agentRoundTrip()
{
    const Llm llm = makeLlm(QStringLiteral("m"));
    VERIFY_RESULT(LlmTable(*m_database).insert(llm));
    Agent plain = makeAgent(QStringLiteral("a"), llm.id);
    Agent full = makeAgent(QStringLiteral("b"), llm.id);
    full.kind = LlmKind::Virtual;
    full.status = LlmStatus::Inactive;
    full.owner = awkward();
    full.providerSessionId = ProviderSessionId(QStringLiteral("session"));
    full.description = awkward();
    full.systemPrompt = awkward();
    full.defaultParams = {{QStringLiteral("temperature"), 0.2}};
    full.extras = {{QStringLiteral("text"), awkward()}};
    full.project = awkward();
    full.updatedAt = moment(2);
    full.lastHeartbeatAt = moment(3);
    full.inactiveSince = moment(4);
    full.version = 5;
    AgentTable table(*m_database);
    VERIFY_RESULT(table.insert(plain));
    VERIFY_RESULT(table.insert(full));
    const Agent pooled = makeAgent(QStringLiteral("c"), PoolName(awkward()));
    VERIFY_RESULT(table.insert(pooled));
    const auto all = table.all();
    VERIFY_RESULT(all);
    QVERIFY(*all == (QList<Agent>{plain, full, pooled}));
    QVERIFY((*table.findByName(QStringLiteral("b"))).value_or(Agent()) == full);
    VERIFY_RESULT(table.remove(full.id));
    COMPARE_ERROR(table.remove(full.id), ErrorCode::NotFound);
}

void TestTables::agentUpdate()
{
    const Llm llm = makeLlm(QStringLiteral("m"));
    VERIFY_RESULT(LlmTable(*m_database).insert(llm));
    AgentTable table(*m_database);
    Agent agent = makeAgent(QStringLiteral("a"), llm.id);
    COMPARE_ERROR(table.update(agent), ErrorCode::NotFound);
    VERIFY_RESULT(table.insert(agent));
    agent.name = QStringLiteral("m");
    COMPARE_ERROR(table.update(agent), ErrorCode::Conflict);
    agent.name = QStringLiteral("b");
    agent.systemPrompt = awkward();
    agent.project = awkward();
    agent.pinnedTo = PoolName(QStringLiteral("p"));
    const Result<Agent> updated = table.update(agent);
    VERIFY_RESULT(updated);
    QVERIFY(stored(agent.id) == *updated);
    COMPARE_ERROR(table.update(agent), ErrorCode::PreconditionFailed);
}

void TestTables::agentNeedsItsLlm()
{
    AgentTable table(*m_database);
    COMPARE_ERROR(table.insert(makeAgent(QStringLiteral("a"), LlmId(QStringLiteral("unknown")))), ErrorCode::Conflict);
}

void TestTables::agentNeedsOnePin()
{
    for (const char *columns : {"pool = NULL", "pool = 'p', llm_id = 'm'"}) {
        // A failure ends the transaction on one of the engines.
        cleanup();
        init();
        Llm llm = makeLlm(QStringLiteral("m"));
        llm.id = LlmId(llm.name);
        VERIFY_RESULT(LlmTable(*m_database).insert(llm));
        VERIFY_RESULT(AgentTable(*m_database).insert(makeAgent(QStringLiteral("a"), PoolName(QStringLiteral("p")))));
        QVERIFY(!m_database->executeText(QStringLiteral("UPDATE agents SET ") + QLatin1String(columns)));
    }
}

void TestTables::pinnedLlmStays()
{
    const Llm llm = makeLlm(QStringLiteral("m"));
    LlmTable llms(*m_database);
    AgentTable agents(*m_database);
    const Agent agent = makeAgent(QStringLiteral("a"), llm.id);
    VERIFY_RESULT(llms.insert(llm));
    VERIFY_RESULT(agents.insert(agent));
    COMPARE_ERROR(llms.remove(llm.id), ErrorCode::Conflict);
    QVERIFY(stored(llm.id) == llm);
    VERIFY_RESULT(agents.remove(agent.id));
    VERIFY_RESULT(llms.remove(llm.id));
}

void TestTables::nameIsUniqueAcrossLlmsAndAgents()
{
    const Llm llm = makeLlm(QStringLiteral("same"));
    LlmTable llms(*m_database);
    AgentTable agents(*m_database);
    VERIFY_RESULT(llms.insert(llm));
    COMPARE_ERROR(llms.insert(makeLlm(QStringLiteral("same"))), ErrorCode::Conflict);
    const Result<void> agentInserted = agents.insert(makeAgent(QStringLiteral("same"), llm.id));
    COMPARE_ERROR(agentInserted, ErrorCode::Conflict);
    QVERIFY(agentInserted.error().message.contains(QStringLiteral("'same'")));
    VERIFY_RESULT(agents.insert(makeAgent(QStringLiteral("other"), llm.id)));
    COMPARE_ERROR(llms.insert(makeLlm(QStringLiteral("other"))), ErrorCode::Conflict);
    // The database itself refuses what goes around the tables.
    VERIFY_RESULT(llms.insert(makeLlm(QStringLiteral("third"))));
    const Result<void> aroundTheTables = atomically(*m_database, [&] {
        return m_database->executeText(QStringLiteral("UPDATE agents SET name = 'third' WHERE name = 'other'"));
    });
    COMPARE_ERROR(aroundTheTables, ErrorCode::Conflict);
}

QTEST_GUILESS_MAIN(TestTables)
#include "tst_tables.moc"
