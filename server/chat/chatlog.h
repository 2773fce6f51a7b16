// The log category of the room.

#pragma once

#include <QLoggingCategory>

namespace hearth {

Q_DECLARE_LOGGING_CATEGORY(lcChat)

} // namespace hearth
