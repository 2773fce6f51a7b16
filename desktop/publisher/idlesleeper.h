// IdleSleeper: puts backends to sleep that have not been used for a while.
//
// Publisher owns one. An Llm with a sleep recipe that has been active without a task for its idle time is reported
// hibernating, and then its recipe runs; never while a task or a wake of it runs. Llms with the same recipe go to sleep
// together. It wakes nothing. Publisher's thread.

#pragma once

#include "recipeparts.h"
#include "roster.h"

namespace hearth::publisher {

class BackendWatch;

class IdleSleeper
{
public:
    /// `ended` is called whenever falling asleep has ended well. What everything refers to must outlive the sleeper.
    IdleSleeper(Roster &roster, BackendWatch &watch, RecipeParts recipes, std::function<void()> ended);
    ~IdleSleeper();
    IdleSleeper(const IdleSleeper &) = delete;
    IdleSleeper &operator=(const IdleSleeper &) = delete;

    void start();
    /// A recipe that runs is let go, to end by itself.
    void stop();
    /// The roster or the settings have changed. A recipe that runs, and that no Llm has any more, is let go.
    void rosterChanged(RecipeRunSettings recipes);

private:
    /// Llms with the same recipe.
    struct Group
    {
        Group(IdleSleeper &sleeper, const SleepRecipe &sleepRecipe);

        const SleepRecipe recipe;
        std::vector<PublishedLlm *> llms;
        /// Whose tasks the recipe would break off: these Llms, others with the same action, and those at the same
        /// backend that have no sleep recipe; those that are retired included.
        std::vector<const PublishedLlm *> affected;
        /// Runs while the recipe does not.
        Timer timer;
        std::unique_ptr<RecipeRun> run;
    };

    void regroup();
    Group &groupOf(const SleepRecipe &recipe);
    static void findAffected(Group &group, const std::list<PublishedLlm> &llms);
    void look(Group &group);
    /// Until the group may fall asleep; not positive when it may now.
    Duration timeLeft(const Group &group) const;
    void fallAsleep(Group &group);
    void ended(Group &group, const Result<void> &result);

    Roster &m_roster;
    BackendWatch &m_watch;
    RecipeParts m_recipes;
    std::function<void()> m_ended;
    bool m_isStarted = false;
    /// A list, for timers stay where they are.
    std::list<Group> m_groups;
};

} // namespace hearth::publisher
