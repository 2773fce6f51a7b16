#include "logfilter.h"

#include "logmodel.h"

namespace hearth::window {

using board::LogModel;

void LogFilter::setLeastLevel(LogLevel level)
{
    m_leastLevel = level;
    invalidateFilter();
}

void LogFilter::setSearch(const QString &text)
{
    m_search = text;
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex text = sourceModel()->index(row, LogModel::Text, parent);
    if (text.data(LogModel::LevelRole).toInt() < int(m_leastLevel))
        return false;
    return text.data().toString().contains(m_search, Qt::CaseInsensitive) ||
           text.siblingAtColumn(LogModel::Source).data().toString().contains(m_search, Qt::CaseInsensitive);
}

} // namespace hearth::window
