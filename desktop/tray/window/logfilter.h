// LogFilter: the lines of the log that have at least a level and contain what is looked for, in any case.
//
// LogPanel owns one between LogModel and its view. Main thread.

#pragma once

#include "logging.h"

#include <QSortFilterProxyModel>

namespace hearth::window {

class LogFilter final : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setLeastLevel(LogLevel level);
    /// Looked for in source and message; empty shows all.
    void setSearch(const QString &text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    LogLevel m_leastLevel = LogLevel::Debug;
    QString m_search;
};

} // namespace hearth::window
