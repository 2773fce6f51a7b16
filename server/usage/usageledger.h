// UsageLedger: who has used how much of what.
//
// The relay tells it of every request that is over. It counts by day, owner, key and Llm in memory and writes behind:
// at the latest flushInterval after a request, and at its end, what has come together is added to the table. While the
// database is away it goes on counting, within bounds. Once a day it deletes what is too old. Main thread only; what
// takes long is done on the storage thread.

#pragma once

#include "requestrecord.h"
#include "result.h"
#include "usageoutbox.h"
#include "usagerow.h"
#include "usagesettings.h"

#include <QHash>
#include <QObject>

#include <functional>

namespace hearth::storage {
class Storage;
} // namespace hearth::storage

namespace hearth::usage {

/// In UTC.
QDate dayOf(WallTime moment);

class UsageLedger final : public QObject, public relay::RelayObserver
{
    Q_OBJECT

public:
    using Rows = QHash<domain::UsagePlace, domain::UsageRow>;
    /// Makes what is wanted of the rows that were found, on the storage thread.
    using Write = std::function<QByteArray(const QList<domain::UsageRow> &)>;

    /// `storage` and `clock` must outlive the ledger.
    UsageLedger(storage::Storage &storage, Clock &clock, UsageSettings settings, QObject *parent = nullptr);
    /// Hands what is not stored to the storage, which stores it before it closes, or else says how much is lost.
    ~UsageLedger() override;

    /// Waits that have begun end when they would have.
    void setSettings(const UsageSettings &settings) { m_settings = settings; }

    const UsageSettings &settings() const { return m_settings; }

    void requestEnded(const relay::RequestRecord &record) override;

    void wakeEnded(const relay::WakeRecord &) override {}

    /// What `write` makes of the rows that `filter` asks for, what is not stored yet included; they are sorted by day,
    /// name of the key and Llm. Calls `done` later, unless `context`, which must not outlive the ledger, is destroyed
    /// before. Errors: those of Storage::submit(), and InvalidRequest when there are more than maxRows.
    void find(const domain::UsageFilter &filter, Write write, QObject *context,
              std::function<void(Result<QByteArray>)> done);

private:
    void flush();
    void outboxRested();
    void reportDropped();
    void removeOld();

    storage::Storage &m_storage;
    Clock &m_clock;
    UsageSettings m_settings;
    /// Counted since the outbox was filled last.
    Rows m_counted;
    UsageOutbox m_outbox;
    /// Requests that were not counted since the database is away.
    qint64 m_dropped = 0;
    Timer m_flushTimer;
    Timer m_removalTimer;
};

} // namespace hearth::usage
