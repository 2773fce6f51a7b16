// Waker: at most one running wake for each Llm, its progress, its deadline, and what was learned from those before.
//
// The Relay asks for a wake when the scheduler wants one, and is told how it ends. Who waits is not known
// here: waiters come and leave, and the wake goes on. The wake itself happens at the publisher; this is the server's
// view of it. Main thread only.

#pragma once

#include "publisherlink.h"
#include "waitstatus.h"
#include "wakehistory.h"

#include <memory>

namespace hearth::relay {

/// Told how wakes end. It may ask for another wake in every call.
class WakeSink
{
public:
    virtual ~WakeSink() = default;

    /// After `took`. Errors: WakeFailed and WakeTimeout, PublisherLost, or what else the publisher says.
    virtual void wakeEnded(const LlmId &llm, const Result<void> &result, Duration took) = 0;
    /// The channel of the publisher is gone while the wake ran. Returns the one that has taken its place, on which the
    /// same wake is then joined, or null: the wake is over.
    virtual PublisherLink *linkAfterLoss(const LlmId &llm) = 0;
};

class Waker
{
public:
    /// The references must outlive the waker.
    Waker(Clock &clock, const RelaySettings &settings, WakeSink &sink);
    ~Waker();
    Waker(const Waker &) = delete;
    Waker &operator=(const Waker &) = delete;

    /// Starts to wake `llm` over `link`, unless that is under way. The Llm must have a wake recipe.
    void wake(const domain::Llm &llm, PublisherLink &link);
    /// The Llm was deleted.
    void forget(const LlmId &llm);

    bool isWaking(const LlmId &llm) const { return m_runs.contains(llm); }

    /// The wake that runs now, if one does.
    std::optional<WakeStatus> status(const LlmId &llm) const;

    WakeHistory history(const LlmId &llm) const { return m_histories.value(llm); }

private:
    class Run;

    void ended(const LlmId &llm, const Result<Duration> &result);

    Clock &m_clock;
    const RelaySettings &m_settings;
    WakeSink &m_sink;
    QHash<LlmId, std::shared_ptr<Run>> m_runs;
    QHash<LlmId, WakeHistory> m_histories;
};

} // namespace hearth::relay
