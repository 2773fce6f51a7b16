// PaddedText: a byte array with the readable slack behind its end that simdjson needs.
//
// For the .cpp files of this room only. Copies only when the byte array's own allocation ends too early; whoever makes
// large texts saves that copy by reserving SIMDJSON_PADDING bytes more than they hold.

#pragma once

#include <QByteArray>

#include <simdjson.h>

namespace hearth::json {

class PaddedText
{
public:
    explicit PaddedText(const QByteArray &text)
        : m_text(text)
    {
        // Not capacity(): it counts the room in front of the first byte, too. Raw data has no room that is ours to
        // read.
        if (m_text.data_ptr().freeSpaceAtEnd() >= padding)
            return;
        QByteArray padded;
        padded.reserve(text.size() + padding);
        padded.append(text);
        m_text = padded;
    }

    /// Holds as long as this.
    simdjson::padded_string_view view() const
    {
        const auto size = static_cast<size_t>(m_text.size());
        return simdjson::padded_string_view(m_text.constData(), size, size + simdjson::SIMDJSON_PADDING);
    }

private:
    static constexpr qsizetype padding = simdjson::SIMDJSON_PADDING;

    /// Shares the caller's bytes, or owns the copy.
    QByteArray m_text;
};

} // namespace hearth::json
