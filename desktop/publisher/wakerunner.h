// WakeRunner: wakes backends, each of them once at a time, whoever asks and however often.
//
// Publisher owns one, so that a wake outlives the control channel on which it was asked for: whoever asks again joins
// the wake that is under way. Wake tasks ask; a window may do the same. Publisher's thread.

#pragma once

#include "wakerun.h"

#include <optional>

namespace hearth::publisher {

class WakeRunner
{
public:
    /// What the context refers to, and the Llms, must outlive the runner.
    WakeRunner(std::span<PublishedLlm> llms, WakeContext context);
    ~WakeRunner();
    WakeRunner(const WakeRunner &) = delete;
    WakeRunner &operator=(const WakeRunner &) = delete;

    /// Joins the wake of the Llm's recipe or starts one; `listener` stays until it is told the end, or leaves. The
    /// outcome when there is nothing to wait for, because the Llm is active or has no recipe: nobody is told then.
    std::optional<WakeOutcome> wake(PublishedLlm &llm, WakeListener &listener);
    /// The wake goes on. Ignored for a listener that does not wait.
    void leave(WakeListener &listener);
    /// The state of an Llm has changed, or its falling asleep has ended.
    void statesChanged();
    /// Lets all wakes fail and ends what they have started; isIdle() turns true when nothing is left of it.
    void stop();

    bool isIdle() const;

private:
    /// Llms with the same recipe.
    struct Group
    {
        std::vector<PublishedLlm *> llms;
        std::unique_ptr<WakeRun> run;
    };

    void runOver(Group &group);

    const WakeContext m_context;
    /// Constant in number and order.
    std::vector<Group> m_groups;
};

} // namespace hearth::publisher
