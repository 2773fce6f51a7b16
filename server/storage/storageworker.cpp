#include "storageworker.h"

#include "apikeytable.h"
#include "database.h"
#include "lifecyclewriter.h"
#include "logging.h"
#include "migrations.h"
#include "sqlfailure.h"
#include "transaction.h"

#include <QThread>

#include <limits>

namespace hearth::storage {

StorageWorker::StorageWorker(StorageSettings settings, StorageQueue &queue, std::shared_ptr<StatementWatch> watch)
    : m_settings(std::move(settings))
    , m_queue(queue)
    , m_watch(std::move(watch))
    , m_clock(new SystemClock(this))
    , m_commitTimer(*m_clock, [this] { runJobs(); })
    , m_recordTimer(*m_clock, [this] { storeRecords(); })
    , m_keyTimer(*m_clock, [this] { pollKeys(); })
    , m_reopenTimer(*m_clock, [this] { tryReopen(); })
{}

StorageWorker::~StorageWorker() = default;

Result<void> StorageWorker::open()
{
    Result<std::unique_ptr<Database>> database =
        Database::open({.url = m_settings.url, .statementTimeout = m_settings.statementTimeout}, m_watch);
    if (!database)
        return database.error();
    m_database = std::move(*database);
    if (const Result<int> migrated = Migrations().apply(*m_database); !migrated)
        return migrated.error();
    if (const Result<void> loaded = loadKeys(); !loaded)
        return loaded;
    m_available = true;
    m_recordTimer.start(m_settings.lifecycleInterval);
    m_keyTimer.start(m_settings.keyPollInterval);
    return {};
}

void StorageWorker::workArrived()
{
    const size_t count = m_queue.jobCount();
    if (count >= static_cast<size_t>(m_settings.groupCommitSize))
        runJobs();
    else if (count > 0 && !m_commitTimer.isActive())
        m_commitTimer.start(m_settings.groupCommitDelay);
}

void StorageWorker::finish()
{
    const MonotonicTime deadline = m_clock->now() + m_settings.statementTimeout;
    while (m_available && m_queue.jobCount() > 0 && m_clock->now() < deadline)
        runJobs();
    if (m_available)
        storeRecords();
    for (Timer *timer : {&m_commitTimer, &m_recordTimer, &m_keyTimer, &m_reopenTimer})
        timer->stop();
    m_database.reset();
    QThread::currentThread()->quit();
}

void StorageWorker::runJobs()
{
    m_commitTimer.stop();
    const std::vector<std::shared_ptr<StorageJob>> jobs =
        m_queue.takeJobs(static_cast<size_t>(m_settings.groupCommitSize));
    if (jobs.empty())
        return;
    m_queue.answer(commitTogether(jobs));
    Q_EMIT answersReady();
    // What arrived meanwhile has waited long enough; the other timers get their turn in between.
    if (m_queue.jobCount() > 0)
        m_commitTimer.start(Duration::zero());
    checkConnection();
}

std::vector<StorageAnswer> StorageWorker::commitTogether(const std::vector<std::shared_ptr<StorageJob>> &jobs)
{
    std::vector<StorageAnswer> answers;
    for (const auto &job : jobs)
        answers.push_back({.order = job->order, .error = {}});
    LifecycleBuffer records;
    const Result<void> committed = inTransaction([&]() -> Result<void> {
        for (size_t i = 0; i < jobs.size(); ++i) {
            const LifecycleBuffer older = m_queue.takeRecordsBefore(jobs[i]->order);
            records.merge(older);
            if (Result<void> written = writeLifecycles(*m_database, older); !written)
                return written;
            answers[i].error = run(*jobs[i]);
        }
        return {};
    });
    if (!committed) {
        m_queue.putBack(records);
        for (StorageAnswer &answer : answers) {
            if (!answer.error)
                answer.error = committed.error();
        }
    }
    return answers;
}

std::optional<Error> StorageWorker::run(StorageJob &job)
{
    const Result<void> done = atomically(*m_database, [&]() -> Result<void> {
        Result<void> worked = job.isWithdrawn ? Result<void>() : job.work(*m_database);
        return job.isWithdrawn ? Result<void>(toError(SqlFailure::Busy)) : worked;
    });
    return done ? std::nullopt : std::optional(done.error());
}

void StorageWorker::storeRecords()
{
    m_recordTimer.start(m_settings.lifecycleInterval);
    if (!m_available)
        return;
    const LifecycleBuffer records = m_queue.takeRecordsBefore(std::numeric_limits<quint64>::max());
    if (records.isEmpty())
        return;
    const Result<void> committed = inTransaction([&] { return writeLifecycles(*m_database, records); });
    if (!committed)
        m_queue.putBack(records);
    checkConnection();
}

void StorageWorker::pollKeys()
{
    m_keyTimer.start(m_settings.keyPollInterval);
    if (!m_available)
        return;
    // Also the check of a connection that nobody uses: a failure here costs nobody anything.
    if (!loadKeys() && m_database->isLost() && reopenSilently() && !loadKeys())
        qCWarning(lcStorage) << "The API keys could not be loaded.";
    checkConnection();
}

Result<void> StorageWorker::loadKeys()
{
    const ApiKeyTable table(*m_database);
    // The version first: keys that change in between are then loaded once more.
    const Result<qint64> version = table.version();
    if (!version)
        return version.error();
    if (m_keyVersion == *version)
        return {};
    const Result<QList<domain::ApiKey>> keys = table.all();
    if (!keys)
        return keys.error();
    m_keyVersion = *version;
    Q_EMIT apiKeysLoaded(*keys);
    return {};
}

Result<void> StorageWorker::inTransaction(const std::function<Result<void>()> &body)
{
    Result<Transaction> transaction = beginOrReopen();
    if (!transaction)
        return transaction.error();
    if (Result<void> done = body(); !done)
        return done;
    return transaction->commit();
}

Result<Transaction> StorageWorker::beginOrReopen()
{
    Result<Transaction> transaction = Transaction::begin(*m_database);
    if (transaction || !m_database->isLost())
        return transaction;
    if (const Result<void> reopened = reopenSilently(); !reopened)
        return reopened.error();
    return Transaction::begin(*m_database);
}

Result<void> StorageWorker::reopenSilently()
{
    if (!m_available || m_queue.isClosed())
        return toError(SqlFailure::Lost);
    return m_database->reopen();
}

void StorageWorker::checkConnection()
{
    if (!m_available || !m_database->isLost())
        return;
    m_available = false;
    Q_EMIT availabilityChanged(false);
    // At once, unless that is what has just been done to no avail.
    const bool isFlapping = m_clock->now() - m_reopenedAt < m_settings.reopenInterval;
    m_reopenTimer.start(isFlapping ? m_settings.reopenInterval : Duration::zero());
}

void StorageWorker::tryReopen()
{
    if (const Result<void> reopened = m_database->reopen(); !reopened) {
        // Said once for each cause, not twice a second.
        if (std::exchange(m_reopenProblem, reopened.error().message) != reopened.error().message)
            qCWarning(lcStorage).noquote() << m_reopenProblem;
        m_reopenTimer.start(m_settings.reopenInterval);
        return;
    }
    qCInfo(lcStorage).noquote() << "The database" << m_settings.url.display() << "is back.";
    m_reopenProblem.clear();
    m_reopenedAt = m_clock->now();
    m_available = true;
    Q_EMIT availabilityChanged(true);
    storeRecords();
    pollKeys();
}

} // namespace hearth::storage
