#include "yamlsurgery.h"

#include <QRegularExpression>

#include <algorithm>

namespace hearth::draft {

namespace {

using Map = ConfigNode::Map;
using List = ConfigNode::List;

bool isCollection(const ConfigNode &node)
{
    return std::holds_alternative<Map>(node.value) || std::holds_alternative<List>(node.value);
}

bool holdsAlias(const YamlPlace &place)
{
    return place.style == YamlStyle::Alias ||
           std::ranges::any_of(place.parts, [](const YamlPart &part) { return holdsAlias(part.value); });
}

bool endsInBlockText(const YamlPlace &place)
{
    return place.style == YamlStyle::BlockText || (!place.parts.empty() && endsInBlockText(place.parts.back().value));
}

/// Whether a comment looks like settings that somebody has switched off: `- name: spare`, `url: v`.
bool isTakenOut(QByteArrayView comment)
{
    static const QRegularExpression settings(QStringLiteral(R"(^[#\s]*(-(\s|$)|[A-Za-z]\w*:(\s|$)))"));
    return settings.match(QString::fromUtf8(comment)).hasMatch();
}

/// Which part of the map or list `node` the step leads to; the number of parts for one that is not there.
size_t indexOf(const ConfigNode &node, const ConfigStep &step)
{
    if (const auto *index = std::get_if<size_t>(&step))
        return *index;
    const auto &map = std::get<Map>(node.value);
    return static_cast<size_t>(std::ranges::find(map, std::get<QString>(step), &ConfigMember::key) - map.begin());
}

} // namespace

YamlSurgery::YamlSurgery(const QByteArray &text, const ConfigNode &root)
    : m_text(text)
    , m_root(root)
    , m_layout(text)
    , m_writer(text.contains("\r\n") ? "\r\n" : "\n")
{}

std::optional<QByteArray> YamlSurgery::edited(const ConfigEdit &edit) const
{
    if (!isCollection(m_root))
        return addedToRoot(edit);
    const std::optional<YamlPlace> root = m_layout.placeOf(m_root);
    const std::optional<Target> in = root ? target(*root, edit.path) : std::nullopt;
    if (!in)
        return std::nullopt;
    const ConfigPath above(edit.path.begin(), edit.path.end() - 1);
    const size_t index = indexOf(*findNode(m_root, above), edit.path.back());
    if (!edit.value)
        return in->place.parts.size() == 1 ? removedLast(*in) : removed(*in, index);
    if (index < in->place.parts.size())
        return replaced(in->place.parts[index], in->isFlow(), *edit.value);
    return added(*in, edit.path.back(), *edit.value);
}

std::optional<QByteArray> YamlSurgery::rewriteBlocks(const ConfigNode &wanted) const
{
    const std::optional<YamlPlace> root = m_layout.placeOf(m_root);
    const auto *before = std::get_if<Map>(&m_root.value);
    if (!root || !before || root->style != YamlStyle::Block)
        return std::nullopt;
    QByteArray text = m_text;
    const qsizetype behindDocument = m_text.size() - m_layout.documentEnd();
    const auto &after = std::get<Map>(wanted.value);
    // A block text that the file ends in gets a line break of its own when lines follow it.
    const bool isOpenEnded = !m_text.endsWith('\n') && endsInBlockText(*root);
    for (size_t i = before->size(); i-- > 0;) {
        const YamlPart &part = root->parts[i];
        const ConfigMember &member = (*before)[i];
        const auto kept = std::ranges::find(after, member.key, &ConfigMember::key);
        if (kept == after.end()) {
            const qsizetype begin = linesBegin(part);
            text.remove(begin, m_layout.nextLine(part.value.end) - begin);
        } else if (!isSame(kept->value, member.value) || holdsAlias(part.value) ||
                   (isOpenEnded && i + 1 == before->size())) {
            const QByteArray block = m_writer.block({.value = Map{*kept}}, m_layout.column(part.begin));
            text.replace(part.begin, m_layout.lineEnd(part.value.end) - part.begin, block);
        }
    }
    const auto isNew = [before](const ConfigMember &each) {
        return std::ranges::find(*before, each.key, &ConfigMember::key) == before->end();
    };
    for (const ConfigMember &each : after) {
        if (isNew(each))
            text = appended(text, behindDocument, {.value = Map{each}});
    }
    return text;
}

QByteArray YamlSurgery::rewrite(const ConfigNode &wanted) const
{
    return isEmptyCollection(wanted) ? QByteArray() : m_writer.block(wanted, 0) + m_writer.lineBreak();
}

std::optional<YamlSurgery::Target> YamlSurgery::target(const YamlPlace &root, const ConfigPath &path) const
{
    const YamlPlace *place = &root;
    const YamlPart *part = nullptr;
    const ConfigNode *node = &m_root;
    bool isInFlow = false;
    for (size_t i = 0; i + 1 < path.size(); ++i) {
        const size_t index = indexOf(*node, path[i]);
        // What an alias stands for is spelled elsewhere.
        if (index >= place->parts.size())
            return std::nullopt;
        isInFlow = isInFlow || place->style == YamlStyle::Flow;
        part = &place->parts[index];
        place = &part->value;
        node = childOf(*node, path[i]);
    }
    if (place->style != YamlStyle::Flow && place->style != YamlStyle::Block)
        return std::nullopt;
    return Target{*place, part, std::holds_alternative<List>(node->value), isInFlow};
}

std::optional<QByteArray> YamlSurgery::addedToRoot(const ConfigEdit &edit) const
{
    const ConfigNode first{.value = Map{{.key = std::get<QString>(edit.path.front()), .value = edit.value.value()}}};
    return appended(m_text, m_text.size() - m_layout.documentEnd(), first);
}

QByteArray YamlSurgery::appended(QByteArray text, qsizetype tail, const ConfigNode &map) const
{
    const qsizetype end = text.size() - tail;
    const bool isLineOpen = end > 0 && text[end - 1] != '\n';
    const QByteArray separator = isLineOpen ? m_writer.lineBreak() : QByteArray();
    return text.insert(end, separator + m_writer.block(map, 0) + m_writer.lineBreak());
}

QByteArray YamlSurgery::replaced(const YamlPart &part, bool inFlow, const ConfigNode &value) const
{
    // A flow style that somebody chose is kept.
    const bool keepsFlow = part.value.style == YamlStyle::Flow && !part.value.parts.empty() && isCollection(value);
    if (inFlow || keepsFlow || YamlWriter::isInline(value))
        return replacedByLine(part, YamlWriter::inlineText(value));
    return replacedByBlock(part, value);
}

QByteArray YamlSurgery::replacedByLine(const YamlPart &part, const QByteArray &line) const
{
    const YamlPlace &old = part.value;
    if (old.style == YamlStyle::Empty)
        return spliced(part.lead, part.lead, ' ' + line);
    if (old.style != YamlStyle::Block || m_layout.onSameLine(part.lead, old.begin))
        return spliced(old.begin, old.end, line);
    const qsizetype leadEnd = m_layout.lineEnd(part.lead);
    QByteArray text = spliced(leadEnd, m_layout.lineEnd(old.end), {});
    return text.insert(part.lead, ' ' + line);
}

QByteArray YamlSurgery::replacedByBlock(const YamlPart &part, const ConfigNode &value) const
{
    const YamlPlace &old = part.value;
    const bool isBelow = old.style == YamlStyle::Block && !m_layout.onSameLine(part.lead, old.begin);
    const qsizetype column = m_layout.column(part.begin);
    // A list may stand right below its key, a map must not.
    const bool fits = isBelow && (m_layout.column(old.begin) > column || std::holds_alternative<List>(value.value));
    const qsizetype below = fits ? m_layout.column(old.begin) : column + YamlWriter::step;
    const WrittenValue written =
        part.isItem() ? m_writer.afterDash(value, column) : m_writer.afterKey(value, column, below);
    if (isBelow) {
        QByteArray text = spliced(m_layout.lineEnd(part.lead), m_layout.lineEnd(old.end), written.lines);
        return text.insert(part.lead, written.head);
    }
    QByteArray text = withLines(old.end, written.lines);
    return text.replace(part.lead, old.end - part.lead, written.head);
}

QByteArray YamlSurgery::added(const Target &to, const ConfigStep &step, const ConfigNode &value) const
{
    const auto *key = std::get_if<QString>(&step);
    const ConfigNode one =
        key ? ConfigNode{.value = Map{{.key = *key, .value = value}}} : ConfigNode{.value = List{value}};
    const YamlPlace &place = to.place;
    if (place.parts.empty()) {
        // `[]` and `{}` become a block where there is room for one.
        const bool hasRoom = to.part && !to.isInFlow && !YamlWriter::isInline(one);
        return hasRoom ? replacedByBlock(*to.part, one) : spliced(place.begin, place.end, YamlWriter::inlineText(one));
    }
    if (to.isFlow()) {
        const QByteArray text = YamlWriter::inlineText(one);
        return spliced(place.parts.back().value.end, place.parts.back().value.end, ", " + text.sliced(1).chopped(1));
    }
    const qsizetype column = m_layout.column(place.parts.front().begin);
    return withLines(place.end, m_writer.lineBreak() + YamlWriter::indentation(column) + m_writer.block(one, column));
}

QByteArray YamlSurgery::removed(const Target &from, size_t index) const
{
    if (from.place.style == YamlStyle::Flow)
        return removedFromFlow(from.place, index);
    const YamlPart &part = from.place.parts[index];
    if (m_layout.isFirstOnLine(part.begin))
        return spliced(linesBegin(part), m_layout.nextLine(part.value.end), {});
    // The first one behind a dash: the next one takes its place, unless a comment stands between them.
    const qsizetype next = from.place.parts[index + 1].begin;
    return spliced(part.begin, holdsComment(part.value.end, next) ? part.value.end : next, {});
}

QByteArray YamlSurgery::removedFromFlow(const YamlPlace &flow, size_t index) const
{
    const YamlPart &part = flow.parts[index];
    if (index + 1 < flow.parts.size())
        return spliced(part.begin, flow.parts[index + 1].begin, {});
    const qsizetype previous = flow.parts[index - 1].value.end;
    // A comma at the end is legal; a comment that is cut off is lost.
    return holdsComment(previous, part.begin) ? cutOut(part) : spliced(previous, part.value.end, {});
}

QByteArray YamlSurgery::cutOut(const YamlPart &part) const
{
    QByteArray text = m_text;
    const qsizetype comma = m_layout.skipSpace(part.value.end);
    if (comma < text.size() && text[comma] == ',')
        text.remove(comma, 1);
    return text.remove(part.begin, part.value.end - part.begin);
}

bool YamlSurgery::holdsComment(qsizetype begin, qsizetype end) const
{
    return QByteArrayView(m_text).sliced(begin, end - begin).contains('#');
}

QByteArray YamlSurgery::removedLast(const Target &from) const
{
    const YamlPart &part = from.place.parts.front();
    const QByteArray nothing = from.isList ? "[]" : "{}";
    const bool isFlow = from.place.style == YamlStyle::Flow;
    if (isFlow && (holdsComment(from.place.begin, part.begin) || holdsComment(part.value.end, from.place.end)))
        return cutOut(part);
    if (isFlow || !m_layout.isFirstOnLine(part.begin))
        return spliced(from.place.begin, from.place.end, nothing);
    QByteArray text = spliced(linesBegin(part), m_layout.nextLine(part.value.end), {});
    return from.part ? text.insert(from.part->lead, ' ' + nothing) : text;
}

qsizetype YamlSurgery::linesBegin(const YamlPart &part) const
{
    const qsizetype column = m_layout.column(part.begin);
    const QByteArray comment = YamlWriter::indentation(column) + '#';
    qsizetype begin = m_layout.lineBegin(part.begin);
    // What stands above a key may be about the whole section or file.
    while (part.isItem() && begin > 0) {
        const qsizetype above = m_layout.lineBegin(begin - 1);
        const QByteArrayView line = QByteArrayView(m_text).sliced(above, begin - above);
        if (!line.startsWith(comment) || isTakenOut(line.sliced(comment.size())))
            break;
        begin = above;
    }
    return begin;
}

QByteArray YamlSurgery::spliced(qsizetype begin, qsizetype end, const QByteArray &replacement) const
{
    QByteArray text = m_text;
    return text.replace(begin, end - begin, replacement);
}

QByteArray YamlSurgery::withLines(qsizetype position, const QByteArray &lines) const
{
    const qsizetype end = m_layout.lineEnd(position);
    const bool isAtEnd = end == m_text.size() && !lines.isEmpty();
    return spliced(end, end, isAtEnd ? lines + m_writer.lineBreak() : lines);
}

} // namespace hearth::draft
