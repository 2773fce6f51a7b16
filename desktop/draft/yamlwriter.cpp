#include "yamlwriter.h"

#include "yamlscalar.h"

#include <QRegularExpression>

#include <algorithm>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;
using Scalar = ConfigNode::Scalar;

/// A list of texts that is longer is written as a block.
constexpr qsizetype maxLineLength = 80;

QByteArray scalarText(const ConfigNode &node)
{
    const auto &scalar = std::get<Scalar>(node.value);
    // Numbers and booleans keep the spelling that they had.
    const bool isText = scalar.quoted || node.toJson().isString();
    return (isText ? yamlText(scalar.text) : scalar.text).toUtf8();
}

/// Whether a block of lines can hold the text exactly, whatever comes below it: no characters that need an escape, and
/// no line breaks at the end that would have to be kept apart from blank lines of the file.
bool isLiteral(const ConfigNode &node)
{
    const auto *scalar = std::get_if<Scalar>(&node.value);
    if (!scalar || !scalar->text.contains(u'\n') || scalar->text.startsWith(u'\n') || scalar->text.endsWith(u"\n\n"))
        return false;
    static const QRegularExpression harmless(QStringLiteral("\\A[\\n\\x{20}-\\x{7e}\\x{a0}-\\x{2027}\\x{202a}-\\x{d7ff}"
                                                            "\\x{e000}-\\x{fefe}\\x{ff00}-\\x{10ffff}]*\\z"));
    // The first line decides about the indentation, so it must not be blank.
    return harmless.match(scalar->text).hasMatch() && !scalar->text.section(u'\n', 0, 0).trimmed().isEmpty();
}

QByteArray flow(const List &list)
{
    QByteArrayList items;
    std::ranges::transform(list, std::back_inserter(items), YamlWriter::inlineText);
    return '[' + items.join(", ") + ']';
}

QByteArray flow(const Map &map)
{
    QByteArrayList members;
    for (const ConfigMember &member : map)
        members.append(YamlWriter::key(member.key) + ": " + YamlWriter::inlineText(member.value));
    return '{' + members.join(", ") + '}';
}

} // namespace

YamlWriter::YamlWriter(QByteArray lineBreak)
    : m_lineBreak(std::move(lineBreak))
{}

QByteArray YamlWriter::inlineText(const ConfigNode &node)
{
    if (const auto *list = std::get_if<List>(&node.value))
        return flow(*list);
    if (const auto *map = std::get_if<Map>(&node.value))
        return flow(*map);
    return std::holds_alternative<Scalar>(node.value) ? scalarText(node) : QByteArray("null");
}

QByteArray YamlWriter::key(const QString &key)
{
    return yamlText(key).toUtf8();
}

bool YamlWriter::isInline(const ConfigNode &node)
{
    if (const auto *map = std::get_if<Map>(&node.value))
        return map->empty();
    if (const auto *list = std::get_if<List>(&node.value)) {
        const auto isScalar = [](const ConfigNode &each) { return std::holds_alternative<Scalar>(each.value); };
        return std::ranges::all_of(*list, isScalar) && inlineText(node).size() <= maxLineLength;
    }
    return !isLiteral(node);
}

WrittenValue YamlWriter::afterKey(const ConfigNode &node, qsizetype keyColumn, qsizetype column) const
{
    if (isInline(node))
        return {' ' + inlineText(node), {}};
    if (const auto *scalar = std::get_if<Scalar>(&node.value))
        return literal(scalar->text, keyColumn + step);
    return {{}, m_lineBreak + indentation(column) + block(node, column)};
}

WrittenValue YamlWriter::afterDash(const ConfigNode &node, qsizetype dashColumn) const
{
    if (isInline(node) || std::holds_alternative<Scalar>(node.value))
        return afterKey(node, dashColumn, dashColumn + step);
    const QByteArray text = ' ' + block(node, dashColumn + step);
    const qsizetype firstLine = text.indexOf(m_lineBreak);
    return firstLine < 0 ? WrittenValue{text, {}} : WrittenValue{text.first(firstLine), text.sliced(firstLine)};
}

QByteArray YamlWriter::block(const ConfigNode &node, qsizetype column) const
{
    QByteArrayList parts;
    if (const auto *list = std::get_if<List>(&node.value)) {
        for (const ConfigNode &each : *list) {
            const WrittenValue value = afterDash(each, column);
            parts.append('-' + value.head + value.lines);
        }
    } else {
        for (const ConfigMember &member : std::get<Map>(node.value)) {
            const WrittenValue value = afterKey(member.value, column, column + step);
            parts.append(key(member.key) + ':' + value.head + value.lines);
        }
    }
    return parts.join(m_lineBreak + indentation(column));
}

WrittenValue YamlWriter::literal(const QString &text, qsizetype column) const
{
    // YAML 1.2.2, 8.1.1: the indentation has to be given where the first line begins with a space, and a break at the
    // end is kept unless the text has none.
    WrittenValue value{.head = " |", .lines = {}};
    if (text.startsWith(u' '))
        value.head += QByteArray::number(step);
    if (!text.endsWith(u'\n'))
        value.head += '-';
    const QString lines = text.endsWith(u'\n') ? text.chopped(1) : text;
    for (const QString &line : lines.split(u'\n'))
        value.lines += m_lineBreak + (line.isEmpty() ? QByteArray() : indentation(column)) + line.toUtf8();
    return value;
}

} // namespace hearth::draft
