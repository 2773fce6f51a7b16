#include "threadtable.h"

#include "database.h"
#include "rowchange.h"
#include "storabletext.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::ChatThread;
using domain::ThreadId;

namespace {

/// Later than any thread.
constexpr WallTime endOfTime{std::chrono::milliseconds(std::numeric_limits<qint64>::max())};

ChatThread readThread(const SqlRow &row)
{
    ChatThread thread;
    thread.id = row.id<ThreadId>("id"_L1);
    thread.owner = row.text("owner"_L1);
    thread.agentId = row.id<AgentId>("agent_id"_L1);
    thread.agentName = row.text("agent_name"_L1);
    thread.agentOwner = row.text("agent_owner"_L1);
    thread.title = row.text("title"_L1);
    thread.createdAt = row.moment("created_at"_L1);
    thread.updatedAt = row.moment("updated_at"_L1);
    return thread;
}

QString described()
{
    return QStringLiteral("This thread");
}

} // namespace

Result<std::optional<ChatThread>> ThreadTable::find(const ThreadId &id, const QString &owner) const
{
    return m_database.selectOne("thread_find"_L1, {{"id", id}, {"owner", owner}}, readThread);
}

Result<QList<ChatThread>> ThreadTable::page(const ThreadQuery &query) const
{
    const ThreadCursor before = query.before.value_or(ThreadCursor{endOfTime, {}});
    return m_database.select("thread_page"_L1,
                             {{"owner", query.owner},
                              {"agentName", query.agentName},
                              {"agentOwner", query.agentOwner},
                              {"beforeTime", before.updatedAt},
                              {"beforeId", before.id},
                              {"count", query.count}},
                             readThread);
}

Result<void> ThreadTable::insert(const ChatThread &thread)
{
    const Result<qint64> inserted = m_database.execute("thread_insert"_L1, {{"id", thread.id},
                                                                            {"owner", thread.owner},
                                                                            {"agentId", thread.agentId},
                                                                            {"agentName", thread.agentName},
                                                                            {"agentOwner", thread.agentOwner},
                                                                            {"title", storableText(thread.title)},
                                                                            {"createdAt", thread.createdAt},
                                                                            {"updatedAt", thread.updatedAt}});
    return withoutCount(inserted);
}

Result<void> ThreadTable::touch(const ThreadId &id, const AgentId &agent, WallTime now)
{
    return requireOneRow(m_database.execute("thread_touch"_L1, {{"id", id}, {"agentId", agent}, {"updatedAt", now}}),
                         described());
}

Result<void> ThreadTable::renameAgent(const AgentId &agent, const QString &newName)
{
    return withoutCount(m_database.execute("thread_rename_agent"_L1, {{"agentId", agent}, {"agentName", newName}}));
}

Result<void> ThreadTable::remove(const ThreadId &id, const QString &owner)
{
    return requireOneRow(m_database.execute("thread_remove"_L1, {{"id", id}, {"owner", owner}}), described());
}

} // namespace hearth::storage
