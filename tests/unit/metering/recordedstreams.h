// Streams as backends send them that were asked for their usage.

#pragma once

#include "operation.h"
#include "tokenusage.h"

#include <QList>

#include <optional>

namespace hearth::testsupport {

struct RecordedStream
{
    const char *name;
    metering::Operation operation;
    QByteArray before;
    /// The chunk that tells nothing but the usage; empty where there is none.
    QByteArray removed;
    QByteArray behind;
    std::optional<metering::TokenUsage> usage;
};

/// Their line ends are LF.
QList<RecordedStream> recordedStreams();

} // namespace hearth::testsupport
