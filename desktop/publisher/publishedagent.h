// PublishedAgent: one agent that is offered to the server, and what the server said to it.
//
// Roster owns one for each entry of `agents` and lends them to Registration, which sets `outcome`; whoever shows
// them reads. Publisher's thread.

#pragma once

#include "publishersettings.h"
#include "sessionmessages.h"

namespace hearth::publisher {

struct PublishedAgent
{
    AgentSettings settings;
    /// What the server said about this entry; nothing before it has.
    std::optional<channel::EntryOutcome> outcome = std::nullopt;
};

} // namespace hearth::publisher
