// The Llms of a register message: what becomes of each entry and of its row.
//
// A part of planRegistration(); nobody else calls it. Pure.

#pragma once

#include "entryplanner.h"

namespace hearth::domain {

RowChanges<Llm> planLlms(const PlanScope &scope, const QList<channel::LlmEntry> &entries);

} // namespace hearth::domain
