// logLine(): one message as one line of the log; logText(): what such a line says.
//
// Called by the message handler of logging.cpp, on any thread. Pure functions: time and style are given, so that the
// form can be tested. They neither filter nor write.

#pragma once

#include "clock.h"

#include <QByteArray>
#include <QtGlobal>

namespace hearth {

enum class LogStyle {
    /// `2026-11-20T09:41:35.123Z INFO relay: text`
    Plain,
    /// `<6>relay: text`: the journal adds the time and reads the level from the prefix (sd-daemon(3)).
    Journal,
};

/// A message without secrets. Line breaks and control characters are escaped, so nobody who can influence a message can
/// forge a line; what exceeds 8,192 characters is cut.
QString logText(const QString &message);

/// The line with its line break, in UTF-8, around logText(message).
QByteArray logLine(LogStyle style, WallTime time, QtMsgType type, QLatin1String category, const QString &message);

} // namespace hearth
