// WakeRunner: wakes backends, each of them once at a time, whoever asks and however often.
//
// Publisher owns one, so that a wake outlives the control channel on which it was asked for: whoever asks again joins
// the wake that is under way, or waits for the next one while a wake that has failed is being ended. Wake tasks ask,
// and so does the owner. Publisher's thread.

#pragma once

#include "roster.h"
#include "wakerun.h"

#include <list>
#include <optional>

namespace hearth::publisher {

class WakeRunner
{
public:
    /// What the context refers to, and the roster, must outlive the runner.
    WakeRunner(Roster &roster, WakeContext context);
    ~WakeRunner();
    WakeRunner(const WakeRunner &) = delete;
    WakeRunner &operator=(const WakeRunner &) = delete;

    /// Joins the wake of the Llm's recipe or starts one, at once or after the end of one that has failed; `listener`,
    /// if any, stays until it is told the end, or leaves. The outcome when there is nothing to wait for, because the
    /// Llm is active or has no recipe: nobody is told then.
    std::optional<WakeOutcome> wake(const PublishedLlm &llm, WakeListener *listener);
    /// Lets the wake of the Llm's recipe fail with this error, and ends what it has started; the same for the wake that
    /// is to follow. Ignored where there is none.
    void cancel(const PublishedLlm &llm, const Error &error);
    /// The wake goes on. Ignored for a listener that does not wait.
    void leave(WakeListener &listener);
    /// The state of an Llm has changed, or its falling asleep has ended.
    void statesChanged();
    /// The roster or the settings have changed. A wake goes on for the Llms that still have its recipe.
    void rosterChanged(RecipeRunSettings recipes, Duration pollInterval);
    /// Lets all wakes fail and ends what they have started; isIdle() turns true when nothing is left of it.
    void stop();

    bool isIdle() const;

private:
    /// Somebody wants this Llm awake when the present run is over.
    struct Wish
    {
        const PublishedLlm *llm;
        /// Null for nobody who is to be told.
        WakeListener *listener;
    };

    /// Llms with the same recipe.
    struct Group
    {
        WakeRecipe recipe;
        std::vector<PublishedLlm *> llms = {};
        std::unique_ptr<WakeRun> run = nullptr;
        /// Only while the run is being ended.
        std::vector<Wish> wishes = {};
    };

    void regroup();
    /// The one that the Llm belongs to; null for an Llm without recipe.
    Group *groupOf(const PublishedLlm &llm);
    void join(Group &group, const Wish &wish);
    void runOver(Group &group);
    /// Answers the wishes for these, in place of a wake.
    void answer(Group &group, const std::function<bool(const PublishedLlm &)> &isDue, const Result<void> &result);
    void refuseAll(Group &group, const Error &error);

    Roster &m_roster;
    WakeContext m_context;
    /// A list, for runs know their group. One without Llms stays until its run is over.
    std::list<Group> m_groups;
};

} // namespace hearth::publisher
