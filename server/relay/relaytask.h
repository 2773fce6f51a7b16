// RelayTask: one relayed request from its acceptance to its end.
//
// Made by Relay::submit() for a controller of the api, which keeps it for as long as it wants the answer: destroying it
// cancels, in every state. It waits for a slot, dispatches, forwards the answer to its sink and keeps the deadlines of
// the backend. A request that finds its backend asleep goes back to waiting. Main thread only.

#pragma once

#include "clock.h"
#include "relaysettings.h"
#include "tasktarget.h"

#include <variant>

namespace hearth::relay {

class Relay;

/// Where an answer goes. After ended() or failed() nothing is called any more; the sink may destroy the task in any
/// call.
class ResponseSink
{
public:
    virtual ~ResponseSink() = default;

    /// The request, which was with the publisher already, waits again: its Llm has fallen asleep before it got there.
    virtual void answerDelayed() = 0;
    virtual void answerHead(int status, const HttpFields &fields) = 0;
    /// The sink reports through RelayTask::consumed() when these bytes have left.
    virtual void answerBody(QByteArrayView piece) = 0;
    virtual void answerEnded() = 0;
    virtual void answerFailed(const Error &error) = 0;
};

class RelayTask final : private TaskObserver, private SlotWaiter
{
public:
    RelayTask(Relay &relay, const LlmId &llm, InferRequest request, ResponseSink &sink);
    ~RelayTask() override;
    RelayTask(const RelayTask &) = delete;
    RelayTask &operator=(const RelayTask &) = delete;

    /// `bytes` of the answer have left for the client: the backend may send as many more.
    void consumed(qint64 bytes);

    /// It waits for a slot, or for its Llm to be woken.
    bool isWaiting() const { return std::holds_alternative<Waiting>(m_state); }

private:
    friend class Relay;

    /// In the queue of its Llm. Next: Dispatched when a slot is granted, Ended when it is refused.
    struct Waiting
    {};

    /// At the publisher or the public backend. Next: Ended, or Waiting when the backend turns out to sleep.
    struct Dispatched
    {
        TaskTarget *target;
        TaskId task;
    };

    struct Ended
    {};

    /// Takes a slot or waits for one.
    Result<void> begin();
    Result<void> wait(const domain::Llm &llm);
    /// Whether the backend sleeps, so that the request has gone nowhere and may be sent again.
    bool foundAsleep(const Error &error) const;
    void dispatch(Slot slot);
    void fail(const Error &error);
    void timedOut();

    void slotGranted(Slot slot) override;
    void slotRefused(const Error &error) override;
    void taskHead(int status, const HttpFields &fields) override;
    void taskBody(QByteArrayView piece) override;
    void taskEnded() override;
    void taskFailed(const Error &error) override;

    Relay &m_relay;
    LlmId m_llm;
    InferRequest m_request;
    ResponseSink &m_sink;
    std::variant<Ended, Waiting, Dispatched> m_state;
    /// How often it was sent to the publisher.
    int m_attempts = 0;
    bool m_answering = false;
    /// First byte, then idle. Idle is nobody while the client still takes what has come: without credit the backend has
    /// to wait for it.
    Timer m_backendTimer;
};

} // namespace hearth::relay
