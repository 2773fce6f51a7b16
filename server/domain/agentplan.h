// The agents of a register message: what becomes of each entry and of its row.
//
// A part of planRegistration(); nobody else calls it. The Llms of the message come first, so that an agent may be
// pinned to one that is only now published. Pure.

#pragma once

#include "entryplanner.h"

namespace hearth::domain {

/// `llms` is what becomes of the Llms of the same message.
RowChanges<Agent> planAgents(const PlanScope &scope, const QList<channel::AgentEntry> &entries,
                             const RowChanges<Llm> &llms);

} // namespace hearth::domain
