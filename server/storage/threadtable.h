// ThreadTable: the rows of `threads`.
//
// Used inside a piece of work on the storage thread. Every read names the owner, so that nobody finds what belongs to
// somebody else. Titles are stored as storableText(). Removing a thread removes its messages.

#pragma once

#include "chatthread.h"
#include "result.h"

#include <QList>

#include <optional>

namespace hearth::storage {

class Database;

/// A place in the list of threads, which is sorted by updatedAt and id, the newest first.
struct ThreadCursor
{
    WallTime updatedAt{};
    domain::ThreadId id;

    friend bool operator==(const ThreadCursor &, const ThreadCursor &) = default;
};

struct ThreadQuery
{
    QString owner;
    QString agentName;
    /// Only threads with an agent of this owner; empty for all.
    QString agentOwner;
    /// Only what comes behind this place.
    std::optional<ThreadCursor> before;
    int count = 0;
};

class ThreadTable
{
public:
    explicit ThreadTable(Database &database)
        : m_database(database)
    {}

    /// Nothing when there is none, or when it is another owner's.
    Result<std::optional<domain::ChatThread>> find(const domain::ThreadId &id, const QString &owner) const;
    /// The newest first.
    Result<QList<domain::ChatThread>> page(const ThreadQuery &query) const;

    /// Conflict when the id is in use.
    Result<void> insert(const domain::ChatThread &thread);
    /// The agent works in the thread; NotFound.
    Result<void> touch(const domain::ThreadId &id, const AgentId &agent, WallTime now);
    /// The threads of this agent, whoever has them, follow it to its new name.
    Result<void> renameAgent(const AgentId &agent, const QString &newName);
    /// NotFound when there is none, or when it is another owner's.
    Result<void> remove(const domain::ThreadId &id, const QString &owner);

private:
    Database &m_database;
};

} // namespace hearth::storage
