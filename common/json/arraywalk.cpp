#include "arraywalk.h"

namespace hearth::json {

namespace {

/// Behind the closing quotation mark of the string that opens at `at`; the end of the text when there is none.
qsizetype behindString(QByteArrayView text, qsizetype at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return text.size();
}

/// The comma or bracket that ends the value at `at`; the end of the text when there is none.
qsizetype endOfValue(QByteArrayView text, qsizetype at)
{
    int depth = 0;
    while (at < text.size()) {
        switch (text[at]) {
        case '"':
            at = behindString(text, at);
            continue;
        case '[':
        case '{':
            ++depth;
            break;
        case ']':
        case '}':
            if (depth-- == 0)
                return at;
            break;
        case ',':
            if (depth == 0)
                return at;
            break;
        default:
            break;
        }
        ++at;
    }
    return text.size();
}

} // namespace

ArrayWalk::ArrayWalk(QByteArrayView array)
    : m_text(array.trimmed())
    , m_at(m_text.startsWith('[') ? 1 : m_text.size())
{}

std::optional<QByteArrayView> ArrayWalk::next()
{
    const qsizetype end = endOfValue(m_text, m_at);
    if (end == m_text.size()) {
        m_at = end;
        return std::nullopt;
    }
    const QByteArrayView element = m_text.sliced(m_at, end - m_at).trimmed();
    m_at = m_text[end] == ',' ? end + 1 : m_text.size();
    return element.isEmpty() ? std::nullopt : std::optional(element);
}

} // namespace hearth::json
