// ChatThread: a conversation of one owner with one agent.
//
// Begun by the chat room, stored by ThreadTable, listed by the api. It outlives its agent: it keeps the agent's name
// and owner, and belongs again to an agent that returns with both. A plain value.

#pragma once

#include "clock.h"
#include "ids.h"

#include <QString>

namespace hearth::domain {

using ThreadId = Id<struct ThreadTag>;

struct ChatThread
{
    ThreadId id;
    /// Whom it belongs to: nobody else may know that it exists.
    QString owner;
    /// The agent's row as it was when the last turn began; that row may be gone.
    AgentId agentId;
    QString agentName;
    QString agentOwner;
    QString title;
    WallTime createdAt{};
    /// When a message was last added or finished.
    WallTime updatedAt{};

    friend bool operator==(const ChatThread &, const ChatThread &) = default;
};

} // namespace hearth::domain
