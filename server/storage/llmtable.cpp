#include "llmtable.h"

#include "database.h"
#include "rowchange.h"
#include "transaction.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::Llm;
using domain::WakeInfo;

namespace {

template <typename Enum>
std::optional<QLatin1String> spelling(const std::optional<Enum> &value)
{
    return value ? std::optional(toString(*value)) : std::nullopt;
}

/// NULL for a text that is empty.
std::optional<QString> presentText(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

std::optional<WakeInfo> readWake(const SqlRow &row)
{
    if (row.isNull("wake_kind"_L1))
        return std::nullopt;
    return WakeInfo{.kind = row.spelled("wake_kind"_L1, domain::wakeKindFromString),
                    .recipeTimeout = row.seconds("wake_recipe_timeout_seconds"_L1),
                    .maxWait = row.seconds("wake_max_wait_seconds"_L1)};
}

Llm readLlm(const SqlRow &row)
{
    Llm llm;
    llm.id = row.id<LlmId>("id"_L1);
    llm.name = row.text("name"_L1);
    llm.kind = row.spelled("kind"_L1, domain::llmKindFromString);
    llm.status = row.spelled("status"_L1, domain::llmStatusFromString);
    llm.statusReason.reset();
    if (!row.isNull("status_reason"_L1))
        llm.statusReason = row.spelled("status_reason"_L1, domain::statusReasonFromString);
    llm.owner = row.text("owner"_L1);
    llm.providerSessionId = row.id<ProviderSessionId>("provider_session_id"_L1);
    llm.type = row.text("type"_L1);
    llm.model = row.text("model"_L1);
    llm.pool = row.text("pool"_L1);
    llm.streamUsage = row.integer("stream_usage"_L1) != 0;
    llm.url = row.text("url"_L1);
    llm.sealedApiKey = QByteArray::fromBase64(row.text("sealed_api_key"_L1).toLatin1());
    llm.tier = row.text("tier"_L1);
    llm.description = row.text("description"_L1);
    llm.extraConfig = row.object("extra_config"_L1);
    llm.maxConcurrency = static_cast<int>(row.integer("max_concurrency"_L1));
    llm.wake = readWake(row);
    llm.createdAt = row.moment("created_at"_L1);
    llm.updatedAt = row.moment("updated_at"_L1);
    llm.lastHeartbeatAt = row.optionalMoment("last_heartbeat_at"_L1);
    llm.inactiveSince = row.optionalMoment("inactive_since"_L1);
    llm.version = static_cast<int>(row.integer("version"_L1));
    return llm;
}

SqlBindings bindings(const Llm &llm)
{
    const auto wakeKind = llm.wake ? std::optional(toString(llm.wake->kind)) : std::nullopt;
    const auto recipeTimeout = llm.wake ? std::optional(llm.wake->recipeTimeout) : std::nullopt;
    const auto maxWait = llm.wake ? std::optional(llm.wake->maxWait) : std::nullopt;
    return {{"id", llm.id},
            {"name", llm.name},
            {"kind", toString(llm.kind)},
            {"status", toString(llm.status)},
            {"statusReason", spelling(llm.statusReason)},
            {"owner", llm.owner},
            {"session", SqlValue::reference(llm.providerSessionId)},
            {"type", llm.type},
            {"model", llm.model},
            {"pool", llm.pool},
            {"streamUsage", llm.streamUsage ? 1 : 0},
            {"url", presentText(llm.url)},
            {"sealedApiKey", presentText(QString::fromLatin1(llm.sealedApiKey.toBase64()))},
            {"tier", llm.tier},
            {"description", llm.description},
            {"extraConfig", llm.extraConfig},
            {"maxConcurrency", llm.maxConcurrency},
            {"wakeKind", wakeKind},
            {"wakeRecipeTimeout", recipeTimeout},
            {"wakeMaxWait", maxWait},
            {"createdAt", llm.createdAt},
            {"updatedAt", llm.updatedAt},
            {"lastHeartbeatAt", llm.lastHeartbeatAt},
            {"inactiveSince", llm.inactiveSince},
            {"version", llm.version}};
}

QString described(const Llm &llm)
{
    return QStringLiteral("The Llm '%1'").arg(llm.name);
}

QString sessionMissing(const Llm &llm)
{
    return QStringLiteral("%1 cannot be stored: its id is in use or its provider session is unknown.")
        .arg(described(llm));
}

} // namespace

Result<QList<Llm>> LlmTable::all() const
{
    return m_database.select("llm_all"_L1, {}, readLlm);
}

Result<std::optional<Llm>> LlmTable::find(const LlmId &id) const
{
    return m_database.selectOne("llm_find"_L1, {{"id", id}}, readLlm);
}

Result<std::optional<Llm>> LlmTable::findByName(const QString &name) const
{
    return m_database.selectOne("llm_find_by_name"_L1, {{"name", name}}, readLlm);
}

Result<void> LlmTable::insert(const Llm &llm)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> taken = m_database.execute("name_take"_L1, {{"name", llm.name}, {"takenBy", "llm"_L1}});
        if (!taken)
            return explained(taken.error(), nameTaken(llm.name));
        const Result<qint64> inserted = m_database.execute("llm_insert"_L1, bindings(llm));
        if (!inserted)
            return explained(inserted.error(), sessionMissing(llm));
        return {};
    });
}

Result<Llm> LlmTable::update(const Llm &llm)
{
    return atomically(m_database, [&]() -> Result<Llm> {
        if (const Result<void> renamed = rename(llm); !renamed)
            return renamed.error();
        const Result<qint64> updated = m_database.execute("llm_update"_L1, bindings(llm));
        if (!updated)
            return explained(updated.error(), sessionMissing(llm));
        if (*updated == 0)
            return staleOrGone(llm);
        Llm stored = llm;
        ++stored.version;
        return stored;
    });
}

Result<void> LlmTable::remove(const LlmId &id)
{
    return atomically(m_database, [&]() -> Result<void> {
        const Result<qint64> removed = m_database.execute("llm_remove"_L1, {{"id", id}});
        if (!removed)
            return explained(removed.error(), QStringLiteral("Agents are pinned to this Llm; delete them first."));
        return requireOneRow(removed, QStringLiteral("This Llm"));
    });
}

Result<void> LlmTable::writeLifecycle(const LlmLifecycle &lifecycle)
{
    const Result<qint64> written =
        m_database.execute("llm_write_lifecycle"_L1, {{"id", lifecycle.id},
                                                      {"status", toString(lifecycle.status)},
                                                      {"statusReason", spelling(lifecycle.statusReason)},
                                                      {"lastHeartbeatAt", lifecycle.lastHeartbeatAt},
                                                      {"inactiveSince", lifecycle.inactiveSince},
                                                      {"session", lifecycle.session},
                                                      {"epoch", lifecycle.epoch}});
    return withoutCount(written);
}

Result<void> LlmTable::writeHeartbeat(const SessionHeartbeat &heartbeat)
{
    const Result<qint64> written = m_database.execute(
        "llm_heartbeat"_L1, {{"session", heartbeat.session}, {"epoch", heartbeat.epoch}, {"at", heartbeat.at}});
    return withoutCount(written);
}

Result<void> LlmTable::rename(const Llm &llm)
{
    const Result<qint64> renamed =
        m_database.execute("llm_rename"_L1, {{"id", llm.id}, {"name", llm.name}, {"version", llm.version}});
    return renamed ? Result<void>() : Result<void>(explained(renamed.error(), nameTaken(llm.name)));
}

Error LlmTable::staleOrGone(const Llm &llm) const
{
    const Result<std::optional<Llm>> stored = find(llm.id);
    if (!stored)
        return stored.error();
    return *stored ? versionDiffers(described(llm), llm.version, (*stored)->version) : notFound(described(llm));
}

} // namespace hearth::storage
