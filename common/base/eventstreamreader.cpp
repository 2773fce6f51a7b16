#include "eventstreamreader.h"

#include <algorithm>
#include <utility>

namespace hearth {

bool EventStreamReader::feed(QByteArrayView piece, const std::function<bool(const QByteArray &data)> &event)
{
    while (!piece.isEmpty()) {
        if (std::exchange(m_afterReturn, false) && piece.front() == '\n') {
            piece = piece.sliced(1);
            continue;
        }
        const auto *const end = std::find_if(piece.begin(), piece.end(), [](char c) { return c == '\n' || c == '\r'; });
        const qsizetype length = end - piece.begin();
        if (m_line.size() + m_data.size() + length > m_maxEvent)
            return false;
        m_line.append(piece.first(length));
        if (end == piece.end())
            return true;
        m_afterReturn = *end == '\r';
        piece = piece.sliced(length + 1);
        if (!endLine(event))
            return false;
    }
    return true;
}

bool EventStreamReader::endLine(const std::function<bool(const QByteArray &data)> &event)
{
    static constexpr QByteArrayView field("data:");
    const QByteArray line = std::exchange(m_line, {});
    if (line.isEmpty()) {
        const QByteArray data = std::exchange(m_data, {});
        return !std::exchange(m_hasData, false) || event(data);
    }
    if (line.startsWith(field)) {
        if (std::exchange(m_hasData, true))
            m_data.append('\n');
        const qsizetype start = field.size() + (line.size() > field.size() && line[field.size()] == ' ' ? 1 : 0);
        m_data.append(QByteArrayView(line).sliced(start));
    }
    return true;
}

} // namespace hearth
