// YamlLayout: where the values of a YAML text begin and end.
//
// Made by YamlSurgery for one text, next to the tree that parseYaml() made of it. The tree knows where values begin;
// where they end follows from how they are spelled. A reader of a legal text, not a parser: what it does not understand
// it gives up on. Plain values without thread affinity.

#pragma once

#include "confignode.h"

#include <optional>
#include <vector>

namespace hearth::draft {

/// How a value is spelled.
enum class YamlStyle {
    /// Not at all.
    Empty,
    /// A plain or quoted scalar, on however many lines.
    Scalar,
    /// `|` or `>` and the lines below it.
    BlockText,
    /// `*name`.
    Alias,
    /// `{…}` or `[…]`.
    Flow,
    /// Members or items on lines of their own.
    Block,
};

struct YamlPart;

/// Offsets are bytes of the text; `end` is behind the last one.
struct YamlPlace
{
    YamlStyle style = YamlStyle::Empty;
    qsizetype begin = 0;
    qsizetype end = 0;
    /// The members or items, in the order of the tree.
    std::vector<YamlPart> parts = {};
};

/// A member of a map or an item of a list.
struct YamlPart
{
    /// Of the key, or of the dash; of the item in flow style.
    qsizetype begin = 0;
    /// Behind the `:` or the dash; of the item in flow style.
    qsizetype lead = 0;
    YamlPlace value = {};

    /// A key has at least one character before its `:`.
    bool isItem() const { return lead <= begin + 1; }
};

class YamlLayout
{
public:
    /// `text` has no byte order mark and must outlive the layout.
    explicit YamlLayout(const QByteArray &text);

    /// Of the whole tree; nothing where some part of the text is spelled in a way that this class does not know:
    /// `? key`, a key without a `:`, `[key: value]`.
    std::optional<YamlPlace> placeOf(const ConfigNode &root) const;

    /// Behind the line break before `position`.
    qsizetype lineBegin(qsizetype position) const;
    /// Of the line break behind `position`, or of the text's end.
    qsizetype lineEnd(qsizetype position) const;
    /// Behind that line break.
    qsizetype nextLine(qsizetype position) const;

    /// Bytes from the beginning of the line.
    qsizetype column(qsizetype position) const { return position - lineBegin(position); }

    bool onSameLine(qsizetype first, qsizetype second) const { return lineEnd(first) >= second; }

    bool isFirstOnLine(qsizetype position) const;

    /// Over white space, line breaks and comments.
    qsizetype skipSpace(qsizetype position) const;

    /// Of the `...` that ends the document, or of the text's end.
    qsizetype documentEnd() const;

private:
    /// Where a value stands: behind which indicator, in which surroundings.
    struct Spot
    {
        qsizetype lead;
        /// Of the key or dash; -1 for the root.
        qsizetype parentColumn;
        bool inFlow;
    };

    std::optional<YamlPlace> place(const ConfigNode &node, const Spot &spot) const;
    std::optional<YamlPlace> nullPlace(const ConfigNode &node, const Spot &spot) const;
    std::optional<YamlPlace> scalarPlace(const ConfigNode::Scalar &scalar, qsizetype begin, qsizetype content,
                                         const Spot &spot) const;
    std::optional<YamlPlace> blockMap(const ConfigNode::Map &map) const;
    std::optional<YamlPlace> blockList(const ConfigNode::List &list, qsizetype begin) const;
    std::optional<YamlPlace> flowPlace(const ConfigNode &node, qsizetype begin, qsizetype content) const;
    std::optional<YamlPart> member(const ConfigMember &member, bool inFlow) const;

    char at(qsizetype position) const;
    qsizetype skipBlanks(qsizetype position) const;
    /// Over anchors and tags.
    qsizetype skipProperties(qsizetype position) const;
    qsizetype quotedEnd(qsizetype begin) const;
    std::optional<qsizetype> plainEnd(const QString &value, qsizetype begin) const;
    qsizetype blockTextEnd(qsizetype begin, qsizetype parentColumn) const;
    qsizetype wordEnd(qsizetype begin) const;
    std::optional<qsizetype> keyEnd(qsizetype begin, bool inFlow) const;

    const QByteArray &m_text;
};

} // namespace hearth::draft
