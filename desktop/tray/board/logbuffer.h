// LogBuffer: the latest lines of a log, up to a bound in lines and in characters.
//
// LogModel has one for what it shows and one for what waits; LogFeed has one for what threads hand over. No locks: one
// thread at a time.

#pragma once

#include "logging.h"

#include <deque>

namespace hearth::board {

class LogBuffer
{
public:
    static constexpr int maxLines = 5000;
    /// Of texts; a line alone is never too long.
    static constexpr qsizetype maxCharacters = 4 * 1024 * 1024;

    /// Drops the oldest lines where there are too many.
    void append(LogRecord record);
    /// The same for all of `newer`, which is empty afterwards.
    void take(LogBuffer &newer);
    /// How many of the oldest lines have to go before all of `newer` fits.
    int excess(const LogBuffer &newer) const;
    void dropOldest(int count);

    int size() const { return int(m_lines.size()); }

    bool isEmpty() const { return m_lines.empty(); }

    const LogRecord &line(int number) const { return m_lines[size_t(number)]; }

private:
    std::deque<LogRecord> m_lines;
    qsizetype m_characters = 0;
};

} // namespace hearth::board
