// What stands in one event of a stream of server-sent events (WHATWG HTML section 9.2), where it is still bytes.
//
// For EventMeter and StreamEnding, which look into few of the events that pass. Pure functions.

#pragma once

#include <QByteArrayView>

#include <optional>

namespace hearth::metering {

/// The data of an event in which it stands in a single line, and no comment with it; nothing for any other event.
std::optional<QByteArrayView> singleData(QByteArrayView event);

/// The value of its field `event`, where that stands in front of the data; nothing where there is none.
std::optional<QByteArrayView> eventName(QByteArrayView event);

} // namespace hearth::metering
