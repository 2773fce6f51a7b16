// MessageTable: the rows of `messages`.
//
// Used inside a piece of work on the storage thread. It asks for no owner: whoever reads here has found the thread in
// ThreadTable. Texts are stored as storable() makes them.

#pragma once

#include "chatmessage.h"

namespace hearth::storage {

class Database;

/// The place of a message in its thread.
struct MessageCursor
{
    int turn = 0;
    int position = 0;

    friend bool operator==(const MessageCursor &, const MessageCursor &) = default;
};

/// How long the texts of a turn are together, in characters.
struct TurnSize
{
    int turn = 0;
    qint64 characters = 0;

    friend bool operator==(const TurnSize &, const TurnSize &) = default;
};

class MessageTable
{
public:
    explicit MessageTable(Database &database)
        : m_database(database)
    {}

    /// The message as insert() and finish() store it: U+0000 and lone halves of surrogate pairs, which no database
    /// holds, are U+FFFD in all its texts.
    static domain::ChatMessage storable(domain::ChatMessage message);

    /// The `count` messages before this place, the oldest of them first; without a place, the last of the thread.
    Result<QList<domain::ChatMessage>> page(const domain::ThreadId &thread, const std::optional<MessageCursor> &before,
                                            int count) const;
    /// All messages of the last turn, in order.
    Result<QList<domain::ChatMessage>> lastTurn(const domain::ThreadId &thread) const;

    // The history leaves out turns that failed before any text of their last answer came.

    /// The sizes of the `count` last turns before `beforeTurn`, the newest first.
    Result<QList<TurnSize>> turnSizes(const domain::ThreadId &thread, int beforeTurn, int count) const;
    /// The messages of the turns from `fromTurn` to before `beforeTurn`, in order.
    Result<QList<domain::ChatMessage>> history(const domain::ThreadId &thread, int fromTurn, int beforeTurn) const;

    /// Conflict when its place is taken or its thread is not stored.
    Result<void> insert(const domain::ChatMessage &message);
    /// Stores how a pending message has ended; NotFound when it is not pending any more.
    Result<void> finish(const domain::ChatMessage &message);
    /// Marks what is pending in `thread` (empty: in all threads) as failed with `error`; how many messages that were.
    Result<qint64> failPending(const domain::ThreadId &thread, const Error &error, WallTime now);

private:
    Database &m_database;
};

} // namespace hearth::storage
