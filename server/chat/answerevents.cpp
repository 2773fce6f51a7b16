#include "answerevents.h"

namespace hearth::chat {

QByteArrayList AnswerEvents::append(QByteArrayView piece)
{
    QByteArrayList events;
    qsizetype lineFrom = 0;
    for (qsizetype i = 0; i < piece.size() && !m_tooLong; ++i) {
        const char c = piece[i];
        const bool isSecondHalf = m_afterReturn && c == '\n';
        m_afterReturn = c == '\r';
        if (c != '\r' && c != '\n')
            continue;
        m_line.append(piece.sliced(lineFrom, i - lineFrom));
        lineFrom = i + 1;
        if (!isSecondHalf)
            endLine(events);
    }
    m_line.append(piece.sliced(lineFrom));
    m_tooLong = m_tooLong || m_line.size() + m_data.size() > m_maxEvent;
    return events;
}

void AnswerEvents::endLine(QByteArrayList &events)
{
    static constexpr QByteArrayView field("data:");
    const QByteArray line = std::exchange(m_line, {});
    if (line.isEmpty()) {
        if (!m_data.isEmpty())
            events.append(std::exchange(m_data, {}).chopped(1));
        return;
    }
    if (!line.startsWith(field))
        return;
    const qsizetype from = line.startsWith("data: ") ? field.size() + 1 : field.size();
    m_data.append(QByteArrayView(line).sliced(from)).append('\n');
    m_tooLong = m_data.size() > m_maxEvent;
}

QByteArray AnswerEvents::takeRest()
{
    QByteArrayList events;
    endLine(events);
    endLine(events);
    return events.value(0);
}

} // namespace hearth::chat
