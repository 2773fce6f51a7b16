#include "idlesleeper.h"

#include "backendwatch.h"
#include "logging.h"

#include <algorithm>
#include <iterator>

namespace hearth::publisher {

IdleSleeper::Group::Group(IdleSleeper &sleeper, const SleepRecipe &sleepRecipe)
    : recipe(sleepRecipe)
    , timer(sleeper.m_recipes.context.clock, [this, &sleeper] { sleeper.look(*this); })
{}

IdleSleeper::IdleSleeper(Roster &roster, BackendWatch &watch, RecipeParts recipes, std::function<void()> ended)
    : m_roster(roster)
    , m_watch(watch)
    , m_recipes(std::move(recipes))
    , m_ended(std::move(ended))
{
    regroup();
}

IdleSleeper::~IdleSleeper() = default;

void IdleSleeper::start()
{
    m_isStarted = true;
    for (Group &group : m_groups) {
        if (!group.run && !group.timer.isActive())
            group.timer.start(group.recipe.idle);
    }
}

void IdleSleeper::stop()
{
    m_isStarted = false;
    for (Group &group : m_groups) {
        group.timer.stop();
        if (!group.run)
            continue;
        group.run.reset();
        m_watch.sleepEnded(group.llms, Rest::None);
    }
}

void IdleSleeper::rosterChanged(RecipeRunSettings recipes)
{
    m_recipes.context.settings = recipes;
    for (const Group &group : m_groups) {
        if (!group.run)
            continue;
        std::vector<PublishedLlm *> leaving;
        std::ranges::copy_if(group.llms, std::back_inserter(leaving),
                             [&group](const PublishedLlm *llm) { return llm->settings.sleep != group.recipe; });
        m_watch.sleepEnded(leaving, Rest::None);
    }
    regroup();
    m_groups.remove_if([](const Group &group) { return group.llms.empty(); });
    for (const Group &group : m_groups) {
        // Who has come to it falls asleep with the others.
        if (group.run)
            m_watch.fallAsleep(group.llms);
    }
    if (m_isStarted)
        start();
}

void IdleSleeper::regroup()
{
    for (Group &group : m_groups)
        group.llms.clear();
    for (PublishedLlm &llm : m_roster.llms()) {
        if (llm.settings.sleep)
            groupOf(*llm.settings.sleep).llms.push_back(&llm);
    }
    for (Group &group : m_groups) {
        group.affected.clear();
        findAffected(group, m_roster.llms());
        findAffected(group, m_roster.retired());
    }
}

IdleSleeper::Group &IdleSleeper::groupOf(const SleepRecipe &recipe)
{
    const auto found = std::ranges::find(m_groups, recipe, &Group::recipe);
    return found != m_groups.end() ? *found : m_groups.emplace_back(*this, recipe);
}

void IdleSleeper::findAffected(Group &group, const std::list<PublishedLlm> &llms)
{
    const auto isAtItsBackend = [&group](const PublishedLlm &llm) {
        return std::ranges::any_of(group.llms,
                                   [&llm](const PublishedLlm *own) { return own->settings.url == llm.settings.url; });
    };
    for (const PublishedLlm &llm : llms) {
        const std::optional<SleepRecipe> &own = llm.settings.sleep;
        if (own ? own->action == group.recipe.action : isAtItsBackend(llm))
            group.affected.push_back(&llm);
    }
}

void IdleSleeper::look(Group &group)
{
    if (const Duration left = timeLeft(group); left > Duration::zero())
        group.timer.start(left);
    else
        fallAsleep(group);
}

Duration IdleSleeper::timeLeft(const Group &group) const
{
    const auto isActive = [](const PublishedLlm *llm) { return llm->state == channel::ReportedState::Active; };
    const auto isBusy = [](const PublishedLlm *llm) { return llm->running > 0 || llm->wake; };
    // What ends a moment from now still has its whole idle time before it.
    if (std::ranges::none_of(group.llms, isActive) || std::ranges::any_of(group.affected, isBusy))
        return group.recipe.idle;
    const PublishedLlm *last = *std::ranges::max_element(group.affected, {}, &PublishedLlm::lastActivity);
    return last->lastActivity + group.recipe.idle - m_recipes.context.clock.now();
}

void IdleSleeper::fallAsleep(Group &group)
{
    for (const PublishedLlm *llm : group.llms)
        qCInfo(lcPublisher).noquote() << llm->settings.name << "has not been used for a while and is put to sleep.";
    // The server is told before the recipe starts, so that it sends nothing more.
    m_watch.fallAsleep(group.llms);
    group.run = m_recipes.start(group.recipe.action, group.recipe.recipeTimeout,
                                [this, &group](const Result<void> &result) { ended(group, result); });
}

void IdleSleeper::ended(Group &group, const Result<void> &result)
{
    if (!result)
        qCWarning(lcPublisher).noquote() << group.llms.front()->settings.name
                                         << "could not be put to sleep:" << result.error().message;
    const Rest rest = result ? Rest::PutToSleep : Rest::None;
    group.run.reset();
    group.timer.start(group.recipe.idle);
    m_watch.sleepEnded(group.llms, rest);
    // What has not gone to sleep is probably up: a wake that waits looks before it runs anything.
    if (result)
        m_ended();
}

} // namespace hearth::publisher
