#include "schedulerharness.h"

namespace hearth::testsupport {

using namespace scheduling;

SchedulerHarness::SchedulerHarness(SchedulerSettings settings)
    : scheduler(registry, clock, settings, [this](const domain::Llm &llm) { return !m_unreachable.contains(llm.id); })
{}

LlmId SchedulerHarness::id(const char *llm)
{
    return LlmId(QLatin1String("id-of-") + QLatin1String(llm));
}

void SchedulerHarness::add(const char *name, int maxConcurrency, const char *pool)
{
    domain::Llm llm = liveLlm(QLatin1String(name), QStringLiteral("session"), clock.wallNow());
    llm.maxConcurrency = maxConcurrency;
    llm.pool = QLatin1String(pool);
    registry.put(llm);
    scheduler.llmChanged(llm.id);
}

void SchedulerHarness::change(const char *name, const std::function<void(domain::Llm &)> &edit)
{
    domain::Llm llm = *registry.findLlm(id(name));
    edit(llm);
    registry.put(llm);
    scheduler.llmChanged(llm.id);
}

void SchedulerHarness::activate(const char *name)
{
    m_unreachable.erase(id(name));
    change(name, [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Active;
        llm.statusReason.reset();
    });
}

void SchedulerHarness::hibernate(const char *name)
{
    m_unreachable.erase(id(name));
    change(name, [](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Hibernating;
        llm.statusReason.reset();
        llm.wake = domain::WakeInfo{};
    });
}

void SchedulerHarness::deactivate(const char *name, domain::StatusReason reason)
{
    if (reason == domain::StatusReason::Offline)
        m_unreachable.insert(id(name));
    change(name, [reason](domain::Llm &llm) {
        llm.status = domain::LlmStatus::Inactive;
        llm.statusReason = reason;
    });
}

void SchedulerHarness::remove(const char *name)
{
    registry.removeLlm(id(name));
    scheduler.llmChanged(id(name));
}

void SchedulerHarness::setReachable(const char *name, bool reachable)
{
    if (reachable)
        m_unreachable.erase(id(name));
    else
        m_unreachable.insert(id(name));
    scheduler.llmChanged(id(name));
}

domain::Destination SchedulerHarness::destination(const char *name) const
{
    if (registry.findLlm(id(name)))
        return id(name);
    return domain::PoolName{QLatin1String(name)};
}

Request SchedulerHarness::request(const char *label, const char *name) const
{
    QString key = QLatin1String(label);
    while (key.back().isDigit())
        key.chop(1);
    return {.destination = destination(name), .key = ApiKeyId(key), .owner = key};
}

QByteArray SchedulerHarness::submit(const char *label, const Request &request)
{
    const Result<Ticket> ticket = scheduler.submit(request);
    if (!ticket) {
        lastError = ticket.error();
        return toString(lastError.code).data();
    }
    m_tickets.insert_or_assign(label, *ticket);
    m_labels.insert_or_assign(*ticket, label);
    return {};
}

QByteArray SchedulerHarness::submit(const char *label, const char *destination)
{
    return submit(label, request(label, destination));
}

QByteArray SchedulerHarness::settle()
{
    QByteArrayList texts;
    const auto nameOf = [this](const LlmId &llm) { return registry.findLlm(llm)->name.toUtf8(); };
    while (const std::optional<Decision> decision = scheduler.next()) {
        if (const auto *const granted = std::get_if<Granted>(&*decision)) {
            texts += m_labels.at(granted->ticket) + '>' + nameOf(granted->llm);
        } else if (const auto *const refused = std::get_if<Refused>(&*decision)) {
            lastError = refused->error;
            texts += m_labels.at(refused->ticket) + '!' + toString(refused->error.code).data();
        } else {
            texts += "wake " + nameOf(std::get<WakeWanted>(*decision).llm);
        }
    }
    return texts.join(", ");
}

} // namespace hearth::testsupport
