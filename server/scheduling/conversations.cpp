#include "conversations.h"

namespace hearth::scheduling {

void Conversations::setCapacity(int capacity)
{
    m_capacity = capacity;
    while (count() > m_capacity) {
        m_byNumber.remove(m_entries.back().conversation);
        m_entries.pop_back();
    }
}

void Conversations::remember(quint64 conversation, const LlmId &llm)
{
    if (m_capacity <= 0)
        return;
    if (const auto known = m_byNumber.constFind(conversation); known != m_byNumber.constEnd()) {
        m_entries.splice(m_entries.begin(), m_entries, *known);
    } else if (count() >= m_capacity) {
        // The oldest entry is used again for the new one.
        m_byNumber.remove(m_entries.back().conversation);
        m_entries.splice(m_entries.begin(), m_entries, std::prev(m_entries.end()));
        m_byNumber.insert(conversation, m_entries.begin());
    } else {
        m_byNumber.insert(conversation, m_entries.emplace(m_entries.begin()));
    }
    m_entries.front() = {conversation, llm};
}

std::optional<LlmId> Conversations::lastServer(quint64 conversation) const
{
    const auto known = m_byNumber.constFind(conversation);
    return known == m_byNumber.constEnd() ? std::nullopt : std::optional((*known)->llm);
}

} // namespace hearth::scheduling
