// Roster: what a publisher publishes now, and the Llms that it no longer publishes but still serves.
//
// Publisher owns one and gives it to all of its parts, which hold pointers to single Llms. When the settings change the
// roster changes first, and then each part is told to look at it again; until it is told so the second time, an Llm
// that has been dropped stays where it is. Publisher's thread. It asks nobody anything.

#pragma once

#include "publishedagent.h"
#include "publishedllm.h"

#include <list>
#include <vector>

namespace hearth::publisher {

class Roster
{
public:
    /// Takes only those Llms that are to be published, and the agents that are not pinned to another one of them.
    explicit Roster(const PublisherSettings &settings);
    Roster(const Roster &) = delete;
    Roster &operator=(const Roster &) = delete;

    /// Goes on with these settings. Llms and agents are known by their names: one that stays keeps its place in memory
    /// and everything that is known of it, one that goes is retired for as long as it has tasks.
    void apply(const PublisherSettings &settings);

    /// In the order of the settings.
    std::list<PublishedLlm> &llms() { return m_llms; }

    const std::list<PublishedLlm> &llms() const { return m_llms; }

    std::vector<PublishedAgent> &agents() { return m_agents; }

    const std::vector<PublishedAgent> &agents() const { return m_agents; }

    /// Llms that are no longer published; some have tasks.
    const std::list<PublishedLlm> &retired() const { return m_retired; }

    /// Null for a name that is not published.
    PublishedLlm *find(const QString &name);

private:
    std::list<PublishedLlm> m_llms;
    std::list<PublishedLlm> m_retired;
    std::vector<PublishedAgent> m_agents;
};

} // namespace hearth::publisher
