#include "logmodel.h"

#include <QDateTime>

namespace hearth::board {

namespace {

QDateTime localTime(const LogRecord &record)
{
    return QDateTime::fromMSecsSinceEpoch(record.time.time_since_epoch().count());
}

QString levelName(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return LogModel::tr("Debug");
    case LogLevel::Info:
        return LogModel::tr("Info");
    case LogLevel::Warning:
        return LogModel::tr("Warning");
    case LogLevel::Error:
        return LogModel::tr("Error");
    }
    Q_UNREACHABLE();
}

QString sourceName(const LogRecord &record)
{
    const QLatin1String house("hearth.");
    return record.category.startsWith(house) ? record.category.sliced(house.size()) : record.category;
}

QString cellText(const LogRecord &record, int column)
{
    switch (column) {
    case LogModel::Time:
        return localTime(record).toString(QStringLiteral("HH:mm:ss"));
    case LogModel::Level:
        return levelName(record.level);
    case LogModel::Source:
        return sourceName(record);
    case LogModel::Text:
        return record.text;
    default:
        return {};
    }
}

// Not translated: it is copied into bug reports, and reads as the line on standard error does.
QString wholeLine(const LogRecord &record)
{
    return localTime(record).toString(Qt::ISODateWithMs) % u' ' % QString(toString(record.level)).toUpper() % u' ' %
           sourceName(record) % u": " % record.text;
}

} // namespace

LogModel::LogModel(Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_timer(clock, [this] { flush(); })
{}

void LogModel::append(const LogRecord &record)
{
    m_pending.append(record);
    if (m_isWatched && !m_timer.isActive())
        m_timer.start(interval);
}

void LogModel::setWatched(bool isWatched)
{
    m_isWatched = isWatched;
    m_timer.stop();
    if (m_isWatched)
        flush();
}

void LogModel::flush()
{
    if (m_pending.isEmpty())
        return;
    if (const int removed = m_lines.excess(m_pending); removed > 0) {
        beginRemoveRows({}, 0, removed - 1);
        m_lines.dropOldest(removed);
        endRemoveRows();
    }
    beginInsertRows({}, m_lines.size(), m_lines.size() + m_pending.size() - 1);
    m_lines.take(m_pending);
    endInsertRows();
}

int LogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_lines.size();
}

int LogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LogModel::data(const QModelIndex &index, int role) const
{
    if (index.row() < 0 || index.row() >= rowCount())
        return {};
    const LogRecord &record = m_lines.line(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return cellText(record, index.column());
    case Qt::ToolTipRole:
        return index.column() == Text ? record.text : QVariant();
    case LevelRole:
        return int(record.level);
    case LineRole:
        return wholeLine(record);
    default:
        return {};
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Level:
        return tr("Level");
    case Source:
        return tr("Source");
    case Text:
        return tr("Message");
    default:
        return {};
    }
}

} // namespace hearth::board
