// StorageSettings: the limits and durations of Storage. A plain value, filled from the configuration.

#pragma once

#include "clock.h"
#include "databaseurl.h"

namespace hearth::storage {

struct StorageSettings
{
    DatabaseUrl url;
    /// One statement; beyond it the work fails with StorageUnavailable.
    Duration statementTimeout = std::chrono::seconds(5);
    /// Beyond the statement timeout: when work without an answer is given up and a hung connection is cut. It lets work
    /// behind a statement that timed out still succeed.
    Duration hangGrace = std::chrono::milliseconds(500);
    /// How long the first piece of work waits for others to share its commit.
    Duration groupCommitDelay = std::chrono::milliseconds(2);
    /// Pieces of work in one commit.
    int groupCommitSize = 256;
    /// Pieces of work that may wait; more are refused with StorageUnavailable.
    int maxPending = 10'000;
    /// Between two attempts to reopen a lost connection.
    Duration reopenInterval = std::chrono::milliseconds(500);
    /// How often changed API keys are looked for, and a silent connection is checked.
    Duration keyPollInterval = std::chrono::milliseconds(500);
    /// How long coalesced lifecycle writes are collected.
    Duration lifecycleInterval = std::chrono::seconds(1);

    /// How long Storage takes at most to close: until the last work is withdrawn, then the piece of it that runs, the
    /// end of its batch, and the records. A statement ends after its timeout, or is cut within two graces more, and
    /// work is withdrawn within the same time.
    Duration closeLimit() const { return 4 * (statementTimeout + 2 * hangGrace); }
};

} // namespace hearth::storage
