#include "roff.h"

#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace hearth::manual {

namespace {

/// What roff would take for its own, or for a typographic variant.
constexpr std::pair<char32_t, const char *> names[] = {{U'\\', "\\(rs"}, {U'-', "\\-"},   {U'\'', "\\(aq"},
                                                       {U'`', "\\(ga"},  {U'^', "\\(ha"}, {U'~', "\\(ti"}};

/// A dot at the beginning of a line would make it a request.
QString roffLine(const QString &text)
{
    return text.startsWith(u'.') ? QLatin1String("\\&") + roffText(text) : roffText(text);
}

} // namespace

QString roffText(const QString &text)
{
    QString escaped;
    for (const char32_t c : text.toUcs4()) {
        const auto *const name = std::ranges::find(names, c, &std::pair<char32_t, const char *>::first);
        if (name != std::end(names))
            escaped += QLatin1String(name->second);
        else if (c > U'~')
            escaped += u"\\[u" % QString::number(c, 16).toUpper().rightJustified(4, u'0') % u']';
        else
            escaped += QChar(static_cast<char16_t>(c));
    }
    return escaped;
}

QString roffBold(const QString &text)
{
    return u"\\fB" % roffText(text) % u"\\fP";
}

QString roffItalic(const QString &text)
{
    return u"\\fI" % roffText(text) % u"\\fP";
}

QString roffSentences(const QString &text)
{
    static const QRegularExpression betweenSentences(QStringLiteral("(?<=[.?!]) +(?=[^a-z])"));
    QString lines;
    for (const QString &sentence : text.split(betweenSentences, Qt::SkipEmptyParts))
        lines += roffLine(sentence) + u'\n';
    return lines;
}

QString roffExample(const QString &text)
{
    QString lines = QStringLiteral(".sp\n.RS 4\n.EX\n");
    for (const QString &line : text.trimmed().split(u'\n'))
        lines += roffLine(line) + u'\n';
    return lines + QStringLiteral(".EE\n.RE\n");
}

} // namespace hearth::manual
