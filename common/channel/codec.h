// The codec of the control channel: messages to JSON text and back.
//
// Both ends use it; nothing else in Hearth knows how a message is spelled. To add a message: add its struct to
// sessionmessages.h or taskmessages.h and to Message below, and follow the compiler. Pure functions, any thread.

#pragma once

#include "result.h"
#include "sessionmessages.h"
#include "taskmessages.h"

#include <QByteArray>

#include <variant>

namespace hearth::channel {

using Message = std::variant<Hello, Register, Registered, Heartbeat, HeartbeatAck, Goodbye, ErrorNotice, Infer, Wake,
                             Cancel, Window, WakeProgress, WakeResult, ResponseHead, ResponseEnd, TaskError, Cancelled>;

/// A message of a type that this version does not know: ignored and counted, so that newer peers can talk to us.
struct UnknownMessage
{
    QString type;
};

/// The longest message text, in bytes.
inline constexpr qsizetype maxMessageBytes = 1024 * 1024;

QByteArray encode(const Message &message);

/// Errors: ProtocolViolation with the reason, for text that is no message or lacks what its type requires.
Result<std::variant<Message, UnknownMessage>> decode(const QByteArray &text);

QLatin1String toString(ReportedState state);

} // namespace hearth::channel
