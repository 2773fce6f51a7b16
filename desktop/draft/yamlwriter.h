// YamlWriter: writes values of a configuration as YAML, in blocks or in one line.
//
// Used by YamlSurgery for what it puts into a text. Makes pieces of text and knows nothing of where they go but the
// column. A plain value without thread affinity.

#pragma once

#include "confignode.h"

namespace hearth::draft {

/// What stands behind the `:` or `-` of a block: the rest of that line, and the lines below it, each with a line break
/// before it. Between the two there is room for a comment.
struct WrittenValue
{
    QByteArray head;
    QByteArray lines;
};

class YamlWriter
{
public:
    explicit YamlWriter(QByteArray lineBreak);

    const QByteArray &lineBreak() const { return m_lineBreak; }

    static QByteArray indentation(qsizetype column) { return QByteArray(column, ' '); }

    /// Whether a block has the value in one line too: a number or text, an empty map or list, a short list of texts.
    static bool isInline(const ConfigNode &node);
    /// The value in one line, in flow style where it is a map or list.
    static QByteArray inlineText(const ConfigNode &node);
    static QByteArray key(const QString &key);

    /// For a key at `keyColumn`; a map or list below it begins at `column`.
    WrittenValue afterKey(const ConfigNode &node, qsizetype keyColumn, qsizetype column) const;
    /// For a dash at `dashColumn`.
    WrittenValue afterDash(const ConfigNode &node, qsizetype dashColumn) const;
    /// A map or list whose first line stands at `column` already.
    QByteArray block(const ConfigNode &node, qsizetype column) const;

    static constexpr qsizetype step = 2;

private:
    WrittenValue literal(const QString &text, qsizetype column) const;

    QByteArray m_lineBreak;
};

} // namespace hearth::draft
