// RecipeTrial: carries out a recipe of an Llm once, for its owner to see whether it works.
//
// A wake recipe is run as a publisher would run it, and then the backend is asked until it answers; a sleep recipe is
// only run. RecipeTry shows one; nothing is published for it. One thread, with an event loop.

#pragma once

#include "fetch.h"
#include "publishedllm.h"
#include "recipeparts.h"

#include <QObject>

#include <memory>
#include <optional>

namespace hearth::recipes {

struct RecipeTrialSettings
{
    /// Between two questions to the backend.
    Duration poll = std::chrono::milliseconds(1500);
    /// Between two signals progress().
    Duration tick = std::chrono::seconds(1);
    publisher::BackendSettings backend = {};
};

class RecipeTrial final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the trial and the end of its programs. `start` is RecipeRun::start(), but for tests.
    explicit RecipeTrial(Clock &clock, publisher::StartRecipe start = publisher::RecipeRun::start,
                         RecipeTrialSettings settings = {}, QObject *parent = nullptr);
    /// Ends the program that runs, as cancel() does.
    ~RecipeTrial() override;

    // Each gives up what is under way. finished() follows, never from inside these functions.
    /// `llm` must have a wake recipe.
    void wake(const publisher::LlmSettings &llm);
    /// `llm` must have a sleep recipe.
    void sleep(const publisher::LlmSettings &llm);
    /// Ends the program that runs; finished() is not emitted.
    void cancel();

    bool isRunning() const { return m_isRunning; }

Q_SIGNALS:
    /// Once per tick; `limit` is for the part that runs now.
    void progress(hearth::channel::WakePhase phase, hearth::Duration elapsed, hearth::Duration limit);
    /// `text` is for a person.
    void finished(bool worked, const QString &text);

private:
    void begin(const publisher::RecipeAction &action, Duration timeout);
    void enter(channel::WakePhase phase, Duration limit);
    void recipeEnded(const Result<void> &result);
    void ask();
    void answered(const Result<publisher::Fetch::Answer> &answer);
    void tick();
    void finish(bool worked, const QString &text);

    Clock &m_clock;
    RecipeTrialSettings m_settings;
    httpclient::HttpClient m_client;
    publisher::RecipeParts m_parts;
    bool m_isRunning = false;
    /// Before the recipe: then an answer proves nothing.
    std::optional<bool> m_wasAwake;
    publisher::WakeRecipe m_recipe;
    std::optional<httpclient::TransferRequest> m_question;
    channel::WakePhase m_phase = channel::WakePhase::Recipe;
    Duration m_limit{};
    MonotonicTime m_phaseBegan{};
    std::unique_ptr<publisher::RecipeRun> m_run;
    std::unique_ptr<publisher::Fetch> m_fetch;
    Timer m_poll;
    Timer m_tick;
    Timer m_deadline;
};

} // namespace hearth::recipes
