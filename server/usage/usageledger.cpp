#include "usageledger.h"

#include "logging.h"
#include "storage.h"
#include "usagetable.h"

#include <algorithm>
#include <tuple>

namespace hearth::usage {

using domain::UsageCounts;
using domain::UsageFilter;
using domain::UsageRow;
using relay::Outcome;
using relay::RequestRecord;

namespace {

using Rows = UsageLedger::Rows;

constexpr std::chrono::hours removalInterval(24);
/// A process sends a batch again within minutes, or never.
constexpr std::chrono::hours writerRetention(7 * 24);

qint64 &countOf(UsageCounts &counts, Outcome outcome)
{
    switch (outcome) {
    case Outcome::Succeeded:
        return counts.succeeded;
    case Outcome::Rejected:
        return counts.rejected;
    case Outcome::Failed:
        return counts.failed;
    case Outcome::Refused:
        return counts.refused;
    case Outcome::Truncated:
        return counts.truncated;
    case Outcome::Cancelled:
        return counts.cancelled;
    }
    Q_UNREACHABLE();
}

UsageRow rowOf(const RequestRecord &record, QDate day)
{
    UsageRow row{.place = {.day = day, .owner = record.owner, .key = record.key, .llm = record.llm},
                 .keyName = record.keyName,
                 .counts = {}};
    countOf(row.counts, record.outcome) = 1;
    if (record.usage) {
        row.counts.inputTokens = record.usage->input;
        row.counts.outputTokens = record.usage->output;
    }
    return row;
}

bool isEarlier(const UsageRow &one, const UsageRow &other)
{
    const auto order = [](const UsageRow &row) {
        return std::tie(row.place.day, row.keyName, row.place.llm, row.place.owner);
    };
    return order(one) < order(other);
}

void addTo(Rows &rows, const UsageRow &row)
{
    const auto found = rows.find(row.place);
    if (found == rows.end()) {
        rows.insert(row.place, row);
        return;
    }
    found->keyName = row.keyName;
    found->counts += row.counts;
}

Error tooManyRows(int maxRows)
{
    return {ErrorCode::InvalidRequest,
            QStringLiteral("There are more than %1 rows; ask for fewer days, or for one key or Llm.").arg(maxRows)};
}

/// What was not stored when a question was asked.
struct Unstored
{
    UsageOutbox::Content outbox;
    Rows counted;
};

Result<QList<UsageRow>> findRows(storage::Database &database, const UsageFilter &filter, const Unstored &unstored,
                                 int maxRows)
{
    storage::UsageTable table(database);
    const Result<QList<UsageRow>> stored = table.find(filter, maxRows + 1);
    if (!stored)
        return stored.error();
    Rows rows;
    const auto add = [&](const UsageRow &row) {
        if (filter.matches(row))
            addTo(rows, row);
    };
    std::for_each(stored->begin(), stored->end(), add);
    if (const auto &batch = unstored.outbox.batch) {
        // Its commit may not have been heard of.
        const Result<quint64> last = table.lastBatch(batch->writer);
        if (!last)
            return last.error();
        if (*last < batch->number)
            std::for_each(batch->rows.begin(), batch->rows.end(), add);
    }
    for (const QList<UsageRow> &queued : unstored.outbox.queue)
        std::for_each(queued.begin(), queued.end(), add);
    std::for_each(unstored.counted.begin(), unstored.counted.end(), add);
    if (rows.size() > maxRows)
        return tooManyRows(maxRows);
    QList<UsageRow> sorted = rows.values();
    std::sort(sorted.begin(), sorted.end(), isEarlier);
    return sorted;
}

} // namespace

QDate dayOf(WallTime moment)
{
    const auto days = std::chrono::floor<std::chrono::days>(moment.time_since_epoch());
    return QDate(1970, 1, 1).addDays(days.count());
}

UsageLedger::UsageLedger(storage::Storage &storage, Clock &clock, UsageSettings settings, QObject *parent)
    : QObject(parent)
    , m_storage(storage)
    , m_clock(clock)
    , m_settings(settings)
    , m_outbox(storage, clock, m_settings, [this] { outboxRested(); })
    , m_flushTimer(clock, [this] { flush(); })
    , m_removalTimer(clock, [this] { removeOld(); })
{
    // By then the storage is open.
    m_removalTimer.start(m_settings.flushInterval);
}

UsageLedger::~UsageLedger()
{
    reportDropped();
    m_outbox.put(m_counted.values());
}

void UsageLedger::requestEnded(const RequestRecord &record)
{
    const UsageRow row = rowOf(record, dayOf(m_clock.wallNow()));
    const bool isFull = m_counted.size() >= m_settings.maxPending && !m_counted.contains(row.place);
    if (isFull && m_outbox.isAway()) {
        if (m_dropped++ == 0)
            qCWarning(lcStorage) << "The database is away for too long; some usage is not counted.";
        return;
    }
    addTo(m_counted, row);
    // A database that is there takes what is in the outbox soon: until then there may be more than the limit.
    if (isFull)
        flush();
    else if (!m_flushTimer.isActive() && !m_outbox.isSending())
        m_flushTimer.start(m_settings.flushInterval);
}

void UsageLedger::flush()
{
    if (m_outbox.isEmpty())
        m_outbox.put(std::exchange(m_counted, {}).values());
    else
        m_outbox.send();
}

void UsageLedger::outboxRested()
{
    const bool isAway = m_outbox.isAway();
    if (!isAway)
        reportDropped();
    if (!isAway && m_counted.size() >= m_settings.maxPending)
        flush();
    else if (!m_outbox.isEmpty() || !m_counted.isEmpty())
        m_flushTimer.start(m_settings.flushInterval);
}

void UsageLedger::reportDropped()
{
    if (m_dropped > 0)
        qCWarning(lcStorage) << "While the database was away, the usage of" << m_dropped << "requests was not counted.";
    m_dropped = 0;
}

void UsageLedger::removeOld()
{
    const WallTime now = m_clock.wallNow();
    const std::optional<QDate> firstDay =
        m_settings.retentionDays > 0 ? std::optional(dayOf(now).addDays(-m_settings.retentionDays)) : std::nullopt;
    m_storage.submit<void>(
        this,
        [firstDay, now](storage::Database &database) -> Result<void> {
            storage::UsageTable table(database);
            const Result<void> removed = firstDay ? table.removeBefore(*firstDay) : Result<void>();
            return removed ? table.removeWritersBefore(now - writerRetention) : removed;
        },
        [this](const Result<void> &removed) {
            const bool isAway = !removed && removed.error().code == ErrorCode::StorageUnavailable;
            if (!removed && !isAway)
                qCWarning(lcStorage).noquote() << "Old usage cannot be deleted:" << removed.error().message;
            m_removalTimer.start(isAway ? m_settings.flushInterval : Duration(removalInterval));
        });
}

void UsageLedger::find(const UsageFilter &filter, Write write, QObject *context,
                       std::function<void(Result<QByteArray>)> done)
{
    m_storage.submit<QByteArray>(
        context,
        [filter, write = std::move(write), unstored = Unstored{m_outbox.content(), m_counted},
         maxRows = m_settings.maxRows](storage::Database &database) -> Result<QByteArray> {
            const Result<QList<UsageRow>> rows = findRows(database, filter, unstored, maxRows);
            return rows ? Result<QByteArray>(write(*rows)) : Result<QByteArray>(rows.error());
        },
        std::move(done));
}

} // namespace hearth::usage
