// The words in which requests are refused. Pure functions.

#pragma once

#include "lineup.h"
#include "registry.h"

namespace hearth::scheduling {

/// `Llm 'x'` or `Pool 'x'`, for the beginning of a sentence.
QString inWords(const domain::Destination &destination, const domain::Registry &registry);

/// Why `llm` cannot be served now, not even after a wake; nothing when it can.
std::optional<Error> obstacle(const domain::Llm &llm, bool reachable);

/// Why `request` has nothing to wait for.
Error hopeless(const Request &request, const Lineup &lineup);

Error queueFull(const QString &destination, int waiting, std::chrono::seconds retryAfter);
Error queueTimeout(Duration waited, std::chrono::seconds retryAfter);

} // namespace hearth::scheduling
