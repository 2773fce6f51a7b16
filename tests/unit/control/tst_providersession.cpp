// The provider session, on both engines: the same publisher is known again after a reconnect, a restart of the server,
// a new key, or a commit that nobody heard of.

#include "agenttable.h"
#include "controltest.h"
#include "domainrows.h"
#include "llmtable.h"
#include "providersessiontable.h"
#include "transaction.h"

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::testsupport;
using channel::EntryStatus;
using channel::LlmEntry;
using channel::Registered;

namespace {

EntryStatus statusOf(const std::optional<Registered> &answer, qsizetype index = 0)
{
    return answer->llms.at(index).status;
}

} // namespace

class TestProviderSession final : public ControlTest
{
    Q_OBJECT

private Q_SLOTS:
    void stickyReconnectWithAChangedModel();
    void unchangedReconnectIsNoEdit();
    void refusesTheSessionIdOfAnotherOwner();
    void unknownSessionIdIsTakenAsANewOnes();
    void refusesAMalformedSessionId();
    void rotatedKeyOfTheOwnerKeepsTheSession();
    void sameIdsAfterARestart();
    void registersAfterACommitWhoseAnswerWasLost();
    void registersAfterADeleteWhoseAnswerWasLost_data();
    void registersAfterADeleteWhoseAnswerWasLost();
};

void TestProviderSession::stickyReconnectWithAChangedModel()
{
    auto publisher = m_harness->connect();
    LlmEntry first = entry(m_name);
    first.model = QStringLiteral("old");
    first.description = QStringLiteral("words");
    const auto before = publisher->registerLlms({first});
    QVERIFY(before);
    const LlmId id = m_harness->llm(m_name).id;
    publisher->close();
    QTRY_VERIFY(!m_harness->control.isBound(before->providerSessionId));

    publisher = m_harness->connect();
    LlmEntry second = entry(m_name);
    second.model = QStringLiteral("new");
    const auto after = publisher->registerLlms({second}, before->providerSessionId);
    QVERIFY(after);
    QVERIFY(statusOf(after) == EntryStatus::Accepted);
    QVERIFY(after->providerSessionId == before->providerSessionId);
    QCOMPARE(after->epoch, before->epoch + 1);
    const Llm llm = m_harness->llm(m_name);
    QVERIFY(llm.id == id);
    QVERIFY(llm.status == LlmStatus::Active);
    QVERIFY(!llm.inactiveSince);
    QCOMPARE(llm.model, QStringLiteral("new"));
    QCOMPARE(llm.description, QStringLiteral("words"));
    QCOMPARE(llm.version, 2);
    QVERIFY(m_harness->storedLlm(m_name) == llm);
}

void TestProviderSession::unchangedReconnectIsNoEdit()
{
    auto publisher = m_harness->connect();
    const auto before = publisher->registerLlms({entry(m_name)});
    QVERIFY(before);
    publisher->close();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    publisher = m_harness->connect();
    QVERIFY(publisher->registerLlms({entry(m_name)}, before->providerSessionId));
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Active);
    QCOMPARE(m_harness->llm(m_name).version, 1);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

void TestProviderSession::refusesTheSessionIdOfAnotherOwner()
{
    const auto holder = m_harness->publish({entry(m_name)}, QStringLiteral("alice"));
    const Llm before = m_harness->llm(m_name);
    const auto thief = m_harness->connect(QStringLiteral("bob"));
    thief->send(channel::Register{{}, {}, before.providerSessionId, {entry(m_name), entry(QStringLiteral("mine"))}});
    QCOMPARE(thief->closeCode(), static_cast<int>(channel::CloseCode::PolicyViolation));
    const auto notice = thief->next<channel::ErrorNotice>();
    QVERIFY(notice);
    QCOMPARE(notice->code, QStringLiteral("conflict"));
    QVERIFY(!notice->message.isEmpty());
    QVERIFY(!holder->isClosed());
    QVERIFY(m_harness->llm(m_name) == before);
    QVERIFY(!m_harness->registry.findLlm(QStringLiteral("mine")));
    QCOMPARE(m_harness->storedSession(before.providerSessionId)->epoch, quint64{1});
}

void TestProviderSession::unknownSessionIdIsTakenAsANewOnes()
{
    const ProviderSessionId id(QStringLiteral("from-another-server"));
    const auto publisher = m_harness->connect(QStringLiteral("alice"));
    const auto answer = publisher->registerLlms({entry(m_name)}, id);
    QVERIFY(answer);
    QVERIFY(answer->providerSessionId == id);
    QCOMPARE(answer->epoch, quint64{1});
    QVERIFY(m_harness->storedSession(id));
}

void TestProviderSession::refusesAMalformedSessionId()
{
    for (const QString &id : {QStringLiteral("with space"), QStringLiteral("../x"), QString(65, u'a')}) {
        const auto publisher = m_harness->connect();
        publisher->send(channel::Register{{}, {}, ProviderSessionId(id), {entry(m_name)}});
        QCOMPARE(publisher->closeCode(), static_cast<int>(channel::CloseCode::PolicyViolation));
    }
    QVERIFY(!m_harness->registry.findLlm(m_name));
}

void TestProviderSession::rotatedKeyOfTheOwnerKeepsTheSession()
{
    auto publisher = m_harness->connect(publishKey(QStringLiteral("alice"), QStringLiteral("old-key")));
    const auto before = publisher->registerLlms({entry(m_name)});
    QVERIFY(before);
    const LlmId id = m_harness->llm(m_name).id;
    publisher = m_harness->connect(publishKey(QStringLiteral("alice"), QStringLiteral("new-key")));
    const auto after = publisher->registerLlms({entry(m_name)}, before->providerSessionId);
    QVERIFY(after);
    QVERIFY(after->providerSessionId == before->providerSessionId);
    QCOMPARE(after->epoch, quint64{2});
    QVERIFY(m_harness->llm(m_name).id == id);
}

void TestProviderSession::sameIdsAfterARestart()
{
    auto publisher = m_harness->connect();
    const auto before = publisher->registerLlms({entry(m_name)});
    QVERIFY(before);
    const LlmId id = m_harness->llm(m_name).id;
    makeHarness();
    QVERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedLlm(m_name)->status == LlmStatus::Inactive);
    publisher = m_harness->connect();
    const auto after = publisher->registerLlms({entry(m_name)}, before->providerSessionId);
    QVERIFY(after);
    QVERIFY(after->providerSessionId == before->providerSessionId);
    QCOMPARE(after->epoch, quint64{2});
    QVERIFY(m_harness->llm(m_name).id == id);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
}

void TestProviderSession::registersAfterACommitWhoseAnswerWasLost()
{
    // The server gave an earlier register up, and yet the database has it: a session, a new row, and an edit of a row.
    auto publisher = m_harness->connect();
    const auto before = publisher->registerLlms({entry(m_name)});
    QVERIFY(before);
    const ProviderSessionId unknown(QStringLiteral("stored-but-unknown"));
    const LlmId storedId = LlmId::create();
    {
        const auto database = m_fixture->open();
        auto transaction = storage::Transaction::begin(*database);
        storage::ProviderSessionTable sessions(*database);
        QVERIFY(sessions.insert(providerSession(unknown, QStringLiteral("alice"), 1)));
        Llm llm = liveLlm(QStringLiteral("new"), unknown.toString(), m_clock.wallNow());
        llm.id = storedId;
        QVERIFY(storage::LlmTable(*database).insert(llm));
        QVERIFY(storage::LlmTable(*database).update(m_harness->llm(m_name)));
        QVERIFY(transaction->commit());
    }
    LlmEntry edited = entry(m_name);
    edited.description = QStringLiteral("edited");
    QVERIFY(publisher->registerLlms({edited}));
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    QCOMPARE(m_harness->llm(m_name).description, QStringLiteral("edited"));

    publisher = m_harness->connect();
    const auto answer = publisher->registerLlms({entry(QStringLiteral("new"))}, unknown);
    QVERIFY(answer);
    QVERIFY(statusOf(answer) == EntryStatus::Accepted);
    QVERIFY(answer->epoch >= 1);
    QVERIFY(m_harness->llm(QStringLiteral("new")).id == storedId);
    QVERIFY(m_harness->storedLlm(QStringLiteral("new")) == m_harness->llm(QStringLiteral("new")));
}

void TestProviderSession::registersAfterADeleteWhoseAnswerWasLost_data()
{
    QTest::addColumn<QString>("description");
    QTest::newRow("unchanged") << QString();
    QTest::newRow("edited") << QStringLiteral("edited");
}

void TestProviderSession::registersAfterADeleteWhoseAnswerWasLost()
{
    QFETCH(QString, description);
    const QString agent = QStringLiteral("a");
    auto publisher = m_harness->connect();
    const auto before = publisher->registerRows({entry(m_name)}, {agentEntry(agent, m_name)});
    QVERIFY(before);
    publisher.reset();
    QTRY_VERIFY(m_harness->llm(m_name).status == LlmStatus::Inactive);
    QVERIFY(m_harness->storedAgent(agent)->status == LlmStatus::Inactive);
    {
        const auto database = m_fixture->open();
        auto transaction = storage::Transaction::begin(*database);
        QVERIFY(storage::AgentTable(*database).remove(m_harness->agent(agent).id));
        QVERIFY(storage::LlmTable(*database).remove(m_harness->llm(m_name).id));
        QVERIFY(transaction->commit());
    }
    publisher = m_harness->connect();
    LlmEntry edited = entry(m_name);
    edited.description = description;
    const QString other = QStringLiteral("b");
    const auto after = publisher->registerRows({edited}, {agentEntry(agent, m_name), agentEntry(other, m_name)},
                                               before->providerSessionId);
    QVERIFY(after);
    QVERIFY(m_harness->storedLlm(m_name) == m_harness->llm(m_name));
    for (const QString &name : {agent, other}) {
        QVERIFY(m_harness->storedAgent(name));
        QVERIFY(m_harness->storedAgent(name) == m_harness->agent(name));
    }
}

QTEST_GUILESS_MAIN(TestProviderSession)
#include "tst_providersession.moc"
