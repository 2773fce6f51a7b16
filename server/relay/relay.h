// Relay: brings model requests to the publisher that serves their Llm, and answers back.
//
// The api submits requests, the control room attaches the links of bound sessions and tells of changed Llms. It reads
// the Registry and never changes it; it knows neither HTTP nor WebSockets. Main thread only.

#pragma once

#include "registry.h"
#include "relaysettings.h"
#include "relaytask.h"
#include "slotpool.h"

#include <QHash>

#include <memory>

namespace hearth::relay {

class Relay
{
public:
    /// The references must outlive the relay; the relay must outlive all tasks and links.
    Relay(const domain::Registry &registry, Clock &clock, RelaySettings settings);

    /// Sends `request` to `llm`, or lets it wait there. The sink is never called from inside this function. Errors, all
    /// before anything was sent: PublisherOffline, WakeFailed, QueueFull, ShuttingDown.
    Result<std::unique_ptr<RelayTask>> submit(const domain::Llm &llm, InferRequest request, ResponseSink &sink);

    /// The session's tasks go over `link` from now on. It must be detached before it is destroyed.
    void attach(const ProviderSessionId &session, PublisherLink &link);
    void detach(const ProviderSessionId &session, const PublisherLink &link);
    /// To be called after the status or maxConcurrency of an Llm has changed: serves its waiters or refuses them.
    void llmChanged(const LlmId &llm);
    /// Refuses what waits and all that comes; what runs goes on.
    void beginShutdown();

    bool isShuttingDown() const { return m_shuttingDown; }

    int running(const LlmId &llm) const { return m_slots.running(llm); }

    int waiting(const LlmId &llm) const { return m_slots.waiting(llm); }

    bool isBound(const ProviderSessionId &session) const { return m_links.contains(session); }

    /// All tasks at the publisher of a session.
    int running(const ProviderSessionId &session) const;

private:
    friend class RelayTask;

    /// Why nothing can be sent to `llm` now; nothing when it can.
    std::optional<Error> obstacle(const domain::Llm &llm) const;
    PublisherLink *linkOf(const domain::Llm &llm) const;

    const domain::Registry &m_registry;
    Clock &m_clock;
    RelaySettings m_settings;
    SlotPool m_slots;
    QHash<ProviderSessionId, PublisherLink *> m_links;
    bool m_shuttingDown = false;
};

} // namespace hearth::relay
