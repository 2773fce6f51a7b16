#include "llmplan.h"

#include <tuple>

namespace hearth::domain {

namespace {

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
        return std::tie(llm.owner, llm.providerSessionId, llm.type, llm.model, llm.tier, llm.description,
                        llm.extraConfig, llm.maxConcurrency, llm.wake);
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
    llm.tier = entry.tier.value_or(llm.tier);
    llm.description = entry.description.value_or(llm.description);
    llm.extraConfig = entry.extraConfig.value_or(llm.extraConfig);
    llm.maxConcurrency = entry.maxConcurrency.value_or(llm.maxConcurrency);
    llm.wake = wakeInfo(entry.wake);
    applyReport(llm, entry.initialStatus, now);
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
        planner.decide(existing, wanted);
    }
    planner.withdrawTheRest();
    return changes;
}

} // namespace hearth::domain
