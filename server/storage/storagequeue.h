// StorageQueue: what passes between the main thread and the storage thread.
//
// Jobs and write-behind records go one way, answers the other, each under one short lock. It holds no policy: Storage
// decides what enters, StorageWorker what runs. What wakes the other side is the callers' affair; the return values say
// when it is needed. Safe from any thread.

#pragma once

#include "lifecyclebuffer.h"
#include "result.h"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace hearth::storage {

class Database;

/// One piece of submitted work.
struct StorageJob
{
    /// Its place among all jobs and records.
    quint64 order = 0;
    std::function<Result<void>(Database &)> work;
    /// Set by the main thread when nobody waits for the answer any more; then nothing of it should be stored.
    std::atomic<bool> isWithdrawn = false;
};

struct StorageAnswer
{
    quint64 order = 0;
    /// Nothing when the work succeeded and is committed.
    std::optional<Error> error;
};

class StorageQueue
{
public:
    // The main thread's side.

    /// Returns the number of jobs that now wait for the storage thread.
    size_t push(std::shared_ptr<StorageJob> job);
    /// Removes the job when it still waits, and otherwise asks the storage thread not to store it.
    void withdraw(const std::shared_ptr<StorageJob> &job);
    void record(quint64 order, const SessionHeartbeat &heartbeat);
    void record(quint64 order, const LlmLifecycle &lifecycle);
    void record(quint64 order, const AgentLifecycle &lifecycle);
    /// In the order of the jobs.
    std::vector<StorageAnswer> takeAnswers();
    /// No more attempts to reopen a lost connection: the program ends.
    void close();

    // The storage thread's side.

    /// The oldest jobs, at most `limit`.
    std::vector<std::shared_ptr<StorageJob>> takeJobs(size_t limit);
    size_t jobCount() const;
    /// The records that are older than `order`.
    LifecycleBuffer takeRecordsBefore(quint64 order);
    /// Returns records that could not be stored.
    void putBack(const LifecycleBuffer &records);
    void answer(const std::vector<StorageAnswer> &answers);
    bool isClosed() const;

private:
    mutable std::mutex m_mutex;
    std::deque<std::shared_ptr<StorageJob>> m_jobs;
    LifecycleBuffer m_records;
    std::vector<StorageAnswer> m_answers;
    bool m_isClosed = false;
};

} // namespace hearth::storage
