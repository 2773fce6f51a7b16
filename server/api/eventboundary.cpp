#include "eventboundary.h"

#include <algorithm>

namespace hearth::api {

void EventBoundary::append(QByteArrayView piece)
{
    // Only the tail matters, and only its line ends.
    qsizetype i = piece.size();
    while (i > 0 && (piece[i - 1] == '\n' || piece[i - 1] == '\r'))
        --i;
    if (i > 0) {
        m_lineEnds = 0;
        m_afterReturn = false;
    }
    for (; i < piece.size(); ++i) {
        const bool isReturn = piece[i] == '\r';
        // The LF of a CR LF is no line end of its own.
        if (isReturn || !m_afterReturn)
            m_lineEnds = std::min(m_lineEnds + 1, endsOfAnEvent);
        m_afterReturn = isReturn;
    }
}

} // namespace hearth::api
