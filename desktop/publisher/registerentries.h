// The entries of a register message, as they follow from the configuration.
//
// Registration offers them; reading the configuration checks that they fit into one message. Plain functions.

#pragma once

#include "publishersettings.h"
#include "sessionmessages.h"

namespace hearth::publisher {

/// The wire counts whole seconds; a limit must not look shorter than it is.
int wholeSeconds(Duration duration);

/// The initial status is the caller's to set.
channel::LlmEntry entryOf(const LlmSettings &llm);
channel::AgentEntry entryOf(const AgentSettings &agent);

/// Whether everything that is to be published fits into one register message, whatever the states are.
bool fitsIntoRegister(const PublisherSettings &settings);

} // namespace hearth::publisher
