#include "logline.h"

#include "logging.h"

#include <QDateTime>

namespace hearth {

namespace {

constexpr qsizetype longestMessage = 8192;

struct LevelName
{
    QLatin1String name;
    // Of syslog(3).
    QLatin1String priority;
};

LevelName levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return {QLatin1String("DEBUG"), QLatin1String("<7>")};
    case QtInfoMsg:
        return {QLatin1String("INFO"), QLatin1String("<6>")};
    case QtWarningMsg:
        return {QLatin1String("WARNING"), QLatin1String("<4>")};
    case QtCriticalMsg:
        return {QLatin1String("ERROR"), QLatin1String("<3>")};
    case QtFatalMsg:
        return {QLatin1String("FATAL"), QLatin1String("<2>")};
    }
    Q_UNREACHABLE();
}

// Besides control characters, what a terminal takes for a line break or for a change of direction, which would let a
// message look like another one.
bool mustEscape(QChar c)
{
    switch (c.category()) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

QString escapeOf(QChar c)
{
    switch (c.unicode()) {
    case u'\n':
        return QStringLiteral("\\n");
    case u'\r':
        return QStringLiteral("\\r");
    case u'\t':
        return QStringLiteral("\\t");
    default:
        return QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QChar(u'0'));
    }
}

QString singleLine(QStringView message)
{
    QString line;
    line.reserve(message.size());
    for (const QChar c : message.first(std::min(message.size(), longestMessage))) {
        if (mustEscape(c))
            line += escapeOf(c);
        else
            line += c;
    }
    if (message.size() > longestMessage)
        line += QStringLiteral("… (%1 more characters)").arg(message.size() - longestMessage);
    return line;
}

} // namespace

QString logText(const QString &message)
{
    return singleLine(redact(message));
}

QByteArray logLine(LogStyle style, WallTime time, QtMsgType type, QLatin1String category, const QString &message)
{
    constexpr QLatin1String house("hearth.");
    const QLatin1String room = category.startsWith(house) ? category.sliced(house.size()) : category;
    const LevelName level = levelName(type);
    const QString text = room % u": " % logText(message) % u'\n';
    if (style == LogStyle::Journal)
        return QString(level.priority % text).toUtf8();

    const auto stamp = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
    return QString(stamp.toString(Qt::ISODateWithMs) % u' ' % level.name % u' ' % text).toUtf8();
}

} // namespace hearth
