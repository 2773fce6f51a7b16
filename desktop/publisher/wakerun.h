// WakeRun: one attempt to wake a backend, from the start of its recipe until the backend answers or has failed to.
//
// WakeRunner makes one for all Llms that have the same wake recipe, and destroys it when it is over. It starts the
// recipe, asks the backend through BackendWatch at an interval, and tells everybody who has joined how far it is and
// how it ended. Those who leave do not end it; Llms that get another recipe meanwhile do, when they are the last. What
// the recipe has started is left alone after success and ended after failure. Publisher's thread.

#pragma once

#include "publishedllm.h"
#include "recipeparts.h"

namespace hearth::publisher {

class BackendWatch;

struct WakeOutcome
{
    /// Since the wake began.
    Duration duration{};
    /// Errors: WakeTimeout when a limit has run out, CancelledByOwner, Cancelled when the settings were changed under
    /// it, WakeFailed for all other causes. Callers of the Llm see the first and WakeFailed only: the server sorts
    /// them.
    Result<void> result;
};

/// Told about the wake that it waits for, never from inside WakeRunner::wake().
class WakeListener
{
public:
    virtual ~WakeListener() = default;

    /// Called on every tick. Must not leave.
    virtual void wakeProgressed(const WakeStatus &status) = 0;
    /// Called once and last, when the listener has been forgotten. Must not wake again.
    virtual void wakeEnded(const WakeOutcome &outcome) = 0;
};

/// What those are told whose Llm has got another recipe, or none.
Error wakeOutdated();

/// What runs use; everything outlives them.
struct WakeContext
{
    BackendWatch &watch;
    RecipeParts recipes;
    /// Between two questions to the backend.
    Duration pollInterval;
    /// The status of a run is another now, or the run is gone.
    std::function<void()> changed;
    /// Somebody wanted this Llm awake, and now it is, or will not be.
    std::function<void(const PublishedLlm &, const Result<void> &)> ended;
};

class WakeRun
{
public:
    /// Begins. `llms` are all that have this recipe, at least one. `over` is called last, never from inside this
    /// constructor, and destroys the run.
    WakeRun(const WakeRecipe &recipe, std::vector<PublishedLlm *> llms, const WakeContext &context,
            std::function<void()> over);
    /// Whatever the recipe has started lives on.
    ~WakeRun();
    WakeRun(const WakeRun &) = delete;
    WakeRun &operator=(const WakeRun &) = delete;

    /// `llm` is one of the run's and not active, and the run is not being ended. `listener` may be null.
    void join(const PublishedLlm &llm, WakeListener *listener);
    void leave(WakeListener &listener);
    /// These have the recipe from now on. Who waits for another one is told that its settings were changed; when nobody
    /// is awaited any more the run fails, and may be over.
    void llmsChanged(std::vector<PublishedLlm *> llms);
    /// The state of an Llm has changed, or its falling asleep has ended.
    void statesChanged();
    /// Fails with this error, unless it has failed already: ends what the recipe has started; then the run is over.
    void end(const Error &error);

    /// It has failed, and what its recipe has started is being ended.
    bool isBeingEnded() const { return m_stage == Stage::Ending; }

private:
    enum class Stage {
        /// An Llm of the run is falling asleep; its recipe must end first.
        Waiting,
        Recipe,
        Polling,
        /// It has failed, and what the recipe has started is being ended.
        Ending,
    };

    struct Waiter
    {
        const PublishedLlm *llm;
        WakeListener *listener;
    };

    Duration elapsed() const;
    void begin();
    void startRecipe();
    void recipeEnded(const Result<void> &result);
    void tick();
    void publishStatus();
    void ranOut();
    bool isAwaited(const PublishedLlm &llm) const;
    void fail(const Error &error);
    void finish(const Result<void> &result);
    /// Forgets that these are awaited, and tells their waiters.
    void settle(const std::vector<const PublishedLlm *> &llms, const Result<void> &result);

    const WakeRecipe m_plan;
    std::vector<PublishedLlm *> m_llms;
    const WakeContext &m_context;
    std::function<void()> m_over;
    const MonotonicTime m_began;
    Stage m_stage = Stage::Waiting;
    WakeStatus m_status;
    Error m_failure;
    std::vector<Waiter> m_waiters;
    /// Those that somebody wanted and that are not up yet, whether or not anybody still waits for them.
    std::vector<const PublishedLlm *> m_awaited;
    bool m_isPartlyUp = false;
    /// Kept after its good end, so that what it has started can still be ended.
    std::unique_ptr<RecipeRun> m_recipe;
    Timer m_tick;
    Timer m_limit;
};

} // namespace hearth::publisher
