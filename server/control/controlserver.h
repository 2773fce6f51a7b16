// ControlServer: all control channels of the server, and which of them speaks for which provider session.
//
// hearthd gives it every accepted channel together with the principal whose key opened it. It owns the control sessions
// and what they share: the registrar, the row keeper, the sweeper. Main thread only. Routes and keys are the api's
// affair.

#pragma once

#include "channel.h"
#include "controlsession.h"
#include "keyring.h"
#include "lifecycle.h"
#include "registrar.h"
#include "registry.h"
#include "relay.h"
#include "rowkeeper.h"
#include "serialqueue.h"
#include "storage.h"
#include "sweeper.h"

#include <QHash>

namespace hearth::control {

struct ControlSettings
{
    domain::LifecycleSettings lifecycle;
    /// From hello to the first register.
    Duration registerTimeout = std::chrono::seconds(10);
    /// How often the keys of open channels are checked for expiry.
    Duration keyCheckInterval = std::chrono::seconds(1);
};

/// What the control room works with; everything outlives the ControlServer.
struct ControlContext
{
    domain::Registry &registry;
    const domain::KeyRing &keys;
    relay::Relay &relay;
    storage::Storage &storage;
    SerialQueue &changes;
    Clock &clock;
};

class ControlServer : public QObject
{
    Q_OBJECT

public:
    ControlServer(ControlContext context, ControlSettings settings, QObject *parent = nullptr);
    ~ControlServer() override;

    /// Writes behind what loading the registry has changed: no channel is bound, so no virtual row is live.
    void storeLoadedRows();
    /// Takes over a channel that was opened with a key of `principal`, which has the scope to publish.
    void accept(std::unique_ptr<channel::Channel> channel, const domain::Principal &principal);
    /// Ends channels whose key was revoked, has expired or was changed.
    void checkKeys();
    /// Tells every publisher that the server is about to stop.
    void sayGoodbye();
    /// Closes every channel.
    void closeAll();

    Sweeper &sweeper() { return m_sweeper; }

    bool isBound(const ProviderSessionId &session) const { return m_bound.contains(session); }

private:
    friend class ControlSession;

    /// Makes `session` the one that speaks for its provider session; the one before is replaced.
    void bind(ControlSession &session);
    void unbind(ControlSession &session);
    /// The socket whose register has just been stored is gone. Its epoch counts all the same: whoever was bound is
    /// stale.
    void bindNobody(const ProviderSessionId &session);
    void forget(ControlSession &session);

    ControlContext m_context;
    ControlSettings m_settings;
    RowKeeper m_keeper;
    Registrar m_registrar;
    Sweeper m_sweeper;
    Timer m_keyTimer;
    QList<ControlSession *> m_sessions;
    QHash<ProviderSessionId, ControlSession *> m_bound;
};

} // namespace hearth::control
