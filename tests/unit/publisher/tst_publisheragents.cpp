// What a Publisher tells its server of its agents, and what it makes of the answers.

#include "publisherfixture.h"

#include <QJsonObject>
#include <QRegularExpression>

using namespace hearth;
using namespace hearth::publisher;
using namespace std::chrono_literals;
using channel::EntryOutcome;
using channel::EntryStatus;

namespace {

const QString coder = QStringLiteral("local-coder");
const EntryOutcome acceptedLlm{QStringLiteral("vllm-local"), EntryStatus::Accepted, {}};

/// With an agent at its one Llm.
class AgentFixture : public PublisherFixture
{
public:
    AgentFixture() { settings.agents.push_back({.name = coder, .llm = QStringLiteral("vllm-local")}); }

    /// Connects, and waits for the register.
    std::optional<channel::Register> connectAndRegister()
    {
        connect();
        return server->waitFor<channel::Register>();
    }

    void answer(const QList<EntryOutcome> &agents) const
    {
        server->send(channel::Registered{ProviderSessionId(QStringLiteral("s")), 1, {acceptedLlm}, agents});
    }
};

} // namespace

class TestPublisherAgents final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void registersAgentsBesideTheirLlms();
    void agentOfAnUnpublishedLlmStaysAtHome();
    void agentsWithoutLlms();
    void acceptedAgents();
    void offersConflictsAgain();
    void leavesInvalidAgentsAlone();
    void agentWithoutAnAnswer();
    void registersThemAgainAfterAReconnect();
    void heartbeatsNameNoAgents();
};

void TestPublisherAgents::registersAgentsBesideTheirLlms()
{
    AgentFixture fixture;
    AgentSettings agent = fixture.settings.agents.front();
    agent.description = QStringLiteral("Writes code");
    agent.systemPrompt = QStringLiteral("You are a careful programmer.");
    agent.defaultParams = {{QStringLiteral("temperature"), 0.2}};
    agent.extras = {{QStringLiteral("icon"), QStringLiteral("x")}};
    agent.project = QStringLiteral("hearth");
    fixture.settings.agents = {agent, {.name = QStringLiteral("brief"), .llm = QStringLiteral("public-llm")}};
    const auto message = fixture.connectAndRegister();
    QVERIFY(message);
    QCOMPARE(message->llms.size(), 1);
    const channel::AgentEntry expected{.name = coder,
                                       .llm = QStringLiteral("vllm-local"),
                                       .description = agent.description,
                                       .systemPrompt = agent.systemPrompt,
                                       .defaultParams = agent.defaultParams,
                                       .extras = agent.extras,
                                       .project = agent.project};
    QCOMPARE(message->agents.size(), 2);
    QVERIFY(message->agents.first() == expected);
    QCOMPARE(message->agents.last().llm, QStringLiteral("public-llm"));
    // What was taken out of the configuration is taken out of the row as well.
    QCOMPARE(message->agents.last().systemPrompt, std::optional(QString()));
}

void TestPublisherAgents::agentOfAnUnpublishedLlmStaysAtHome()
{
    AgentFixture fixture;
    fixture.settings.llms.push_back(fixture.llm(QStringLiteral("private")));
    fixture.settings.llms.back().publish = false;
    fixture.settings.agents.push_back({.name = QStringLiteral("hidden"), .llm = QStringLiteral("private")});
    const auto message = fixture.connectAndRegister();
    QVERIFY(message);
    QCOMPARE(message->agents.size(), 1);
    QCOMPARE(message->agents.first().name, coder);
    QCOMPARE(fixture.publisher->agents().size(), size_t{1});
}

void TestPublisherAgents::agentsWithoutLlms()
{
    AgentFixture fixture;
    fixture.settings.llms.clear();
    QVERIFY(fixture.goOnline());
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message->llms.isEmpty());
    QCOMPARE(message->agents.size(), 1);
}

void TestPublisherAgents::acceptedAgents()
{
    AgentFixture fixture;
    QVERIFY(fixture.connectAndRegister());
    QTest::ignoreMessage(QtInfoMsg, QRegularExpression(QStringLiteral("agent local-coder is published\\.")));
    const EntryOutcome accepted{coder, EntryStatus::Accepted, {}};
    fixture.answer({accepted});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.publisher->agents().front().outcome == accepted);
    fixture.clock.advance(5min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
}

void TestPublisherAgents::offersConflictsAgain()
{
    AgentFixture fixture;
    QVERIFY(fixture.connectAndRegister());
    const EntryOutcome conflict{coder, EntryStatus::Conflict, QStringLiteral("In use.")};
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("agent local-coder is not published: In use. .*30 s")));
    fixture.answer({conflict});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.publisher->agents().front().outcome == conflict);

    fixture.clock.advance(29'999ms);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
    fixture.clock.advance(1ms);
    const auto again = fixture.server->waitFor<channel::Register>(2);
    QVERIFY(again);
    QCOMPARE(again->llms.size(), 1);
    QCOMPARE(again->agents.size(), 1);
    fixture.acceptAll(QStringLiteral("s"));
    QTRY_VERIFY(fixture.publisher->agents().front().outcome->status == EntryStatus::Accepted);
    fixture.clock.advance(5min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 2);
}

void TestPublisherAgents::leavesInvalidAgentsAlone()
{
    AgentFixture fixture;
    QVERIFY(fixture.connectAndRegister());
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("agent local-coder is not published: No such Llm\\.$")));
    fixture.answer({{coder, EntryStatus::Invalid, QStringLiteral("No such Llm.")}});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.firstLlm().isAccepted());
    fixture.clock.advance(5min);
    QCoreApplication::processEvents();
    QCOMPARE(fixture.server->all<channel::Register>().size(), 1);
}

void TestPublisherAgents::agentWithoutAnAnswer()
{
    // A server from before there were agents.
    AgentFixture fixture;
    QVERIFY(fixture.connectAndRegister());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("agent local-coder is not published: ")));
    fixture.answer({});
    QTRY_VERIFY(fixture.publisher->state() == ConnectionState::Online);
    QVERIFY(fixture.firstLlm().isAccepted());
    QVERIFY(fixture.publisher->agents().front().outcome->status == EntryStatus::Invalid);
}

void TestPublisherAgents::registersThemAgainAfterAReconnect()
{
    AgentFixture fixture;
    QVERIFY(fixture.goOnline());
    QVERIFY(fixture.reconnect());
    const auto message = fixture.server->waitFor<channel::Register>();
    QVERIFY(message);
    QCOMPARE(message->agents.size(), 1);
}

void TestPublisherAgents::heartbeatsNameNoAgents()
{
    AgentFixture fixture;
    QVERIFY(fixture.goOnline());
    fixture.clock.advance(15s);
    const auto heartbeat = fixture.server->waitFor<channel::Heartbeat>();
    QVERIFY(heartbeat);
    QCOMPARE(heartbeat->llms.size(), 1);
}

QTEST_GUILESS_MAIN(TestPublisherAgents)
#include "tst_publisheragents.moc"
