#include "registration.h"

#include "logging.h"
#include "registerentries.h"

#include <QCoreApplication>

#include <algorithm>

namespace hearth::publisher {

namespace {

using channel::EntryOutcome;
using channel::EntryStatus;

/// What the answer says to the entry of this name.
EntryOutcome outcomeOf(const QString &name, const QList<EntryOutcome> &outcomes)
{
    const auto found = std::ranges::find(outcomes, name, &EntryOutcome::name);
    return found != outcomes.end()
               ? *found
               : EntryOutcome{name, EntryStatus::Invalid, QStringLiteral("The server said nothing about it.")};
}

} // namespace

Registration::Registration(channel::Channel &channel, const SessionContext &context, std::function<void()> unanswered)
    : m_channel(channel)
    , m_context(context)
    , m_answerTimer(context.clock, std::move(unanswered))
    , m_offerTimer(context.clock, [this] { offer(m_session); })
{}

void Registration::offer(const ProviderSessionId &session)
{
    channel::Register message;
    message.publisher = m_context.settings.name;
    message.version = QCoreApplication::applicationVersion();
    message.providerSessionId = session;
    for (const PublishedLlm &llm : m_context.llms) {
        channel::LlmEntry &entry = message.llms.emplaceBack(entryOf(llm.settings));
        entry.initialStatus = llm.state;
    }
    for (const PublishedAgent &agent : m_context.agents)
        message.agents.append(entryOf(agent.settings));
    m_channel.send(message);
    m_answerTimer.start(m_context.settings.answerTimeout);
}

bool Registration::answered(const channel::Registered &answer)
{
    if (!m_answerTimer.isActive())
        return false;
    m_answerTimer.stop();
    m_session = answer.providerSessionId;
    for (PublishedLlm &llm : m_context.llms)
        note(llm.outcome, outcomeOf(llm.settings.name, answer.llms), llm.settings.name);
    for (PublishedAgent &agent : m_context.agents) {
        note(agent.outcome, outcomeOf(agent.settings.name, answer.agents),
             QStringLiteral("agent ") + agent.settings.name);
    }
    const auto isConflict = [](const auto &entry) {
        return entry.outcome && entry.outcome->status == EntryStatus::Conflict;
    };
    if (std::ranges::any_of(m_context.llms, isConflict) || std::ranges::any_of(m_context.agents, isConflict))
        m_offerTimer.start(m_context.settings.offerAgain);
    return true;
}

void Registration::note(std::optional<EntryOutcome> &known, const EntryOutcome &outcome, const QString &what) const
{
    if (known == outcome)
        return;
    known = outcome;
    switch (outcome.status) {
    case EntryStatus::Accepted:
        qCInfo(lcPublisher).noquote() << what << "is published.";
        return;
    case EntryStatus::Conflict:
        qCWarning(lcPublisher).noquote() << what << "is not published:" << outcome.message
                                         << "It is offered again every" << wholeSeconds(m_context.settings.offerAgain)
                                         << "s.";
        return;
    case EntryStatus::Invalid:
        qCWarning(lcPublisher).noquote() << what << "is not published:" << outcome.message;
        return;
    }
}

} // namespace hearth::publisher
