// UsageSettings: a plain value, which may be replaced while the ledger works.

#pragma once

#include "clock.h"

namespace hearth::usage {

struct UsageSettings
{
    /// How long counts are collected before they are stored, and how long it takes until they are sent again to a
    /// database that was away.
    Duration flushInterval = std::chrono::seconds(10);
    /// Counts of different days, keys and Llms that may wait while the database is away; what is beyond is lost.
    int maxPending = 2000;
    /// Counts that are stored at once, so that other work for the database need not wait for long.
    int batchRows = 200;
    /// Rows in one answer.
    int maxRows = 10'000;
    /// Older rows are deleted; 0: none are.
    int retentionDays = 400;
};

} // namespace hearth::usage
