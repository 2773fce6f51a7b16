// The words of a recipe's end: errors that a caller may read, and lines out of what programs and servers have said.
//
// Used by HttpRecipeRun and CommandRecipeRun. Pure functions, on any thread.

#pragma once

#include "clock.h"
#include "result.h"

namespace hearth::publisher {

/// In characters.
constexpr qsizetype maxLineLength = 300;

/// WakeFailed, with this message.
Error recipeFailure(const QString &message);

/// WakeTimeout. `what` is the word for what did not end: `request`, `command`.
Error recipeTimeout(const QString &what, Duration limit);

/// The first or the last line of `text` that is not empty: at most maxLineLength characters of it, without control
/// characters and without what the redactor takes for a secret.
QString firstLine(const QByteArray &text);
QString lastLine(const QByteArray &text);

} // namespace hearth::publisher
