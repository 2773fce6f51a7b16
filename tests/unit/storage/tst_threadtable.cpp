// The table of chat threads: what goes in comes out, to its owner, in pages.

#include "databasefixture.h"
#include "messagetable.h"
#include "resultchecks.h"
#include "rows.h"
#include "threadtable.h"
#include "transaction.h"

#include <QTest>

using namespace hearth;
using namespace hearth::domain;
using namespace hearth::storage;
using namespace hearth::testsupport;

namespace {

QStringList ids(const QList<ChatThread> &threads)
{
    QStringList texts;
    for (const ChatThread &thread : threads)
        texts.append(thread.id.toString());
    return texts;
}

} // namespace

class TestThreadTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void threadRoundTrip();
    void threadIsItsOwnersOnly();
    void threadsArePaged();
    void threadsOfAnAgent_data();
    void threadsOfAnAgent();
    void touchedThreadComesFirst();
    void renamedAgentKeepsItsThreads();
    void removingAThreadRemovesItsMessages();

private:
    /// Stores the thread that the messages of makeMessage() belong to.
    void addThread() { VERIFY_RESULT(ThreadTable(*m_database).insert(makeThread(QStringLiteral("t")))); }

    const ThreadId m_id{QStringLiteral("t")};
    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestThreadTable::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
}

void TestThreadTable::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestThreadTable::threadRoundTrip()
{
    const ChatThread thread = makeThread(QStringLiteral("t"));
    ThreadTable table(*m_database);
    VERIFY_RESULT(table.insert(thread));
    QVERIFY(*table.find(thread.id, thread.owner) == thread);
    const Result<void> again = atomically(*m_database, [&] { return ThreadTable(*m_database).insert(thread); });
    COMPARE_ERROR(again, ErrorCode::Conflict);
}

void TestThreadTable::threadIsItsOwnersOnly()
{
    addThread();
    ThreadTable table(*m_database);
    QVERIFY(!table.find(m_id, QStringLiteral("bob"))->has_value());
    COMPARE_ERROR(table.remove(m_id, QStringLiteral("bob")), ErrorCode::NotFound);
    QVERIFY(table
                .page({.owner = QStringLiteral("bob"),
                       .agentName = QStringLiteral("coder"),
                       .agentOwner = {},
                       .before = {},
                       .count = 10})
                ->isEmpty());
    QVERIFY(table.find(m_id, QStringLiteral("alice"))->has_value());
}

void TestThreadTable::threadsArePaged()
{
    ThreadTable table(*m_database);
    // Two of them at the same moment.
    for (const auto &[id, updated] : {std::pair("a", 1), {"b", 3}, {"c", 2}, {"d", 2}, {"e", 4}})
        VERIFY_RESULT(table.insert(makeThread(QString::fromLatin1(id), updated)));
    ThreadQuery query{.owner = QStringLiteral("alice"),
                      .agentName = QStringLiteral("coder"),
                      .agentOwner = {},
                      .before = {},
                      .count = 3};
    const auto first = table.page(query);
    VERIFY_RESULT(first);
    QCOMPARE(ids(*first), (QStringList{QStringLiteral("e"), QStringLiteral("b"), QStringLiteral("d")}));
    query.before = ThreadCursor{first->last().updatedAt, first->last().id};
    QCOMPARE(ids(*table.page(query)), (QStringList{QStringLiteral("c"), QStringLiteral("a")}));
}

void TestThreadTable::threadsOfAnAgent_data()
{
    QTest::addColumn<QString>("agentName");
    QTest::addColumn<QString>("agentOwner");
    QTest::addColumn<bool>("isFound");
    QTest::newRow("that agent") << QStringLiteral("coder") << QStringLiteral("bob") << true;
    QTest::newRow("whoever's it was") << QStringLiteral("coder") << QString() << true;
    QTest::newRow("another owner's") << QStringLiteral("coder") << QStringLiteral("carol") << false;
    QTest::newRow("another agent") << QStringLiteral("code") << QString() << false;
}

void TestThreadTable::threadsOfAnAgent()
{
    QFETCH(QString, agentName);
    QFETCH(QString, agentOwner);
    QFETCH(bool, isFound);
    addThread();
    const auto found = ThreadTable(*m_database)
                           .page({.owner = QStringLiteral("alice"),
                                  .agentName = agentName,
                                  .agentOwner = agentOwner,
                                  .before = {},
                                  .count = 10});
    VERIFY_RESULT(found);
    QCOMPARE(!found->isEmpty(), isFound);
}

void TestThreadTable::touchedThreadComesFirst()
{
    ThreadTable table(*m_database);
    ChatThread old = makeThread(QStringLiteral("old"), 1);
    VERIFY_RESULT(table.insert(old));
    VERIFY_RESULT(table.insert(makeThread(QStringLiteral("new"), 2)));
    old.agentId = AgentId(QStringLiteral("returned"));
    old.updatedAt = moment(3);
    VERIFY_RESULT(table.touch(old.id, old.agentId, old.updatedAt));
    const auto page = table.page({.owner = QStringLiteral("alice"),
                                  .agentName = QStringLiteral("coder"),
                                  .agentOwner = {},
                                  .before = {},
                                  .count = 10});
    VERIFY_RESULT(page);
    QCOMPARE(ids(*page), (QStringList{QStringLiteral("old"), QStringLiteral("new")}));
    QVERIFY(page->first() == old);
    COMPARE_ERROR(table.touch(ThreadId(QStringLiteral("gone")), {}, moment(3)), ErrorCode::NotFound);
}

void TestThreadTable::renamedAgentKeepsItsThreads()
{
    ThreadTable table(*m_database);
    ChatThread mine = makeThread(QStringLiteral("mine"));
    ChatThread bobs = makeThread(QStringLiteral("bobs"));
    bobs.owner = QStringLiteral("bob");
    ChatThread other = makeThread(QStringLiteral("other"));
    other.agentId = AgentId(QStringLiteral("another"));
    for (const ChatThread &thread : {mine, bobs, other})
        VERIFY_RESULT(table.insert(thread));
    VERIFY_RESULT(table.renameAgent(mine.agentId, QStringLiteral("writer")));
    mine.agentName = bobs.agentName = QStringLiteral("writer");
    for (const ChatThread &thread : {mine, bobs, other})
        QVERIFY(*table.find(thread.id, thread.owner) == thread);
    VERIFY_RESULT(table.renameAgent(mine.agentId, QStringLiteral("writer")));
    VERIFY_RESULT(table.renameAgent(AgentId(QStringLiteral("without threads")), QStringLiteral("x")));
}

void TestThreadTable::removingAThreadRemovesItsMessages()
{
    addThread();
    VERIFY_RESULT(MessageTable(*m_database).insert(makeMessage(0, 0)));
    ThreadTable table(*m_database);
    VERIFY_RESULT(table.remove(m_id, QStringLiteral("alice")));
    COMPARE_ERROR(table.remove(m_id, QStringLiteral("alice")), ErrorCode::NotFound);
    QVERIFY(MessageTable(*m_database).lastTurn(m_id)->isEmpty());
    addThread();
    QVERIFY(MessageTable(*m_database).lastTurn(m_id)->isEmpty());
}

QTEST_GUILESS_MAIN(TestThreadTable)
#include "tst_threadtable.moc"
