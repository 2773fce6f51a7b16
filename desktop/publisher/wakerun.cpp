#include "wakerun.h"

#include "backendwatch.h"
#include "logging.h"

#include <algorithm>
#include <iterator>

namespace hearth::publisher {

namespace {

QString secondsText(Duration duration)
{
    return QStringLiteral("%1 s").arg(static_cast<double>(duration.count()) / 1000);
}

bool isFallingAsleep(const PublishedLlm *llm)
{
    return llm->rest == Rest::FallingAsleep;
}

/// What putting these to sleep may take at most.
Duration sleepLimit(std::span<PublishedLlm *const> llms)
{
    Duration limit{};
    for (const PublishedLlm *llm : llms) {
        if (isFallingAsleep(llm))
            limit = std::max(limit, llm->settings.sleep->recipeTimeout);
    }
    return limit;
}

} // namespace

Error wakeOutdated()
{
    return {ErrorCode::Cancelled, QStringLiteral("Its settings were changed while it was being woken.")};
}

WakeRun::WakeRun(const WakeRecipe &recipe, std::vector<PublishedLlm *> llms, const WakeContext &context,
                 std::function<void()> over)
    : m_plan(recipe)
    , m_llms(std::move(llms))
    , m_context(context)
    , m_over(std::move(over))
    , m_began(context.recipes.context.clock.now())
    , m_tick(context.recipes.context.clock, [this] { tick(); })
    , m_limit(context.recipes.context.clock, [this] { ranOut(); })
{
    m_status.limit = sleepLimit(m_llms) + m_plan.recipeTimeout + m_plan.maxWait;
    begin();
    publishStatus();
    m_tick.start(m_context.pollInterval);
}

WakeRun::~WakeRun()
{
    for (PublishedLlm *llm : m_llms)
        llm->wake.reset();
}

void WakeRun::join(const PublishedLlm &llm, WakeListener *listener)
{
    if (!isAwaited(llm)) {
        qCInfo(lcPublisher).noquote() << llm.settings.name << "is being woken.";
        m_awaited.push_back(&llm);
    }
    if (listener)
        m_waiters.push_back({&llm, listener});
}

void WakeRun::leave(WakeListener &listener)
{
    std::erase_if(m_waiters, [&listener](const Waiter &waiter) { return waiter.listener == &listener; });
}

void WakeRun::llmsChanged(std::vector<PublishedLlm *> llms)
{
    const auto hasLeft = [&llms](const PublishedLlm *llm) { return std::ranges::find(llms, llm) == llms.end(); };
    for (PublishedLlm *llm : m_llms) {
        if (hasLeft(llm))
            llm->wake.reset();
    }
    std::vector<const PublishedLlm *> lost;
    std::ranges::copy_if(m_awaited, std::back_inserter(lost), hasLeft);
    m_llms = std::move(llms);
    publishStatus();
    settle(lost, wakeOutdated());
    if (m_awaited.empty())
        end(wakeOutdated());
}

void WakeRun::statesChanged()
{
    if (m_stage == Stage::Ending)
        return;
    std::vector<const PublishedLlm *> up;
    std::ranges::copy_if(m_awaited, std::back_inserter(up),
                         [](const PublishedLlm *llm) { return llm->state == channel::ReportedState::Active; });
    if (!up.empty())
        m_isPartlyUp = true;
    if (up.size() == m_awaited.size())
        return finish({});
    settle(up, {});
    if (m_stage == Stage::Waiting)
        begin();
}

void WakeRun::end(const Error &error)
{
    if (m_stage != Stage::Ending)
        fail(error);
}

Duration WakeRun::elapsed() const
{
    return m_context.recipes.context.clock.now() - m_began;
}

void WakeRun::begin()
{
    if (std::ranges::none_of(m_llms, isFallingAsleep))
        startRecipe();
}

void WakeRun::startRecipe()
{
    m_stage = Stage::Recipe;
    m_status.limit = elapsed() + m_plan.recipeTimeout + m_plan.maxWait;
    m_recipe = m_context.recipes.start(m_plan.action, m_plan.recipeTimeout,
                                       [this](const Result<void> &result) { recipeEnded(result); });
}

void WakeRun::recipeEnded(const Result<void> &result)
{
    if (!result) {
        // The recipe's run owns the error.
        const Error error = result.error();
        m_recipe.reset();
        return fail(error);
    }
    m_stage = Stage::Polling;
    m_status.phase = channel::WakePhase::Polling;
    m_status.limit = elapsed() + m_plan.maxWait;
    publishStatus();
    m_limit.start(m_plan.maxWait);
    m_context.watch.wakeRecipeEnded(m_llms);
    m_context.changed();
}

void WakeRun::tick()
{
    m_tick.start(m_context.pollInterval);
    publishStatus();
    if (m_stage == Stage::Waiting)
        begin();
    for (const PublishedLlm *llm : m_awaited) {
        if (m_stage != Stage::Waiting)
            m_context.watch.askNow(*llm);
    }
    for (const Waiter &waiter : m_waiters)
        waiter.listener->wakeProgressed(m_status);
    m_context.changed();
}

void WakeRun::publishStatus()
{
    m_status.elapsed = elapsed();
    for (PublishedLlm *llm : m_llms)
        llm->wake = m_status;
}

void WakeRun::ranOut()
{
    fail({ErrorCode::WakeTimeout, QStringLiteral("The backend of \"%1\" did not come up within %2.")
                                      .arg(m_awaited.front()->settings.name, secondsText(m_plan.maxWait))});
}

bool WakeRun::isAwaited(const PublishedLlm &llm) const
{
    return std::ranges::find(m_awaited, &llm) != m_awaited.end();
}

void WakeRun::fail(const Error &error)
{
    m_stage = Stage::Ending;
    m_tick.stop();
    m_limit.stop();
    m_failure = error;
    // What has come up is not ended because a sibling has not.
    if (m_isPartlyUp || !m_recipe)
        return finish(m_failure);
    m_recipe->end([this] { finish(m_failure); });
}

void WakeRun::finish(const Result<void> &result)
{
    if (result)
        qCInfo(lcPublisher).noquote() << "Waking took" << secondsText(elapsed());
    m_recipe.reset();
    settle(std::vector(m_awaited), result);
    // The function destroys this object, and with it the function.
    const std::function<void()> over = std::move(m_over);
    over();
}

void WakeRun::settle(const std::vector<const PublishedLlm *> &llms, const Result<void> &result)
{
    const WakeOutcome outcome{elapsed(), result};
    for (const PublishedLlm *llm : llms) {
        if (!result)
            qCWarning(lcPublisher).noquote() << llm->settings.name << "could not be woken:" << result.error().message;
        std::erase(m_awaited, llm);
        m_context.ended(*llm, result);
    }
    // One by one, for a listener may make others leave.
    const auto isDue = [this](const Waiter &waiter) { return !isAwaited(*waiter.llm); };
    for (auto due = std::ranges::find_if(m_waiters, isDue); due != m_waiters.end();
         due = std::ranges::find_if(m_waiters, isDue)) {
        WakeListener &listener = *due->listener;
        m_waiters.erase(due);
        listener.wakeEnded(outcome);
    }
}

} // namespace hearth::publisher
