// AgentPlanning: what the tests of planned agents share: a registry with a session of alice's that publishes the Llm
// `m`, and register messages of that session. For the thread of the test.

#pragma once

#include "domainrows.h"
#include "registrationplan.h"

namespace hearth::testsupport {

inline QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

class AgentPlanning
{
public:
    AgentPlanning()
    {
        registry.put(providerSession(session, text("alice"), 7));
        llm = put(liveLlm(text("m"), session.toString(), clock.wallNow()));
    }

    Result<domain::RegistrationPlan> plan(const QList<channel::AgentEntry> &agents,
                                          const QList<channel::LlmEntry> &llms = {}) const
    {
        auto key = std::make_shared<domain::ApiKey>();
        key->owner = text("alice");
        key->scopes = {domain::Scope::Publish};
        key->models = mayPublish;
        return planRegistration(registry, {text("box"), text("1"), session, llms, agents}, domain::Principal(key),
                                {.now = clock.wallNow(),
                                 .firstOfSocket = true,
                                 .adoptAcrossOwners = adoptAcrossOwners,
                                 .isBound = [](const ProviderSessionId &) { return true; },
                                 .poolsAcrossOwners = poolsAcrossOwners});
    }

    domain::Llm put(const domain::Llm &row)
    {
        registry.put(row);
        return row;
    }

    /// An Llm of bob's, in `pool`.
    domain::Llm others(const char *name, const char *pool)
    {
        domain::Llm row = liveLlm(text(name), text("theirs"), clock.wallNow());
        row.owner = text("bob");
        row.pool = text(pool);
        return put(row);
    }

    /// An Llm of alice's that has lapsed, in `pool`.
    domain::Llm lapsed(const char *name, const char *pool)
    {
        domain::Llm row = liveLlm(text(name), text("gone"), clock.wallNow());
        row.pool = text(pool);
        deactivate(row, domain::StatusReason::Offline, clock.wallNow());
        return put(row);
    }

    FakeClock clock;
    domain::Registry registry{clock};
    const ProviderSessionId session{QStringLiteral("mine")};
    domain::Llm llm;
    /// The names that the key may publish; empty for all.
    QStringList mayPublish;
    bool adoptAcrossOwners = false;
    bool poolsAcrossOwners = true;
};

} // namespace hearth::testsupport
