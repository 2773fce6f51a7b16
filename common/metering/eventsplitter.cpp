#include "eventsplitter.h"

#include <algorithm>
#include <utility>

namespace hearth::metering {

EventSplitter::Part EventSplitter::next(QByteArrayView piece)
{
    if (m_isEventStart && std::exchange(m_afterReturn, false) && piece.front() == '\n')
        return {1, Place::BehindEnd};
    const auto isLineEnd = [](char c) { return c == '\n' || c == '\r'; };
    const auto *at = piece.begin();
    while (at != piece.end()) {
        if (std::exchange(m_afterReturn, false) && *at == '\n') {
            ++at;
            continue;
        }
        if (std::exchange(m_isEventStart, false))
            m_isComment = *at == ':';
        const auto *const lineEnd = std::find_if(at, piece.end(), isLineEnd);
        const bool isBlank = m_isLineStart && lineEnd == at;
        m_isLineStart = lineEnd != piece.end();
        if (!m_isLineStart)
            break;
        m_afterReturn = *lineEnd == '\r';
        at = lineEnd + 1;
        if (isBlank || m_isComment) {
            m_isEventStart = true;
            return {at - piece.begin(), Place::End};
        }
    }
    return {piece.size(), Place::Inside};
}

} // namespace hearth::metering
