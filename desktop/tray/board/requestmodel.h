// RequestModel: the table of running requests, the oldest first.
//
// Board owns it and hands it snapshots; views show it. Main thread.

#pragma once

#include "publishersnapshot.h"
#include "rowtable.h"

namespace hearth::board {

class RequestModel final : public RowTable<status::RequestSnapshot>
{
    Q_OBJECT

public:
    enum Column { Llm, Path, Age, Tokens, Rate, ColumnCount };

    using RowTable::RowTable;

    void update(const std::vector<status::RequestSnapshot> &requests);
    /// Nothing for a row that is not there.
    std::optional<TaskId> task(int row) const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QString title(int column) const override;
    bool isQuantity(int column) const override;
    bool isSame(const status::RequestSnapshot &a, const status::RequestSnapshot &b) const override;
    bool looksDifferent(const status::RequestSnapshot &a, const status::RequestSnapshot &b, int column) const override;
};

} // namespace hearth::board
