// TurnOrder and TurnStart: what a turn is to do, and what it has to work with once its first messages are stored.
//
// Made by ChatService from a request, carried out by beginTurn() on the storage thread, used by ChatTurn. Plain values.

#pragma once

#include "chatmessage.h"

#include <QJsonObject>
#include <QString>

namespace hearth::chat {

/// What a tool that an answer asked for has said.
struct ToolResult
{
    QString toolCallId;
    QString content;

    friend bool operator==(const ToolResult &, const ToolResult &) = default;
};

struct TurnOrder
{
    domain::ThreadId thread;
    /// It is made for this turn, and does not exist yet.
    bool isNewThread = false;
    /// Whose thread it is.
    QString owner;
    AgentId agentId;
    QString agentName;
    QString agentOwner;
    /// What the user says; empty where tools have been called and `toolResults` says what they said.
    QString message;
    QList<ToolResult> toolResults;
    int historyTokens = 0;
    int maxIterations = 0;
    WallTime now{};
};

struct TurnStart
{
    domain::ChatThread thread;
    /// The messages of earlier turns that are sent along.
    QList<domain::ChatMessage> history;
    /// The messages of this turn.
    QList<domain::ChatMessage> present;
    /// The answer as it is stored: pending.
    domain::ChatMessage assistant;
};

} // namespace hearth::chat
