// What a channel does with a message or frame that has come: decode it and hand it to the listener.
//
// For the implementations of Channel, so that all of them treat bad peers alike. The listener may destroy the channel
// in its call; these functions touch nothing of the channel's afterwards.

#pragma once

#include "channel.h"

#include <optional>

namespace hearth::channel {

/// Returns why the channel must be closed, if it must: the peer has broken the protocol. Counts in `ignored` what this
/// version does not know.
std::optional<CloseReason> deliverMessage(const QByteArray &text, ChannelListener &listener, quint64 &ignored);
std::optional<CloseReason> deliverFrame(QByteArrayView frame, ChannelListener &listener, quint64 &ignored);

} // namespace hearth::channel
