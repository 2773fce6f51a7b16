// Relay: brings model requests to the publishers that serve their Llms, and answers back.
//
// The api submits requests, the control room attaches the links of bound sessions and tells of changed Llms. Who is
// served when, by which Llm, and which one is woken for it, the scheduler decides; the relay tells it what happens and
// carries out what it says. The relay reads the Registry and never changes it; it knows neither HTTP nor WebSockets.
// Main thread only.

#pragma once

#include "keymeter.h"
#include "relaysettings.h"
#include "relaytask.h"
#include "scheduler.h"
#include "waker.h"

#include <QHash>

#include <functional>
#include <memory>

namespace hearth::relay {

class Relay final : private WakeSink, private SlotOwner
{
public:
    /// The references must outlive the relay; the relay must outlive all tasks and links.
    Relay(const domain::Registry &registry, Clock &clock, RelaySettings settings);

    /// For what comes from now on: requests that were submitted before keep their deadlines.
    void setSettings(const RelaySettings &settings);

    const RelaySettings &settings() const { return m_settings; }

    /// Sends `request` to the Llm, or to one of the pool, or lets it wait for that. The sink is never called from
    /// inside this function; those of other requests may be. Errors, all before anything was sent: PublisherOffline,
    /// WakeFailed for an Llm that nothing can wake, QueueFull, RateLimited, ShuttingDown.
    Result<std::unique_ptr<RelayTask>> submit(const domain::Destination &destination, InferRequest request,
                                              const domain::Principal &principal, ResponseSink &sink);
    /// Whether `request`, whose body need not be made yet, would be taken now; if not, it counts as refused. What may
    /// change until it is submitted is asked again then. Errors: those of submit().
    Result<void> admit(const domain::Destination &destination, const InferRequest &request,
                       const domain::Principal &principal);
    /// What would become now of a request of this caller.
    scheduling::Explanation explain(const domain::Destination &destination, const domain::Principal &principal) const;

    /// The session's tasks go over `link` from now on. It must be detached before it is destroyed. What waits for it is
    /// sent when its Llms have changed.
    void attach(const ProviderSessionId &session, PublisherLink &link);
    void detach(const ProviderSessionId &session, const PublisherLink &link);
    /// To be called after the row of an Llm has changed, or was deleted: serves its waiters, has it woken for them, or
    /// refuses them.
    void llmChanged(const LlmId &llm);

    /// Called when a publisher says that it has woken an Llm, which is to be made active then.
    void onWoken(std::function<void(const LlmId &)> woken) { m_woken = std::move(woken); }

    /// The requests to public Llms go to `target` from now on. It must outlive all tasks.
    void setPublicTarget(TaskTarget &target) { m_publicTarget = &target; }

    /// Tells `observer` of every request and wake that is over. It must be removed, or outlive all tasks and links.
    void addObserver(RelayObserver &observer) { m_observers.append(&observer); }

    void removeObserver(RelayObserver &observer) { m_observers.removeOne(&observer); }

    /// Refuses what waits and all that comes; what runs goes on.
    void beginShutdown();

    bool isShuttingDown() const { return m_shuttingDown; }

    /// Slots of the Llm that are taken.
    int running(const LlmId &llm) const { return m_scheduler.running(llm); }

    /// Requests that wait for this Llm or pool by name.
    int waiting(const domain::Destination &destination) const { return m_scheduler.waiting(destination); }

    /// All that wait.
    int waiting() const { return m_scheduler.waiting(); }

    /// All requests that were taken and are not over, waiting ones included.
    int inFlight() const { return m_inFlight; }

    /// The wake that runs now, if one does; for a pool that of a member.
    std::optional<WakeStatus> wakeStatus(const domain::Destination &destination) const;

    WakeHistory wakeHistory(const LlmId &llm) const { return m_waker.history(llm); }

    bool isBound(const ProviderSessionId &session) const { return m_links.contains(session); }

    /// All requests at the publisher of a session.
    int running(const ProviderSessionId &session) const;

private:
    friend class RelayTask;

    /// Everything that tells the scheduler of something makes one first. When the outermost of them goes, what the
    /// scheduler wants is carried out, whereby sinks are called: so it goes when its maker needs nothing any more.
    class Settlement
    {
    public:
        explicit Settlement(Relay &relay);
        ~Settlement();
        Settlement(const Settlement &) = delete;
        Settlement &operator=(const Settlement &) = delete;

    private:
        Relay &m_relay;
        const bool m_isOutermost;
    };

    PublisherLink *linkOf(const domain::Llm &llm) const;
    TaskTarget *targetOf(const domain::Llm &llm) const;

    /// Lets a task wait until it can be served. Errors: those of submit(), but for RateLimited.
    Result<scheduling::Ticket> enqueue(const scheduling::Request &request, RelayTask &task);
    void leave(scheduling::Ticket ticket);
    /// Why submit() would refuse it at once.
    Result<void> check(const domain::Destination &destination, const domain::Principal &principal) const;
    void record(const RequestRecord &record) const;
    void settle();
    void apply(const scheduling::Granted &granted);
    void apply(const scheduling::Refused &refused);
    void apply(const scheduling::WakeWanted &wanted);

    void slotReleased(scheduling::Ticket ticket) override;
    void wakeEnded(const LlmId &llm, const Result<void> &result, Duration took) override;
    PublisherLink *linkAfterLoss(const LlmId &llm) override;

    const domain::Registry &m_registry;
    Clock &m_clock;
    RelaySettings m_settings;
    scheduling::Scheduler m_scheduler;
    scheduling::KeyMeter m_keyMeter;
    /// Of the requests whose slots are taken: a key has a request at work for as long as a backend has it, even when
    /// its client has left.
    QHash<scheduling::Ticket, std::shared_ptr<const KeyUse>> m_keyUses;
    Waker m_waker;
    QHash<scheduling::Ticket, RelayTask *> m_waiting;
    QHash<ProviderSessionId, PublisherLink *> m_links;
    TaskTarget *m_publicTarget = nullptr;
    QList<RelayObserver *> m_observers;
    std::function<void(const LlmId &)> m_woken;
    /// For what the scheduler does when time has passed.
    Timer m_deadline;
    int m_inFlight = 0;
    bool m_isSettling = false;
    bool m_shuttingDown = false;
};

} // namespace hearth::relay
