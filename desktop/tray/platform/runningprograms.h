// runningPrograms(): the names of all programs that this user runs now, out of /proc.
//
// DesktopProbes calls it every few seconds while a rule names programs. It takes some milliseconds. Any thread.

#pragma once

#include <QStringList>

namespace hearth::platform {

/// Each process under every name that a person may know it by: its executable (`steam`), what it was started as (a
/// script, or a program of Windows under Wine: `game.exe`), and its own name where the kernel has not cut it. Without
/// doubles; in no order.
QStringList runningPrograms();

/// The same out of another folder with processes, which ends with a slash: tests have theirs.
QStringList programsIn(const QString &root);

} // namespace hearth::platform
