#include "rowkeeper.h"

#include "lifecycle.h"

namespace hearth::control {

RowKeeper::RowKeeper(domain::Registry &registry, relay::Relay &relay, storage::Storage &storage, Clock &clock)
    : m_registry(registry)
    , m_relay(relay)
    , m_storage(storage)
    , m_clock(clock)
{}

void RowKeeper::apply(const domain::Llm &llm)
{
    m_registry.put(llm);
    m_storage.recordLifecycle(storage::lifecycleOf(llm, epochOf(llm.providerSessionId)));
    m_relay.llmChanged(llm.id);
}

void RowKeeper::apply(const domain::Agent &agent)
{
    m_registry.put(agent);
    m_storage.recordLifecycle(storage::lifecycleOf(agent, epochOf(agent.providerSessionId)));
}

quint64 RowKeeper::epochOf(const ProviderSessionId &id) const
{
    const domain::ProviderSession *const session = m_registry.findSession(id);
    return session ? session->epoch : 0;
}

void RowKeeper::heardFrom(const ProviderSessionId &id)
{
    m_registry.heardFrom(id);
    if (const domain::ProviderSession *const session = m_registry.findSession(id))
        m_storage.recordHeartbeat({id, session->epoch, session->lastHeartbeatAt});
}

void RowKeeper::heartbeat(const ProviderSessionId &session, const QList<channel::LlmReport> &reports,
                          const QSet<QString> &agents)
{
    heardFrom(session);
    for (const channel::LlmReport &report : reports) {
        const domain::Llm *const known = m_registry.findLlm(report.name);
        if (!known || known->providerSessionId != session)
            continue;
        domain::Llm llm = *known;
        if (domain::applyReport(llm, report.state, m_clock.wallNow()))
            apply(llm);
    }
    for (const QString &name : agents) {
        const domain::Agent *const known = m_registry.findAgent(name);
        if (!known || known->providerSessionId != session)
            continue;
        domain::Agent agent = *known;
        if (domain::activate(agent))
            apply(agent);
    }
}

void RowKeeper::woken(const LlmId &id)
{
    const domain::Llm *const known = m_registry.findLlm(id);
    // Whatever it may have become in the meantime was said later than the wake was begun.
    if (!known || known->status != domain::LlmStatus::Hibernating)
        return;
    domain::Llm llm = *known;
    if (domain::applyReport(llm, channel::ReportedState::Active, m_clock.wallNow()))
        apply(llm);
}

void RowKeeper::removed(const LlmId &llm)
{
    m_registry.removeLlm(llm);
    m_relay.llmChanged(llm);
}

void RowKeeper::removed(const AgentId &agent)
{
    m_registry.removeAgent(agent);
}

void RowKeeper::disconnected(const ProviderSessionId &session)
{
    for (const domain::Registry::LiveAgent *live : m_registry.agentsOf(session)) {
        domain::Agent agent = live->row;
        if (domain::deactivate(agent, m_clock.wallNow()))
            apply(agent);
    }
    for (const domain::Registry::LiveLlm *live : m_registry.llmsOf(session)) {
        domain::Llm llm = live->row;
        if (domain::deactivate(llm, domain::StatusReason::Offline, m_clock.wallNow()))
            apply(llm);
    }
}

} // namespace hearth::control
