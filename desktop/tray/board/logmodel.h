// LogModel: the latest lines of this program's log, in memory.
//
// TrayApp makes one and feeds it from setLogObserver() (logging.h); the window shows it. It keeps the newest lines up
// to a bound and takes new ones in batches, so that a flood costs little. Lines are redacted before they come here.
// Main thread.

#pragma once

#include "clock.h"
#include "logging.h"

#include <QAbstractTableModel>

#include <deque>

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

    static constexpr int maxLines = 5000;
    /// Between two batches.
    static constexpr Duration interval = std::chrono::milliseconds(250);

    explicit LogModel(Clock &clock, QObject *parent = nullptr);

    void append(const LogRecord &record);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void flush();

    std::deque<LogRecord> m_lines;
    std::deque<LogRecord> m_pending;
    Timer m_timer;
};

} // namespace hearth::board
