#include "domainrows.h"

namespace hearth::testsupport {

domain::Llm liveLlm(const QString &name, const QString &session, WallTime now)
{
    domain::Llm llm;
    llm.id = LlmId(QLatin1String("id-of-") + name);
    llm.name = name;
    llm.model = name;
    llm.owner = QStringLiteral("alice");
    llm.providerSessionId = ProviderSessionId(session);
    llm.status = domain::LlmStatus::Active;
    llm.statusReason.reset();
    llm.createdAt = now;
    llm.updatedAt = now;
    llm.lastHeartbeatAt = now;
    return llm;
}

domain::Llm publicLlm(const QString &name, WallTime now)
{
    domain::Llm llm = liveLlm(name, {}, now);
    llm.kind = domain::LlmKind::Public;
    llm.lastHeartbeatAt.reset();
    return llm;
}

domain::ProviderSession providerSession(const ProviderSessionId &id, const QString &owner, quint64 epoch)
{
    domain::ProviderSession session;
    session.id = id;
    session.owner = owner;
    session.epoch = epoch;
    return session;
}

domain::Agent liveAgent(const QString &name, const domain::Llm &llm, const QString &session, WallTime now)
{
    domain::Agent agent;
    agent.id = AgentId(QLatin1String("id-of-") + name);
    agent.name = name;
    agent.kind = domain::LlmKind::Virtual;
    agent.owner = QStringLiteral("alice");
    agent.providerSessionId = ProviderSessionId(session);
    agent.pinnedTo = llm.id;
    agent.createdAt = now;
    agent.updatedAt = now;
    agent.lastHeartbeatAt = now;
    return agent;
}

domain::Agent publicAgent(const QString &name, const domain::Llm &llm, WallTime now)
{
    domain::Agent agent = liveAgent(name, llm, {}, now);
    agent.kind = domain::LlmKind::Public;
    agent.lastHeartbeatAt.reset();
    return agent;
}

} // namespace hearth::testsupport
