#include "frame.h"

#include <QtEndian>

namespace hearth::channel {

void appendFrameHeader(QByteArray &frame, FrameHeader header)
{
    char bytes[frameHeaderBytes];
    bytes[0] = static_cast<char>(header.kind);
    qToBigEndian(static_cast<quint64>(header.task), bytes + 1);
    frame.append(bytes, frameHeaderBytes);
}

Result<std::optional<FrameHeader>> parseFrame(QByteArrayView frame)
{
    if (frame.size() < frameHeaderBytes)
        return Error{ErrorCode::ProtocolViolation, QStringLiteral("A binary frame is shorter than its header.")};
    if (frame.size() > frameHeaderBytes + maxFramePayload)
        return Error{ErrorCode::ProtocolViolation, QStringLiteral("A binary frame carries more than 64 KiB.")};
    if (static_cast<FrameKind>(frame[0]) != FrameKind::Body)
        return std::optional<FrameHeader>();
    const auto task = qFromBigEndian<quint64>(frame.data() + 1);
    if (task >= (quint64{1} << 53))
        return Error{ErrorCode::ProtocolViolation, QStringLiteral("A binary frame names a task beyond 2^53.")};
    return std::optional(FrameHeader{FrameKind::Body, TaskId{task}});
}

} // namespace hearth::channel
