#include "randomyaml.h"

RandomYaml::RandomYaml(quint32 seed, Anchors anchors)
    : m_random(seed)
    , m_anchors(anchors)
    , m_eol(chance(25) ? "\r\n" : "\n")
{
    if (chance(10))
        text += "---" + m_eol;
    map(0, {}, 0, false);
    if (chance(20))
        text += m_eol + "# The end." + m_eol;
    // A comment can be lost where a block text without a line break has to be written anew.
    if (chance(20) && !m_endsInBlockText)
        text.chop(m_eol.size());
}

bool RandomYaml::chance(int percent)
{
    return m_random.bounded(100) < percent;
}

int RandomYaml::below(int bound)
{
    return m_random.bounded(bound);
}

void RandomYaml::map(int column, const QString &path, int depth, bool isFirstLineOpen)
{
    const int count = 1 + below(4);
    for (int i = 0; i < count; ++i) {
        const QByteArray key = "k" + QByteArray::number(i);
        const QString below = path.isEmpty() ? QString::fromLatin1(key) : path + u'.' + QString::fromLatin1(key);
        if (i > 0 || !isFirstLineOpen) {
            decorations(column, below);
            text += indentation(column);
        }
        text += (chance(10) ? '"' + key + '"' : key) + (chance(5) ? " :" : ":");
        value(column, below, depth, false);
    }
}

void RandomYaml::list(int column, const QString &path, int depth, bool isFirstLineOpen)
{
    const int count = 1 + below(3);
    for (int i = 0; i < count; ++i) {
        const QString below = path + u'[' + QString::number(i) + u']';
        if (i > 0 || !isFirstLineOpen) {
            decorations(column, below);
            text += indentation(column);
        }
        text += '-';
        value(column, below, depth, true);
    }
}

void RandomYaml::value(int column, const QString &path, int depth, bool isItem)
{
    m_endsInBlockText = false;
    const int kind = below(depth < 3 ? 10 : 5);
    const bool isCompact = kind >= 5 && isItem && chance(70);
    // yaml-cpp 0.7 does not read `- &a |`.
    const bool canHaveAnchor = kind > 1 || (kind == 1 && !isItem);
    const bool hasAnchor = m_anchors == Anchors::Some && canHaveAnchor && !isCompact && chance(15);
    const QByteArray anchor = hasAnchor ? "a" + QByteArray::number(++m_serial) : QByteArray();
    if (hasAnchor)
        text += " &" + anchor;
    if (kind == 0 && !m_defined.isEmpty()) {
        text += " *" + m_defined[below(static_cast<int>(m_defined.size()))];
        trailingComment();
    } else if (kind == 0) {
        trailingComment();
    } else if (kind == 1) {
        blockText(column);
    } else if (kind == 2) {
        text += ' ' + flow(column, depth);
        trailingComment();
    } else if (kind < 5) {
        text += QByteArray(1 + below(3), ' ') + scalar();
        trailingComment();
    } else {
        collection(column, path, depth, isItem, isCompact);
    }
    // Not before: an alias must not stand within the value that it stands for.
    if (hasAnchor)
        m_defined.append(anchor);
}

void RandomYaml::collection(int column, const QString &path, int depth, bool isItem, bool isCompact)
{
    // Behind a dash there is a space.
    const int inner = column + (isCompact ? 2 : 1) + below(4);
    if (isCompact)
        text += indentation(inner - column - 1);
    else
        trailingComment();
    if (chance(60))
        return map(inner, path, depth + 1, isCompact);
    list(isItem || chance(60) ? inner : column, path, depth + 1, isCompact);
}

void RandomYaml::blockText(int column)
{
    static constexpr const char *chomping[] = {"", "-", "+"};
    const int indent = 1 + below(3);
    const bool isGiven = chance(30);
    // One that keeps its line breaks would take in blank lines that come next when what is between them goes; then the
    // whole block is written anew, and comments can be lost.
    const int kinds = m_anchors == Anchors::Some ? 3 : 2;
    text += (chance(50) ? " |" : " >") + (isGiven ? QByteArray::number(indent) : QByteArray()) + chomping[below(kinds)];
    trailingComment();
    m_endsInBlockText = true;
    const int lines = 1 + below(3);
    for (int i = 0; i < lines; ++i) {
        if (i > 0 && chance(30))
            text += m_eol;
        text += indentation(column + indent + (isGiven || i > 0 ? below(3) : 0)) + "text # " +
                QByteArray::number(++m_serial) + m_eol;
    }
}

void RandomYaml::decorations(int column, const QString &path)
{
    if (chance(20))
        text += m_eol;
    while (chance(25)) {
        const QByteArray comment = "# c" + QByteArray::number(++m_serial) + '.';
        text += indentation(column) + comment + m_eol;
        comments.push_back({comment, path});
    }
}

void RandomYaml::trailingComment()
{
    if (chance(25))
        text += "  # t" + QByteArray::number(++m_serial);
    text += m_eol;
}

QByteArray RandomYaml::scalar()
{
    static constexpr const char *scalars[] = {"word",       "two words", "12",       "-1.5",    "true",
                                              "~",          "null",      "'a # b'",  "'it''s'", "\"q\\\"uote, # x\"",
                                              "http://h:1", "a#b",       "grüße",    "\"\"",    "!!str 7",
                                              "x: y",       "nullable",  "\"a\\nb\""};
    const QByteArray chosen = scalars[below(std::size(scalars))];
    return chosen == "x: y" ? QByteArray("'x: y'") : chosen;
}

QByteArray RandomYaml::flow(int column, int depth)
{
    const bool isMap = chance(50);
    QByteArray result(isMap ? "{" : "[");
    const int count = below(4);
    for (int i = 0; i < count; ++i) {
        result += flowSpace(column);
        if (isMap)
            result += "k" + QByteArray::number(i) + ": ";
        result += depth < 3 && chance(25) ? flow(column, depth + 1) : scalar();
        result += flowSpace(column);
        if (i + 1 < count || chance(10))
            result += ", ";
    }
    return result + (isMap ? '}' : ']');
}

QByteArray RandomYaml::flowSpace(int column)
{
    if (!chance(10))
        return chance(20) ? " " : "";
    const QByteArray comment = chance(30) ? " # f" + QByteArray::number(++m_serial) : QByteArray();
    return comment + m_eol + indentation(column + 1 + below(3));
}
