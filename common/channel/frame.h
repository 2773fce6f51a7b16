// Binary frames: how bodies travel on the control channel.
//
// A frame is its kind (1 byte), its task (8 bytes, big endian) and at most 64 KiB of payload. Pure functions.

#pragma once

#include "ids.h"
#include "result.h"

#include <QByteArray>

namespace hearth::channel {

/// On the wire: never renumber.
enum class FrameKind : quint8 {
    /// A piece of the request body (server → publisher) or of the response body (publisher → server).
    Body = 1,
};

inline constexpr qsizetype frameHeaderBytes = 9;
inline constexpr qsizetype maxFramePayload = 64 * 1024;

struct FrameHeader
{
    FrameKind kind = FrameKind::Body;
    TaskId task{};

    friend bool operator==(const FrameHeader &, const FrameHeader &) = default;
};

/// Appends the 9 bytes of the header.
void appendFrameHeader(QByteArray &frame, FrameHeader header);

/// Reads the header; the payload is what follows it. Errors: ProtocolViolation for a frame that is too short or too
/// long or names a task beyond 2^53. Nothing for a kind that this version does not know.
Result<std::optional<FrameHeader>> parseFrame(QByteArrayView frame);

} // namespace hearth::channel
