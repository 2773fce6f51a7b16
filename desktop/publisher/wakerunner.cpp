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
    if (!group->run) {
        group->run =
            std::make_unique<WakeRun>(group->recipe, group->llms, m_context, [this, group] { runOver(*group); });
    }
    group->run->join(llm, listener);
    return std::nullopt;
}

void WakeRunner::cancel(const PublishedLlm &llm, const Error &error)
{
    if (const Group *const group = groupOf(llm); group && group->run)
        group->run->end(error);
}

void WakeRunner::leave(WakeListener &listener)
{
    for (const Group &group : m_groups) {
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
    for (const Group &group : m_groups) {
        if (group.run)
            group.run->llmsChanged(group.llms);
    }
    m_groups.remove_if([](const Group &group) { return group.llms.empty() && !group.run; });
}

void WakeRunner::stop()
{
    for (const Group &group : m_groups) {
        if (group.run)
            group.run->end({ErrorCode::WakeFailed, QStringLiteral("The publisher was stopped.")});
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
    m_context.changed();
}

} // namespace hearth::publisher
