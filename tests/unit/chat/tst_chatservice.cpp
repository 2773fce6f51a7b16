// Turns that go as they should, and those that may not begin: what is stored, what the Llm is sent, tools, and one turn
// at a time in a thread.

#include "chattest.h"

#include <QJsonArray>

using namespace hearth;
using namespace hearth::testsupport;
using namespace std::chrono_literals;
using domain::ChatMessage;
using domain::MessageRole;
using domain::MessageStatus;
using domain::ThreadId;

namespace {

QString text(const char *utf8)
{
    return QString::fromUtf8(utf8);
}

} // namespace

class TestChatService final : public ChatTest
{
    Q_OBJECT

private Q_SLOTS:
    void messageIsStoredBeforeTheLlmIsAsked();
    void answerIsToldAndStored();
    void usageIsAskedForWhereTheBackendKnowsHow_data();
    void usageIsAskedForWhereTheBackendKnowsHow();
    void answerThatIsNoStream();
    void earlierTurnsAreSentAlong();
    void failedTurnsInTheHistory();
    void textThatCannotBeStored();
    void listenerLeaves();
    void oneTurnAtATime();
    void threadsDoNotWaitForEachOther();
    void toolsAreCalled();
    void resultsThatDoNotFit_data();
    void resultsThatDoNotFit();
    void messageWhileCallsAreOpen();
    void strangersFindNoThread();
    void threadOfAnotherAgent();
    void agentReturns();
    void inactiveAgent();
    void serverThatStops();
};

void TestChatService::messageIsStoredBeforeTheLlmIsAsked()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hello, who are you?")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    QCOMPARE(messagesIn(nextBody()), (QStringList{text("system: Be brief."), text("user: Hello, who are you?")}));
    const QList<ChatMessage> rows = stored(thread);
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0].role == MessageRole::User && rows[0].status == MessageStatus::Complete);
    QCOMPARE(rows[0].content, text("Hello, who are you?"));
    QVERIFY(rows[1].role == MessageRole::Assistant && rows[1].status == MessageStatus::Pending);
    const domain::ChatThread row = onlyThread();
    QVERIFY(row.id == thread);
    QCOMPARE(row.title, text("Hello, who are you?"));
    QVERIFY(row.agentId == m_agent.id);
    QCOMPARE(row.agentName, m_agent.name);
    QVERIFY(row.createdAt == m_clock.wallNow());
}

void TestChatService::answerIsToldAndStored()
{
    TurnRecorder recorder;
    chat::ChatRequest request = says(text("Hi"));
    request.params = {{text("temperature"), 0.5}};
    const auto turn = ask(request, recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    const QJsonObject body = nextBody();
    QCOMPARE(body[QLatin1String("temperature")].toDouble(), 0.5);
    QCOMPARE(body[QLatin1String("model")].toString(), m_name);
    QCOMPARE(body[QLatin1String("stream")].toBool(), true);
    m_clock.advance(3s);
    answer(beginningOf("Good ") + streamOf("day"));
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
    QCOMPARE(recorder.texts.join(QString()), text("Good day"));
    QVERIFY(m_chat->isIdle());

    const ChatMessage answer = stored(thread).last();
    QVERIFY(answer == *recorder.answer);
    QCOMPARE(answer.content, text("Good day"));
    QVERIFY(answer.status == MessageStatus::Complete);
    QCOMPARE(answer.finishReason, text("stop"));
    QCOMPARE(answer.usage, (QJsonObject{{text("total_tokens"), 5}}));
    QVERIFY(answer.createdAt == m_clock.wallNow() - 3s);
    QVERIFY(answer.finishedAt == m_clock.wallNow());
    QVERIFY(onlyThread().updatedAt == m_clock.wallNow());
}

void TestChatService::usageIsAskedForWhereTheBackendKnowsHow_data()
{
    QTest::addColumn<bool>("knows");
    QTest::newRow("it does") << true;
    QTest::newRow("it does not") << false;
}

void TestChatService::usageIsAskedForWhereTheBackendKnowsHow()
{
    QFETCH(bool, knows);
    channel::LlmEntry llm = entry(m_name);
    llm.streamUsage = knows;
    QVERIFY(m_publisher->registerLlms({llm}));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("Hi")), recorder));
    const QJsonObject options = nextBody()[QLatin1String("stream_options")].toObject();
    QCOMPARE(options[QLatin1String("include_usage")].toBool(), knows);
    answer(R"(data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}})"
           "\n\n" +
           streamOf("Hello"));
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
    QVERIFY(recorder.answer->usage);
}

void TestChatService::answerThatIsNoStream()
{
    TurnRecorder recorder;
    QVERIFY(ask(says(text("Hi")), recorder));
    nextBody();
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "application/json"}}});
    m_publisher->sendBody(m_task, R"({"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]})");
    m_publisher->send(channel::ResponseEnd{m_task});
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
    QCOMPARE(recorder.answer->content, text("Hello"));
    QCOMPARE(recorder.texts, QStringList{text("Hello")});
}

void TestChatService::earlierTurnsAreSentAlong()
{
    const ThreadId thread = talk(says(text("1")), streamOf("2")).thread;
    talk(says(text("3"), thread), streamOf("4"));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("5"), thread), recorder));
    QCOMPARE(messagesIn(nextBody()), (QStringList{text("system: Be brief."), text("user: 1"), text("assistant: 2"),
                                                  text("user: 3"), text("assistant: 4"), text("user: 5")}));
    answer(streamOf("6"));
    QVERIFY(waitFor(recorder));
    QCOMPARE(recorder.answer->turn, 2);
    QCOMPARE(recorder.answer->position, 1);
    QCOMPARE(onlyThread().title, text("1"));
}

void TestChatService::failedTurnsInTheHistory()
{
    const ThreadId thread = talk(says(text("1")), streamOf("2")).thread;
    talkInVain(says(text("nothing came"), thread), "data: {\"error\":\"oops\"}\n\n");
    talkInVain(says(text("3"), thread), beginningOf("half"));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("4"), thread), recorder));
    QCOMPARE(messagesIn(nextBody()), (QStringList{text("system: Be brief."), text("user: 1"), text("assistant: 2"),
                                                  text("user: 3"), text("assistant: half"), text("user: 4")}));
}

void TestChatService::textThatCannotBeStored()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("a") + QChar(u'\0') + QChar(0xD83D)), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    QCOMPARE(messagesIn(nextBody()).last(), text("user: a\xEF\xBF\xBD\xEF\xBF\xBD"));
    answer(streamOf("b\\u0000\\ud83d"));
    QVERIFY(waitFor(recorder));
    QVERIFY(recorder.answer);
    QCOMPARE(recorder.answer->content, text("b\xEF\xBF\xBD\xEF\xBF\xBD"));
    QVERIFY(stored(thread).last() == *recorder.answer);
}

void TestChatService::listenerLeaves()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    nextBody();
    (*turn)->leave();
    answer(streamOf("Hello"));
    QTRY_VERIFY(m_chat->isIdle());
    QVERIFY(recorder.texts.isEmpty() && !recorder.hasEnded());
    QCOMPARE(stored(thread).last().content, text("Hello"));
    QVERIFY(stored(thread).last().status == MessageStatus::Complete);
    QCOMPARE(m_publisher->count<channel::Cancel>(), 0);
}

void TestChatService::oneTurnAtATime()
{
    TurnRecorder first;
    const auto turn = ask(says(text("first")), first);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    // From the very beginning, and as long as the answer is not stored.
    for (int i = 0; i < 2; ++i) {
        const Error error = refusal(says(text("second"), thread));
        QVERIFY(error.code == ErrorCode::Conflict);
        QCOMPARE(error.message, text("A message is being answered in this thread; wait for it."));
        if (i == 0)
            nextBody();
    }
    answer(streamOf("1"));
    QVERIFY(waitFor(first));
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
    talk(says(text("third"), thread), streamOf("3"));
    QStringList contents;
    for (const ChatMessage &message : stored(thread))
        contents.append(message.content);
    QCOMPARE(contents, (QStringList{text("first"), text("1"), text("third"), text("3")}));
}

void TestChatService::threadsDoNotWaitForEachOther()
{
    TurnRecorder first;
    TurnRecorder second;
    const auto one = ask(says(text("first")), first);
    const auto two = ask(says(text("second")), second);
    QVERIFY(one && two);
    QVERIFY((*one)->thread() != (*two)->thread());
    nextBody();
    nextBody();
    answer(streamOf("2"));
    QVERIFY(waitFor(second));
    QVERIFY(!first.hasEnded());
}

void TestChatService::toolsAreCalled()
{
    const ChatMessage asking = talk(says(text("What is the weather?")), streamWithCalls({"c1", "c2"}));
    QCOMPARE(asking.toolCalls.size(), 2);
    QCOMPARE(asking.toolCalls[1].id, text("c2"));
    TurnRecorder recorder;
    QVERIFY(ask(results({{text("c2"), text("sunny")}, {text("c1"), text("cold")}}, asking.thread), recorder));
    const QJsonObject body = nextBody();
    QCOMPARE(messagesIn(body), (QStringList{text("system: Be brief."), text("user: What is the weather?"),
                                            text("assistant: "), text("tool: sunny"), text("tool: cold")}));
    const QJsonArray messages = body[QLatin1String("messages")].toArray();
    QCOMPARE(messages[2][QLatin1String("tool_calls")].toArray().size(), 2);
    QCOMPARE(messages[3][QLatin1String("tool_call_id")].toString(), text("c2"));
    answer(streamOf("Fine"));
    QVERIFY(waitFor(recorder));
    QCOMPARE(recorder.answer->turn, 0);
    QCOMPARE(recorder.answer->position, 4);

    // The whole turn is history for the next.
    TurnRecorder next;
    QVERIFY(ask(says(text("Thanks"), asking.thread), next));
    QCOMPARE(messagesIn(nextBody()).size(), 7);
}

void TestChatService::resultsThatDoNotFit_data()
{
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("unknown") << QStringList{text("c1"), text("c2"), text("c3")};
    QTest::newRow("missing") << QStringList{text("c1")};
    QTest::newRow("twice") << QStringList{text("c1"), text("c1")};
}

void TestChatService::resultsThatDoNotFit()
{
    QFETCH(QStringList, ids);
    const ThreadId thread = talk(says(text("?")), streamWithCalls({"c1", "c2"})).thread;
    QList<chat::ToolResult> given;
    for (const QString &id : ids)
        given.append({id, text("x")});
    const Error error = refusal(results(given, thread));
    QVERIFY(error.code == ErrorCode::InvalidRequest);
    QCOMPARE(error.param, text("toolResults"));
    QCOMPARE(stored(thread).size(), 2);
    // The calls are still open.
    talk(results({{text("c1"), {}}, {text("c2"), {}}}, thread), streamOf("ok"));
    QVERIFY(refusal(results({{text("c1"), {}}, {text("c2"), {}}}, thread)).code == ErrorCode::InvalidRequest);
}

void TestChatService::messageWhileCallsAreOpen()
{
    const ThreadId thread = talk(says(text("?")), streamWithCalls({"c1"})).thread;
    const Error error = refusal(says(text("Well?"), thread));
    QVERIFY(error.code == ErrorCode::Conflict);
    QVERIFY2(error.message.contains(text("toolResults")) && error.message.contains(text("c1")),
             qPrintable(error.message));
    QCOMPARE(stored(thread).size(), 2);
}

void TestChatService::strangersFindNoThread()
{
    TurnRecorder recorder;
    const auto turn = ask(says(text("Hi")), recorder);
    QVERIFY(turn);
    const ThreadId thread = (*turn)->thread();
    chat::ChatRequest foreign = says(text("Hi"), thread);
    foreign.principal = caller(text("bob"));
    QVERIFY(refusal(foreign).code == ErrorCode::NotFound);
    nextBody();
    answer(streamOf("Hello"));
    QVERIFY(waitFor(recorder));
    QVERIFY(refusal(foreign).code == ErrorCode::NotFound);
    QVERIFY(refusal(says(text("Hi"), ThreadId(text("nowhere")))).code == ErrorCode::NotFound);
    QCOMPARE(stored(thread).size(), 2);
}

void TestChatService::threadOfAnotherAgent()
{
    const ThreadId thread = talk(says(text("Hi")), streamOf("Hello")).thread;
    const domain::Agent coder = m_agent;
    m_agent.name = QStringLiteral("writer");
    QVERIFY(refusal(says(text("Hi"), thread)).code == ErrorCode::InvalidRequest);
    // The same name, but somebody else's box: it must not see the conversation.
    m_agent = coder;
    m_agent.owner = QStringLiteral("bob");
    QVERIFY(refusal(says(text("Hi"), thread)).code == ErrorCode::InvalidRequest);
    QCOMPARE(m_publisher->count<channel::Infer>(), 0);
}

void TestChatService::agentReturns()
{
    const ThreadId thread = talk(says(text("1")), streamOf("2")).thread;
    m_agent.id = AgentId(QStringLiteral("another-row"));
    TurnRecorder recorder;
    QVERIFY(ask(says(text("3"), thread), recorder));
    QCOMPARE(messagesIn(nextBody()).size(), 4);
    QVERIFY(onlyThread().agentId == m_agent.id);
}

void TestChatService::inactiveAgent()
{
    m_agent.status = domain::LlmStatus::Inactive;
    const Error error = refusal(says(text("Hi")));
    QVERIFY(error.code == ErrorCode::PublisherOffline);
    QCOMPARE(error.message, text("Agent 'coder' is inactive; publisher offline"));
}

void TestChatService::serverThatStops()
{
    m_harness->relay.beginShutdown();
    QVERIFY(refusal(says(text("Hi"))).code == ErrorCode::ShuttingDown);
}

QTEST_GUILESS_MAIN(TestChatService)
#include "tst_chatservice.moc"
