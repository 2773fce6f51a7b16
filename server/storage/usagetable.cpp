#include "usagetable.h"

#include "database.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::UsageCounts;
using domain::UsageFilter;
using domain::UsageRow;

namespace {

QString toText(QDate day)
{
    return day.toString(Qt::ISODate);
}

std::optional<QDate> dayFromString(const QString &text)
{
    const QDate day = QDate::fromString(text, Qt::ISODate);
    return day.isValid() ? std::optional(day) : std::nullopt;
}

UsageRow readUsage(const SqlRow &row)
{
    return {.place = {.day = row.required("day"_L1, dayFromString(row.text("day"_L1))),
                      .owner = row.text("owner"_L1),
                      .key = row.id<ApiKeyId>("api_key_id"_L1),
                      .llm = row.text("llm"_L1)},
            .keyName = row.text("key_name"_L1),
            .counts = {.succeeded = row.integer("succeeded"_L1),
                       .rejected = row.integer("rejected"_L1),
                       .failed = row.integer("failed"_L1),
                       .refused = row.integer("refused"_L1),
                       .truncated = row.integer("truncated"_L1),
                       .cancelled = row.integer("cancelled"_L1),
                       .inputTokens = row.integer("input_tokens"_L1),
                       .outputTokens = row.integer("output_tokens"_L1)}};
}

SqlBindings bindings(const UsageRow &row)
{
    const UsageCounts &counts = row.counts;
    return {{"day", toText(row.place.day)},
            {"owner", row.place.owner},
            {"key", row.place.key},
            {"llm", row.place.llm},
            {"keyName", row.keyName},
            {"succeeded", counts.succeeded},
            {"rejected", counts.rejected},
            {"failed", counts.failed},
            {"refused", counts.refused},
            {"truncated", counts.truncated},
            {"cancelled", counts.cancelled},
            {"inputTokens", counts.inputTokens},
            {"outputTokens", counts.outputTokens}};
}

} // namespace

Result<void> UsageTable::add(const UsageBatch &batch, WallTime now)
{
    const Result<qint64> begun = m_database.execute(
        "usage_begin_batch"_L1, {{"writer", batch.writer}, {"number", batch.number}, {"addedAt", now}});
    if (!begun)
        return begun.error();
    if (*begun == 0)
        return {};
    for (const UsageRow &row : batch.rows) {
        if (const Result<qint64> added = m_database.execute("usage_add"_L1, bindings(row)); !added)
            return added.error();
    }
    return {};
}

Result<quint64> UsageTable::lastBatch(const QString &writer) const
{
    const auto number = m_database.selectOne("usage_last_batch"_L1, {{"writer", writer}}, [](const SqlRow &row) {
        return static_cast<quint64>(row.integer("number"_L1));
    });
    return number ? Result<quint64>(number->value_or(0)) : Result<quint64>(number.error());
}

Result<QList<UsageRow>> UsageTable::find(const UsageFilter &filter, int count) const
{
    const auto any = [](const std::optional<QString> &wanted) { return wanted ? 0 : 1; };
    return m_database.select("usage_find"_L1,
                             {{"from", toText(filter.from)},
                              {"to", toText(filter.to)},
                              {"anyOwner", any(filter.owner)},
                              {"owner", filter.owner.value_or(QString())},
                              {"anyKey", any(filter.keyName)},
                              {"keyName", filter.keyName.value_or(QString())},
                              {"anyLlm", any(filter.llm)},
                              {"llm", filter.llm.value_or(QString())},
                              {"count", count}},
                             readUsage);
}

Result<void> UsageTable::removeBefore(QDate day)
{
    const Result<qint64> removed = m_database.execute("usage_remove_before"_L1, {{"day", toText(day)}});
    return removed ? Result<void>() : Result<void>(removed.error());
}

Result<void> UsageTable::removeWritersBefore(WallTime moment)
{
    const Result<qint64> removed = m_database.execute("usage_remove_batches_before"_L1, {{"moment", moment}});
    return removed ? Result<void>() : Result<void>(removed.error());
}

} // namespace hearth::storage
