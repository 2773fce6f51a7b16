#include "agentplan.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace hearth::domain {

namespace {

using channel::EntryOutcome;
using channel::EntryStatus;

/// The Llms as they will be once the message has been carried out.
class PlannedLlms
{
public:
    PlannedLlms(const PlanScope &scope, const RowChanges<Llm> &changes)
        : m_scope(scope)
        , m_changes(changes)
    {
        for (const QList<Llm> *rows : {&changes.written, &changes.touched}) {
            for (const Llm &llm : *rows)
                m_changed.emplace(llm.name, &llm);
        }
    }

    const Llm *find(const QString &name) const
    {
        const auto changed = m_changed.find(name);
        return changed != m_changed.end() ? changed->second : m_scope.registry.findLlm(name);
    }

    /// Pins `agent` to what its entry names; the reason when it cannot be.
    std::optional<Refusal> pin(Agent &agent, const channel::AgentEntry &entry) const
    {
        if (entry.llm.isEmpty() == entry.pool.isEmpty())
            return Refusal{EntryStatus::Invalid, QStringLiteral("Name either an llm or a pool for the agent.")};
        return entry.pool.isEmpty() ? pinToLlm(agent, entry.llm) : pinToPool(agent, entry.pool);
    }

private:
    /// Whether it serves the agents of the publisher's owner.
    bool isServing(const Llm &llm) const
    {
        return llm.kind == LlmKind::Public || llm.owner == m_scope.principal.owner();
    }

    /// An agent must not open to its callers what the key itself may not use. What the owner publishes is the owner's.
    bool isPinnable(const Llm &llm) const
    {
        return isServing(llm) && (llm.kind == LlmKind::Virtual || m_scope.principal.mayUse(llm.name));
    }

    std::optional<Refusal> pinToLlm(Agent &agent, const QString &name) const
    {
        const Llm *const llm = find(name);
        if (!llm || !isPinnable(*llm))
            return notPinnable(name);
        agent.pinnedTo = llm->id;
        return std::nullopt;
    }

    /// A pool serves the agents of everybody who has an Llm in it, and all when a public one is.
    bool isServed(const QString &pool) const
    {
        const auto isMember = [this, &pool](const Llm &llm) { return llm.pool == pool && isServing(llm); };
        const auto &known = m_scope.registry.poolMembers(pool);
        return std::any_of(m_changed.begin(), m_changed.end(),
                           [&isMember](const auto &changed) { return isMember(*changed.second); }) ||
               std::any_of(known.begin(), known.end(),
                           [this, &isMember](const Llm *llm) { return isMember(*find(llm->name)); });
    }

    /// A pool that the key may not use is none to it.
    std::optional<Refusal> pinToPool(Agent &agent, const QString &pool) const
    {
        if (!m_scope.principal.mayUse(pool) || !isServed(pool)) {
            return Refusal{isValidName(pool) ? EntryStatus::Conflict : EntryStatus::Invalid,
                           QStringLiteral("pool: none of your Llms is in the pool \"%1\", and no public one. Publish "
                                          "one in it, or pin the agent to another one.")
                               .arg(pool.left(128))};
        }
        agent.pinnedTo = PoolName(pool);
        return std::nullopt;
    }

    Refusal notPinnable(const QString &name) const
    {
        const auto &outcomes = m_changes.outcomes;
        const auto isListed = [&outcomes, &name](EntryStatus status) {
            return std::any_of(outcomes.begin(), outcomes.end(), [&name, status](const EntryOutcome &outcome) {
                return outcome.name == name && outcome.status == status;
            });
        };
        if (isListed(EntryStatus::Conflict)) {
            return {EntryStatus::Conflict,
                    QStringLiteral("Its Llm \"%1\" could not be published: settle that conflict first.").arg(name)};
        }
        // Another box, or an administrator, may publish it yet: worth offering again.
        const bool mayCome = isValidName(name) && !isListed(EntryStatus::Invalid);
        return {mayCome ? EntryStatus::Conflict : EntryStatus::Invalid,
                QStringLiteral("llm: you have no Llm \"%1\", and no public one has that name. Publish it beside the "
                               "agent, or pin the agent to another one.")
                    .arg(name.left(128))};
    }

    const PlanScope &m_scope;
    const RowChanges<Llm> &m_changes;
    std::unordered_map<QString, const Llm *> m_changed;
};

class AgentRules
{
public:
    static constexpr QLatin1String kindName{"agent"};
    static constexpr QLatin1String otherKind{"an Llm"};

    AgentRules(const Registry &registry, const PlannedLlms &llms)
        : m_registry(registry)
        , m_llms(llms)
    {}

    /// What counts as an edit of a row; the rest is its identity and its lifecycle.
    static auto content(const Agent &agent)
    {
        return std::tie(agent.owner, agent.providerSessionId, agent.pinnedTo, agent.description, agent.systemPrompt,
                        agent.defaultParams, agent.extras, agent.project);
    }

    /// An agent has no backend that could be asleep or away.
    static bool isResting(const Agent &) { return false; }

    static bool withdraw(Agent &agent, WallTime now) { return deactivate(agent, now); }

    bool isTaken(const QString &name) const { return m_llms.find(name) != nullptr; }

    auto published(const ProviderSessionId &session) const { return m_registry.agentsOf(session); }

private:
    const Registry &m_registry;
    const PlannedLlms &m_llms;
};

/// Fields left out keep their values.
void fill(Agent &agent, const channel::AgentEntry &entry)
{
    agent.description = entry.description.value_or(agent.description);
    agent.systemPrompt = entry.systemPrompt.value_or(agent.systemPrompt);
    agent.defaultParams = entry.defaultParams.value_or(agent.defaultParams);
    agent.extras = entry.extras.value_or(agent.extras);
    agent.project = entry.project.value_or(agent.project);
    activate(agent);
}

} // namespace

RowChanges<Agent> planAgents(const PlanScope &scope, const QList<channel::AgentEntry> &entries,
                             const RowChanges<Llm> &llms)
{
    RowChanges<Agent> changes;
    const PlannedLlms planned(scope, llms);
    const AgentRules rules(scope.registry, planned);
    EntryPlanner<Agent, AgentRules> planner(scope, rules, changes);
    for (const channel::AgentEntry &entry : entries) {
        const Agent *const existing = scope.registry.findAgent(entry.name);
        Agent wanted = planner.startingPoint(existing, entry.name);
        planner.claim(wanted);
        fill(wanted, entry);
        const std::optional<Refusal> objection = planned.pin(wanted, entry);
        planner.decide(existing, wanted, objection);
    }
    planner.withdrawTheRest();
    return changes;
}

} // namespace hearth::domain
