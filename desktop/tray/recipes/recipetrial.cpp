#include "recipetrial.h"

namespace hearth::recipes {

namespace {

QString secondsText(Duration duration)
{
    return RecipeTrial::tr("%1 s").arg(double(duration.count()) / 1000, 0, 'f', 1);
}

bool isAnswer(const Result<publisher::Fetch::Answer> &answer)
{
    return answer && answer->status >= 200 && answer->status < 300;
}

} // namespace

RecipeTrial::RecipeTrial(Clock &clock, publisher::StartRecipe start, RecipeTrialSettings settings, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_settings(settings)
    , m_client({}, clock)
    , m_parts{{m_client, clock}, std::move(start)}
    , m_poll(clock, [this] { ask(); })
    , m_tick(clock, [this] { tick(); })
    , m_deadline(clock, [this] {
        finish(false,
               tr("The recipe has ended well, but the backend has not answered within %1.").arg(secondsText(m_limit)));
    })
{}

RecipeTrial::~RecipeTrial()
{
    cancel();
}

void RecipeTrial::wake(const publisher::LlmSettings &llm)
{
    cancel();
    m_recipe = llm.wake.value();
    m_question = publisher::BackendTarget(llm, m_settings.backend).get(llm.probePath);
    m_wasAwake.reset();
    m_isRunning = true;
    ask();
}

void RecipeTrial::sleep(const publisher::LlmSettings &llm)
{
    cancel();
    m_question.reset();
    m_isRunning = true;
    begin(llm.sleep.value().action, llm.sleep->recipeTimeout);
}

void RecipeTrial::cancel()
{
    m_isRunning = false;
    m_poll.stop();
    m_tick.stop();
    m_deadline.stop();
    m_fetch.reset();
    // The run has to live until nothing of its program is left, which can be after this object.
    if (std::shared_ptr<publisher::RecipeRun> run = std::move(m_run))
        run->end([run]() mutable { run.reset(); });
}

void RecipeTrial::begin(const publisher::RecipeAction &action, Duration timeout)
{
    enter(channel::WakePhase::Recipe, timeout);
    m_run = m_parts.start(action, timeout, [this](const Result<void> &result) { recipeEnded(result); });
    m_tick.start(m_settings.tick);
    if (m_question)
        m_poll.start(m_settings.poll);
}

void RecipeTrial::enter(channel::WakePhase phase, Duration limit)
{
    m_phase = phase;
    m_limit = limit;
    m_phaseBegan = m_clock.now();
    Q_EMIT progress(m_phase, {}, m_limit);
}

void RecipeTrial::recipeEnded(const Result<void> &result)
{
    if (!result)
        return finish(false, result.error().message);
    if (!m_question)
        return finish(true, tr("The recipe has ended well."));
    if (m_wasAwake.value_or(false)) {
        return finish(true, tr("The recipe has ended well. The backend was awake before, so this does not show whether "
                               "the recipe wakes it."));
    }
    enter(channel::WakePhase::Polling, m_recipe.maxWait);
    m_deadline.start(m_limit);
}

void RecipeTrial::ask()
{
    m_fetch = std::make_unique<publisher::Fetch>(
        m_client, m_clock, *m_question, m_settings.backend.probeTimeout,
        [this](const Result<publisher::Fetch::Answer> &answer) { answered(answer); });
}

void RecipeTrial::answered(const Result<publisher::Fetch::Answer> &answer)
{
    const bool isAwake = isAnswer(answer);
    m_fetch.reset();
    if (!m_wasAwake) {
        m_wasAwake = isAwake;
        return begin(m_recipe.action, m_recipe.recipeTimeout);
    }
    // The program of a recipe may be the backend itself, and need not end.
    if (isAwake && !*m_wasAwake)
        return finish(true, tr("The backend has woken up."));
    m_poll.start(m_settings.poll);
}

void RecipeTrial::tick()
{
    Q_EMIT progress(m_phase, m_clock.now() - m_phaseBegan, m_limit);
    m_tick.start(m_settings.tick);
}

void RecipeTrial::finish(bool worked, const QString &text)
{
    // What the recipe has started stays: it may be the backend. After a failure nothing of it is wanted.
    if (worked)
        m_run.reset();
    cancel();
    Q_EMIT finished(worked, text);
}

} // namespace hearth::recipes
