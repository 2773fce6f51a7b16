// editsFor(): the small edits that make a larger change, so that what a value has in common with the one before stays
// as it was written.
//
// Used by ConfigDraft. Pure, any thread.

#pragma once

#include "configpath.h"

namespace hearth::draft {

/// What has to be done, one after the other, for `wanted` to stand at `path`. Maps on the way that are missing, or hold
/// something else, are made.
std::vector<ConfigEdit> editsFor(const ConfigNode &root, const ConfigPath &path, const ConfigNode &wanted);

/// Puts the members of `wanted` into the order that they have in `old`, and takes over how `old` spells the same JSON
/// (`1.0` for 1).
void adoptSpelling(ConfigNode &wanted, const ConfigNode &old);

} // namespace hearth::draft
