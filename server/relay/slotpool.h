// SlotPool: holds every Llm to its maxConcurrency, and lets what exceeds it wait in order.
//
// A Slot is the right to run one task on an Llm. The relay takes one per request; it stays with the task until the
// publisher has confirmed the task's end, so a cancelled task still counts while its backend is busy. Waiters of one
// Llm are served first come, first served, and not while it sleeps. Main thread only; it decides, it sends nothing.

#pragma once

#include "clock.h"
#include "registry.h"
#include "relaysettings.h"
#include "result.h"

#include <QHash>

#include <list>
#include <optional>

namespace hearth::relay {

class SlotPool;

/// Move-only; destroying it frees the slot and serves the next waiter.
class Slot
{
public:
    Slot() = default;
    Slot(Slot &&other) noexcept;
    Slot &operator=(Slot &&other) noexcept;
    ~Slot();

private:
    friend class SlotPool;

    Slot(SlotPool *pool, LlmId llm)
        : m_pool(pool)
        , m_llm(std::move(llm))
    {}

    void release();

    SlotPool *m_pool = nullptr;
    LlmId m_llm;
};

/// A request that waits for a slot. It may leave at any time, also from inside these calls.
class SlotWaiter
{
public:
    virtual ~SlotWaiter() = default;

    virtual void slotGranted(Slot slot) = 0;
    /// It waited too long, or the Llm can no longer be served.
    virtual void slotRefused(const Error &error) = 0;
};

class SlotPool
{
public:
    /// Both references must outlive the pool; the pool must outlive all its slots.
    SlotPool(const domain::Registry &registry, Clock &clock, RelaySettings settings);

    /// A slot, if the Llm is active, one is free and nobody waits for it.
    std::optional<Slot> take(const domain::Llm &llm);
    /// Lets `waiter` wait; for a hibernating Llm without a deadline until it is active. Errors: QueueFull.
    Result<void> wait(const domain::Llm &llm, SlotWaiter &waiter);
    /// Removes a waiter, if it waits.
    void leave(const LlmId &llm, SlotWaiter &waiter);

    /// Serves waiters after the Llm has become active or its maxConcurrency may have grown.
    void serve(const LlmId &llm);
    /// The Llm has fallen asleep: what its waiters wait for now is the wake, which has a deadline of its own.
    void suspendDeadlines(const LlmId &llm);
    /// Refuses all waiters of an Llm.
    void refuseAll(const LlmId &llm, const Error &error);
    /// Refuses all waiters of all Llms.
    void refuseAll(const Error &error);

    int running(const LlmId &llm) const;
    int waiting(const LlmId &llm) const;

private:
    friend class Slot;

    struct Waiting
    {
        SlotWaiter *waiter;
        /// MonotonicTime::max() while the Llm is asleep.
        MonotonicTime deadline;
    };

    struct Lane
    {
        int running = 0;
        std::list<Waiting> waiting;
    };

    void release(const LlmId &llm);
    void resumeDeadlines(Lane &lane);
    void forgetIfIdle(const LlmId &llm);
    /// Refuses what has waited too long, and arms the timer for the next.
    void expire();
    void arm();

    const domain::Registry &m_registry;
    Clock &m_clock;
    RelaySettings m_settings;
    QHash<LlmId, Lane> m_lanes;
    Timer m_expiry;
};

} // namespace hearth::relay
