// The table of chat messages: what goes in comes out, pages, history, and what a stopped server has left.

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

QStringList contents(const QList<ChatMessage> &messages)
{
    QStringList texts;
    for (const ChatMessage &message : messages)
        texts.append(message.content);
    return texts;
}

} // namespace

class TestMessageTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:

    void initTestCase_data() { DatabaseFixture::addEngines(); }

    void init();
    void cleanup();

    void messageRoundTrip_data();
    void messageRoundTrip();
    void textThatNoDatabaseHolds();
    void messageNeedsItsThread();
    void placeIsTakenOnce();
    void messagesArePaged();
    void lastTurn();
    void pendingMessageIsFinishedOnce();
    void illegalStateIsADefect_data();
    void illegalStateIsADefect();
    void interruptedMessagesFail();
    void historyLeavesOutWhatCameToNothing();

private:
    /// Stores the thread that the messages of makeMessage() belong to.
    void addThread() { VERIFY_RESULT(ThreadTable(*m_database).insert(makeThread(QStringLiteral("t")))); }

    void add(const ChatMessage &message) { VERIFY_RESULT(MessageTable(*m_database).insert(message)); }

    QList<ChatMessage> all() { return MessageTable(*m_database).page(ThreadId(QStringLiteral("t")), {}, 1000).value(); }

    const ThreadId m_id{QStringLiteral("t")};
    std::optional<DatabaseFixture> m_fixture;
    std::unique_ptr<Database> m_database;
    std::optional<Transaction> m_transaction;
};

void TestMessageTable::init()
{
    QFETCH_GLOBAL(Engine, engine);
    m_fixture.emplace(engine);
    QVERIFY2(m_fixture->problem().isEmpty(), qPrintable(m_fixture->problem()));
    m_database = m_fixture->open();
    m_transaction.emplace(Transaction::begin(*m_database).value());
}

void TestMessageTable::cleanup()
{
    m_transaction.reset();
    m_database.reset();
    m_fixture.reset();
}

void TestMessageTable::messageRoundTrip_data()
{
    QTest::addColumn<ChatMessage>("message");
    ChatMessage user = makeMessage(0, 0);
    user.content = awkward();
    QTest::newRow("user") << user;

    ChatMessage answer = makeMessage(1, 2, MessageRole::Assistant);
    answer.content = awkward();
    answer.toolCalls = {
        {QStringLiteral("call_1"), QStringLiteral("weather"), QStringLiteral("{\"city\": \"K\\u00f6ln\"}")},
        {QStringLiteral("call_2"), awkward(), QStringLiteral("no JSON")}};
    answer.finishReason = QStringLiteral("tool_calls");
    answer.usage = QJsonObject{{QStringLiteral("total_tokens"), 12}};
    QTest::newRow("answer") << answer;

    ChatMessage tool = makeMessage(1, 3, MessageRole::Tool);
    tool.toolCallId = QStringLiteral("call_1");
    QTest::newRow("tool") << tool;

    QTest::newRow("pending") << makePending(1, 4);

    ChatMessage failed = makeMessage(2, 1, MessageRole::Assistant);
    failed.status = MessageStatus::Error;
    failed.error = Error{ErrorCode::BackendTimeout, awkward()};
    QTest::newRow("error") << failed;
}

void TestMessageTable::messageRoundTrip()
{
    QFETCH(ChatMessage, message);
    addThread();
    add(message);
    const QList<ChatMessage> stored = all();
    QCOMPARE(stored.size(), 1);
    QCOMPARE(stored.first().content, message.content);
    QVERIFY(stored.first() == message);
}

void TestMessageTable::textThatNoDatabaseHolds()
{
    const QString bad = QStringLiteral("a") + QChar(u'\0') + QChar(0xD83D) + QStringLiteral("b") + QChar(0xDD25) +
                        QString::fromUtf8("\xF0\x9F\x94\xA5") + QChar(0xD83D);
    const QString good = QString::fromUtf8("a\xEF\xBF\xBD\xEF\xBF\xBD"
                                           "b\xEF\xBF\xBD\xF0\x9F\x94\xA5\xEF\xBF\xBD");
    ChatThread thread = makeThread(QStringLiteral("t"));
    thread.title = bad;
    VERIFY_RESULT(ThreadTable(*m_database).insert(thread));
    QCOMPARE((*ThreadTable(*m_database).find(m_id, thread.owner))->title, good);

    ChatMessage message = makeMessage(0, 0, MessageRole::Assistant);
    message.content = bad;
    message.toolCalls = {{bad, bad, bad}};
    message.finishReason = bad;
    message.status = MessageStatus::Error;
    message.error = Error{ErrorCode::BackendError, bad};
    message.usage = QJsonObject{{QStringLiteral("words"), QString(QChar(u'\0'))}};
    add(message);
    const ChatMessage stored = all().first();
    QCOMPARE(stored.content, good);
    QVERIFY(stored.toolCalls == (QList<ToolCall>{{good, good, good}}));
    QCOMPARE(stored.finishReason, good);
    QCOMPARE(stored.error->message, good);
    QCOMPARE(stored.usage, message.usage);
    QVERIFY(stored == MessageTable::storable(message));

    ChatMessage result = makeMessage(0, 1, MessageRole::Tool);
    result.toolCallId = bad;
    add(result);
    QCOMPARE(all().last().toolCallId, good);
}

void TestMessageTable::messageNeedsItsThread()
{
    COMPARE_ERROR(MessageTable(*m_database).insert(makeMessage(0, 0)), ErrorCode::Conflict);
}

void TestMessageTable::placeIsTakenOnce()
{
    addThread();
    add(makeMessage(0, 0));
    COMPARE_ERROR(MessageTable(*m_database).insert(makeMessage(0, 0)), ErrorCode::Conflict);
}

void TestMessageTable::messagesArePaged()
{
    addThread();
    for (int turn = 0; turn < 3; ++turn) {
        add(makeMessage(turn, 0));
        add(makeMessage(turn, 1, MessageRole::Assistant));
    }
    const MessageTable table(*m_database);
    const auto last = table.page(m_id, {}, 3);
    VERIFY_RESULT(last);
    QCOMPARE(contents(*last), (QStringList{QStringLiteral("1.1"), QStringLiteral("2.0"), QStringLiteral("2.1")}));
    QCOMPARE(contents(*table.page(m_id, MessageCursor{1, 1}, 2)),
             (QStringList{QStringLiteral("0.1"), QStringLiteral("1.0")}));
    QCOMPARE(contents(*table.page(m_id, MessageCursor{0, 1}, 2)), (QStringList{QStringLiteral("0.0")}));
    QVERIFY(table.page(m_id, MessageCursor{0, 0}, 2)->isEmpty());
}

void TestMessageTable::lastTurn()
{
    addThread();
    const MessageTable table(*m_database);
    QVERIFY(table.lastTurn(m_id)->isEmpty());
    for (const auto &[turn, position] : {std::pair(0, 0), {0, 1}, {10, 1}, {10, 0}, {9, 0}})
        add(makeMessage(turn, position));
    QCOMPARE(contents(*table.lastTurn(m_id)), (QStringList{QStringLiteral("10.0"), QStringLiteral("10.1")}));
}

void TestMessageTable::pendingMessageIsFinishedOnce()
{
    addThread();
    MessageTable table(*m_database);
    ChatMessage answer = makePending(0, 1);
    add(answer);
    answer.status = MessageStatus::Complete;
    answer.content = awkward();
    answer.toolCalls = {{QStringLiteral("call"), QStringLiteral("f"), QStringLiteral("{}")}};
    answer.finishReason = QStringLiteral("stop");
    answer.usage = QJsonObject{{QStringLiteral("total_tokens"), 1}};
    answer.finishedAt = moment(9);
    VERIFY_RESULT(table.finish(answer));
    QVERIFY(all().first() == answer);
    COMPARE_ERROR(table.finish(answer), ErrorCode::NotFound);
}

void TestMessageTable::illegalStateIsADefect_data()
{
    QTest::addColumn<ChatMessage>("message");
    ChatMessage pendingUser = makePending(0, 0);
    pendingUser.role = MessageRole::User;
    QTest::newRow("pending user") << pendingUser;
    ChatMessage endless = makeMessage(0, 0);
    endless.finishedAt.reset();
    QTest::newRow("complete and not finished") << endless;
    ChatMessage causeless = makeMessage(0, 0, MessageRole::Assistant);
    causeless.status = MessageStatus::Error;
    QTest::newRow("error without cause") << causeless;
}

void TestMessageTable::illegalStateIsADefect()
{
    QFETCH(ChatMessage, message);
    addThread();
    COMPARE_ERROR(MessageTable(*m_database).insert(message), ErrorCode::Internal);
}

void TestMessageTable::interruptedMessagesFail()
{
    addThread();
    VERIFY_RESULT(ThreadTable(*m_database).insert(makeThread(QStringLiteral("other"))));
    ChatMessage elsewhere = makePending(0, 0);
    elsewhere.thread = ThreadId(QStringLiteral("other"));
    add(makeMessage(0, 0));
    add(makePending(0, 1));
    add(elsewhere);
    const Error cause{ErrorCode::ShuttingDown, QStringLiteral("stopped")};
    MessageTable table(*m_database);
    QCOMPARE(table.failPending(m_id, cause, moment(9)).value(), 1);
    QVERIFY(all().first() == makeMessage(0, 0));
    const ChatMessage failed = all().last();
    QVERIFY(failed.status == MessageStatus::Error);
    QVERIFY(failed.error == cause);
    QVERIFY(failed.finishedAt == moment(9));
    QVERIFY(table.page(elsewhere.thread, {}, 1)->first() == elsewhere);
    QCOMPARE(table.failPending({}, cause, moment(9)).value(), 1);
    QCOMPARE(table.failPending({}, cause, moment(9)).value(), 0);
}

void TestMessageTable::historyLeavesOutWhatCameToNothing()
{
    addThread();
    const auto addTurn = [this](int turn, const QString &answer, MessageStatus status) {
        ChatMessage message = makeMessage(turn, 1, MessageRole::Assistant);
        message.content = answer;
        message.status = status;
        if (status == MessageStatus::Error)
            message.error = Error{ErrorCode::BackendError, QStringLiteral("oops")};
        add(makeMessage(turn, 0));
        add(message);
    };
    addTurn(0, QStringLiteral("hello"), MessageStatus::Complete);
    addTurn(1, {}, MessageStatus::Error);
    addTurn(2, QStringLiteral("half"), MessageStatus::Error);
    addTurn(3, {}, MessageStatus::Complete);
    addTurn(4, QStringLiteral("present"), MessageStatus::Complete);

    const MessageTable table(*m_database);
    // Characters: 3 for the user, the answer, and "[]" for each message's calls.
    QVERIFY(*table.turnSizes(m_id, 4, 10) == (QList<TurnSize>{{3, 7}, {2, 11}, {0, 12}}));
    QVERIFY(*table.turnSizes(m_id, 4, 1) == (QList<TurnSize>{{3, 7}}));
    QCOMPARE(contents(*table.history(m_id, 0, 4)),
             (QStringList{QStringLiteral("0.0"), QStringLiteral("hello"), QStringLiteral("2.0"), QStringLiteral("half"),
                          QStringLiteral("3.0"), QString()}));
    QCOMPARE(contents(*table.history(m_id, 1, 3)), (QStringList{QStringLiteral("2.0"), QStringLiteral("half")}));
}

QTEST_GUILESS_MAIN(TestMessageTable)
#include "tst_messagetable.moc"
