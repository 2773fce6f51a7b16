// LlmModel: the table of models, one row for each Llm of the configuration.
//
// Board owns it and hands it snapshots; views show it. Rows keep their place and selection as long as the Llm is there,
// and only cells that changed are told. Main thread.

#pragma once

#include "rowtable.h"
#include "wakememory.h"

namespace hearth::board {

/// One row: the Llm, and what else its cells need.
struct LlmRow
{
    status::LlmSnapshot llm = {};
    /// Of its publisher.
    publisher::ConnectionState connection = publisher::ConnectionState::Offline;
    /// Of the channel; nothing for an Llm that the server does not have.
    std::optional<Duration> heartbeatAge = std::nullopt;
    std::optional<Duration> usualWake = std::nullopt;
};

class LlmModel final : public RowTable<LlmRow>
{
    Q_OBJECT

public:
    enum Column { Name, Backend, State, Running, Rate, Heartbeat, LastRequest, ColumnCount };

    enum Role {
        /// Of any cell: the Llm's name as a text.
        NameRole = Qt::UserRole,
        /// Of State: 0 to 1 while it is being woken, else invalid.
        WakeProgressRole,
        /// Of any cell: what to sort by.
        SortRole,
        /// Of Name and State: a second line of words, empty where there is nothing to add.
        DetailRole,
    };

    using RowTable::RowTable;

    void update(const status::PublisherSnapshot &snapshot, const WakeMemory &wakes = {});
    /// Null for a row that is not there.
    const status::LlmSnapshot *llm(int row) const;

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    QString title(int column) const override;
    bool isQuantity(int column) const override;
    bool isSame(const LlmRow &a, const LlmRow &b) const override;
    bool looksDifferent(const LlmRow &a, const LlmRow &b, int column) const override;
};

} // namespace hearth::board
