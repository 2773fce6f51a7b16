#include "registrationplan.h"

#include "agentplan.h"
#include "llmplan.h"
#include "rowchecks.h"

#include <algorithm>

namespace hearth::domain {

namespace {

constexpr qsizetype maxEntries = 1000;

bool isValidSessionId(const QString &id)
{
    return id.size() <= 64 && std::all_of(id.begin(), id.end(), [](QChar c) { return isAlphanumeric(c) || c == u'-'; });
}

/// At most `length` units of `text`, and no half of a surrogate pair at the end.
QString shortened(const QString &text, qsizetype length)
{
    QString start = text.left(length);
    if (!start.isEmpty() && start.back().isHighSurrogate())
        start.chop(1);
    return start;
}

/// Whether the message as a whole can be dealt with.
Result<void> checkMessage(const channel::Register &message)
{
    const auto refusal = [](const QString &words) { return Error{ErrorCode::InvalidRequest, words}; };
    if (!isValidSessionId(message.providerSessionId.toString()))
        return refusal(QStringLiteral("The provider session id is malformed; delete the publisher's state file."));
    if (!isStorable(message.publisher) || !isStorable(message.version)) {
        return refusal(QStringLiteral("The publisher's name or version has a character that cannot be stored."));
    }
    const auto tooMany = [&refusal](const char *what) {
        return refusal(QStringLiteral("A publisher can list %1 %2 at most; spread them over several.")
                           .arg(maxEntries)
                           .arg(QLatin1String(what)));
    };
    if (message.llms.size() > maxEntries)
        return tooMany("Llms");
    if (message.agents.size() > maxEntries)
        return tooMany("agents");
    return {};
}

/// The session that the message speaks for, as it will be once it is bound.
Result<ProviderSession> planSession(const Registry &registry, const channel::Register &message,
                                    const Principal &principal, const RegistrationContext &context)
{
    ProviderSession session;
    if (const ProviderSession *known = registry.findSession(message.providerSessionId)) {
        if (known->owner != principal.owner()) {
            return Error{ErrorCode::Conflict,
                         QStringLiteral("This provider session belongs to another owner. Use a key of "
                                        "that owner, or delete the publisher's state file.")};
        }
        session = *known;
    } else {
        session.id = message.providerSessionId.isEmpty() ? ProviderSessionId::create() : message.providerSessionId;
        session.owner = principal.owner();
        session.createdAt = context.now;
    }
    session.publisher = shortened(message.publisher, 200);
    session.publisherVersion = shortened(message.version, 100);
    session.lastHeartbeatAt = context.now;
    if (context.firstOfSocket)
        ++session.epoch;
    return session;
}

} // namespace

Result<RegistrationPlan> planRegistration(const Registry &registry, const channel::Register &message,
                                          const Principal &principal, const RegistrationContext &context)
{
    if (const Result<void> checked = checkMessage(message); !checked)
        return checked.error();
    const Result<ProviderSession> session = planSession(registry, message, principal, context);
    if (!session)
        return session.error();
    QSet<QString> listed;
    for (const channel::LlmEntry &entry : message.llms)
        listed.insert(entry.name);
    for (const channel::AgentEntry &entry : message.agents)
        listed.insert(entry.name);
    const PlanScope scope{registry, principal, context, *session, listed};
    RegistrationPlan plan;
    plan.session = *session;
    plan.llms = planLlms(scope, message.llms);
    plan.agents = planAgents(scope, message.agents, plan.llms);
    return plan;
}

} // namespace hearth::domain
