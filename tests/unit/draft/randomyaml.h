// RandomYaml: legal configurations in every spelling that people use, for tests that have to hold for all of them.
//
// Made for one document from one seed. Each comment is unique and remembers to which value it belongs.

#pragma once

#include <QByteArray>
#include <QRandomGenerator>
#include <QStringList>

#include <vector>

struct RandomYaml
{
    /// With anchors, and with texts that keep blank lines, values survive each change, but not all comments do.
    enum class Anchors { None, Some };

    struct Comment
    {
        QByteArray text;
        /// The path of the value below which it stands on a line of its own.
        QString above;
    };

    explicit RandomYaml(quint32 seed, Anchors anchors = Anchors::None);

    QByteArray text;
    /// Those on lines of their own.
    std::vector<Comment> comments;

private:
    bool chance(int percent);
    int below(int bound);

    QByteArray indentation(int column) const { return QByteArray(column, ' '); }

    void map(int column, const QString &path, int depth, bool isFirstLineOpen);
    void list(int column, const QString &path, int depth, bool isFirstLineOpen);
    void value(int column, const QString &path, int depth, bool isItem);
    void collection(int column, const QString &path, int depth, bool isItem, bool isCompact);
    void blockText(int column);
    void decorations(int column, const QString &path);
    void trailingComment();
    QByteArray scalar();
    QByteArray flow(int column, int depth);
    QByteArray flowSpace(int column);

    QRandomGenerator m_random;
    Anchors m_anchors;
    QByteArray m_eol;
    int m_serial = 0;
    bool m_endsInBlockText = false;
    QByteArrayList m_defined;
};
