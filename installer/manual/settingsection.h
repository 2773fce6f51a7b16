// The part of a configuration file's page that its table dictates: an entry for each setting.
//
// Written as roff, for the place that the page's text keeps for it (manualpage.h). A pure function.

#pragma once

#include "setting.h"

namespace hearth::manual {

/// Grouped by section; the fields of a list of maps have a group of their own.
QString settingsOf(const SettingTable &table);

} // namespace hearth::manual
