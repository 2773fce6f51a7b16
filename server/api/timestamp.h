// writeTime(): how the API spells moments: UTC, RFC 3339, milliseconds; null for one that never was.

#pragma once

#include "clock.h"
#include "jsonwriter.h"

#include <optional>

namespace hearth::api {

void writeTime(json::JsonWriter &writer, QLatin1String name, std::optional<WallTime> time);

} // namespace hearth::api
