// beginTurn(): the first transaction of a turn.
//
// Run on the storage thread as a piece of submitted work. It finds or makes the thread, checks that the turn may begin
// now, reads the history, and stores the user's message or the tools' results together with the pending answer. Either
// all of that is stored or nothing. The other functions are its rules, pure, for the tests.

#pragma once

#include "messagetable.h"
#include "turnorder.h"

namespace hearth::chat {

/// Errors, with nothing stored: NotFound (no such thread of this owner), InvalidRequest (the thread is another agent's;
/// tool results that do not answer the open calls), Conflict (calls are open, or no more rounds), StorageUnavailable.
Result<TurnStart> beginTurn(storage::Database &database, const TurnOrder &order);

/// Why an answer has failed that a server did not finish before it stopped.
Error interrupted();

/// Marks all answers as failed that a server has left pending when it stopped; to be run once, before the first turn.
Result<void> failInterrupted(storage::Database &database, WallTime now);

/// Where in the list of turns, the newest first, the history ends: how many of them fit into `tokens`, none cut in two.
qsizetype turnsThatFit(const QList<storage::TurnSize> &turns, qint64 tokens);

/// The calls of this turn that wait for their results, while it may have another answer.
QList<domain::ToolCall> openCalls(const QList<domain::ChatMessage> &turn, int maxIterations);

/// The first words of `message` on one line, at most 60 characters.
QString titleOf(const QString &message);

} // namespace hearth::chat
