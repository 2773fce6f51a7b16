// YamlSurgery: changes one value in the text of a configuration and leaves every other byte as it is.
//
// Used by ConfigDraft, for one edit. It works on lines and offsets and takes the shortest way; its user looks at what
// came out (isSame()) before believing it, and has rewriteBlocks() for what surgery cannot do. No thread affinity.

#pragma once

#include "configpath.h"
#include "yamllayout.h"
#include "yamlwriter.h"

namespace hearth::draft {

class YamlSurgery
{
public:
    /// `root` is what `text` says. Both must outlive the object.
    YamlSurgery(const QByteArray &text, const ConfigNode &root);

    /// The text after the edit, whose path must lead to a map or list that is there; nothing where the text is spelled
    /// in a way that leaves no safe cut.
    std::optional<QByteArray> edited(const ConfigEdit &edit) const;

    /// The text with those members of the top written anew that the edit or an alias touches, so that what an alias
    /// stood for is not lost. The comments within them are.
    std::optional<QByteArray> rewriteBlocks(const ConfigNode &wanted) const;

    /// All of `wanted`, without comments.
    QByteArray rewrite(const ConfigNode &wanted) const;

private:
    /// The map or list that is edited.
    struct Target
    {
        const YamlPlace &place;
        /// The part of its own parent whose value it is; null for the root.
        const YamlPart *part;
        bool isList;
        /// Whether it is inside of something in flow style.
        bool isInFlow;

        bool isFlow() const { return isInFlow || place.style == YamlStyle::Flow; }
    };

    std::optional<Target> target(const YamlPlace &root, const ConfigPath &path) const;
    std::optional<QByteArray> addedToRoot(const ConfigEdit &edit) const;
    /// Adds the map on lines of its own, before the last `tail` bytes.
    QByteArray appended(QByteArray text, qsizetype tail, const ConfigNode &map) const;
    QByteArray replaced(const YamlPart &part, bool inFlow, const ConfigNode &value) const;
    QByteArray replacedByLine(const YamlPart &part, const QByteArray &line) const;
    QByteArray replacedByBlock(const YamlPart &part, const ConfigNode &value) const;
    QByteArray added(const Target &to, const ConfigStep &step, const ConfigNode &value) const;
    QByteArray removed(const Target &from, size_t index) const;
    QByteArray removedFromFlow(const YamlPlace &flow, size_t index) const;
    QByteArray removedLast(const Target &from) const;
    /// Cuts the part out of a map or list in flow style with the comma behind it, and leaves all comments.
    QByteArray cutOut(const YamlPart &part) const;
    bool holdsComment(qsizetype begin, qsizetype end) const;

    /// Of the lines of this part; with an item, of the comments that stand right above it.
    qsizetype linesBegin(const YamlPart &part) const;
    QByteArray spliced(qsizetype begin, qsizetype end, const QByteArray &replacement) const;
    /// Adds lines, each with a line break before it, behind the line of `position`.
    QByteArray withLines(qsizetype position, const QByteArray &lines) const;

    const QByteArray &m_text;
    const ConfigNode &m_root;
    YamlLayout m_layout;
    YamlWriter m_writer;
};

} // namespace hearth::draft
