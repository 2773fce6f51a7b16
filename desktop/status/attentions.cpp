#include "attentions.h"

#include <algorithm>

namespace hearth::status {

namespace {

/// Nothing for a problem that goes away by itself.
std::optional<Attention::Kind> kindOf(ErrorCode problem)
{
    if (problem == ErrorCode::InvalidApiKey || problem == ErrorCode::ScopeMissing)
        return Attention::Kind::KeyRefused;
    if (problem == ErrorCode::Configuration)
        return Attention::Kind::KeyMissing;
    if (problem == ErrorCode::Conflict)
        return Attention::Kind::Replaced;
    return std::nullopt;
}

/// Whether a wake has come to this end because the owner wanted it so.
bool isOwnersDoing(ErrorCode end)
{
    return end == ErrorCode::CancelledByOwner || end == ErrorCode::Cancelled;
}

} // namespace

Attentions::Facts Attentions::factsOf(const publisher::Publisher &publisher)
{
    return {publisher.problemCode(), publisher.problem(), publisher.llms(), publisher.agents()};
}

void Attentions::look(const Facts &facts)
{
    m_refusals.clear();
    lookAtProblem(facts);
    for (const publisher::PublishedLlm &llm : facts.llms) {
        lookAtOutcome(llm.outcome);
        lookAtBackend(llm);
        if (llm.state == channel::ReportedState::Active || !llm.settings.wake)
            m_failedWakes.remove(llm.settings.name);
    }
    for (const publisher::PublishedAgent &agent : facts.agents)
        lookAtOutcome(agent.outcome);
    forgetOthersThan(facts.llms);
}

void Attentions::lookAtProblem(const Facts &facts)
{
    if (!facts.problemCode)
        return;
    if (const auto kind = kindOf(*facts.problemCode))
        m_refusals.push_back({*kind, {}, facts.problem});
}

void Attentions::lookAtOutcome(const std::optional<channel::EntryOutcome> &outcome)
{
    if (!outcome || outcome->status == channel::EntryStatus::Accepted)
        return;
    const bool isTaken = outcome->status == channel::EntryStatus::Conflict;
    m_refusals.push_back(
        {isTaken ? Attention::Kind::NameTaken : Attention::Kind::EntryRefused, outcome->name, outcome->message});
}

void Attentions::lookAtBackend(const publisher::PublishedLlm &llm)
{
    const QString &name = llm.settings.name;
    if (llm.state == channel::ReportedState::Active)
        m_seenBackends.insert(name, false);
    else if (const auto seen = m_seenBackends.find(name); seen != m_seenBackends.end())
        *seen = true;
    // One that can be woken is not lost, it sleeps.
    if (llm.settings.wake)
        m_seenBackends.remove(name);
}

void Attentions::forgetOthersThan(const std::list<publisher::PublishedLlm> &llms)
{
    const auto isGone = [&llms](const auto &entry) {
        return std::ranges::none_of(
            llms, [&entry](const publisher::PublishedLlm &llm) { return llm.settings.name == entry.key(); });
    };
    m_failedWakes.removeIf(isGone);
    m_seenBackends.removeIf(isGone);
}

void Attentions::wakeEnded(const QString &llm, const Result<void> &result)
{
    if (result)
        m_failedWakes.remove(llm);
    else if (!isOwnersDoing(result.error().code))
        m_failedWakes.insert(llm, result.error().message);
}

std::vector<Attention> Attentions::list() const
{
    std::vector<Attention> all = m_refusals;
    for (auto wake = m_failedWakes.cbegin(); wake != m_failedWakes.cend(); ++wake)
        all.push_back({Attention::Kind::WakeFailed, wake.key(), wake.value()});
    for (auto backend = m_seenBackends.cbegin(); backend != m_seenBackends.cend(); ++backend) {
        if (backend.value()) {
            all.push_back({Attention::Kind::BackendLost, backend.key(),
                           QStringLiteral("The backend of %1 was there and does not answer any more. Start it again, "
                                          "or give it a wake recipe.")
                               .arg(backend.key())});
        }
    }
    std::ranges::sort(all, {}, [](const Attention &attention) { return std::tie(attention.kind, attention.subject); });
    return all;
}

} // namespace hearth::status
