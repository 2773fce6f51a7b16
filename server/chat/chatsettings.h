// ChatSettings: the limits of chat threads. A plain value, which may be replaced while the service works.

#pragma once

#include "clock.h"

namespace hearth::chat {

struct ChatSettings
{
    /// What the messages of a thread that are sent with a new one may come to, in tokens of about four characters.
    int historyTokens = 8192;
    /// How many answers one turn may have: each of them may ask for tools, whose results lead to the next.
    int maxIterations = 12;
    /// Turns that are being answered at the same time; more are refused with 503 `overloaded`.
    int maxTurns = 1000;
    /// How many of them may be one owner's, so that nobody takes the places of all others.
    int maxTurnsPerOwner = 64;
    /// The longest body of a request to chat, in bytes.
    qint64 maxRequest = 1024 * 1024;
    /// The longest answer, in bytes of text and tool calls.
    qint64 maxAnswer = 4 * 1024 * 1024;
    /// Between two attempts to store an answer while the database is away.
    Duration storeRetry = std::chrono::seconds(1);
};

} // namespace hearth::chat
