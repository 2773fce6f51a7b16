// Session: what a publisher does on one control channel, from the server's hello to the end of the channel.
//
// Publisher makes one for each channel and destroys it with the channel; with it go all connections to backends, so
// nothing of a lost channel is left when the next one registers. It registers, sends heartbeats, hands tasks to its
// TaskTable, and ends the channel of a server that breaks the rules. Publisher's thread.

#pragma once

#include "connectionfacts.h"
#include "handshake.h"
#include "reconnectpolicy.h"
#include "registration.h"
#include "roundtrip.h"
#include "tasktable.h"

namespace hearth::publisher {

class SessionObserver
{
public:
    virtual ~SessionObserver() = default;

    /// The server has answered a register.
    virtual void sessionRegistered(const channel::Registered &answer) = 0;
    /// A request or a wake task has ended while nothing new is taken. Must not destroy the session.
    virtual void sessionDrains() = 0;
    /// The channel is gone. Called once and last; destroys the session.
    virtual void sessionEnded(const ChannelLoss &loss) = 0;
};

class Session final : private channel::ChannelListener
{
public:
    Session(Handshake::Greeting greeting, const SessionContext &context, SessionObserver &observer);
    Session(const Session &) = delete;
    Session &operator=(const Session &) = delete;

    /// Backends have been asked: offers the Llms and agents when the server has not been offered all of this, else
    /// tells it their states.
    void statesKnown(const ProviderSessionId &session);
    /// What is reported of an Llm has changed.
    void statesChanged();

    /// Something is no longer published: as statesKnown(), but without waiting for backends that are new, unless
    /// nothing has been offered yet.
    void withdrawn(const ProviderSessionId &session);
    /// Asks the server for a sign of life, and ends the channel when none comes in time. Before the server has answered
    /// a register that is what it is asked for anyway.
    void makeSure();

    /// The roster or the settings have changed; statesKnown() is to follow.
    void rosterChanged() { m_tasks.rosterChanged(); }

    /// Ends this request as its owner wants it.
    void cancelRequest(TaskId task) { m_tasks.cancelRequest(task); }

    std::vector<RequestFacts> requests() const { return m_tasks.requests(); }

    TaskCounts taskCounts() const { return m_tasks.counts(); }

    /// Nothing before the server has answered a register.
    const std::optional<ConnectionFacts> &facts() const { return m_facts; }

    /// Ends all tasks and the channel; `gone` as for Channel::closeThen(). The observer hears nothing.
    void stop(std::function<void()> gone);

private:
    void messageReceived(const channel::Message &message) override;
    void bodyReceived(TaskId task, QByteArrayView payload) override;

    void writable() override { m_tasks.channelWritable(); }

    void closed(const channel::CloseReason &reason) override;

    void handle(const channel::Registered &answer);
    void handle(const channel::HeartbeatAck &);
    void handle(const channel::Goodbye &goodbye);
    void handle(const channel::ErrorNotice &notice);

    /// Everything else either needs no answer or is not for publishers.
    template <typename Other>
    void handle(const Other &)
    {}

    void sendHeartbeat();
    void requestEnded(const PublishedLlm &llm);
    void tellDrain();
    void leaveWhenIdle();
    void leave();
    void enforce(const Result<void> &result);
    void end(channel::CloseCode code, const QString &text);

    const SessionContext &m_context;
    SessionObserver &m_observer;
    std::unique_ptr<channel::Channel> m_channel;
    const QString m_serverVersion;
    const Duration m_heartbeatInterval;
    Timer m_heartbeatTimer;
    Timer m_leaveTimer;
    /// Runs while the server owes a sign of life.
    Timer m_lifeTimer;
    Registration m_registration;
    TaskTable m_tasks;
    RoundTrip m_roundTrip;
    /// Answers to heartbeats that are to come while m_lifeTimer runs; those to earlier ones prove nothing.
    quint64 m_awaitedAcks = 0;
    /// Present once the server has answered a register: it takes heartbeats from then on.
    std::optional<ConnectionFacts> m_facts;
    /// A state has changed since the register in which the server was told the states.
    bool m_hasNews = false;
    bool m_saidGoodbye = false;
};

} // namespace hearth::publisher
