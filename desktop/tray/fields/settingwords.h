// The words of the setting tables in the language of the face.
//
// The tables are the publisher's, which speaks English and knows nothing of catalogues: what they say for people stands
// here once more, where lupdate sees it. Whoever shows a help, a unit or a label of a table asks for it here. A text of
// the table that is missing here stays English; tst_settingwords holds the two together. Main thread.

#pragma once

#include "setting.h"

#include <vector>

namespace hearth::fields {

/// The translation of a text of a table; the text itself where there is none.
QString settingWords(const QString &english);

/// `Watch interval` for `watchIntervalSeconds`, `Connect timeout` for `backend.connectTimeoutSeconds`: the label of a
/// setting that is shown without one of its own. English; settingWords() has the translation.
QString labelFor(const Setting &setting);

/// Everything that can be translated.
std::vector<QString> knownSettingWords();

} // namespace hearth::fields
