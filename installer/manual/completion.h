// Completions: what a shell offers when somebody types a command of ours and presses Tab.
//
// One function for each shell writes a script from the description of a program: its options and commands, the choices
// of options that have some, files where a file is wanted, and no files anywhere else. Called by Products. Pure
// functions.

#pragma once

#include "commanddescription.h"

#include <QByteArray>

namespace hearth::manual {

/// For bash 4.4 or later, with or without the package bash-completion.
QByteArray bashCompletion(const CommandDescription &program);
/// For the function path of zsh, as `_hearthd`.
QByteArray zshCompletion(const CommandDescription &program);
/// For fish 3 or later.
QByteArray fishCompletion(const CommandDescription &program);

/// A name for a function of a script: `hearth_publisher_setup` for the path `hearth-publisher setup`.
QString functionNameOf(const CommandDescription &command);

/// In single quotes, as bash and zsh read them.
QString shellQuoted(const QString &text);

} // namespace hearth::manual
