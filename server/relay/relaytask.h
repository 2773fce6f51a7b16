// RelayTask: one relayed request from its acceptance to its end.
//
// Made by Relay::submit() for a controller of the api, which keeps it for as long as it wants the answer: destroying it
// cancels, in every state. It waits for a slot, dispatches, forwards the answer to its sink and keeps the deadlines of
// the backend. As long as nothing of an answer has come, a request whose Llm cannot serve it goes back to waiting: for
// another member of its pool, for the publisher to come back, or for the backend to be woken. Main thread only.

#pragma once

#include "answermeter.h"
#include "clock.h"
#include "keyring.h"
#include "keyuse.h"
#include "relaysettings.h"
#include "requesttally.h"
#include "tasktarget.h"
#include "waitstatus.h"

#include <memory>
#include <variant>

namespace hearth::relay {

class Relay;

/// Where an answer goes. After ended() or failed() nothing is called any more; the sink may destroy the task in any
/// call.
class ResponseSink
{
public:
    virtual ~ResponseSink() = default;

    /// The request was with an Llm already that could not serve it, and waits again, be it for a moment.
    virtual void answerDelayed() = 0;
    virtual void answerHead(int status, const HttpFields &fields) = 0;
    /// The sink reports through RelayTask::consumed() when these bytes have left.
    virtual void answerBody(QByteArrayView piece) = 0;
    virtual void answerEnded() = 0;
    virtual void answerFailed(const Error &error) = 0;
};

/// What the scheduler is asked for a request of this caller.
scheduling::Request schedulingRequest(const domain::Destination &destination, const domain::Principal &principal);

class RelayTask final : private TaskObserver
{
public:
    RelayTask(Relay &relay, const domain::Destination &destination, InferRequest request,
              const domain::Principal &principal, ResponseSink &sink);
    ~RelayTask() override;
    RelayTask(const RelayTask &) = delete;
    RelayTask &operator=(const RelayTask &) = delete;

    /// `bytes` of the answer have left for the client: the backend may send as many more.
    void consumed(qint64 bytes);
    /// Ends the request as failed for this reason. The sink is not told: it knows.
    void giveUp(const Error &reason);

    /// It waits for a slot, or for an Llm to be woken.
    bool isWaiting() const { return std::holds_alternative<Waiting>(m_state); }

    /// What it waits for; nothing while it does not wait.
    std::optional<WaitStatus> waitStatus() const;

    /// The name of the Llm that it was sent to last; empty before.
    const QString &servedBy() const { return m_tally.llm(); }

    /// How long it has waited in all.
    Duration queuedFor() const { return m_tally.queued(); }

private:
    friend class Relay;

    /// In the queue. Next: Dispatched when a slot is granted, Ended when it is refused.
    struct Waiting
    {
        scheduling::Ticket ticket;
    };

    /// At the publisher or the public backend. Next: Ended, or Waiting when it has to be tried again.
    struct Dispatched
    {
        TaskTarget *target;
        TaskId task;
    };

    struct Ended
    {};

    /// What the sink gets, and what is read from it on the way.
    struct Answer
    {
        metering::AnswerMeter meter;
        /// Null once the sink is not to be told any more: it may say so while a piece is being handed on.
        ResponseSink *sink;
    };

    /// Counts the request in, and lets it wait or sends it. To be called once, first. Errors: those of Relay::submit().
    Result<void> begin();
    Result<void> enter();
    /// `waited`: as scheduling::Granted tells it.
    void granted(const domain::Llm &llm, TaskTarget &target, Slot slot, Duration waited);
    void refused(const Error &error);
    bool hasAttemptsLeft() const;
    /// Whether another attempt may help after this failure; the request is prepared for it.
    bool mayTryAgain(const Error &error);
    /// The same after an answer that says that the backend cannot serve now.
    bool mayTryElsewhere(int status);
    void tryAgain();
    /// Whether its backend sleeps, and not for good.
    bool canBeWoken() const;
    void report(scheduling::MemberOutcome outcome);
    void timedOut();
    /// Leaves the queue, or the backend.
    void withdraw();
    /// Hands on what was held back. False when the sink has destroyed the task meanwhile.
    bool flush();
    void fail(Error error);
    /// The request is over: those who count are told.
    void conclude(Outcome outcome, std::optional<ErrorCode> error = std::nullopt);
    /// What an error makes of it now.
    Outcome failure() const;
    /// The backend has told an error behind the head of its answer.
    bool hasFailedInStream() const;

    void taskHead(int status, const HttpFields &fields) override;
    void taskBody(QByteArrayView piece) override;
    void taskEnded() override;
    void taskFailed(const Error &error) override;

    Relay &m_relay;
    /// Those that held when it was submitted.
    const RelaySettings m_settings;
    InferRequest m_request;
    const domain::Principal m_principal;
    ResponseSink &m_sink;
    /// What the scheduler is asked.
    scheduling::Request m_wanted;
    std::variant<Ended, Waiting, Dispatched> m_state;
    RequestTally m_tally;
    /// Present while the request is not over. Its slots have it too, and may keep it for longer.
    std::shared_ptr<const KeyUse> m_keyUse;
    /// Where it was sent last.
    LlmId m_llm;
    /// It was asked for a usage chunk that the client is not to see.
    bool m_hidesUsage = false;
    /// Present once the backend has begun to answer.
    std::shared_ptr<Answer> m_answer;
    /// Why the last attempt has failed: what the client is told when there is no other one.
    std::optional<Error> m_lastFailure;
    /// A refusal that came before the caller of Relay::submit() had its task.
    std::optional<Error> m_earlyRefusal;
    bool m_hasBegun = false;
    bool m_isOver = false;
    /// First byte, then idle. Idle is nobody while the client still takes what has come: without credit the backend has
    /// to wait for it.
    Timer m_backendTimer;
};

} // namespace hearth::relay
