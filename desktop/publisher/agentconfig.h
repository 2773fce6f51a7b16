// The configuration of agents: the `agents` list of publisher.yaml.
//
// Used by publisherSettingTable() and readPublisherSettings(). No thread affinity.

#pragma once

#include "publishersettings.h"
#include "setting.h"

namespace hearth::publisher {

/// The fields of an entry.
SettingTable agentTable();

/// What the entries mean. `llms` are those of the same file; every problem is added to `problems`.
std::vector<AgentSettings> readAgents(const SettingValues &values, const std::vector<LlmSettings> &llms,
                                      QList<ConfigProblem> &problems);

} // namespace hearth::publisher
