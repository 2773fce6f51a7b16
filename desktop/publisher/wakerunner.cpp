#include "wakerunner.h"

#include <algorithm>

namespace hearth::publisher {

WakeRunner::WakeRunner(std::span<PublishedLlm> llms, WakeContext context)
    : m_context(std::move(context))
{
    for (PublishedLlm &llm : llms) {
        if (!llm.settings.wake)
            continue;
        auto group = std::ranges::find_if(m_groups, [&llm](const Group &existing) {
            return existing.llms.front()->settings.wake == llm.settings.wake;
        });
        if (group == m_groups.end())
            group = m_groups.insert(m_groups.end(), Group{});
        group->llms.push_back(&llm);
    }
}

WakeRunner::~WakeRunner() = default;

std::optional<WakeOutcome> WakeRunner::wake(PublishedLlm &llm, WakeListener &listener)
{
    if (!llm.settings.wake) {
        return WakeOutcome{{},
                           Error{ErrorCode::WakeFailed, QStringLiteral("\"%1\" has no wake recipe; start its backend "
                                                                       "by hand.")
                                                            .arg(llm.settings.name)}};
    }
    if (llm.state == channel::ReportedState::Active)
        return WakeOutcome{};
    Group &group = *std::ranges::find_if(
        m_groups, [&llm](const Group &each) { return std::ranges::find(each.llms, &llm) != each.llms.end(); });
    if (!group.run)
        group.run = std::make_unique<WakeRun>(group.llms, m_context, [this, &group] { runOver(group); });
    group.run->join(llm, listener);
    return std::nullopt;
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

void WakeRunner::stop()
{
    for (const Group &group : m_groups) {
        if (group.run)
            group.run->stop();
    }
}

bool WakeRunner::isIdle() const
{
    return std::ranges::none_of(m_groups, [](const Group &group) { return group.run != nullptr; });
}

void WakeRunner::runOver(Group &group)
{
    group.run.reset();
    m_context.changed();
}

} // namespace hearth::publisher
