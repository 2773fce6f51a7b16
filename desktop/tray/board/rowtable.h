// RowTable: a table model over a list of rows that is replaced again and again, and tells views only what changed.
//
// Base of LlmModel and RequestModel. Rows are known by a key: one that is there before and after keeps its persistent
// indexes, so selections and scroll positions survive. What a cell shows and what a column is called is asked from the
// heir, and a cell is told as changed when what it shows differs. Main thread.

#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <vector>

namespace hearth::board {

template <typename Row>
class RowTable : public QAbstractTableModel
{
public:
    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const final { return parent.isValid() ? 0 : int(m_rows.size()); }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const final
    {
        if (orientation != Qt::Horizontal)
            return {};
        if (role == Qt::TextAlignmentRole)
            return alignment(section);
        return role == Qt::DisplayRole ? title(section) : QVariant();
    }

protected:
    /// What stands above the column.
    virtual QString title(int column) const = 0;
    /// Whether it holds numbers and durations, which stand at the right.
    virtual bool isQuantity(int column) const = 0;
    /// Two rows with this in common are the same thing at two times.
    virtual bool isSame(const Row &a, const Row &b) const = 0;
    /// Whether views would show another content of this column.
    virtual bool looksDifferent(const Row &a, const Row &b, int column) const = 0;

    /// Of the cells of this column, and of its title.
    QVariant alignment(int column) const
    {
        return QVariant(Qt::Alignment((isQuantity(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }

    /// Null for a row that is not there.
    const Row *row(int number) const
    {
        return number >= 0 && size_t(number) < m_rows.size() ? &m_rows[size_t(number)] : nullptr;
    }

    void setRows(std::vector<Row> rows)
    {
        removeAllBut(rows);
        for (size_t at = 0; at < rows.size(); ++at)
            settle(at, rows[at]);
    }

private:
    using Iterator = typename std::vector<Row>::iterator;

    Iterator find(Iterator from, Iterator to, const Row &row)
    {
        return std::find_if(from, to, [&](const Row &other) { return isSame(other, row); });
    }

    void removeAllBut(std::vector<Row> &kept)
    {
        for (int at = int(m_rows.size()) - 1; at >= 0; --at) {
            if (find(kept.begin(), kept.end(), m_rows[size_t(at)]) != kept.end())
                continue;
            beginRemoveRows({}, at, at);
            m_rows.erase(m_rows.begin() + at);
            endRemoveRows();
        }
    }

    /// Makes `row` the one at this place; those before it are settled.
    void settle(size_t at, Row &row)
    {
        const auto place = m_rows.begin() + std::ptrdiff_t(at);
        const auto found = find(place, m_rows.end(), row);
        if (found == m_rows.end()) {
            beginInsertRows({}, int(at), int(at));
            m_rows.insert(place, std::move(row));
            endInsertRows();
            return;
        }
        if (found != place) {
            const int from = int(found - m_rows.begin());
            beginMoveRows({}, from, from, {}, int(at));
            std::rotate(place, found, found + 1);
            endMoveRows();
        }
        replace(at, row);
    }

    void replace(size_t at, Row &row)
    {
        std::swap(m_rows[at], row);
        const int columns = columnCount({});
        for (int column = 0; column < columns; ++column) {
            if (!looksDifferent(m_rows[at], row, column))
                continue;
            const int first = column;
            while (column + 1 < columns && looksDifferent(m_rows[at], row, column + 1))
                ++column;
            Q_EMIT dataChanged(index(int(at), first), index(int(at), column));
        }
    }

    std::vector<Row> m_rows;
};

} // namespace hearth::board
