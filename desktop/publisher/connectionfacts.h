// ConnectionFacts: what is known of the control channel while a publisher is online. A plain value.

#pragma once

#include "clock.h"

#include <QString>

#include <optional>

namespace hearth::publisher {

struct ConnectionFacts
{
    QString serverVersion = {};
    quint64 epoch = 0;
    /// When the server took the register that made it online.
    MonotonicTime since{};
    /// Between the latest heartbeat that was answered and its answer; nothing before the first answer.
    std::optional<Duration> roundTrip = std::nullopt;
    /// When the latest answer to a heartbeat came; `since` before the first.
    MonotonicTime lastHeartbeat{};
};

} // namespace hearth::publisher
