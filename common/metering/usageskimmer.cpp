#include "usageskimmer.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hearth::metering {

namespace {

constexpr QByteArrayView usageName("usage");

/// Enough to tell a name from all that are looked for.
constexpr qsizetype maxName = 32;

/// What has a meaning between strings, as a table since most bytes of a list of numbers have none.
constexpr std::array<bool, 256> marks = [] {
    std::array<bool, 256> table{};
    for (const char mark : {'"', '{', '}', '[', ']', ','})
        table[static_cast<unsigned char>(mark)] = true;
    return table;
}();

bool isMark(char c)
{
    return marks[static_cast<unsigned char>(c)];
}

} // namespace

void UsageSkimmer::take(QByteArrayView text, UsageTally &tally)
{
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype from = at;
        const bool wasCapturing = m_captureDepth > 0;
        if (m_isString) {
            at = takeString(text, at);
        } else {
            const auto *const mark = std::find_if(text.begin() + at, text.end(), isMark);
            at = mark - text.begin();
            if (mark != text.end())
                takeMark(text[at++]);
        }
        if (wasCapturing)
            capture(text.sliced(from, at - from));
        else if (m_captureDepth > 0)
            m_captured = "{";
        if (wasCapturing && m_captureDepth == 0)
            tally.read(std::exchange(m_captured, {}));
    }
}

qsizetype UsageSkimmer::takeString(QByteArrayView text, qsizetype at)
{
    if (std::exchange(m_isEscaped, false))
        return at + 1;
    const auto *const stop = std::find_if(text.begin() + at, text.end(), [](char c) { return c == '"' || c == '\\'; });
    const bool isClosed = stop != text.end() && *stop == '"';
    m_isEscaped = stop != text.end() && !isClosed;
    // With the backslash: a name that has one is none of those that are looked for.
    const qsizetype end = stop - text.begin() + (m_isEscaped ? 1 : 0);
    if (m_expectsName)
        m_name.append(text.sliced(at, std::min(end - at, maxName - m_name.size())));
    if (!isClosed)
        return end;
    m_isString = m_expectsName = false;
    return end + 1;
}

void UsageSkimmer::takeMark(char mark)
{
    switch (mark) {
    case '"':
        m_isString = true;
        if (m_expectsName)
            m_name.clear();
        break;
    case '{':
    case '[':
        open(mark);
        break;
    case '}':
    case ']':
        close();
        break;
    default:
        m_expectsName = m_depth == m_level && m_level > 0;
        break;
    }
}

void UsageSkimmer::open(char bracket)
{
    const bool isMember = bracket == '{' && m_depth == m_level;
    m_expectsName = false;
    ++m_depth;
    if (!isMember || m_captureDepth > 0)
        return;
    if (m_level > 0 && m_name == usageName) {
        m_captureDepth = m_depth;
    } else if (m_level == 0 || (m_level == 1 && !m_wrapper.isEmpty() && m_name == m_wrapper)) {
        m_level = m_depth;
        m_expectsName = true;
    }
}

void UsageSkimmer::close()
{
    if (m_depth == m_captureDepth)
        m_captureDepth = 0;
    m_depth = std::max<qint64>(m_depth - 1, 0);
    m_level = std::min(m_level, m_depth);
    m_expectsName = false;
}

void UsageSkimmer::capture(QByteArrayView bytes)
{
    // One that does not fit lacks its end, and so is read as none.
    m_captured.append(bytes.first(std::min(bytes.size(), maxObject - m_captured.size())));
}

} // namespace hearth::metering
