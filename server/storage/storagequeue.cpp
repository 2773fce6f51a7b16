#include "storagequeue.h"

#include <algorithm>
#include <iterator>

namespace hearth::storage {

size_t StorageQueue::push(std::shared_ptr<StorageJob> job)
{
    const std::scoped_lock lock(m_mutex);
    m_jobs.push_back(std::move(job));
    return m_jobs.size();
}

void StorageQueue::withdraw(const std::shared_ptr<StorageJob> &job)
{
    job->isWithdrawn = true;
    const std::scoped_lock lock(m_mutex);
    // The oldest are given up first, so this finds it at the front or not at all.
    if (!m_jobs.empty() && m_jobs.front() == job)
        m_jobs.pop_front();
}

void StorageQueue::record(quint64 order, const SessionHeartbeat &heartbeat)
{
    const std::scoped_lock lock(m_mutex);
    m_records.heartbeats.add(heartbeat.session, order, heartbeat);
}

void StorageQueue::record(quint64 order, const LlmLifecycle &lifecycle)
{
    const std::scoped_lock lock(m_mutex);
    m_records.llms.add(lifecycle.id, order, lifecycle);
}

void StorageQueue::record(quint64 order, const AgentLifecycle &lifecycle)
{
    const std::scoped_lock lock(m_mutex);
    m_records.agents.add(lifecycle.id, order, lifecycle);
}

std::vector<StorageAnswer> StorageQueue::takeAnswers()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_answers, {});
}

void StorageQueue::close()
{
    const std::scoped_lock lock(m_mutex);
    m_isClosed = true;
}

std::vector<std::shared_ptr<StorageJob>> StorageQueue::takeJobs(size_t limit)
{
    const std::scoped_lock lock(m_mutex);
    const auto end = m_jobs.begin() + static_cast<std::ptrdiff_t>(std::min(limit, m_jobs.size()));
    std::vector<std::shared_ptr<StorageJob>> taken(std::make_move_iterator(m_jobs.begin()),
                                                   std::make_move_iterator(end));
    m_jobs.erase(m_jobs.begin(), end);
    return taken;
}

size_t StorageQueue::jobCount() const
{
    const std::scoped_lock lock(m_mutex);
    return m_jobs.size();
}

LifecycleBuffer StorageQueue::takeRecordsBefore(quint64 order)
{
    const std::scoped_lock lock(m_mutex);
    return m_records.takeBefore(order);
}

void StorageQueue::putBack(const LifecycleBuffer &records)
{
    const std::scoped_lock lock(m_mutex);
    m_records.merge(records);
}

void StorageQueue::answer(const std::vector<StorageAnswer> &answers)
{
    const std::scoped_lock lock(m_mutex);
    m_answers.insert(m_answers.end(), answers.begin(), answers.end());
}

bool StorageQueue::isClosed() const
{
    const std::scoped_lock lock(m_mutex);
    return m_isClosed;
}

} // namespace hearth::storage
