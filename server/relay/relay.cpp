#include "relay.h"

#include "logging.h"

namespace hearth::relay {

namespace {

QString inWords(domain::StatusReason reason)
{
    switch (reason) {
    case domain::StatusReason::Offline:
        return QStringLiteral("publisher offline");
    case domain::StatusReason::BackendDown:
        return QStringLiteral("its backend does not answer");
    case domain::StatusReason::Paused:
        return QStringLiteral("paused by its owner");
    case domain::StatusReason::Draining:
        return QStringLiteral("its publisher finishes what runs and takes nothing new");
    }
    Q_UNREACHABLE();
}

Error lostInMidWake(const QString &llm)
{
    return {ErrorCode::PublisherLost,
            QStringLiteral("The connection to the publisher was lost while it woke Llm '%1'.").arg(llm)};
}

} // namespace

Relay::Relay(const domain::Registry &registry, Clock &clock, RelaySettings settings)
    : m_registry(registry)
    , m_clock(clock)
    , m_settings(settings)
    , m_slots(registry, clock, settings)
    , m_waker(clock, settings, *this)
{}

Result<std::unique_ptr<RelayTask>> Relay::submit(const domain::Llm &llm, InferRequest request, ResponseSink &sink)
{
    if (const std::optional<Error> error = obstacle(llm))
        return *error;
    auto task = std::make_unique<RelayTask>(*this, llm.id, std::move(request), sink);
    if (const Result<void> begun = task->begin(); !begun)
        return begun.error();
    return task;
}

std::optional<Error> Relay::obstacle(const domain::Llm &llm) const
{
    if (m_shuttingDown)
        return Error{ErrorCode::ShuttingDown, QStringLiteral("The server is stopping; try again in a moment.")};
    switch (llm.status) {
    case domain::LlmStatus::Inactive:
        return Error{ErrorCode::PublisherOffline,
                     QStringLiteral("Llm '%1' is inactive; %2")
                         .arg(llm.name, inWords(llm.statusReason.value_or(domain::StatusReason::Offline)))};
    case domain::LlmStatus::Hibernating:
        if (!llm.wake) {
            return Error{ErrorCode::WakeFailed,
                         QStringLiteral("Llm '%1' is hibernating and has no wake recipe; start its backend on the box.")
                             .arg(llm.name)};
        }
        break;
    case domain::LlmStatus::Active:
        break;
    }
    if (!targetOf(llm))
        return Error{ErrorCode::PublisherOffline, QStringLiteral("Llm '%1' has no live publisher").arg(llm.name)};
    return std::nullopt;
}

PublisherLink *Relay::linkOf(const domain::Llm &llm) const
{
    return m_links.value(llm.providerSessionId);
}

TaskTarget *Relay::targetOf(const domain::Llm &llm) const
{
    return llm.kind == domain::LlmKind::Public ? m_publicTarget : linkOf(llm);
}

void Relay::attach(const ProviderSessionId &session, PublisherLink &link)
{
    m_links.insert(session, &link);
}

void Relay::detach(const ProviderSessionId &session, const PublisherLink &link)
{
    if (m_links.value(session) == &link)
        m_links.remove(session);
}

void Relay::llmChanged(const LlmId &id)
{
    const domain::Llm *const llm = m_registry.findLlm(id);
    if (!llm) {
        m_waker.forget(id);
        return m_slots.refuseAll(id, {ErrorCode::PublisherOffline, QStringLiteral("The Llm was deleted.")});
    }
    const std::optional<Error> error = obstacle(*llm);
    if (error && m_waker.isWaking(id) && llm->statusReason == domain::StatusReason::Offline)
        m_slots.refuseAll(id, lostInMidWake(llm->name));
    else if (error)
        m_slots.refuseAll(id, *error);
    else
        wakeForWaiters(*llm);
    m_slots.serve(id);
}

void Relay::wakeForWaiters(const domain::Llm &llm)
{
    if (llm.status != domain::LlmStatus::Hibernating || m_slots.waiting(llm.id) == 0)
        return;
    m_slots.suspendDeadlines(llm.id);
    m_waker.wake(llm, *linkOf(llm));
}

void Relay::wakeSucceeded(const LlmId &llm)
{
    if (m_registry.findLlm(llm) && m_woken)
        m_woken(llm);
}

void Relay::wakeFailed(const LlmId &id, const Error &error)
{
    const domain::Llm *const llm = m_registry.findLlm(id);
    // One that is active has come up all the same, and its waiters are on their way.
    if (!llm || llm->status == domain::LlmStatus::Active)
        return;
    qCWarning(lcRelay).noquote() << "waking" << llm->name << "has failed:" << error.message;
    Error told = error;
    told.message = QStringLiteral("Llm '%1' could not be woken: %2").arg(llm->name, error.message);
    m_slots.refuseAll(id, told);
}

PublisherLink *Relay::linkAfterLoss(const LlmId &id)
{
    const domain::Llm *const llm = m_registry.findLlm(id);
    return llm && llm->status == domain::LlmStatus::Hibernating ? linkOf(*llm) : nullptr;
}

void Relay::beginShutdown()
{
    m_shuttingDown = true;
    m_slots.refuseAll({ErrorCode::ShuttingDown, QStringLiteral("The server is stopping; try again in a moment.")});
}

int Relay::running(const ProviderSessionId &session) const
{
    const PublisherLink *const link = m_links.value(session);
    return link ? link->taskCount() : 0;
}

} // namespace hearth::relay
