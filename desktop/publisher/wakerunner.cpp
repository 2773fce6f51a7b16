#include "wakerunner.h"

#include <algorithm>

namespace hearth::publisher {

WakeRunner::WakeRunner(Roster &roster, WakeContext context)
    : m_roster(roster)
    , m_context(std::move(context))
{
    regroup();
}

WakeRunner::~WakeRunner() = default;

std::optional<WakeOutcome> WakeRunner::wake(const PublishedLlm &llm, WakeListener *listener)
{
    Group *const group = groupOf(llm);
    if (!group) {
        return WakeOutcome{{},
                           Error{ErrorCode::WakeFailed, QStringLiteral("\"%1\" has no wake recipe; start its backend "
                                                                       "by hand.")
                                                            .arg(llm.settings.name)}};
    }
    if (llm.state == channel::ReportedState::Active)
        return WakeOutcome{};
    if (group->run && group->run->isBeingEnded())
        group->wishes.push_back({&llm, listener});
    else
        join(*group, {&llm, listener});
    return std::nullopt;
}

void WakeRunner::join(Group &group, const Wish &wish)
{
    if (!group.run) {
        group.run = std::make_unique<WakeRun>(group.recipe, group.llms, m_context, [this, &group] { runOver(group); });
    }
    group.run->join(*wish.llm, wish.listener);
}

void WakeRunner::cancel(const PublishedLlm &llm, const Error &error)
{
    Group *const group = groupOf(llm);
    if (!group || !group->run)
        return;
    refuseAll(*group, error);
    group->run->end(error);
}

void WakeRunner::leave(WakeListener &listener)
{
    for (Group &group : m_groups) {
        for (Wish &wish : group.wishes) {
            if (wish.listener == &listener)
                wish.listener = nullptr;
        }
        if (group.run)
            group.run->leave(listener);
    }
}

void WakeRunner::statesChanged()
{
    for (const Group &group : m_groups) {
        if (group.run)
            group.run->statesChanged();
    }
}

void WakeRunner::rosterChanged(RecipeRunSettings recipes, Duration pollInterval)
{
    m_context.recipes.context.settings = recipes;
    m_context.pollInterval = pollInterval;
    regroup();
    for (Group &group : m_groups) {
        const auto hasLeft = [this, &group](const PublishedLlm &llm) { return groupOf(llm) != &group; };
        answer(group, hasLeft, wakeOutdated());
        if (group.run)
            group.run->llmsChanged(group.llms);
    }
    m_groups.remove_if([](const Group &group) { return group.llms.empty() && !group.run; });
}

void WakeRunner::stop()
{
    const Error stopped{ErrorCode::WakeFailed, QStringLiteral("The publisher was stopped.")};
    for (Group &group : m_groups) {
        refuseAll(group, stopped);
        if (group.run)
            group.run->end(stopped);
    }
}

bool WakeRunner::isIdle() const
{
    return std::ranges::none_of(m_groups, [](const Group &group) { return group.run != nullptr; });
}

void WakeRunner::regroup()
{
    for (Group &group : m_groups)
        group.llms.clear();
    for (PublishedLlm &llm : m_roster.llms()) {
        if (!llm.settings.wake)
            continue;
        const auto known = std::ranges::find(m_groups, *llm.settings.wake, &Group::recipe);
        Group &group = known != m_groups.end() ? *known : m_groups.emplace_back(Group{*llm.settings.wake});
        group.llms.push_back(&llm);
    }
}

WakeRunner::Group *WakeRunner::groupOf(const PublishedLlm &llm)
{
    const auto found = std::ranges::find_if(
        m_groups, [&llm](const Group &each) { return std::ranges::find(each.llms, &llm) != each.llms.end(); });
    return found == m_groups.end() ? nullptr : &*found;
}

void WakeRunner::runOver(Group &group)
{
    group.run.reset();
    answer(group, [](const PublishedLlm &llm) { return llm.state == channel::ReportedState::Active; }, {});
    for (const Wish &wish : std::exchange(group.wishes, {}))
        join(group, wish);
    m_context.changed();
}

void WakeRunner::answer(Group &group, const std::function<bool(const PublishedLlm &)> &isDue,
                        const Result<void> &result)
{
    const auto find = [&group](const auto &fits) {
        return std::ranges::find_if(group.wishes, [&fits](const Wish &wish) { return fits(*wish.llm); });
    };
    // One by one, for a listener may make others leave.
    for (auto due = find(isDue); due != group.wishes.end(); due = find(isDue)) {
        const Wish wish = *due;
        group.wishes.erase(due);
        if (wish.listener)
            wish.listener->wakeEnded({{}, result});
        const bool isLast = find([&wish](const PublishedLlm &llm) { return &llm == wish.llm; }) == group.wishes.end();
        if (isLast)
            m_context.ended(*wish.llm, result);
    }
}

void WakeRunner::refuseAll(Group &group, const Error &error)
{
    answer(
        group, [](const PublishedLlm &) { return true; }, error);
}

} // namespace hearth::publisher
