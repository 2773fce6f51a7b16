#include "roster.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

auto byName(std::list<PublishedLlm> &llms, const QString &name)
{
    return std::ranges::find_if(llms, [&name](const PublishedLlm &llm) { return llm.settings.name == name; });
}

/// Moves the Llm of this name to the end of `to`; false where there is none.
bool moveLlm(const QString &name, std::list<PublishedLlm> &from, std::list<PublishedLlm> &to)
{
    const auto found = byName(from, name);
    if (found == from.end())
        return false;
    to.splice(to.end(), from, found);
    return true;
}

/// An agent cannot be had without its Llm. One that is no entry of this publisher is the server's to judge.
bool canBePublished(const AgentSettings &agent, const PublisherSettings &settings)
{
    const auto own = std::ranges::find(settings.llms, agent.llm, &LlmSettings::name);
    return own == settings.llms.end() || own->publish;
}

} // namespace

Roster::Roster(const PublisherSettings &settings)
{
    apply(settings);
}

void Roster::apply(const PublisherSettings &settings)
{
    // Those of earlier times: no part knows them any more.
    m_retired.remove_if([](const PublishedLlm &llm) { return llm.running == 0; });

    std::list<PublishedLlm> former;
    former.swap(m_llms);
    for (const LlmSettings &wanted : settings.llms) {
        if (!wanted.publish)
            continue;
        if (moveLlm(wanted.name, former, m_llms) || moveLlm(wanted.name, m_retired, m_llms)) {
            m_llms.back().settings = wanted;
            m_llms.back().target = BackendTarget(wanted, settings.backend);
        } else {
            m_llms.emplace_back(wanted, settings.backend);
        }
    }
    for (PublishedLlm &llm : former) {
        llm.rest = Rest::None;
        llm.isResuming = false;
        llm.outcome.reset();
    }
    m_retired.splice(m_retired.end(), former);

    std::vector<PublishedAgent> agents;
    for (const AgentSettings &wanted : settings.agents) {
        if (!canBePublished(wanted, settings))
            continue;
        const auto known = std::ranges::find_if(
            m_agents, [&wanted](const PublishedAgent &agent) { return agent.settings.name == wanted.name; });
        agents.push_back({wanted, known == m_agents.end() ? std::nullopt : known->outcome});
    }
    m_agents = std::move(agents);
}

PublishedLlm *Roster::find(const QString &name)
{
    const auto found = byName(m_llms, name);
    return found == m_llms.end() ? nullptr : &*found;
}

} // namespace hearth::publisher
