// StorageWorker: the half of Storage that lives on the storage thread and owns the Database.
//
// Made by Storage and moved to its thread; everything here runs there, in its event loop, and may block in the
// database. It takes jobs from the queue and commits them together, stores write-behind records, looks for changed keys
// and reopens a lost connection. Time is the machine's own: a real database has no other.

#pragma once

#include "apikey.h"
#include "storagequeue.h"
#include "storagesettings.h"

#include <QObject>

namespace hearth::storage {

class StatementWatch;
class Transaction;

class StorageWorker final : public QObject
{
    Q_OBJECT

public:
    /// `queue` must outlive the worker's thread.
    StorageWorker(StorageSettings settings, StorageQueue &queue, std::shared_ptr<StatementWatch> watch);
    ~StorageWorker() override;

    /// Opens and migrates the database, and starts the timers.
    Result<void> open();
    /// There are new jobs in the queue.
    void workArrived();
    /// Runs what still waits, for at most the statement timeout, closes the database and ends the thread's event loop.
    void finish();

Q_SIGNALS:
    void answersReady();
    void availabilityChanged(bool available);
    void apiKeysLoaded(const QList<hearth::domain::ApiKey> &keys);

private:
    void runJobs();
    std::vector<StorageAnswer> commitTogether(const std::vector<std::shared_ptr<StorageJob>> &jobs);
    std::optional<Error> run(StorageJob &job);
    void storeRecords();
    void pollKeys();
    Result<void> loadKeys();

    /// Runs `body` in a transaction. Nothing is tried again once `body` has begun.
    Result<void> inTransaction(const std::function<Result<void>()> &body);
    /// A connection that turns out to have been lost before anything was sent is reopened, so nobody notices a database
    /// that was restarted while nobody used it.
    Result<Transaction> beginOrReopen();
    /// Reopens once; for moments in which no work is lost with the connection.
    Result<void> reopenSilently();
    /// Announces a connection that was lost, and sees to it that it is reopened.
    void checkConnection();
    void tryReopen();

    const StorageSettings m_settings;
    StorageQueue &m_queue;
    const std::shared_ptr<StatementWatch> m_watch;
    std::unique_ptr<Database> m_database;
    bool m_available = false;
    /// Why the last attempt to reopen failed.
    QString m_reopenProblem;
    MonotonicTime m_reopenedAt{};
    /// The version of the keys that were loaded last.
    std::optional<qint64> m_keyVersion;

    SystemClock *const m_clock;
    Timer m_commitTimer;
    Timer m_recordTimer;
    Timer m_keyTimer;
    Timer m_reopenTimer;
};

} // namespace hearth::storage
