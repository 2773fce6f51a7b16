#include "wakememory.h"

#include <algorithm>

namespace hearth::board {

void WakeMemory::look(const std::vector<status::LlmSnapshot> &llms)
{
    QHash<QString, Duration> running;
    for (const status::LlmSnapshot &llm : llms) {
        if (llm.wake)
            running.insert(llm.name, llm.wake->elapsed);
        else if (m_running.contains(llm.name) && llm.state == channel::ReportedState::Active)
            m_usual.insert(llm.name, m_running.value(llm.name));
    }
    m_running = std::move(running);
    m_usual.removeIf([&](QHash<QString, Duration>::iterator known) {
        return std::ranges::none_of(llms, [&](const status::LlmSnapshot &llm) { return llm.name == known.key(); });
    });
}

std::optional<Duration> WakeMemory::usual(const QString &llm) const
{
    const auto found = m_usual.find(llm);
    return found == m_usual.end() ? std::nullopt : std::optional(found.value());
}

} // namespace hearth::board
