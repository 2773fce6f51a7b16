// storableText(): text from outside in the form in which both engines can hold it.
//
// Used by the tables whose texts come from models and people who chat, where refusing a whole answer for one character
// would help nobody. A pure function.

#pragma once

#include <QString>

namespace hearth::storage {

/// `text` with U+FFFD in place of what no database stores: U+0000 and halves of surrogate pairs.
QString storableText(const QString &text);

} // namespace hearth::storage
