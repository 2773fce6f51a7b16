// Relay: brings model requests to the publisher that serves their Llm, and answers back.
//
// The api submits requests, the control room attaches the links of bound sessions and tells of changed Llms. A request
// to a hibernating Llm waits in the Llm's queue like any other, and the first one has the Llm woken. The relay reads
// the Registry and never changes it; it knows neither HTTP nor WebSockets. Main thread only.

#pragma once

#include "registry.h"
#include "relaysettings.h"
#include "relaytask.h"
#include "slotpool.h"
#include "waker.h"

#include <QHash>

#include <functional>
#include <memory>

namespace hearth::relay {

class Relay final : private WakeSink
{
public:
    /// The references must outlive the relay; the relay must outlive all tasks and links.
    Relay(const domain::Registry &registry, Clock &clock, RelaySettings settings);

    /// Sends `request` to `llm`, or lets it wait there. The sink is never called from inside this function. Errors, all
    /// before anything was sent: PublisherOffline, WakeFailed for an Llm that nothing can wake, QueueFull,
    /// ShuttingDown.
    Result<std::unique_ptr<RelayTask>> submit(const domain::Llm &llm, InferRequest request, ResponseSink &sink);

    /// The session's tasks go over `link` from now on. It must be detached before it is destroyed.
    void attach(const ProviderSessionId &session, PublisherLink &link);
    void detach(const ProviderSessionId &session, const PublisherLink &link);
    /// To be called after the status or maxConcurrency of an Llm has changed, or it was deleted: serves its waiters,
    /// has it woken for them, or refuses them.
    void llmChanged(const LlmId &llm);

    /// Called when a publisher says that it has woken an Llm, which is to be made active then.
    void onWoken(std::function<void(const LlmId &)> woken) { m_woken = std::move(woken); }

    /// The requests to public Llms go to `target` from now on. It must outlive all tasks.
    void setPublicTarget(TaskTarget &target) { m_publicTarget = &target; }

    /// Refuses what waits and all that comes; what runs goes on.
    void beginShutdown();

    bool isShuttingDown() const { return m_shuttingDown; }

    int running(const LlmId &llm) const { return m_slots.running(llm); }

    int waiting(const LlmId &llm) const { return m_slots.waiting(llm); }

    /// The wake that runs now, if one does.
    std::optional<WakeStatus> wakeStatus(const LlmId &llm) const { return m_waker.status(llm); }

    WakeHistory wakeHistory(const LlmId &llm) const { return m_waker.history(llm); }

    bool isBound(const ProviderSessionId &session) const { return m_links.contains(session); }

    /// All requests at the publisher of a session.
    int running(const ProviderSessionId &session) const;

private:
    friend class RelayTask;

    /// Why `llm` cannot be served now, not even after a wake; nothing when it can.
    std::optional<Error> obstacle(const domain::Llm &llm) const;
    PublisherLink *linkOf(const domain::Llm &llm) const;
    TaskTarget *targetOf(const domain::Llm &llm) const;
    /// Has `llm` woken if it sleeps and somebody waits for it.
    void wakeForWaiters(const domain::Llm &llm);

    void wakeSucceeded(const LlmId &llm) override;
    void wakeFailed(const LlmId &llm, const Error &error) override;
    PublisherLink *linkAfterLoss(const LlmId &llm) override;

    const domain::Registry &m_registry;
    Clock &m_clock;
    RelaySettings m_settings;
    SlotPool m_slots;
    Waker m_waker;
    QHash<ProviderSessionId, PublisherLink *> m_links;
    TaskTarget *m_publicTarget = nullptr;
    std::function<void(const LlmId &)> m_woken;
    bool m_shuttingDown = false;
};

} // namespace hearth::relay
