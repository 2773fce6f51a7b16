// redact(): finds secrets by the marks that precede them. One pass, and no copy of a text without secrets, because
// every line of the log comes through here. Where it is in doubt it masks too much.

#include "logging.h"

#include <algorithm>
#include <optional>

namespace hearth {

namespace {

// A secret: text[from, to).
struct Masked
{
    qsizetype from;
    qsizetype to;
};

constexpr QStringView ellipsis = u"…";

bool isKeyCharacter(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9') || u == u'_' || u == u'-';
}

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\'' || c == u'`';
}

bool hasAt(QStringView text, qsizetype at, QStringView word)
{
    return text.sliced(at).startsWith(word, Qt::CaseInsensitive);
}

template <typename Predicate>
qsizetype skip(QStringView text, qsizetype at, Predicate predicate)
{
    while (at < text.size() && predicate(text[at]))
        ++at;
    return at;
}

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t';
}

// hk_ and what administrators see of a key stay, so that a line can be matched to a row.
std::optional<Masked> hearthKey(QStringView text, qsizetype at)
{
    constexpr qsizetype shown = 4;
    constexpr qsizetype longestPrefix = 6;
    if (!text.sliced(at).startsWith(u"hk_"))
        return std::nullopt;
    const qsizetype body = at + 3;
    const qsizetype end = skip(text, body, isKeyCharacter);
    return end - body > longestPrefix ? std::optional(Masked{body + shown, end}) : std::nullopt;
}

std::optional<Masked> foreignKey(QStringView text, qsizetype at)
{
    // Words such as disk-usage and sk-8 are no keys.
    constexpr qsizetype shortest = 8;
    if (!text.sliced(at).startsWith(u"sk-") || (at > 0 && text[at - 1].isLetterOrNumber()))
        return std::nullopt;
    const qsizetype body = at + 3;
    const qsizetype end = skip(text, body, isKeyCharacter);
    return end - body >= shortest ? std::optional(Masked{body, end}) : std::nullopt;
}

std::optional<Masked> bearerToken(QStringView text, qsizetype at)
{
    constexpr QStringView scheme = u"bearer";
    if (!hasAt(text, at, scheme))
        return std::nullopt;
    const qsizetype gap = at + scheme.size();
    const qsizetype token = skip(text, gap, isBlank);
    const qsizetype end = skip(text, token, [](QChar c) { return !c.isSpace() && !isQuote(c); });
    return token > gap && end > token ? std::optional(Masked{token, end}) : std::nullopt;
}

// `name: value`, `"name":"value"` (also with escaped quotes), and as QDebug prints pairs, `("name", "value")`.
std::optional<Masked> fieldValue(QStringView text, qsizetype at, QStringView name)
{
    const auto isMark = [](QChar c) { return isQuote(c) || c == u'\\'; };
    if (!hasAt(text, at, name))
        return std::nullopt;
    const qsizetype nameEnd = at + name.size();
    const qsizetype marksEnd = skip(text, nameEnd, isMark);
    const qsizetype separator = skip(text, marksEnd, isBlank);
    const QStringView separators = marksEnd > nameEnd ? QStringView(u":=,") : QStringView(u":=");
    if (separator == text.size() || !separators.contains(text[separator]))
        return std::nullopt;
    const qsizetype value = skip(text, skip(text, separator + 1, isBlank), isMark);
    const qsizetype end = skip(text, value, [&](QChar c) { return c != u'\n' && c != u'\r' && !isMark(c); });
    return end > value ? std::optional(Masked{value, end}) : std::nullopt;
}

// scheme://user:password@host. A password may hold a raw slash, apostrophe or @, so the last @ of the word ends it; but
// http://host:8000/a@b is a port and a path.
std::optional<Masked> urlPassword(QStringView text, qsizetype at)
{
    if (!text.sliced(at).startsWith(u"://"))
        return std::nullopt;
    const qsizetype begin = at + 3;
    const auto isInner = [](QChar c) { return !c.isSpace() && !QStringView(u"\"`<>").contains(c); };
    const qsizetype end = skip(text, begin, isInner);
    const QStringView word = text.sliced(begin, end - begin);
    const qsizetype colon = word.indexOf(u':');
    const qsizetype last = word.lastIndexOf(u'@');
    if (colon < 0 || last <= colon)
        return std::nullopt;
    const qsizetype slash = word.indexOf(u'/');
    if (slash >= 0 && slash < colon)
        return std::nullopt;
    const QStringView port = slash > colon ? word.sliced(colon + 1, slash - colon - 1) : QStringView();
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (!port.isEmpty() && std::ranges::all_of(port, isDigit) && word.indexOf(u'@') > slash)
        return std::nullopt;
    return Masked{begin + colon + 1, begin + last};
}

std::optional<Masked> secretAt(QStringView text, qsizetype at)
{
    switch (text[at].unicode()) {
    case u'h':
        return hearthKey(text, at);
    case u's':
        return foreignKey(text, at);
    case u'b':
    case u'B':
        return bearerToken(text, at);
    case u'a':
    case u'A':
        return fieldValue(text, at, u"authorization");
    case u'x':
    case u'X':
        return fieldValue(text, at, u"x-api-key");
    case u':':
        return urlPassword(text, at);
    default:
        return std::nullopt;
    }
}

} // namespace

QString redact(const QString &text)
{
    const QStringView view(text);
    QString result;
    qsizetype copied = 0;
    for (qsizetype at = 0; at < view.size(); ++at) {
        const std::optional<Masked> masked = secretAt(view, at);
        if (!masked)
            continue;
        result += view.sliced(copied, masked->from - copied);
        result += ellipsis;
        copied = masked->to;
        at = masked->to - 1;
    }
    return copied == 0 ? text : result + view.sliced(copied);
}

} // namespace hearth
