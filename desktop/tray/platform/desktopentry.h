// Desktop entries: the little of the freedesktop Desktop Entry Specification that starting a program needs.
//
// Autostart writes and reads entries with it. Pure functions on text.

#pragma once

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace hearth::platform {

/// A value of the type string, escaped ("Possible value types": backslash and control characters).
QString desktopEntryString(const QString &text);

/// The value of the key `Exec` that starts a program with exactly these arguments ("The Exec key": quotes around what
/// a shell would touch, `%` doubled), escaped like any string.
QString desktopEntryExec(const QStringList &arguments);

/// The value of a key of the group `[Desktop Entry]` as it is spelled there; nothing where it is not set.
std::optional<QByteArray> desktopEntryValue(const QByteArray &entry, QByteArrayView key);

} // namespace hearth::platform
