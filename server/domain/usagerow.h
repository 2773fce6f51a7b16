// UsageRow: what one key has used of one Llm on one day.
//
// Counted by the usage room, stored by UsageTable, served by the api. Plain values.

#pragma once

#include "ids.h"

#include <QDate>
#include <QString>

#include <optional>

namespace hearth::domain {

/// What a row counts for.
struct UsagePlace
{
    /// In UTC.
    QDate day;
    /// Whose the key was: one that changes hands takes no usage with it.
    QString owner;
    ApiKeyId key;
    /// Its name; empty for requests that never reached one.
    QString llm;

    friend bool operator==(const UsagePlace &, const UsagePlace &) = default;

    friend size_t qHash(const UsagePlace &place, size_t seed = 0)
    {
        return qHashMulti(seed, place.day, place.owner, place.key, place.llm);
    }
};

/// Requests by how they have ended, and the tokens that backends have counted for them.
struct UsageCounts
{
    qint64 succeeded = 0;
    qint64 rejected = 0;
    qint64 failed = 0;
    qint64 refused = 0;
    qint64 truncated = 0;
    qint64 cancelled = 0;
    qint64 inputTokens = 0;
    qint64 outputTokens = 0;

    qint64 requests() const { return succeeded + rejected + failed + refused + truncated + cancelled; }

    UsageCounts &operator+=(const UsageCounts &other)
    {
        succeeded += other.succeeded;
        rejected += other.rejected;
        failed += other.failed;
        refused += other.refused;
        truncated += other.truncated;
        cancelled += other.cancelled;
        inputTokens += other.inputTokens;
        outputTokens += other.outputTokens;
        return *this;
    }

    friend bool operator==(const UsageCounts &, const UsageCounts &) = default;
};

struct UsageRow
{
    UsagePlace place;
    /// The key's when it was used last.
    QString keyName;
    UsageCounts counts;

    friend bool operator==(const UsageRow &, const UsageRow &) = default;
};

/// Which rows are asked for. What is not given is left open.
struct UsageFilter
{
    QDate from;
    /// Included.
    QDate to;
    std::optional<QString> owner;
    std::optional<QString> keyName;
    /// An empty one: requests that never reached one.
    std::optional<QString> llm;

    bool matches(const UsageRow &row) const
    {
        const auto isWanted = [](const std::optional<QString> &wanted, const QString &text) {
            return !wanted || *wanted == text;
        };
        return from <= row.place.day && row.place.day <= to && isWanted(owner, row.place.owner) &&
               isWanted(keyName, row.keyName) && isWanted(llm, row.place.llm);
    }
};

} // namespace hearth::domain
