#include "yamllayout.h"

#include <QByteArrayView>

#include <algorithm>
#include <array>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;
using Scalar = ConfigNode::Scalar;

constexpr QByteArrayView flowIndicators(",[]{}");

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// The end of the text counts as one: at() gives 0 there.
bool isSpace(char c)
{
    return isBlank(c) || c == '\n' || c == '\r' || c == '\0';
}

} // namespace

YamlLayout::YamlLayout(const QByteArray &text)
    : m_text(text)
{}

std::optional<YamlPlace> YamlLayout::placeOf(const ConfigNode &root) const
{
    return place(root, {.lead = 0, .parentColumn = -1, .inFlow = false});
}

qsizetype YamlLayout::lineBegin(qsizetype position) const
{
    return position == 0 ? 0 : m_text.lastIndexOf('\n', position - 1) + 1;
}

qsizetype YamlLayout::lineEnd(qsizetype position) const
{
    const qsizetype found = m_text.indexOf('\n', position);
    if (found < 0)
        return m_text.size();
    return found > position && m_text[found - 1] == '\r' ? found - 1 : found;
}

qsizetype YamlLayout::nextLine(qsizetype position) const
{
    const qsizetype found = m_text.indexOf('\n', position);
    return found < 0 ? m_text.size() : found + 1;
}

bool YamlLayout::isFirstOnLine(qsizetype position) const
{
    return skipBlanks(lineBegin(position)) == position;
}

qsizetype YamlLayout::skipSpace(qsizetype position) const
{
    while (position < m_text.size()) {
        if (at(position) == '#')
            position = lineEnd(position);
        else if (isSpace(at(position)))
            ++position;
        else
            break;
    }
    return position;
}

qsizetype YamlLayout::documentEnd() const
{
    // Nothing that belongs to a document may begin a line like this (YAML 1.2, 9.1.2).
    qsizetype line = 0;
    while (line < m_text.size() && !(QByteArrayView(m_text).sliced(line).startsWith("...") && isSpace(at(line + 3))))
        line = nextLine(line);
    return line;
}

std::optional<YamlPlace> YamlLayout::place(const ConfigNode &node, const Spot &spot) const
{
    if (std::holds_alternative<std::monostate>(node.value))
        return nullPlace(node, spot);
    const qsizetype content = skipProperties(node.offset);
    if (at(content) == '*')
        return YamlPlace{YamlStyle::Alias, node.offset, wordEnd(content)};
    if (const auto *scalar = std::get_if<Scalar>(&node.value))
        return scalarPlace(*scalar, node.offset, content, spot);
    if (at(content) == '{' || at(content) == '[')
        return flowPlace(node, node.offset, content);
    if (spot.inFlow)
        return std::nullopt;
    const auto *map = std::get_if<Map>(&node.value);
    return map ? blockMap(*map) : blockList(std::get<List>(node.value), content);
}

std::optional<YamlPlace> YamlLayout::nullPlace(const ConfigNode &node, const Spot &spot) const
{
    static constexpr std::array words{"~", "null", "Null", "NULL"};
    const qsizetype begin = node.offset;
    for (const QByteArrayView word : words) {
        const qsizetype end = begin + word.size();
        const bool isWord = QByteArrayView(m_text).sliced(std::min(begin, m_text.size())).startsWith(word) &&
                            (isSpace(at(end)) || flowIndicators.contains(at(end)));
        if (isWord && begin >= spot.lead)
            return YamlPlace{YamlStyle::Scalar, begin, end};
    }
    return YamlPlace{YamlStyle::Empty, spot.lead, spot.lead};
}

std::optional<YamlPlace> YamlLayout::scalarPlace(const Scalar &scalar, qsizetype begin, qsizetype content,
                                                 const Spot &spot) const
{
    const char first = at(content);
    if (first == '"' || first == '\'')
        return YamlPlace{YamlStyle::Scalar, begin, quotedEnd(content)};
    if (first == '|' || first == '>')
        return YamlPlace{YamlStyle::BlockText, begin, blockTextEnd(content, spot.parentColumn)};
    const std::optional<qsizetype> end = plainEnd(scalar.text, content);
    return end ? std::optional(YamlPlace{YamlStyle::Scalar, begin, *end}) : std::nullopt;
}

std::optional<YamlPlace> YamlLayout::blockMap(const Map &map) const
{
    YamlPlace place{YamlStyle::Block};
    for (const ConfigMember &each : map) {
        std::optional<YamlPart> part = member(each, false);
        if (!part)
            return std::nullopt;
        place.parts.push_back(std::move(*part));
    }
    place.begin = place.parts.front().begin;
    place.end = place.parts.back().value.end;
    return place;
}

std::optional<YamlPlace> YamlLayout::blockList(const List &list, qsizetype begin) const
{
    YamlPlace result{YamlStyle::Block};
    qsizetype position = begin;
    for (const ConfigNode &item : list) {
        const qsizetype dash = skipSpace(position);
        if (at(dash) != '-')
            return std::nullopt;
        std::optional<YamlPlace> value = place(item, {dash + 1, column(dash), false});
        if (!value)
            return std::nullopt;
        position = value->end;
        result.parts.push_back({dash, dash + 1, std::move(*value)});
    }
    result.begin = result.parts.front().begin;
    result.end = position;
    return result;
}

std::optional<YamlPlace> YamlLayout::flowPlace(const ConfigNode &node, qsizetype begin, qsizetype content) const
{
    YamlPlace result{YamlStyle::Flow, begin, content + 1};
    const auto add = [&result](std::optional<YamlPart> part) {
        if (part) {
            result.end = part->value.end;
            result.parts.push_back(std::move(*part));
        }
        return part.has_value();
    };
    if (const auto *map = std::get_if<Map>(&node.value)) {
        for (const ConfigMember &each : *map) {
            if (!add(member(each, true)))
                return std::nullopt;
        }
    } else {
        for (const ConfigNode &item : std::get<List>(node.value)) {
            std::optional<YamlPlace> value = place(item, {item.offset, column(item.offset), true});
            if (!value || !add(YamlPart{item.offset, item.offset, std::move(*value)}))
                return std::nullopt;
        }
    }
    result.end = skipSpace(result.end);
    if (at(result.end) == ',')
        result.end = skipSpace(result.end + 1);
    if (at(result.end) != (at(content) == '{' ? '}' : ']'))
        return std::nullopt;
    ++result.end;
    return result;
}

std::optional<YamlPart> YamlLayout::member(const ConfigMember &member, bool inFlow) const
{
    const std::optional<qsizetype> colon = keyEnd(member.offset, inFlow);
    if (!colon)
        return std::nullopt;
    const qsizetype lead = *colon + 1;
    std::optional<YamlPlace> value = place(member.value, {lead, column(member.offset), inFlow});
    return value ? std::optional(YamlPart{member.offset, lead, std::move(*value)}) : std::nullopt;
}

char YamlLayout::at(qsizetype position) const
{
    return position < m_text.size() ? m_text[position] : '\0';
}

qsizetype YamlLayout::skipBlanks(qsizetype position) const
{
    while (isBlank(at(position)))
        ++position;
    return position;
}

qsizetype YamlLayout::skipProperties(qsizetype position) const
{
    while (at(position) == '&' || at(position) == '!')
        position = skipSpace(wordEnd(position));
    return position;
}

qsizetype YamlLayout::wordEnd(qsizetype begin) const
{
    while (!isSpace(at(begin)) && !flowIndicators.contains(at(begin)))
        ++begin;
    return begin;
}

qsizetype YamlLayout::quotedEnd(qsizetype begin) const
{
    const char quote = at(begin);
    qsizetype position = begin + 1;
    while (position < m_text.size()) {
        if (quote == '"' && at(position) == '\\')
            ++position;
        else if (at(position) == quote && quote == '\'' && at(position + 1) == quote)
            ++position;
        else if (at(position) == quote)
            return position + 1;
        ++position;
    }
    return m_text.size();
}

std::optional<qsizetype> YamlLayout::plainEnd(const QString &value, qsizetype begin) const
{
    // Plain scalars have no escapes; only the white space in them may be folded.
    const QByteArray bytes = value.toUtf8();
    qsizetype position = begin;
    for (qsizetype i = 0; i < bytes.size();) {
        if (isSpace(bytes[i])) {
            while (i < bytes.size() && isSpace(bytes[i]))
                ++i;
            while (position < m_text.size() && isSpace(at(position)))
                ++position;
        } else if (at(position++) != bytes[i++]) {
            return std::nullopt;
        }
    }
    return position;
}

qsizetype YamlLayout::blockTextEnd(qsizetype begin, qsizetype parentColumn) const
{
    const QByteArrayView header = QByteArrayView(m_text).sliced(begin, wordEnd(begin) - begin);
    const auto digit = std::ranges::find_if(header, [](char c) { return c >= '1' && c <= '9'; });
    qsizetype indent = digit == header.end() ? -1 : std::max<qsizetype>(parentColumn, 0) + (*digit - '0');
    qsizetype end = lineEnd(begin);
    for (qsizetype line = nextLine(begin); line < m_text.size(); line = nextLine(line)) {
        qsizetype first = line;
        while (at(first) == ' ')
            ++first;
        const bool isEmpty = at(first) == '\n' || at(first) == '\r' || at(first) == '\0';
        if (isEmpty && !header.contains('+'))
            continue;
        if (indent < 0 && !isEmpty)
            indent = std::max(first - line, parentColumn + 1);
        if (!isEmpty && first - line < indent)
            break;
        end = lineEnd(line);
    }
    return end;
}

std::optional<qsizetype> YamlLayout::keyEnd(qsizetype begin, bool inFlow) const
{
    qsizetype position = skipProperties(begin);
    if (at(position) == '"' || at(position) == '\'') {
        position = skipBlanks(quotedEnd(position));
        return at(position) == ':' ? std::optional(position) : std::nullopt;
    }
    for (; position < lineEnd(begin); ++position) {
        const char next = at(position + 1);
        if (at(position) == ':' && (isSpace(next) || (inFlow && flowIndicators.contains(next))))
            return position;
        if (inFlow && flowIndicators.contains(at(position)))
            break;
    }
    return std::nullopt;
}

} // namespace hearth::draft
