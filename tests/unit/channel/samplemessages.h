// One message of every type, with all its fields set and with as few as possible.

#pragma once

#include "codec.h"

#include <QList>

#include <utility>

namespace hearth::channel {

using NamedMessages = QList<std::pair<const char *, Message>>;

NamedMessages fullMessages();
NamedMessages minimalMessages();

} // namespace hearth::channel
