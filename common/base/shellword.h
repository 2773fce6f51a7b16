// shellWord(): a path, address or text as one word of a command that a person copies into a shell.
//
// Whoever shows a person a command puts its parts together with it. Hearth itself never runs a shell. A pure function.

#pragma once

#include <QString>

namespace hearth {

/// As it is where no shell sees anything in it but itself, else in single quotes (POSIX.1-2017, 2.2.2).
QString shellWord(const QString &text);

} // namespace hearth
