// RowKeeper: carries out lifecycle changes in the three places that must agree: Registry, database, relay.
//
// Heartbeats, disconnects and the sweep come here. The Registry changes at once, the database follows write-behind, and
// the relay is told so that waiting requests are served or refused. Main thread only. The rules are in the domain.

#pragma once

#include "registry.h"
#include "relay.h"
#include "sessionmessages.h"
#include "storage.h"

#include <QSet>

namespace hearth::control {

class RowKeeper
{
public:
    /// The references must outlive the keeper.
    RowKeeper(domain::Registry &registry, relay::Relay &relay, storage::Storage &storage, Clock &clock);

    /// The session has been heard of: bumps all its rows.
    void heardFrom(const ProviderSessionId &session);
    /// A heartbeat: bumps all rows of the session, sets each Llm to the state that it reports, and revives `agents`,
    /// which the session publishes now.
    void heartbeat(const ProviderSessionId &session, const QList<channel::LlmReport> &reports,
                   const QSet<QString> &agents);
    /// The publisher of a hibernating Llm has woken its backend.
    void woken(const LlmId &llm);
    /// The session's socket is gone: all its rows become inactive at once.
    void disconnected(const ProviderSessionId &session);
    /// The row was deleted from the database.
    void removed(const LlmId &llm);
    void removed(const AgentId &agent);
    /// Makes a changed row the present state, and writes its lifecycle fields behind.
    void apply(const domain::Llm &llm);
    void apply(const domain::Agent &agent);

private:
    quint64 epochOf(const ProviderSessionId &session) const;

    domain::Registry &m_registry;
    relay::Relay &m_relay;
    storage::Storage &m_storage;
    Clock &m_clock;
};

} // namespace hearth::control
