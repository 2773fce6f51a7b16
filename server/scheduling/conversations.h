// Conversations: which Llm served each of the latest conversations last. Bounded; the longest unused is forgotten.

#pragma once

#include "ids.h"

#include <list>
#include <optional>

namespace hearth::scheduling {

class Conversations
{
public:
    explicit Conversations(int capacity)
        : m_capacity(capacity)
    {}

    /// Forgets what there is no room for any more.
    void setCapacity(int capacity);

    void remember(quint64 conversation, const LlmId &llm);
    std::optional<LlmId> lastServer(quint64 conversation) const;

    int count() const { return static_cast<int>(m_byNumber.size()); }

private:
    struct Entry
    {
        quint64 conversation;
        LlmId llm;
    };

    int m_capacity;
    /// The latest first.
    std::list<Entry> m_entries;
    QHash<quint64, std::list<Entry>::iterator> m_byNumber;
};

} // namespace hearth::scheduling
