// Registration of agents as a publisher sees it, on both engines: the rules of Llms, after the Llms of the same
// message. What is wrong with single entries is in tst_agentplan.

#include "agenttable.h"
#include "controltest.h"
#include "domainrows.h"
#include "llmtable.h"
#include "transaction.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using channel::AgentEntry;
using channel::EntryStatus;
using channel::Registered;

namespace {

EntryStatus statusOf(const std::optional<Registered> &answer, qsizetype index = 0)
{
    return answer->agents.at(index).status;
}

} // namespace

class TestAgentRegistration final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void insertsAnUnknownNameBesideItsLlm();
    void allFieldsAreStored();
    void refusesToPublishOverAPublicRow();
    void refusesAForeignLiveSession();
    void adoptsALapsedSessionOfTheSameOwner();
    void refusesALapsedSessionOfAnotherOwner();
    void adoptsAcrossOwnersWhereThatIsOpen();
    void refusesTheNameOfAnLlm();
    void unknownLlmRejectsTheAgentAlone();
    void pinsToAPublicLlm();
    void pinsToAnotherSessionsLlm();
    void longPromptRejectsTheAgentAlone();
    void unchangedReconnectIsNoEdit();
    void laterRegisterRepins();
    void withdrawnAgentBecomesInactiveAndComesBack();
    void withdrawnTogetherWithItsLlm();
    void sameIdsAfterARestart();
    void registersAfterACommitWhoseAnswerWasLost();
    void nothingIsRegisteredWhileTheDatabaseIsAway();

private:
    const QString m_agent = QStringLiteral("a");
};

void TestAgentRegistration::insertsAnUnknownNameBesideItsLlm()
{
    const auto publisher = m_harness->connect(QStringLiteral("alice"));
    const auto answer = publisher->registerRows({sleepingEntry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QCOMPARE(answer->llms.size(), 1);
    QCOMPARE(answer->agents.size(), 1);
    QCOMPARE(answer->agents.first().name, m_agent);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    const Agent agent = m_harness->agent(m_agent);
    QVERIFY(agent.kind == LlmKind::Virtual);
    // Its Llm sleeps; the agent does not.
    QVERIFY(agent.status == LlmStatus::Active);
    QCOMPARE(agent.owner, QStringLiteral("alice"));
    QVERIFY(agent.providerSessionId == answer->providerSessionId);
    QVERIFY(agent.pinnedTo == domain::Destination(m_harness->llm(m_name).id));
    QCOMPARE(agent.version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == agent);
}

void TestAgentRegistration::allFieldsAreStored()
{
    const AgentEntry entry{.name = m_agent,
                           .llm = m_name,
                           .description = QStringLiteral("Writes \"code\""),
                           .systemPrompt = QString(128 * 1024, QChar(0x20ac)),
                           .defaultParams = QJsonObject{{QStringLiteral("temperature"), 0.2}},
                           .extras = QJsonObject{{QStringLiteral("zero"), QString(QChar(u'\0'))}},
                           .project = QStringLiteral("hearth")};
    const auto answer = m_harness->connect()->registerRows({testsupport::entry(m_name)}, {entry});
    QVERIFY(answer);
    QVERIFY2(statusOf(answer) == EntryStatus::Accepted, qPrintable(answer->agents.first().message));
    const auto stored = m_harness->storedAgent(m_agent);
    QVERIFY(stored);
    QCOMPARE(stored->description, *entry.description);
    QVERIFY(stored->systemPrompt == *entry.systemPrompt);
    QCOMPARE(stored->defaultParams, *entry.defaultParams);
    QCOMPARE(stored->extras, *entry.extras);
    QCOMPARE(stored->project, *entry.project);
}

void TestAgentRegistration::refusesToPublishOverAPublicRow()
{
    const Llm llm = publicLlm(QStringLiteral("open"), m_clock.wallNow());
    m_harness->add(llm);
    const Agent open = publicAgent(m_agent, llm, m_clock.wallNow());
    m_harness->add(open);
    const auto answer = m_harness->connect()->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Conflict);
    QVERIFY2(answer->agents.first().message.startsWith(QStringLiteral("Cannot publish over public agent: a")),
             qPrintable(answer->agents.first().message));
    QVERIFY(m_harness->agent(m_agent) == open);
    QVERIFY(m_harness->storedAgent(m_agent) == open);
}

void TestAgentRegistration::refusesAForeignLiveSession()
{
    const auto holder = m_harness->connect();
    QVERIFY(holder->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    const Agent held = m_harness->agent(m_agent);
    for (const char *owner : {"alice", "bob"}) {
        const auto challenger = m_harness->connect(publishKey(QString::fromLatin1(owner), QStringLiteral("second")));
        const auto answer =
            challenger->registerRows({entry(QStringLiteral("own"))}, {agentEntry(m_agent, QStringLiteral("own"))});
        QVERIFY(answer);
        QVERIFY(statusOf(answer) == EntryStatus::Conflict);
        QVERIFY(!answer->agents.first().message.isEmpty());
        QVERIFY(m_harness->agent(m_agent) == held);
        QVERIFY(m_harness->storedAgent(m_agent) == held);
        challenger->close();
        deliver();
    }
}

void TestAgentRegistration::adoptsALapsedSessionOfTheSameOwner()
{
    auto gone = m_harness->connect();
    QVERIFY(gone->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    const Agent before = m_harness->agent(m_agent);
    gone.reset();
    QTRY_VERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);

    const auto heir = m_harness->connect();
    const auto answer = heir->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    const Agent after = m_harness->agent(m_agent);
    QVERIFY(after.id == before.id);
    QVERIFY(after.pinnedTo == before.pinnedTo);
    QVERIFY(after.status == LlmStatus::Active);
    QVERIFY(after.providerSessionId == answer->providerSessionId);
    QVERIFY(after.providerSessionId != before.providerSessionId);
    QVERIFY(m_harness->storedAgent(m_agent) == after);
}

void TestAgentRegistration::refusesALapsedSessionOfAnotherOwner()
{
    auto gone = m_harness->connect(QStringLiteral("alice"));
    QVERIFY(gone->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    gone.reset();
    QTRY_VERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    const Agent before = m_harness->agent(m_agent);
    const QString own = QStringLiteral("own");
    const auto answer =
        m_harness->connect(QStringLiteral("bob"))->registerRows({entry(own)}, {agentEntry(m_agent, own)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Conflict);
    QVERIFY(m_harness->agent(m_agent) == before);
}

void TestAgentRegistration::adoptsAcrossOwnersWhereThatIsOpen()
{
    control::ControlSettings settings;
    settings.lifecycle.adoptAcrossOwners = true;
    makeHarness(settings);
    auto gone = m_harness->connect(QStringLiteral("alice"));
    QVERIFY(gone->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    gone.reset();
    QTRY_VERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    const auto heir = m_harness->connect(QStringLiteral("bob"));
    const auto answer = heir->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    QCOMPARE(m_harness->agent(m_agent).owner, QStringLiteral("bob"));
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

void TestAgentRegistration::refusesTheNameOfAnLlm()
{
    const QString open = QStringLiteral("open");
    m_harness->add(publicLlm(open, m_clock.wallNow()));
    const auto answer = m_harness->connect()->registerRows(
        {entry(m_name)}, {agentEntry(m_name, m_name), agentEntry(open, m_name), agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Conflict);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Conflict);
    QVERIFY(statusOf(answer, 2) == EntryStatus::Accepted);
    QVERIFY(m_harness->storedLlm(m_name));
    QVERIFY(!m_harness->storedAgent(m_name));
}

void TestAgentRegistration::unknownLlmRejectsTheAgentAlone()
{
    const auto foreign = m_harness->publish({entry(QStringLiteral("foreign"))}, QStringLiteral("bob"));
    const auto answer = m_harness->connect()->registerRows(
        {entry(m_name)}, {agentEntry(QStringLiteral("lost"), QStringLiteral("x")),
                          agentEntry(QStringLiteral("thief"), QStringLiteral("foreign")), agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(answer->llms.first().status == EntryStatus::Accepted);
    for (qsizetype i : {0, 1}) {
        // Offered again, for its Llm may come later.
        QVERIFY(statusOf(answer, i) == EntryStatus::Conflict);
        QVERIFY(!answer->agents.at(i).message.isEmpty());
    }
    QVERIFY(statusOf(answer, 2) == EntryStatus::Accepted);
    QVERIFY(!m_harness->storedAgent(QStringLiteral("lost")));
    QVERIFY(!m_harness->storedAgent(QStringLiteral("thief")));
    QVERIFY(m_harness->storedAgent(m_agent));
}

void TestAgentRegistration::pinsToAPublicLlm()
{
    const Llm open = publicLlm(QStringLiteral("open"), m_clock.wallNow());
    m_harness->add(open);
    auto publisher = m_harness->connect(QStringLiteral("bob"));
    const auto answer = publisher->registerRows({}, {agentEntry(m_agent, open.name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    QVERIFY(m_harness->storedAgent(m_agent)->pinnedTo == domain::Destination(open.id));
    publisher.reset();
    QTRY_VERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    QVERIFY(m_harness->llm(open.name).status == LlmStatus::Active);
}

void TestAgentRegistration::pinsToAnotherSessionsLlm()
{
    auto holder = m_harness->publish({entry(m_name)});
    const auto publisher = m_harness->connect();
    QVERIFY(statusOf(publisher->registerRows({}, {agentEntry(m_agent, m_name)})) == EntryStatus::Accepted);
    QVERIFY(m_harness->agent(m_agent).pinnedTo == domain::Destination(m_harness->llm(m_name).id));
    // The end of the Llm's publisher is not the agent's.
    holder.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
}

void TestAgentRegistration::longPromptRejectsTheAgentAlone()
{
    AgentEntry longWinded = agentEntry(QStringLiteral("b"), m_name);
    longWinded.systemPrompt = QString(300 * 1024, QChar(0x20ac));
    const auto publisher = m_harness->connect();
    const auto answer = publisher->registerRows({entry(m_name)}, {longWinded, agentEntry(m_agent, m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Invalid);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Accepted);
    QVERIFY(!publisher->isClosed());
}

void TestAgentRegistration::unchangedReconnectIsNoEdit()
{
    auto publisher = m_harness->connect();
    AgentEntry full = agentEntry(m_agent, m_name);
    full.systemPrompt = QStringLiteral("Be brief.");
    const auto before = publisher->registerRows({entry(m_name)}, {full});
    QVERIFY(before);
    const Agent first = m_harness->agent(m_agent);
    publisher->close();
    QTRY_VERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}, before->providerSessionId));
    QVERIFY(m_harness->agent(m_agent) == first);
    QVERIFY(m_harness->storedAgent(m_agent) == first);
}

void TestAgentRegistration::laterRegisterRepins()
{
    const Llm open = publicLlm(QStringLiteral("open"), m_clock.wallNow());
    m_harness->add(open);
    const QString other = QStringLiteral("other");
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    const AgentId id = m_harness->agent(m_agent).id;
    // To a new Llm, to a public one, and back; each time the database lets the old one go.
    int version = 1;
    for (const QString &target : {other, open.name, m_name}) {
        const auto answer = publisher->registerRows({entry(m_name), entry(other)}, {agentEntry(m_agent, target)});
        QVERIFY(answer);
        QVERIFY(statusOf(answer) == EntryStatus::Accepted);
        QVERIFY(m_harness->agent(m_agent).id == id);
        QVERIFY(m_harness->agent(m_agent).pinnedTo == domain::Destination(m_harness->llm(target).id));
        QCOMPARE(m_harness->agent(m_agent).version, ++version);
        QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
        QCOMPARE(m_harness->registry.agentsPinnedTo(m_harness->llm(target).id).size(), size_t{1});
    }
    QVERIFY(m_harness->registry.agentsPinnedTo(m_harness->llm(other).id).empty());
}

void TestAgentRegistration::withdrawnAgentBecomesInactiveAndComesBack()
{
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    const Agent published = m_harness->agent(m_agent);
    m_clock.advance(1s);
    const auto answer = publisher->registerRows({entry(m_name)}, {});
    QVERIFY(answer);
    QVERIFY(answer->agents.isEmpty());
    const Agent withdrawn = m_harness->agent(m_agent);
    QVERIFY(withdrawn.status == LlmStatus::Inactive);
    QVERIFY(withdrawn.inactiveSince == m_clock.wallNow());
    QCOMPARE(withdrawn.version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == withdrawn);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);

    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    QVERIFY(m_harness->agent(m_agent).id == published.id);
    QCOMPARE(m_harness->agent(m_agent).version, 1);
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

void TestAgentRegistration::withdrawnTogetherWithItsLlm()
{
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}));
    QVERIFY(publisher->registerRows({}, {}));
    QVERIFY(m_harness->storedAgent(m_agent)->status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
    // The pin outlives it: what remains can be published again at once.
    QVERIFY(statusOf(publisher->registerRows({}, {agentEntry(m_agent, m_name)})) == EntryStatus::Accepted);
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Active);
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
}

void TestAgentRegistration::sameIdsAfterARestart()
{
    auto publisher = m_harness->connect();
    const auto before = publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)});
    QVERIFY(before);
    const Agent first = m_harness->agent(m_agent);
    publisher.reset();
    makeHarness();
    QVERIFY(m_harness->agent(m_agent).status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
    publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)}, before->providerSessionId));
    QVERIFY(m_harness->agent(m_agent) == first);
    QVERIFY(m_harness->storedAgent(m_agent) == first);
}

void TestAgentRegistration::registersAfterACommitWhoseAnswerWasLost()
{
    // The server gave an earlier register up, and yet the database has the rows under ids that it never heard of.
    const LlmId llmId = LlmId::create();
    const AgentId agentId = AgentId::create();
    {
        const auto database = m_fixture->open();
        auto transaction = storage::Transaction::begin(*database);
        Llm llm = liveLlm(m_name, {}, m_clock.wallNow());
        llm.id = llmId;
        QVERIFY(storage::LlmTable(*database).insert(llm));
        Agent agent = liveAgent(m_agent, llm, {}, m_clock.wallNow());
        agent.id = agentId;
        QVERIFY(storage::AgentTable(*database).insert(agent));
        QVERIFY(transaction->commit());
    }
    const auto publisher = m_harness->connect();
    const auto answer = publisher->registerRows(
        {entry(m_name)}, {agentEntry(m_agent, m_name), agentEntry(QStringLiteral("new"), m_name)});
    QVERIFY(answer);
    QVERIFY(statusOf(answer, 0) == EntryStatus::Accepted);
    QVERIFY(statusOf(answer, 1) == EntryStatus::Accepted);
    QVERIFY(m_harness->agent(m_agent).id == agentId);
    for (const QString &name : {m_agent, QStringLiteral("new")}) {
        QVERIFY(m_harness->agent(name).pinnedTo == domain::Destination(llmId));
        QVERIFY(m_harness->storedAgent(name) == m_harness->agent(name));
    }
}

void TestAgentRegistration::nothingIsRegisteredWhileTheDatabaseIsAway()
{
    makeHarness({}, 100ms);
    const auto publisher = m_harness->connect();
    QVERIFY(publisher->registerRows({entry(m_name)}, {}));
    {
        const WriteBlock block(*m_fixture, QStringLiteral("agents"));
        publisher->send(channel::Register{{}, {}, {}, {entry(m_name)}, {agentEntry(m_agent, m_name)}});
        const auto notice = publisher->next<channel::ErrorNotice>();
        QVERIFY(notice);
        QCOMPARE(notice->code, QStringLiteral("storage_unavailable"));
        QVERIFY(!m_harness->registry.findAgent(m_agent));
    }
    QTRY_VERIFY(m_harness->storage.available());
    QVERIFY(statusOf(publisher->registerRows({entry(m_name)}, {agentEntry(m_agent, m_name)})) == EntryStatus::Accepted);
    QVERIFY(m_harness->storedAgent(m_agent) == m_harness->agent(m_agent));
}

QTEST_GUILESS_MAIN(TestAgentRegistration)
#include "tst_agentregistration.moc"
