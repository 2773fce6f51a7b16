#include "registration.h"

#include "logging.h"

#include <QCoreApplication>

#include <algorithm>

namespace hearth::publisher {

namespace {

using channel::EntryOutcome;
using channel::EntryStatus;

/// The wire counts whole seconds; a limit must not look shorter than it is.
int wholeSeconds(Duration duration)
{
    return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

channel::RecipeInfo infoOf(const LlmSettings &llm)
{
    const WakeRecipe &recipe = *llm.wake;
    const bool isHttp = std::holds_alternative<HttpRecipe>(recipe.action);
    // A wake may have to wait for the end of falling asleep, and the server has to allow for that.
    const Duration untilAsleep = llm.sleep ? llm.sleep->recipeTimeout : Duration::zero();
    return {isHttp ? channel::RecipeKind::Http : channel::RecipeKind::Command,
            wholeSeconds(recipe.recipeTimeout + untilAsleep), wholeSeconds(recipe.maxWait)};
}

channel::LlmEntry entryOf(const PublishedLlm &llm)
{
    const LlmSettings &settings = llm.settings;
    channel::LlmEntry entry;
    entry.name = settings.name;
    entry.type = toString(settings.type);
    entry.model = settings.model;
    entry.tier = settings.tier;
    entry.description = settings.description;
    entry.extraConfig = settings.extraConfig;
    entry.maxConcurrency = settings.maxConcurrency;
    entry.initialStatus = llm.state;
    if (settings.wake)
        entry.wake = infoOf(settings);
    return entry;
}

} // namespace

Registration::Registration(channel::Channel &channel, std::span<PublishedLlm> llms, const PublisherSettings &settings,
                           Clock &clock, std::function<void()> unanswered)
    : m_channel(channel)
    , m_llms(llms)
    , m_settings(settings)
    , m_answerTimer(clock, std::move(unanswered))
    , m_offerTimer(clock, [this] { offer(m_session); })
{}

void Registration::offer(const ProviderSessionId &session)
{
    channel::Register message;
    message.publisher = m_settings.name;
    message.version = QCoreApplication::applicationVersion();
    message.providerSessionId = session;
    for (const PublishedLlm &llm : m_llms)
        message.llms.append(entryOf(llm));
    m_channel.send(message);
    m_answerTimer.start(m_settings.answerTimeout);
}

bool Registration::answered(const channel::Registered &answer)
{
    if (!m_answerTimer.isActive())
        return false;
    m_answerTimer.stop();
    m_session = answer.providerSessionId;
    for (PublishedLlm &llm : m_llms)
        note(llm, answer);
    const bool hasConflict = std::ranges::any_of(
        m_llms, [](const PublishedLlm &llm) { return llm.outcome && llm.outcome->status == EntryStatus::Conflict; });
    if (hasConflict)
        m_offerTimer.start(m_settings.offerAgain);
    return true;
}

void Registration::note(PublishedLlm &llm, const channel::Registered &answer) const
{
    const QString &name = llm.settings.name;
    const auto found = std::ranges::find(answer.llms, name, &EntryOutcome::name);
    const EntryOutcome outcome =
        found != answer.llms.end()
            ? *found
            : EntryOutcome{name, EntryStatus::Invalid, QStringLiteral("The server said nothing about it.")};
    if (llm.outcome == outcome)
        return;
    llm.outcome = outcome;
    switch (outcome.status) {
    case EntryStatus::Accepted:
        qCInfo(lcPublisher).noquote() << name << "is published.";
        return;
    case EntryStatus::Conflict:
        qCWarning(lcPublisher).noquote() << name << "is not published:" << outcome.message
                                         << "It is offered again every" << wholeSeconds(m_settings.offerAgain) << "s.";
        return;
    case EntryStatus::Invalid:
        qCWarning(lcPublisher).noquote() << name << "is not published:" << outcome.message;
        return;
    }
}

} // namespace hearth::publisher
