#include "logbuffer.h"

namespace hearth::board {

void LogBuffer::append(LogRecord record)
{
    m_characters += record.text.size();
    m_lines.push_back(std::move(record));
    while (size() > maxLines || (m_characters > maxCharacters && size() > 1))
        dropOldest(1);
}

void LogBuffer::take(LogBuffer &newer)
{
    dropOldest(excess(newer));
    m_lines.insert(m_lines.end(), std::make_move_iterator(newer.m_lines.begin()),
                   std::make_move_iterator(newer.m_lines.end()));
    m_characters += newer.m_characters;
    newer = {};
}

int LogBuffer::excess(const LogBuffer &newer) const
{
    int count = 0;
    qsizetype characters = m_characters + newer.m_characters;
    while (count < size() && (size() - count + newer.size() > maxLines || characters > maxCharacters))
        characters -= line(count++).text.size();
    return count;
}

void LogBuffer::dropOldest(int count)
{
    for (; count > 0; --count) {
        m_characters -= m_lines.front().text.size();
        m_lines.pop_front();
    }
}

} // namespace hearth::board
