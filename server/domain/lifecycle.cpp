#include "lifecycle.h"

#include <algorithm>

namespace hearth::domain {

bool deactivate(Llm &llm, StatusReason reason, WallTime now)
{
    if (llm.status == LlmStatus::Inactive && llm.statusReason == reason)
        return false;
    if (llm.status != LlmStatus::Inactive || reason == StatusReason::Offline)
        llm.inactiveSince = now;
    llm.status = LlmStatus::Inactive;
    llm.statusReason = reason;
    return true;
}

bool deactivate(Agent &agent, WallTime now)
{
    if (agent.status == LlmStatus::Inactive)
        return false;
    agent.status = LlmStatus::Inactive;
    agent.inactiveSince = now;
    return true;
}

bool activate(Agent &agent)
{
    if (agent.status == LlmStatus::Active)
        return false;
    agent.status = LlmStatus::Active;
    agent.inactiveSince.reset();
    return true;
}

namespace {

bool activate(Llm &llm, LlmStatus status)
{
    const bool changed = llm.status != status;
    llm.status = status;
    llm.statusReason.reset();
    llm.inactiveSince.reset();
    return changed;
}

/// Sweeps one kind of row; both obey the same two ages.
class Sweep
{
public:
    Sweep(const LifecycleSettings &settings, const SweepContext &context)
        : m_settings(settings)
        , m_context(context)
    {}

    template <typename Row>
    bool isStale(const Live<Row> &live) const
    {
        return live.row.kind == LlmKind::Virtual && live.row.status != LlmStatus::Inactive &&
               m_context.now - live.heartbeatAt > m_settings.heartbeatTimeout;
    }

    template <typename Row>
    bool isExpired(const Live<Row> &live) const
    {
        return live.row.kind == LlmKind::Virtual && live.row.status == LlmStatus::Inactive && mayDelete() &&
               !m_context.isBound(live.row.providerSessionId) &&
               m_context.now - live.inactiveAt > m_settings.inactiveRetention;
    }

private:
    bool mayDelete() const { return m_context.now - m_context.startedAt >= m_settings.startupGrace; }

    const LifecycleSettings &m_settings;
    const SweepContext &m_context;
};

} // namespace

bool applyReport(Llm &llm, channel::ReportedState state, WallTime now)
{
    llm.lastHeartbeatAt = now;
    switch (state) {
    case channel::ReportedState::Active:
        return activate(llm, LlmStatus::Active);
    case channel::ReportedState::Hibernating:
        return activate(llm, LlmStatus::Hibernating);
    case channel::ReportedState::Inactive:
        return deactivate(llm, StatusReason::BackendDown, now);
    case channel::ReportedState::Paused:
        return deactivate(llm, StatusReason::Paused, now);
    case channel::ReportedState::Draining:
        return deactivate(llm, StatusReason::Draining, now);
    }
    Q_UNREACHABLE();
}

std::vector<const Registry::LiveAgent *> agentsThatNeedItInPool(const Registry &registry, const Llm &llm,
                                                                const QList<LlmId> &doomed)
{
    const std::vector<const Llm *> &members = registry.poolMembers(llm.pool);
    const bool isLast = std::all_of(members.begin(), members.end(), [&](const Llm *member) {
        return member->id == llm.id || doomed.contains(member->id);
    });
    if (!isLast || llm.pool.isEmpty())
        return {};
    return registry.agentsPinnedTo(PoolName(llm.pool));
}

std::vector<const Registry::LiveAgent *> agentsThatNeed(const Registry &registry, const Llm &llm,
                                                        const QList<LlmId> &doomed)
{
    std::vector<const Registry::LiveAgent *> agents = registry.agentsPinnedTo(llm.id);
    const auto ofPool = agentsThatNeedItInPool(registry, llm, doomed);
    agents.insert(agents.end(), ofPool.begin(), ofPool.end());
    return agents;
}

SweepPlan planSweep(const Registry &registry, const LifecycleSettings &settings, const SweepContext &context)
{
    const Sweep sweep(settings, context);
    SweepPlan plan;
    for (const Registry::LiveAgent *live : registry.agents()) {
        if (sweep.isStale(*live)) {
            deactivate(plan.deactivatedAgents.emplaceBack(live->row), context.wallNow);
        } else if (sweep.isExpired(*live)) {
            plan.deletedAgents.append(live->row.id);
        }
    }
    for (const Registry::LiveLlm *live : registry.llms()) {
        if (sweep.isStale(*live)) {
            deactivate(plan.deactivatedLlms.emplaceBack(live->row), StatusReason::Offline, context.wallNow);
            continue;
        }
        if (!sweep.isExpired(*live))
            continue;
        const auto dependent = agentsThatNeed(registry, live->row, plan.deletedLlms);
        const bool isKept =
            std::any_of(dependent.begin(), dependent.end(), [&context](const Registry::LiveAgent *agent) {
                return agent->row.kind == LlmKind::Public || context.isBound(agent->row.providerSessionId);
            });
        if (isKept)
            continue;
        for (const Registry::LiveAgent *agent : dependent) {
            if (!plan.deletedAgents.contains(agent->row.id))
                plan.deletedAgents.append(agent->row.id);
        }
        plan.deletedLlms.append(live->row.id);
    }
    return plan;
}

} // namespace hearth::domain
