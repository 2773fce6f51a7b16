#include "llmplan.h"

#include <tuple>

namespace hearth::domain {

namespace {

using channel::EntryStatus;

class LlmRules
{
public:
    static constexpr QLatin1String kindName{"Llm"};
    static constexpr QLatin1String otherKind{"an agent"};

    explicit LlmRules(const Registry &registry)
        : m_registry(registry)
    {}

    /// What counts as an edit of a row; the rest is its identity and its lifecycle.
    static auto content(const Llm &llm)
    {
        return std::tie(llm.owner, llm.providerSessionId, llm.type, llm.model, llm.pool, llm.streamUsage, llm.tier,
                        llm.description, llm.extraConfig, llm.maxConcurrency, llm.wake);
    }

    static bool isResting(const Llm &llm) { return llm.statusReason && llm.statusReason != StatusReason::Offline; }

    static bool withdraw(Llm &llm, WallTime now) { return deactivate(llm, StatusReason::Offline, now); }

    bool isTaken(const QString &name) const { return m_registry.findAgent(name) != nullptr; }

    auto published(const ProviderSessionId &session) const { return m_registry.llmsOf(session); }

private:
    const Registry &m_registry;
};

std::optional<WakeInfo> wakeInfo(const std::optional<channel::RecipeInfo> &recipe)
{
    if (!recipe)
        return std::nullopt;
    return WakeInfo{recipe->kind == channel::RecipeKind::Http ? WakeKind::Http : WakeKind::Command,
                    std::chrono::seconds(recipe->recipeTimeoutSeconds), std::chrono::seconds(recipe->maxWaitSeconds)};
}

/// Fields left out keep their values; a new row's model is called as the Llm.
void fill(Llm &llm, const channel::LlmEntry &entry, bool isNew, WallTime now)
{
    llm.type = entry.type.value_or(llm.type);
    llm.model = entry.model.value_or(isNew ? entry.name : llm.model);
    llm.streamUsage = entry.streamUsage.value_or(llm.streamUsage);
    llm.tier = entry.tier.value_or(llm.tier);
    llm.description = entry.description.value_or(llm.description);
    llm.extraConfig = entry.extraConfig.value_or(llm.extraConfig);
    llm.maxConcurrency = entry.maxConcurrency.value_or(llm.maxConcurrency);
    llm.wake = wakeInfo(entry.wake);
    applyReport(llm, entry.initialStatus, now);
}

/// Unlike other fields, a pool that is left out is found anew: it may follow from the model. A publisher may take the
/// last member out of a pool: agents that are pinned to it stay as they are, and are served again once it has a member.
/// Their owners must not be able to hold a box to what it publishes.
std::optional<Refusal> join(Llm &llm, const std::optional<QString> &asked, const PlanScope &scope)
{
    const Result<QString> pool =
        poolFor({scope.registry, scope.principal, scope.context.poolsAcrossOwners}, llm, asked);
    if (!pool) {
        const bool mayCome = pool.error().code == ErrorCode::Conflict;
        return Refusal{mayCome ? EntryStatus::Conflict : EntryStatus::Invalid, pool.error().message};
    }
    if (asked && *asked != llm.pool && scope.listed.contains(*asked)) {
        return Refusal{EntryStatus::Invalid,
                       QStringLiteral("pool: \"%1\" is the name of another entry, which callers would get instead; "
                                      "choose another one.")
                           .arg(*asked)};
    }
    llm.pool = *pool;
    return std::nullopt;
}

} // namespace

RowChanges<Llm> planLlms(const PlanScope &scope, const QList<channel::LlmEntry> &entries)
{
    RowChanges<Llm> changes;
    const LlmRules rules(scope.registry);
    EntryPlanner<Llm, LlmRules> planner(scope, rules, changes);
    for (const channel::LlmEntry &entry : entries) {
        const Llm *const existing = scope.registry.findLlm(entry.name);
        Llm wanted = planner.startingPoint(existing, entry.name);
        planner.claim(wanted);
        fill(wanted, entry, !existing, scope.context.now);
        const std::optional<Refusal> objection = join(wanted, entry.pool, scope);
        planner.decide(existing, wanted, objection);
    }
    planner.withdrawTheRest();
    return changes;
}

} // namespace hearth::domain
