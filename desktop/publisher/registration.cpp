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

bool isAmong(const auto &entries, const QString &name)
{
    return std::ranges::any_of(entries, [&name](const auto &entry) { return entry.name == name; });
}

/// Everything that the server is told of the roster, but for states.
channel::Register registerOf(const SessionContext &context)
{
    channel::Register message;
    message.publisher = context.settings.name;
    message.version = QCoreApplication::applicationVersion();
    for (const PublishedLlm &llm : context.roster.llms())
        message.llms.append(entryOf(llm.settings));
    for (const PublishedAgent &agent : context.roster.agents())
        message.agents.append(entryOf(agent.settings));
    return message;
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
    m_session = session;
    m_isOutdated = isPending();
    if (!m_isOutdated)
        send();
}

void Registration::send()
{
    m_offerTimer.stop();
    m_offered = registerOf(m_context);
    channel::Register message = *m_offered;
    message.providerSessionId = m_session;
    auto entry = message.llms.begin();
    for (const PublishedLlm &llm : m_context.roster.llms())
        (entry++)->initialStatus = reportedState(llm, m_context.intake);
    m_channel.send(message);
    m_answerTimer.start(m_context.settings.answerTimeout);
}

bool Registration::isCurrent() const
{
    return m_isOutdated || m_offered == registerOf(m_context);
}

bool Registration::answered(const channel::Registered &answer)
{
    if (!isPending())
        return false;
    m_answerTimer.stop();
    m_session = answer.providerSessionId;
    // What has come to the roster since then is not meant by this answer.
    for (PublishedLlm &llm : m_context.roster.llms()) {
        if (isAmong(m_offered->llms, llm.settings.name))
            note(llm.outcome, outcomeOf(llm.settings.name, answer.llms), llm.settings.name);
    }
    for (PublishedAgent &agent : m_context.roster.agents()) {
        if (isAmong(m_offered->agents, agent.settings.name))
            note(agent.outcome, outcomeOf(agent.settings.name, answer.agents),
                 QStringLiteral("agent ") + agent.settings.name);
    }
    const auto isConflict = [](const auto &entry) {
        return entry.outcome && entry.outcome->status == EntryStatus::Conflict;
    };
    if (std::exchange(m_isOutdated, false))
        send();
    else if (std::ranges::any_of(m_context.roster.llms(), isConflict) ||
             std::ranges::any_of(m_context.roster.agents(), isConflict))
        m_offerTimer.start(m_context.settings.offerAgain);
    return true;
}

void Registration::refused()
{
    if (!isPending())
        return;
    m_answerTimer.stop();
    m_offered.reset();
    m_isOutdated = false;
    m_offerTimer.start(m_context.settings.offerAgain);
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
