#include "relay.h"

#include "logging.h"

#include <algorithm>

namespace hearth::relay {

namespace {

Error shuttingDown()
{
    return {ErrorCode::ShuttingDown, QStringLiteral("The server is stopping; try again in a moment.")};
}

} // namespace

Relay::Settlement::Settlement(Relay &relay)
    : m_relay(relay)
    , m_isOutermost(!std::exchange(relay.m_isSettling, true))
{}

Relay::Settlement::~Settlement()
{
    if (m_isOutermost)
        m_relay.settle();
}

Relay::Relay(const domain::Registry &registry, Clock &clock, RelaySettings settings)
    : m_registry(registry)
    , m_clock(clock)
    , m_settings(settings)
    , m_scheduler(registry, clock, settings.scheduler, [this](const domain::Llm &llm) { return targetOf(llm); })
    , m_keyMeter(clock)
    , m_waker(clock, m_settings, *this)
    , m_deadline(clock, [this] { const Settlement settlement(*this); })
{}

void Relay::setSettings(const RelaySettings &settings)
{
    const Settlement settlement(*this);
    m_settings = settings;
    m_scheduler.setSettings(settings.scheduler);
}

Result<std::unique_ptr<RelayTask>> Relay::submit(const domain::Destination &destination, InferRequest request,
                                                 const domain::Principal &principal, ResponseSink &sink)
{
    auto task = std::make_unique<RelayTask>(*this, destination, std::move(request), principal, sink);
    if (const Result<void> begun = task->begin(); !begun)
        return begun.error();
    return task;
}

Result<void> Relay::admit(const domain::Destination &destination, const InferRequest &request,
                          const domain::Principal &principal)
{
    const Result<void> checked = check(destination, principal);
    if (!checked)
        record(RequestTally(m_clock, principal.key(), request).record(Outcome::Refused, checked.error().code, {}));
    return checked;
}

Result<void> Relay::check(const domain::Destination &destination, const domain::Principal &principal) const
{
    if (m_shuttingDown)
        return shuttingDown();
    if (const Result<void> allowed = m_keyMeter.check(principal.key()); !allowed)
        return allowed;
    return m_scheduler.check(schedulingRequest(destination, principal));
}

scheduling::Explanation Relay::explain(const domain::Destination &destination, const domain::Principal &principal) const
{
    return m_scheduler.explain(schedulingRequest(destination, principal));
}

Result<scheduling::Ticket> Relay::enqueue(const scheduling::Request &request, RelayTask &task)
{
    if (m_shuttingDown)
        return shuttingDown();
    const Result<scheduling::Ticket> ticket = m_scheduler.submit(request);
    if (ticket)
        m_waiting.insert(*ticket, &task);
    return ticket;
}

void Relay::leave(scheduling::Ticket ticket)
{
    const Settlement settlement(*this);
    m_waiting.remove(ticket);
    m_scheduler.leave(ticket);
}

void Relay::record(const RequestRecord &record) const
{
    for (RelayObserver *const observer : m_observers)
        observer->requestEnded(record);
}

void Relay::settle()
{
    while (const std::optional<scheduling::Decision> decision = m_scheduler.next())
        std::visit([this](const auto &wanted) { apply(wanted); }, *decision);
    m_isSettling = false;
    if (const std::optional<MonotonicTime> deadline = m_scheduler.nextDeadline())
        m_deadline.start(std::max(*deadline - m_clock.now(), Duration::zero()));
    else
        m_deadline.stop();
}

void Relay::apply(const scheduling::Granted &granted)
{
    RelayTask *const task = m_waiting.take(granted.ticket);
    const domain::Llm &llm = *m_registry.findLlm(granted.llm);
    m_keyUses.insert(granted.ticket, task->m_keyUse);
    task->granted(llm, *targetOf(llm), Slot(*this, granted.ticket), granted.waited);
}

void Relay::apply(const scheduling::Refused &refused)
{
    m_waiting.take(refused.ticket)->refused(refused.error);
}

void Relay::apply(const scheduling::WakeWanted &wanted)
{
    const domain::Llm &llm = *m_registry.findLlm(wanted.llm);
    m_waker.wake(llm, *linkOf(llm));
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

void Relay::llmChanged(const LlmId &llm)
{
    const Settlement settlement(*this);
    if (!m_registry.findLlm(llm))
        m_waker.forget(llm);
    m_scheduler.llmChanged(llm);
}

void Relay::slotReleased(scheduling::Ticket ticket)
{
    const Settlement settlement(*this);
    m_keyUses.remove(ticket);
    m_scheduler.release(ticket);
}

void Relay::wakeEnded(const LlmId &id, const Result<void> &result, Duration took)
{
    const Settlement settlement(*this);
    if (result && m_registry.findLlm(id) && m_woken)
        m_woken(id);
    for (RelayObserver *const observer : std::as_const(m_observers))
        observer->wakeEnded({result ? std::nullopt : std::optional(result.error().code), took});
    const domain::Llm *const llm = m_registry.findLlm(id);
    // One that is active has come up all the same.
    if (result || (llm && llm->status == domain::LlmStatus::Active))
        return m_scheduler.wakeEnded(id, {});
    const QString name = llm ? llm->name : id.toString();
    qCWarning(lcRelay).noquote() << "waking" << name << "has failed:" << result.error().message;
    Error told = result.error();
    told.message = QStringLiteral("Llm '%1' could not be woken: %2").arg(name, told.message);
    m_scheduler.wakeEnded(id, told);
}

PublisherLink *Relay::linkAfterLoss(const LlmId &id)
{
    const domain::Llm *const llm = m_registry.findLlm(id);
    return llm && llm->status == domain::LlmStatus::Hibernating ? linkOf(*llm) : nullptr;
}

std::optional<WakeStatus> Relay::wakeStatus(const domain::Destination &destination) const
{
    if (const LlmId *const llm = std::get_if<LlmId>(&destination))
        return m_waker.status(*llm);
    for (const domain::Llm *const member : m_registry.poolMembers(std::get<domain::PoolName>(destination).text)) {
        if (const std::optional<WakeStatus> status = m_waker.status(member->id))
            return status;
    }
    return std::nullopt;
}

void Relay::beginShutdown()
{
    const Settlement settlement(*this);
    m_shuttingDown = true;
    m_scheduler.refuseAll(shuttingDown());
}

int Relay::running(const ProviderSessionId &session) const
{
    const PublisherLink *const link = m_links.value(session);
    return link ? link->taskCount() : 0;
}

} // namespace hearth::relay
