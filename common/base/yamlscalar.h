// yamlScalar() and yamlText(): a text as a YAML file spells it.
//
// Used to show settings and to write configurations. Pure, any thread.

#pragma once

#include <QString>

namespace hearth {

/// One line for any place where YAML takes a value or a key: plain, or in double quotes where the plain text would read
/// back as another one. A text that is not Unicode (a lone surrogate) cannot be written.
QString yamlScalar(const QString &text);

/// The same, and also in quotes where a reader that guesses types would take it for something else than a text, be it
/// one of YAML 1.1: `12`, `no`, `0x1f`, `1:30`, `2001-12-14`.
QString yamlText(const QString &text);

} // namespace hearth
