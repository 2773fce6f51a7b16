#include "chattest.h"

#include "domainrows.h"
#include "messagetable.h"
#include "threadtable.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hearth::testsupport {

using domain::ChatMessage;
using domain::ThreadId;

void ChatTest::init()
{
    ControlTest::init();
    if (!QTest::currentTestFailed())
        makeChat();
}

void ChatTest::cleanup()
{
    m_publisher.reset();
    m_chat.reset();
    ControlTest::cleanup();
}

void ChatTest::makeChat(const chat::ChatSettings &settings, Duration statementTimeout)
{
    m_publisher.reset();
    m_chat.reset();
    makeHarness({}, statementTimeout);
    m_publisher = m_harness->publish({entry(m_name)});
    m_chat =
        std::make_unique<chat::ChatService>(chat::ChatContext{m_harness->relay, m_harness->storage, m_clock}, settings);
    m_agent = publicAgent(QStringLiteral("coder"), m_harness->llm(m_name), m_clock.wallNow());
    m_agent.systemPrompt = QStringLiteral("Be brief.");
    if (!m_harness->registry.findAgent(m_agent.name))
        m_harness->add(m_agent);
}

Result<chat::ChatTurn *> ChatTest::ask(const chat::ChatRequest &request, TurnRecorder &recorder)
{
    return m_chat->ask(m_agent, request, recorder);
}

chat::ChatRequest ChatTest::says(const QString &message, const ThreadId &thread)
{
    return {.principal = caller(), .thread = thread, .message = message, .toolResults = {}, .params = {}};
}

chat::ChatRequest ChatTest::results(const QList<chat::ToolResult> &results, const ThreadId &thread)
{
    return {.principal = caller(), .thread = thread, .message = {}, .toolResults = results, .params = {}};
}

QJsonObject ChatTest::nextBody()
{
    const auto infer = m_publisher->next<channel::Infer>();
    if (!infer || !QTest::qWaitFor([&] { return m_publisher->body(infer->task).size() == infer->size; }))
        return {};
    m_task = infer->task;
    return QJsonDocument::fromJson(m_publisher->body(m_task)).object();
}

void ChatTest::answer(const QByteArray &stream)
{
    m_publisher->send(channel::ResponseHead{m_task, 200, {{"content-type", "text/event-stream"}}});
    m_publisher->sendBody(m_task, stream);
    m_publisher->send(channel::ResponseEnd{m_task});
}

ChatMessage ChatTest::talk(const chat::ChatRequest &request, const QByteArray &stream)
{
    TurnRecorder recorder;
    const auto turn = ask(request, recorder);
    if (!turn)
        qFatal("%s", qPrintable(turn.error().message));
    if (!QTest::qWaitFor([&] { return recorder.error || m_publisher->count<channel::Infer>() > 0; }) || recorder.error)
        qFatal("%s", recorder.error ? qPrintable(recorder.error->message) : "The Llm was not asked.");
    nextBody();
    answer(stream);
    if (!waitFor(recorder) || !recorder.answer)
        qFatal("%s", recorder.error ? qPrintable(recorder.error->message) : "The turn does not end.");
    return *recorder.answer;
}

ChatMessage ChatTest::talkInVain(const chat::ChatRequest &request, const QByteArray &stream)
{
    TurnRecorder recorder;
    const auto turn = ask(request, recorder);
    if (!turn)
        qFatal("%s", qPrintable(turn.error().message));
    const ThreadId thread = (*turn)->thread();
    nextBody();
    answer(stream);
    if (!waitFor(recorder) || !recorder.error)
        qFatal("The answer has not failed.");
    return stored(thread).last();
}

Error ChatTest::refusal(const chat::ChatRequest &request)
{
    TurnRecorder recorder;
    const auto turn = ask(request, recorder);
    if (!turn)
        return turn.error();
    if (!waitFor(recorder) || !recorder.error)
        qFatal("The request was not refused.");
    return *recorder.error;
}

bool ChatTest::waitFor(const TurnRecorder &recorder)
{
    return QTest::qWaitFor([&recorder] { return recorder.hasEnded(); });
}

QList<ChatMessage> ChatTest::stored(const ThreadId &thread) const
{
    return read<QList<ChatMessage>>(
        [&thread](storage::Database &database) { return storage::MessageTable(database).page(thread, {}, 1000); });
}

domain::ChatThread ChatTest::onlyThread() const
{
    const auto threads = read<QList<domain::ChatThread>>([](storage::Database &database) {
        return storage::ThreadTable(database).page({.owner = QStringLiteral("alice"),
                                                    .agentName = QStringLiteral("coder"),
                                                    .agentOwner = {},
                                                    .before = {},
                                                    .count = 2});
    });
    if (threads.size() != 1)
        qFatal("There are %d threads.", static_cast<int>(threads.size()));
    return threads.first();
}

QByteArray streamOf(const QByteArray &text)
{
    return beginningOf(text) + R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})" +
           "\n\n"
           R"(data: {"choices":[],"usage":{"total_tokens":5}})" +
           "\n\ndata: [DONE]\n\n";
}

QByteArray beginningOf(const QByteArray &text)
{
    return R"(data: {"choices":[{"index":0,"delta":{"content":")" + text + "\"}}]}\n\n";
}

QByteArray streamWithCalls(const QByteArrayList &ids)
{
    QByteArray stream;
    for (qsizetype i = 0; i < ids.size(); ++i) {
        stream += R"(data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":)" + QByteArray::number(i) +
                  R"(,"id":")" + ids[i] + R"(","function":{"name":"f","arguments":"{}"}}]}}]})" + "\n\n";
    }
    return stream + R"(data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})" +
           "\n\ndata: [DONE]\n\n";
}

QStringList messagesIn(const QJsonObject &body)
{
    QStringList messages;
    for (const QJsonValue &message : body[QLatin1String("messages")].toArray())
        messages.append(message[QLatin1String("role")].toString() + QLatin1String(": ") +
                        message[QLatin1String("content")].toString());
    return messages;
}

} // namespace hearth::testsupport
