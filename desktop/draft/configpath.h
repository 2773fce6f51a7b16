// ConfigPath: the way from the top of a configuration to one of its values, and the trees that lie along it.
//
// Used by ConfigDraft and its helpers, on any thread. Nothing here knows text: see YamlSurgery.

#pragma once

#include "confignode.h"

#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace hearth::draft {

/// A key of a map, or an index into a list.
using ConfigStep = std::variant<QString, size_t>;
using ConfigPath = std::vector<ConfigStep>;

/// Takes `llms[1].wake.url` apart. The spelling is that of ConfigProblem::key; another one is a programmer error.
ConfigPath configPath(QStringView text);

/// What stands one step below `node`, or null.
const ConfigNode *childOf(const ConfigNode &node, const ConfigStep &step);
/// What stands at `path`, or null.
const ConfigNode *findNode(const ConfigNode &root, const ConfigPath &path);

/// A value that is put in place of another one, or of none (a new member, or an item right behind the last one);
/// without a value the member or item is removed.
struct ConfigEdit
{
    ConfigPath path;
    std::optional<ConfigNode> value;
};

/// The tree after the edit. What lies above the end of the path must be there.
ConfigNode applied(const ConfigNode &root, const ConfigEdit &edit);

/// Whether both say the same in the same order. Where they say it, and how it is spelled, does not matter.
bool isSame(const ConfigNode &left, const ConfigNode &right);

bool isEmptyCollection(const ConfigNode &node);

} // namespace hearth::draft
