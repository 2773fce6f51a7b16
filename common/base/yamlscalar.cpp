#include "yamlscalar.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace hearth {

namespace {

/// YAML 1.2.2, 5.1, without what is easily overlooked: other breaks of lines, the byte order mark.
bool isPrintable(QChar c)
{
    constexpr char16_t lineSeparator = 0x2028;
    constexpr char16_t paragraphSeparator = 0x2029;
    constexpr char16_t byteOrderMark = 0xfeff;
    const bool isControl = c < u' ' || (c >= QChar(0x7f) && c <= QChar(0x9f));
    return !isControl && c != lineSeparator && c != paragraphSeparator && c != byteOrderMark;
}

/// What YAML 1.1 or 1.2 would take for something else than a text: words, and all that begins like a number or a date.
bool isTakenForAnotherType(const QString &text)
{
    static const QSet<QString> words{QStringLiteral("null"), QStringLiteral("true"), QStringLiteral("false"),
                                     QStringLiteral("yes"),  QStringLiteral("no"),   QStringLiteral("on"),
                                     QStringLiteral("off"),  QStringLiteral("y"),    QStringLiteral("n"),
                                     QStringLiteral("~"),    QStringLiteral("="),    QStringLiteral("<<")};
    static const QRegularExpression other(
        QRegularExpression::anchoredPattern(
            QStringLiteral(R"([-+]?(\.[0-9]|[0-9])[0-9_]*(\.[0-9_]*)?(e[-+]?[0-9]+)?)" // 12, -.5, 1e3
                           R"(|[-+]?0[xob][0-9a-f_]+|[-+]?\.inf|\.nan)"                // 0x1f, .inf
                           R"(|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?)"          // 1:30
                           R"(|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([t\s].*)?)")),           // 2001-12-14
        QRegularExpression::CaseInsensitiveOption);
    return words.contains(text.toLower()) || other.match(text).hasMatch();
}

bool isPlain(const QString &text)
{
    static constexpr QStringView special = u",[]{}#\\\"";
    static constexpr QStringView specialFirst = u"!&*?|>@`'%-: ";
    const auto isHarmless = [](QChar c) { return isPrintable(c) && !special.contains(c); };
    return !text.isEmpty() && !specialFirst.contains(text.front()) && !text.endsWith(u' ') && !text.contains(u": ") &&
           !text.endsWith(u':') && !text.startsWith(u"...") && std::ranges::all_of(text, isHarmless);
}

QString quoted(const QString &text)
{
    QString result(u'"');
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += u'\\' + QString(c);
        else if (c == u'\n')
            result += QStringLiteral("\\n");
        else if (c == u'\t')
            result += QStringLiteral("\\t");
        else if (isPrintable(c))
            result += c;
        else
            result += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QChar(u'0'));
    }
    return result + u'"';
}

} // namespace

QString yamlScalar(const QString &text)
{
    return isPlain(text) ? text : quoted(text);
}

QString yamlText(const QString &text)
{
    return isTakenForAnotherType(text) ? quoted(text) : yamlScalar(text);
}

} // namespace hearth
