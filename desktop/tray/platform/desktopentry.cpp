#include "desktopentry.h"

#include <algorithm>

namespace hearth::platform {

namespace {

/// Everything else is put in quotes: quoting more than the specification asks for changes nothing.
bool needsNoQuotes(QChar c)
{
    constexpr auto punctuation = QLatin1String("%+,-./:@_");
    return (c.unicode() < 0x80 && c.isLetterOrNumber()) || punctuation.contains(c);
}

QString quoted(QString argument)
{
    if (!argument.isEmpty() && std::ranges::all_of(argument, needsNoQuotes))
        return argument;
    // The backslash goes first, or it would double those of the others.
    for (const QChar c : {u'\\', u'"', u'`', u'$'})
        argument.replace(c, QString(u'\\') + c);
    return u'"' + argument + u'"';
}

} // namespace

QString desktopEntryString(const QString &text)
{
    QString escaped = text;
    escaped.replace(u'\\', QLatin1String("\\\\"));
    escaped.replace(u'\n', QLatin1String("\\n"));
    escaped.replace(u'\r', QLatin1String("\\r"));
    escaped.replace(u'\t', QLatin1String("\\t"));
    return escaped;
}

QString desktopEntryExec(const QStringList &arguments)
{
    QStringList words;
    for (const QString &argument : arguments)
        words.append(quoted(argument).replace(u'%', QLatin1String("%%")));
    return desktopEntryString(words.join(u' '));
}

std::optional<QByteArray> desktopEntryValue(const QByteArray &entry, QByteArrayView key)
{
    bool isInGroup = false;
    for (const QByteArray &raw : entry.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.startsWith('['))
            isInGroup = line == "[Desktop Entry]";
        const qsizetype equals = line.indexOf('=');
        if (isInGroup && equals > 0 && line.first(equals).trimmed() == key)
            return line.sliced(equals + 1).trimmed();
    }
    return std::nullopt;
}

} // namespace hearth::platform
