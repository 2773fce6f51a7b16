#include "providersessiontable.h"

#include "database.h"
#include "rowchange.h"
#include "transaction.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::ProviderSession;

namespace {

constexpr auto what = "This provider session"_L1;

ProviderSession readSession(const SqlRow &row)
{
    ProviderSession session;
    session.id = row.id<ProviderSessionId>("id"_L1);
    session.owner = row.text("owner"_L1);
    session.publisher = row.text("publisher"_L1);
    session.publisherVersion = row.text("publisher_version"_L1);
    session.epoch = static_cast<quint64>(row.integer("epoch"_L1));
    session.createdAt = row.moment("created_at"_L1);
    session.lastHeartbeatAt = row.moment("last_heartbeat_at"_L1);
    return session;
}

SqlBindings bindings(const ProviderSession &session)
{
    return {{"id", session.id},
            {"owner", session.owner},
            {"publisher", session.publisher},
            {"publisherVersion", session.publisherVersion},
            {"epoch", session.epoch},
            {"createdAt", session.createdAt},
            {"lastHeartbeatAt", session.lastHeartbeatAt}};
}

} // namespace

Result<QList<ProviderSession>> ProviderSessionTable::all() const
{
    return m_database.select("session_all"_L1, {}, readSession);
}

Result<std::optional<ProviderSession>> ProviderSessionTable::find(const ProviderSessionId &id) const
{
    return m_database.selectOne("session_find"_L1, {{"id", id}}, readSession);
}

Result<void> ProviderSessionTable::insert(const ProviderSession &session)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> inserted = m_database.execute("session_insert"_L1, bindings(session));
        if (!inserted)
            return explained(inserted.error(), QStringLiteral("The provider session's id is in use."));
        return {};
    });
}

Result<void> ProviderSessionTable::update(const ProviderSession &session)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> updated = m_database.execute("session_update"_L1, bindings(session));
        if (!updated)
            return updated.error();
        return *updated == 0 ? Result<void>(staleOrGone(session)) : Result<void>();
    });
}

Result<void> ProviderSessionTable::remove(const ProviderSessionId &id)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> removed = m_database.execute("session_remove"_L1, {{"id", id}});
        if (!removed)
            return explained(removed.error(), QStringLiteral("Llms or agents belong to this provider session."));
        return requireOneRow(removed, what);
    });
}

Result<void> ProviderSessionTable::writeHeartbeat(const SessionHeartbeat &heartbeat)
{
    return withoutCount(m_database.execute(
        "session_heartbeat"_L1, {{"session", heartbeat.session}, {"epoch", heartbeat.epoch}, {"at", heartbeat.at}}));
}

Error ProviderSessionTable::staleOrGone(const ProviderSession &session) const
{
    const Result<std::optional<ProviderSession>> stored = find(session.id);
    if (!stored)
        return stored.error();
    if (!*stored)
        return notFound(what);
    return Error{.code = ErrorCode::PreconditionFailed,
                 .message = QStringLiteral("The provider session has epoch %1, which is higher than %2.")
                                .arg((*stored)->epoch)
                                .arg(session.epoch)};
}

} // namespace hearth::storage
