// What must be there before QApplication is made: without a display Qt ends the process with a core dump. Called once
// by main().

#pragma once

#include <QProcessEnvironment>

namespace hearth::tray {

/// Why no window can be shown, and what to do, as complete sentences; empty when nothing speaks against it.
QString displayProblem(const QProcessEnvironment &environment);

} // namespace hearth::tray
