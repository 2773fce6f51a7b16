// wrapped(): lays a text out in lines of limited width.
//
// Used by HelpFormatter. A pure function.

#pragma once

#include <QStringList>

namespace hearth::commandline {

/// Lines of at most `width` characters, which must be positive, broken between words; a word that is longer than a line
/// is broken, too. All white space is alike. At least one line.
QStringList wrapped(const QString &text, qsizetype width);

} // namespace hearth::commandline
