// LogModel: the latest lines of this program's log, in memory.
//
// TrayApp makes one and feeds it from setLogObserver() (logging.h); the window shows it. It keeps the newest lines up
// to a bound (LogBuffer) and takes new ones in batches, so that a flood costs little; while nobody watches, new ones
// only wait, up to the same bound. Lines are redacted before they come here. Main thread.

#pragma once

#include "clock.h"
#include "logbuffer.h"

#include <QAbstractTableModel>

namespace hearth::board {

class LogModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Level, Source, Text, ColumnCount };

    enum Role {
        /// The LogLevel as an int.
        LevelRole = Qt::UserRole,
        /// The whole line as text, for copying.
        LineRole,
    };

    static constexpr int maxLines = LogBuffer::maxLines;
    /// Between two batches.
    static constexpr Duration interval = std::chrono::milliseconds(250);

    explicit LogModel(Clock &clock, QObject *parent = nullptr);

    void append(const LogRecord &record);
    /// Whether somebody looks. At first nobody does; what has waited is taken at once.
    void setWatched(bool isWatched);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void flush();

    LogBuffer m_lines;
    LogBuffer m_pending;
    bool m_isWatched = false;
    Timer m_timer;
};

} // namespace hearth::board
