#include "recipewords.h"

#include "logging.h"
#include "settingvalues.h"

#include <QRegularExpression>

#include <ranges>

namespace hearth::publisher {

namespace {

bool isUnreadable(QChar c)
{
    return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
}

QString readable(QString line)
{
    // What a terminal takes as a change of colour would otherwise leave its visible half (ECMA-48 5.4).
    static const QRegularExpression colour(QStringLiteral("\\x1b\\[[0-?]*[ -/]*[@-~]"));
    line = redact(line.remove(colour).removeIf(isUnreadable).trimmed());
    if (line.size() <= maxLineLength)
        return line;
    line.truncate(maxLineLength - 1);
    if (line.back().isHighSurrogate())
        line.chop(1);
    return line + u'…';
}

QStringList linesOf(const QByteArray &text)
{
    // A carriage return alone ends each state of a progress bar.
    static const QRegularExpression lineEnd(QStringLiteral("[\\r\\n]"));
    return QString::fromUtf8(text).split(lineEnd);
}

QString firstReadable(std::ranges::range auto &&lines)
{
    for (const QString &line : lines) {
        const QString text = readable(line);
        if (!text.isEmpty())
            return text;
    }
    return {};
}

} // namespace

Error recipeFailure(const QString &message)
{
    return {.code = ErrorCode::WakeFailed, .message = message};
}

Error recipeTimeout(const QString &what, Duration limit)
{
    return {
        .code = ErrorCode::WakeTimeout,
        .message =
            QStringLiteral("The recipe's %1 did not end within %2 s.").arg(what, toText(SettingType::Seconds, limit))};
}

QString firstLine(const QByteArray &text)
{
    return firstReadable(linesOf(text));
}

QString lastLine(const QByteArray &text)
{
    const QStringList lines = linesOf(text);
    return firstReadable(lines | std::views::reverse);
}

} // namespace hearth::publisher
