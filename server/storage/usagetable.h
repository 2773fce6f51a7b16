// UsageTable: the rows of `usage_days`, to which batches of counts are added.
//
// Used inside a piece of work on the storage thread. A batch whose commit was not heard of may be sent again: it is
// added once all the same, whatever other servers add to the same database meanwhile.

#pragma once

#include "clock.h"
#include "result.h"
#include "usagerow.h"

#include <QList>

namespace hearth::storage {

class Database;

/// Counts that are added together or not at all.
struct UsageBatch
{
    /// Who counts: another one after each start of the server.
    QString writer;
    /// Higher than that of each batch that the writer sent before.
    quint64 number = 0;
    QList<domain::UsageRow> rows;
};

class UsageTable
{
public:
    explicit UsageTable(Database &database)
        : m_database(database)
    {}

    /// Adds the counts of the batch, unless they have been added before.
    Result<void> add(const UsageBatch &batch, WallTime now);
    /// The number of the batch that this writer has added last; 0 for none.
    Result<quint64> lastBatch(const QString &writer) const;
    /// At most `count` rows, in no particular order.
    Result<QList<domain::UsageRow>> find(const domain::UsageFilter &filter, int count) const;
    /// Removes the rows of the days before `day`.
    Result<void> removeBefore(QDate day);
    /// Forgets writers that have added nothing since `moment`. Nothing that they sent before may come again.
    Result<void> removeWritersBefore(WallTime moment);

private:
    Database &m_database;
};

} // namespace hearth::storage
