// Turns that do not end as they should: what the caller is told, and what is stored whatever happens.

#include "chattest.h"
#include "lifecycle.h"
#include "messagetable.h"
#include "threadtable.h"
#include "transaction.h"
#include "turnstart.h"

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::ChatMessage;
using domain::MessageStatus;
using domain::ThreadId;

namespace {

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

class TestChatEnds final : public ChatTest
{
    Q_OBJECT

private Q_SLOTS:
    void refusalOfTheBackend();
    void answerThatBreaksOff();
    void publisherIsLost();
    void publisherIsLostBehindTheEnd();
    void llmIsInactive();
    void llmIsGone();
    void backendFallsSilent();
    void answerThatIsTooLong();
    void secretInTheCause();
    void delayIsTold();
    void waitingTurnIsGivenUp();
    void serviceEndsInMidAnswer();
    void serviceEndsBehindTheEnd();
    void serverIsKilledInMidAnswer();
    void answerThatWasForgotten();
    void databaseIsAwayAtTheEnd();
    void databaseIsAwayAtTheBeginning();

private:
    /// Begins a turn and waits until the Llm has been asked.
    ThreadId begin(const QString &message, TurnRecorder &recorder);
    /// Waits until the turn has failed, and checks that what is stored says the same.
    ChatMessage failed(const ThreadId &thread, const TurnRecorder &recorder);
};

ThreadId TestChatEnds::begin(const QString &message, TurnRecorder &recorder)
{
    const auto turn = ask(says(message), recorder);
    if (!turn)
        qFatal("%s", qPrintable(turn.error().message));
    nextBody();
    return (*turn)->thread();
}

ChatMessage TestChatEnds::failed(const ThreadId &thread, const TurnRecorder &recorder)
{
    if (!waitFor(recorder) || !recorder.error)
        qFatal("The turn has not failed.");
    const ChatMessage row = stored(thread).last();
    if (row.status != MessageStatus::Error || row.error->code != recorder.error->code ||
        row.error->message != recorder.error->message || !row.finishedAt)
        qFatal("Something else is stored.");
    return row;
}

void TestChatEnds::refusalOfTheBackend()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->answer(m_task, 400, R"({"error":{"message":"context too long"}})");
    const ChatMessage row = failed(thread, recorder);
    QVERIFY(row.error->code == ErrorCode::BackendError);
    QCOMPARE(row.error->message, text("The backend answered with status 400: context too long"));
    QVERIFY(row.content.isEmpty());
    QVERIFY(recorder.texts.isEmpty());
}

void TestChatEnds::answerThatBreaksOff()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    answer(beginningOf("half"));
    const ChatMessage row = failed(thread, recorder);
    QVERIFY(row.error->code == ErrorCode::BackendError);
    QCOMPARE(row.content, text("half"));
    QCOMPARE(recorder.texts, QStringList{text("half")});
}

void TestChatEnds::publisherIsLost()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, beginningOf("half"));
    QTRY_VERIFY(!recorder.texts.isEmpty());
    m_publisher->breakOff();
    const ChatMessage row = failed(thread, recorder);
    QVERIFY(row.error->code == ErrorCode::PublisherLost);
    QCOMPARE(row.content, text("half"));
    QVERIFY(m_chat->isIdle());
}

void TestChatEnds::publisherIsLostBehindTheEnd()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, streamOf("Hello"));
    QTRY_VERIFY(!recorder.texts.isEmpty());
    m_publisher->breakOff();
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
    QCOMPARE(recorder.answer->content, text("Hello"));
    QVERIFY(recorder.answer->status == MessageStatus::Complete);
    QVERIFY(!recorder.answer->error);
    QVERIFY(stored(thread).last() == *recorder.answer);
}

void TestChatEnds::llmIsInactive()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    // Between the question whether it may be asked and the asking.
    domain::Llm llm = m_harness->llm(m_name);
    domain::deactivate(llm, domain::StatusReason::Offline, m_clock.wallNow());
    m_harness->registry.put(llm);
    m_harness->relay.llmChanged(llm.id);
    QVERIFY(failed(thread, recorder).error->code == ErrorCode::PublisherOffline);
    QCOMPARE(stored(thread).first().content, text("Hi"));
}

void TestChatEnds::llmIsGone()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    const LlmId llm = m_harness->llm(m_name).id;
    m_harness->registry.removeLlm(llm);
    m_harness->relay.llmChanged(llm);
    QVERIFY(failed(thread, recorder).error->code == ErrorCode::PublisherOffline);
}

void TestChatEnds::backendFallsSilent()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_clock.advance(600s);
    QVERIFY(failed(thread, recorder).error->code == ErrorCode::BackendTimeout);
    QVERIFY(m_publisher->next<channel::Cancel>());
}

void TestChatEnds::answerThatIsTooLong()
{
    makeChat({.maxAnswer = 1024});
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, beginningOf(QByteArray(500, 'x')).repeated(3));
    const ChatMessage row = failed(thread, recorder);
    QCOMPARE(row.error->message, text("The answer is longer than 1024 bytes."));
    QCOMPARE(row.content.size(), 1000);
    QVERIFY(m_publisher->next<channel::Cancel>());
}

void TestChatEnds::secretInTheCause()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->answer(m_task, 401, R"({"error":{"message":"bad key hk_0123456789abcdef0123456789abcdef"}})");
    QVERIFY(waitFor(recorder));
    QVERIFY(!stored(thread).last().error->message.contains(text("0123456789abcdef")));
}

void TestChatEnds::delayIsTold()
{
    QVERIFY(m_publisher->registerLlms({sleepingEntry(m_name)}));
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const auto wake = m_publisher->next<channel::Wake>();
    QVERIFY(wake);
    QCOMPARE(recorder.delays, 1);
    QVERIFY((*turn)->waitStatus());
    m_publisher->send(channel::WakeResult{.task = wake->task, .ok = true, .durationMs = 1});
    nextBody();
    QVERIFY(!(*turn)->waitStatus());
    answer(streamOf("Good morning"));
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
}

void TestChatEnds::waitingTurnIsGivenUp()
{
    QVERIFY(m_publisher->registerLlms({sleepingEntry(m_name)}));
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    QVERIFY(m_publisher->next<channel::Wake>());
    (*turn)->giveUp({ErrorCode::QueueTimeout, text("too long")});
    QVERIFY(failed(thread, recorder).error->code == ErrorCode::QueueTimeout);
    QCOMPARE(m_harness->relay.waiting(std::get<LlmId>(m_agent.pinnedTo)), 0);
}

void TestChatEnds::serviceEndsInMidAnswer()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, beginningOf("half"));
    QTRY_VERIFY(!recorder.texts.isEmpty());
    m_chat.reset();
    QVERIFY(!recorder.hasEnded());
    m_publisher.reset();
    m_harness.reset();
    const ChatMessage row = stored(thread).last();
    QVERIFY(row.status == MessageStatus::Error);
    QVERIFY(row.error->code == ErrorCode::ShuttingDown);
    QCOMPARE(row.content, text("half"));
}

void TestChatEnds::serviceEndsBehindTheEnd()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, streamOf("Hello"));
    QTRY_VERIFY(!recorder.texts.isEmpty());
    m_chat.reset();
    m_publisher.reset();
    m_harness.reset();
    const ChatMessage row = stored(thread).last();
    QVERIFY(row.status == MessageStatus::Complete);
    QCOMPARE(row.content, text("Hello"));
}

void TestChatEnds::serverIsKilledInMidAnswer()
{
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    // All that is left of a server that is killed is what the database held at that moment.
    QVERIFY(stored(thread).last().status == MessageStatus::Pending);
    const auto database = m_fixture->open();
    {
        auto transaction = storage::Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(chat::failInterrupted(*database, m_clock.wallNow() + 1h));
        QVERIFY(transaction->commit());
    }
    const ChatMessage row = stored(thread).last();
    QVERIFY(row.status == MessageStatus::Error);
    QVERIFY(row.error->code == ErrorCode::ShuttingDown);
    QVERIFY(row.finishedAt == m_clock.wallNow() + 1h);
    QVERIFY(stored(thread).first().status == MessageStatus::Complete);
    // What the dead server might still have said changes nothing.
    answer(streamOf("Hello"));
    QTRY_VERIFY(m_chat->isIdle());
    QVERIFY(stored(thread).last() == row);
}

void TestChatEnds::answerThatWasForgotten()
{
    const ThreadId thread = talk(says(text("1")), streamOf("2")).thread;
    ChatMessage forgotten;
    forgotten.thread = thread;
    forgotten.turn = 1;
    forgotten.role = domain::MessageRole::Assistant;
    forgotten.status = MessageStatus::Pending;
    {
        const auto database = m_fixture->open();
        auto transaction = storage::Transaction::begin(*database);
        QVERIFY(transaction);
        QVERIFY(storage::MessageTable(*database).insert(forgotten));
        QVERIFY(transaction->commit());
    }
    talk(says(text("3"), thread), streamOf("4"));
    const QList<ChatMessage> rows = stored(thread);
    QCOMPARE(rows.size(), 5);
    QVERIFY(rows[2].status == MessageStatus::Error);
    QCOMPARE(rows[3].turn, 2);
}

void TestChatEnds::databaseIsAwayAtTheEnd()
{
    makeChat({}, 300ms);
    TurnRecorder recorder;
    const ThreadId thread = begin(text("Hi"), recorder);
    {
        const WriteBlock block(*m_fixture, QStringLiteral("messages"));
        answer(streamOf("Hello"));
        QVERIFY(waitFor(recorder));
        QVERIFY(recorder.error);
        QVERIFY(recorder.error->code == ErrorCode::StorageUnavailable);
        QVERIFY(!m_chat->isIdle());
    }
    QTRY_VERIFY_WITH_TIMEOUT(m_harness->storage.available(), 5000);
    m_clock.advance(1s);
    QTRY_VERIFY(m_chat->isIdle());
    const ChatMessage row = stored(thread).last();
    QVERIFY(row.status == MessageStatus::Complete);
    QCOMPARE(row.content, text("Hello"));
}

void TestChatEnds::databaseIsAwayAtTheBeginning()
{
    makeChat({}, 300ms);
    TurnRecorder recorder;
    {
        const WriteBlock block(*m_fixture, QStringLiteral("threads"));
        QVERIFY(ask(says(text("Hi")), recorder));
        QVERIFY(waitFor(recorder));
    }
    QVERIFY(recorder.error);
    QVERIFY(recorder.error->code == ErrorCode::StorageUnavailable);
    QVERIFY(m_chat->isIdle());
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

QTEST_GUILESS_MAIN(TestChatEnds)
#include "tst_chatends.moc"
