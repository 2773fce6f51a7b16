// ChatTurn: one answer of an agent in a thread, from the first transaction to the last.
//
// Made and owned by ChatService. It stores the user's message and the pending answer, asks for an answer through the
// relay, puts the answer together as it comes, and stores how it has ended. Whoever listens may leave at any time: the
// turn goes on all the same, because the thread is to have its answer. Main thread only.

#pragma once

#include "agent.h"
#include "chatanswer.h"
#include "chatsettings.h"
#include "relay.h"
#include "storage.h"
#include "turnorder.h"

#include <QObject>

#include <memory>

namespace hearth::chat {

class ChatService;

/// Told how a turn goes. After turnEnded() or turnFailed() nothing is called any more, and the turn is gone. Never
/// called from inside ChatService::ask().
class TurnListener
{
public:
    virtual ~TurnListener() = default;

    /// The answer has to be waited for: an Llm is being woken, or all are busy.
    virtual void turnDelayed() = 0;
    virtual void turnText(const QString &delta) = 0;
    /// The answer is complete and stored.
    virtual void turnEnded(const domain::ChatMessage &answer) = 0;
    /// There is no complete answer; what has come of it is stored with the cause.
    virtual void turnFailed(const Error &error) = 0;
};

/// Everything in it outlives the service and its turns.
struct ChatContext
{
    relay::Relay &relay;
    storage::Storage &storage;
    Clock &clock;
};

class ChatTurn final : public QObject, private relay::ResponseSink
{
    Q_OBJECT

public:
    ChatTurn(ChatService &service, domain::Agent agent, domain::Principal principal, QJsonObject params,
             TurnOrder order, TurnListener &listener);
    /// A turn that is not over is stored as failed: the server stops.
    ~ChatTurn() override;

    /// To be called once, first.
    void begin();

    const domain::ThreadId &thread() const { return m_order.thread; }

    const QString &owner() const { return m_order.owner; }

    /// What it waits for; nothing while it does not wait.
    std::optional<relay::WaitStatus> waitStatus() const;

    /// The listener hears nothing any more; the turn goes on.
    void leave() { m_listener = nullptr; }

    /// Ends a turn that is waiting: it fails with `error`.
    void giveUp(const Error &error);

private:
    void begun(const Result<TurnStart> &start);
    Result<void> ask(const TurnStart &start);
    void passTextOn();
    void complete();
    /// An answer that is done is complete all the same.
    void fail(const Error &error);
    /// Stores how the answer has ended, and tries again until that is done.
    void store();
    void stored(const Result<void> &outcome);
    /// Nothing follows; destroys the turn.
    void finish(const std::optional<Error> &error);

    void answerDelayed() override;
    void answerHead(int status, const HttpFields &fields) override;
    void answerBody(QByteArrayView piece) override;
    void answerEnded() override;
    void answerFailed(const Error &error) override;

    ChatService &m_service;
    const domain::Agent m_agent;
    const domain::Principal m_principal;
    const QJsonObject m_params;
    const TurnOrder m_order;
    /// Null once it has left.
    TurnListener *m_listener;
    /// The row of the answer, once it is stored.
    std::optional<domain::ChatMessage> m_row;
    ChatAnswer m_answer;
    /// Present while the relay works on the answer.
    std::unique_ptr<relay::RelayTask> m_task;
    /// Why the answer has failed.
    std::optional<Error> m_failure;
    /// As it was set when the turn began.
    const Duration m_storeRetry;
    Timer m_storeTimer;
};

} // namespace hearth::chat
