// ChannelSettings: the limits of one end of a control channel. A plain value, the same for both programs.

#pragma once

#include "clock.h"

namespace hearth::channel {

/// The WebSocket subprotocol that both ends must name.
inline constexpr char subprotocol[] = "hearth.v1";

struct ChannelSettings
{
    /// From the first byte to the opened WebSocket.
    Duration handshakeTimeout = std::chrono::seconds(10);
    /// Between two pings; a channel that was silent for two of them is dead.
    Duration pingInterval = std::chrono::seconds(20);
    /// Without the network taking a byte of what waits to be written.
    Duration writeTimeout = std::chrono::seconds(10);
    /// What may wait to be written at most, in bytes; a peer that lets more come together is cut off.
    qint64 maxBytesToWrite = 8 * 1024 * 1024;
    /// How long close() waits for its bytes to leave.
    Duration closeTimeout = std::chrono::seconds(2);

    friend bool operator==(const ChannelSettings &, const ChannelSettings &) = default;
};

} // namespace hearth::channel
