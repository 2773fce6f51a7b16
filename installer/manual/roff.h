// Texts for manual pages, as man(7) and roff(7) want them.
//
// Used by all that writes a part of a page; pages of prose are written in man(7) themselves (pages/). Pure functions.

#pragma once

#include <QString>

namespace hearth::manual {

/// The text as it is to be read. Every hyphen becomes a minus: our texts are full of options and file names, and what
/// is copied from a page has to work.
QString roffText(const QString &text);

/// The same, as words of a line that goes on.
QString roffBold(const QString &text);
QString roffItalic(const QString &text);

/// Lines of running text, each sentence on its own, so that it ends as a sentence does. Ends with a line break.
QString roffSentences(const QString &text);

/// Lines that stay as they are, indented, in a typeface of fixed width. Ends with a line break.
QString roffExample(const QString &text);

} // namespace hearth::manual
