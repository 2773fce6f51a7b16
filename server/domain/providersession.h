// ProviderSession: a publisher's durable identity, sticky across reconnects.
//
// A plain value; stored by ProviderSessionTable, kept live in the Registry on the main thread. Whether a socket is
// bound to it right now is not a property of the row: the control room knows.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QString>

namespace hearth::domain {

struct ProviderSession
{
    ProviderSessionId id;
    /// The owner of the key that made it; another owner presenting the id is refused.
    QString owner;
    /// The name that the publisher gives itself, for people.
    QString publisher;
    QString publisherVersion;
    /// Counts bound sockets; a write of a lower epoch is stale and has no effect.
    quint64 epoch = 0;
    WallTime createdAt{};
    WallTime lastHeartbeatAt{};

    friend bool operator==(const ProviderSession &, const ProviderSession &) = default;
};

} // namespace hearth::domain
