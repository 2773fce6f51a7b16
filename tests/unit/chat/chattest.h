// ChatTest: what the tests of the chat room share: a server with an agent, the publisher of its Llm, and callers that
// write down what they are told. Each test function runs on each engine.
//
// For the thread of the test.

#pragma once

#include "chatservice.h"
#include "controltest.h"

namespace hearth::testsupport {

/// A caller of the chat room.
class TurnRecorder final : public chat::TurnListener
{
public:
    int delays = 0;
    QStringList texts;
    std::optional<domain::ChatMessage> answer;
    std::optional<Error> error;

    bool hasEnded() const { return answer || error; }

    void turnDelayed() override { ++delays; }

    void turnText(const QString &delta) override { texts.append(delta); }

    void turnEnded(const domain::ChatMessage &message) override { answer = message; }

    void turnFailed(const Error &failure) override { error = failure; }
};

class ChatTest : public ControlTest
{
    Q_OBJECT

protected Q_SLOTS:
    void init() override;
    void cleanup();

protected:
    /// The server and the service anew on the same database, with an active Llm `m` and the agent `coder`.
    void makeChat(const chat::ChatSettings &settings = {}, Duration statementTimeout = std::chrono::seconds(5));

    Result<chat::ChatTurn *> ask(const chat::ChatRequest &request, TurnRecorder &recorder);
    /// A request of alice's; without a thread it begins one.
    static chat::ChatRequest says(const QString &message, const domain::ThreadId &thread = {});
    static chat::ChatRequest results(const QList<chat::ToolResult> &results, const domain::ThreadId &thread);

    /// Waits for the next task at the publisher; the body of its request.
    QJsonObject nextBody();
    /// Answers the task whose body nextBody() gave last, with a stream.
    void answer(const QByteArray &stream);
    /// A whole turn; its answer, which must be complete.
    domain::ChatMessage talk(const chat::ChatRequest &request, const QByteArray &stream);
    /// A whole turn with an answer that fails; what is stored of that answer.
    domain::ChatMessage talkInVain(const chat::ChatRequest &request, const QByteArray &stream);
    /// Why this request gets no answer, which it must not.
    Error refusal(const chat::ChatRequest &request);
    /// Waits until the caller has been told the end.
    static bool waitFor(const TurnRecorder &recorder);

    QList<domain::ChatMessage> stored(const domain::ThreadId &thread) const;
    /// The only thread there is.
    domain::ChatThread onlyThread() const;

    /// Rows read over a connection of the test's own, while the server works.
    template <typename T>
    T read(const std::function<Result<T>(storage::Database &)> &query) const
    {
        const auto database = m_fixture->open();
        return query(*database).value();
    }

    domain::Agent m_agent;
    std::unique_ptr<chat::ChatService> m_chat;
    std::unique_ptr<FakePublisher> m_publisher;
    /// The task whose body nextBody() gave last.
    TaskId m_task{};
};

/// A stream that says `text` and ends well.
QByteArray streamOf(const QByteArray &text);
/// The beginning of such a stream.
QByteArray beginningOf(const QByteArray &text);
/// A stream that asks for the tool `f` under these ids.
QByteArray streamWithCalls(const QByteArrayList &ids);

/// `role: content` of each message in a request.
QStringList messagesIn(const QJsonObject &body);

} // namespace hearth::testsupport
