#include "usageoutbox.h"

#include "logging.h"
#include "storage.h"
#include "usagetable.h"

#include <QUuid>

#include <atomic>
#include <numeric>

namespace hearth::usage {

using domain::UsageRow;
using storage::UsageBatch;

namespace {

qint64 requestsIn(const QList<UsageRow> &rows)
{
    return std::accumulate(rows.begin(), rows.end(), qint64(0),
                           [](qint64 sum, const UsageRow &row) { return sum + row.counts.requests(); });
}

/// Kept by the last pieces of work, which run on the storage thread or never; goes with the last of them.
class Farewell
{
public:
    explicit Farewell(qint64 requests)
        : m_requests(requests)
    {}

    ~Farewell()
    {
        if (m_requests > 0)
            qCWarning(lcStorage, "The usage of %lld requests could not be stored and is lost.", qint64(m_requests));
    }

    Farewell(const Farewell &) = delete;
    Farewell &operator=(const Farewell &) = delete;

    void stored(const UsageBatch &batch) { m_requests -= requestsIn(batch.rows); }

private:
    std::atomic<qint64> m_requests;
};

} // namespace

UsageOutbox::UsageOutbox(storage::Storage &storage, const Clock &clock, const UsageSettings &settings,
                         std::function<void()> rested)
    : m_storage(storage)
    , m_clock(clock)
    , m_settings(settings)
    , m_rested(std::move(rested))
    , m_writer(QUuid::createUuid().toString(QUuid::WithoutBraces))
{}

UsageOutbox::~UsageOutbox()
{
    reportRefused();
    qint64 requests = m_content.batch ? requestsIn(m_content.batch->rows) : 0;
    for (const QList<UsageRow> &rows : std::as_const(m_content.queue))
        requests += requestsIn(rows);
    const auto farewell = std::make_shared<Farewell>(requests);
    // A batch that is under way goes once more: nobody will hear of it, and it is added only once.
    for (; !isEmpty(); m_content.batch.reset()) {
        prepareBatch();
        m_storage.submit<void>(
            nullptr,
            [batch = m_content.batch, farewell, now = m_clock.wallNow()](storage::Database &database) {
                const Result<void> added = storage::UsageTable(database).add(*batch, now);
                if (added)
                    farewell->stored(*batch);
                return added;
            },
            [](const Result<void> &) {});
    }
}

void UsageOutbox::put(const QList<UsageRow> &rows)
{
    for (qsizetype at = 0; at < rows.size(); at += m_settings.batchRows)
        m_content.queue.append(rows.mid(at, m_settings.batchRows));
    send();
}

void UsageOutbox::prepareBatch()
{
    if (!m_content.batch) {
        m_content.batch =
            std::make_shared<const UsageBatch>(UsageBatch{m_writer, ++m_lastNumber, m_content.queue.takeFirst()});
    }
}

void UsageOutbox::send()
{
    if (m_isSending || isEmpty())
        return;
    prepareBatch();
    m_isSending = true;
    m_storage.submit<void>(
        this,
        [batch = m_content.batch, now = m_clock.wallNow()](storage::Database &database) {
            return storage::UsageTable(database).add(*batch, now);
        },
        [this](const Result<void> &outcome) { sent(outcome); });
}

void UsageOutbox::sent(const Result<void> &outcome)
{
    m_isSending = false;
    m_isAway = !outcome && outcome.error().code == ErrorCode::StorageUnavailable;
    if (m_isAway)
        return m_rested();
    const auto batch = std::exchange(m_content.batch, nullptr);
    if (!outcome)
        refused(batch->rows, outcome.error());
    if (!isEmpty())
        return send();
    reportRefused();
    m_rested();
}

void UsageOutbox::refused(const QList<UsageRow> &rows, const Error &error)
{
    if (rows.size() == 1) {
        m_refused += requestsIn(rows);
        m_refusal = error.message;
        return;
    }
    // One row spoils a batch: it is looked for by halves.
    const qsizetype half = rows.size() / 2;
    m_content.queue.prepend(rows.sliced(half));
    m_content.queue.prepend(rows.first(half));
}

void UsageOutbox::reportRefused()
{
    if (m_refused > 0)
        qCWarning(lcStorage).noquote() << "The usage of" << m_refused << "requests was given up:" << m_refusal;
    m_refused = 0;
}

} // namespace hearth::usage
