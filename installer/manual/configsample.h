// writeSample(): a configuration file for people to edit, with every setting that there is.
//
// A setting stands in it with its help and, commented out, with its default: the `#` before it (and never a space
// behind) is all that has to go, because the sections are there already. Some settings are live, and lists of maps may
// have entries that are commented out as a whole, as examples. Help is what begins with `# `. Called by Products. A
// pure function.

#pragma once

#include "setting.h"

namespace hearth::manual {

struct SampleContent
{
    /// What the file is and how it is applied; comment lines as they are to stand at its beginning.
    QString head;
    /// What is set here is live.
    SettingValues live;
    /// Of this, the entries of lists are shown as examples. Whoever removes a comment gets exactly these.
    SettingValues examples;
};

QByteArray writeSample(const SettingTable &table, const SampleContent &content);

} // namespace hearth::manual
