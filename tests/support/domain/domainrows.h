// Rows for the tests of the domain and of what stands on it: valid ones to start from, without a database. Plain
// functions.

#pragma once

#include "agent.h"
#include "llm.h"
#include "providersession.h"

namespace hearth::testsupport {

/// A virtual, active Llm of alice's, last heard of at `now`; its id is `id-of-` and its name.
domain::Llm liveLlm(const QString &name, const QString &session, WallTime now);
domain::Llm publicLlm(const QString &name, WallTime now);

domain::ProviderSession providerSession(const ProviderSessionId &id, const QString &owner, quint64 epoch);

/// A virtual, active agent of alice's, pinned to `llm`, with an id like an Llm's.
domain::Agent liveAgent(const QString &name, const domain::Llm &llm, const QString &session, WallTime now);
domain::Agent publicAgent(const QString &name, const domain::Llm &llm, WallTime now);

} // namespace hearth::testsupport
