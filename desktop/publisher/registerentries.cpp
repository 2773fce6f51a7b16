#include "registerentries.h"

#include "codec.h"

namespace hearth::publisher {

namespace {

/// For what is not known when the configuration is read: the version and the session id.
constexpr qsizetype reservedBytes = 1024;

channel::RecipeInfo infoOf(const LlmSettings &llm)
{
    const WakeRecipe &recipe = *llm.wake;
    const bool isHttp = std::holds_alternative<HttpRecipe>(recipe.action);
    // A wake may have to wait for the end of falling asleep, and the server has to allow for that.
    const Duration untilAsleep = llm.sleep ? llm.sleep->recipeTimeout : Duration::zero();
    return {isHttp ? channel::RecipeKind::Http : channel::RecipeKind::Command,
            wholeSeconds(recipe.recipeTimeout + untilAsleep), wholeSeconds(recipe.maxWait)};
}

} // namespace

int wholeSeconds(Duration duration)
{
    return static_cast<int>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

channel::LlmEntry entryOf(const LlmSettings &llm)
{
    channel::LlmEntry entry;
    entry.name = llm.name;
    entry.type = toString(llm.type);
    entry.model = llm.model;
    entry.pool = llm.pool;
    entry.streamUsage = llm.streamUsage;
    entry.tier = llm.tier;
    entry.description = llm.description;
    entry.extraConfig = llm.extraConfig;
    entry.maxConcurrency = llm.maxConcurrency;
    if (llm.wake)
        entry.wake = infoOf(llm);
    return entry;
}

channel::AgentEntry entryOf(const AgentSettings &agent)
{
    return {.name = agent.name,
            .llm = agent.llm,
            .pool = agent.pool,
            .description = agent.description,
            .systemPrompt = agent.systemPrompt,
            .defaultParams = agent.defaultParams,
            .extras = agent.extras,
            .project = agent.project};
}

bool fitsIntoRegister(const PublisherSettings &settings)
{
    channel::Register message{.publisher = settings.name, .version = {}};
    for (const LlmSettings &llm : settings.llms) {
        channel::LlmEntry entry = entryOf(llm);
        // The longest spelling of all states.
        entry.initialStatus = channel::ReportedState::Hibernating;
        if (llm.publish)
            message.llms.append(entry);
    }
    for (const AgentSettings &agent : settings.agents)
        message.agents.append(entryOf(agent));
    return channel::encode(message).size() <= channel::maxMessageBytes - reservedBytes;
}

} // namespace hearth::publisher
