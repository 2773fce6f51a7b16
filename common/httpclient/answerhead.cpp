#include "answerhead.h"

#include "transfercheck.h"

#include <algorithm>

namespace hearth::httpclient {

void AnswerHead::reset(qsizetype maxSize)
{
    m_fields = {};
    m_left = maxSize;
    m_status = 0;
}

AnswerHead::Progress AnswerHead::add(QByteArrayView line)
{
    if (line.size() > m_left)
        return Progress::TooLarge;
    m_left -= line.size();
    if (line.endsWith('\n'))
        line.chop(1);
    if (line.endsWith('\r'))
        line.chop(1);
    if (m_status == 0)
        return startHead(line);
    return line.isEmpty() ? endHead() : addField(line);
}

AnswerHead::Progress AnswerHead::startHead(QByteArrayView line)
{
    const qsizetype space = line.indexOf(' ');
    if (!line.startsWith("HTTP/") || space < 0 || line.size() < space + 4)
        return Progress::Malformed;
    const QByteArrayView digits = line.sliced(space + 1, 3);
    if (digits[0] == '0' || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return Progress::Malformed;
    m_status = digits.toInt();
    // Nobody asked to switch, so what follows this head would not be HTTP.
    return m_status == 101 ? Progress::Malformed : Progress::Incomplete;
}

AnswerHead::Progress AnswerHead::endHead()
{
    if (m_status >= 200)
        return Progress::Complete;
    m_fields = {};
    m_status = 0;
    return Progress::Incomplete;
}

AnswerHead::Progress AnswerHead::addField(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    if (colon < 0)
        return Progress::Malformed;
    const QByteArrayView name = line.first(colon);
    const QByteArrayView value = line.sliced(colon + 1).trimmed();
    if (!isToken(name) || !isFieldValue(value))
        return Progress::Malformed;
    m_fields.append(name.toByteArray(), value.toByteArray());
    return Progress::Incomplete;
}

} // namespace hearth::httpclient
