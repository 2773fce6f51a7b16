// ChatService: the turns that are being answered in chat threads.
//
// The api asks it on behalf of an authenticated caller. It owns the turns, so that an answer is finished and stored
// when the caller has gone, and sees to it that each thread has one at a time. It does not know HTTP. Main thread only.

#pragma once

#include "chatturn.h"

#include <unordered_map>

namespace hearth::chat {

struct ChatRequest
{
    /// Whose thread it is, and on whose account the answer is.
    domain::Principal principal;
    /// Empty: a new thread.
    domain::ThreadId thread;
    /// What the user says, or what the tools have said: one of the two.
    QString message;
    QList<ToolResult> toolResults;
    /// Over the agent's own; without those that domain::reservedParam() finds.
    QJsonObject params;
};

class ChatService : public QObject
{
    Q_OBJECT

public:
    ChatService(ChatContext context, ChatSettings settings, QObject *parent = nullptr);
    /// Answers that are not complete are stored as failed.
    ~ChatService() override;

    /// Begins a turn with `agent`, which `listener` is told about until it leaves. The turn is the service's, and gone
    /// when the listener has been told its end. Errors, with nothing stored: PublisherOffline (the agent is inactive),
    /// NotFound and Conflict (somebody else's thread, or the owner's, is at work), Overloaded, and those of
    /// Relay::admit(). Others are told to the listener.
    Result<ChatTurn *> ask(const domain::Agent &agent, const ChatRequest &request, TurnListener &listener);

    /// The owner of a thread in which a message is being answered, or null.
    const QString *ownerAtWork(const domain::ThreadId &thread) const;

    bool isIdle() const { return m_turns.empty(); }

    const ChatContext &context() const { return m_context; }

    /// For the turns that begin from now on.
    void setSettings(const ChatSettings &settings) { m_settings = settings; }

    const ChatSettings &settings() const { return m_settings; }

Q_SIGNALS:
    /// The last turn is over.
    void idle();

private:
    friend class ChatTurn;

    /// Overloaded when the server, or this owner, has as many turns at work as it may.
    Result<void> checkRoom(const QString &owner) const;
    /// Hands over a turn that is over.
    std::unique_ptr<ChatTurn> release(const ChatTurn &turn);

    const ChatContext m_context;
    ChatSettings m_settings;
    std::unordered_map<QString, std::unique_ptr<ChatTurn>> m_turns;
};

} // namespace hearth::chat
