#include "apikeytable.h"

#include "database.h"
#include "rowchange.h"
#include "transaction.h"

namespace hearth::storage {

using namespace Qt::StringLiterals;

using domain::ApiKey;
using domain::Scope;

namespace {

constexpr qsizetype hashBytes = 32;

QList<Scope> readScopes(const SqlRow &row)
{
    static constexpr QLatin1String column("scopes");
    QList<Scope> scopes;
    const QStringList spellings = row.list(column);
    for (const QString &spelling : spellings)
        scopes.append(row.required(column, domain::scopeFromString(spelling)));
    return scopes;
}

ApiKey readKey(const SqlRow &row)
{
    ApiKey key;
    key.id = row.id<ApiKeyId>("id"_L1);
    key.name = row.text("name"_L1);
    key.owner = row.text("owner"_L1);
    key.hash = QByteArray::fromHex(row.text("hash"_L1).toLatin1());
    key.prefix = row.text("prefix"_L1);
    key.scopes = readScopes(row);
    key.models = row.list("models"_L1);
    key.priority = row.spelled("priority"_L1, domain::priorityFromString);
    key.limits = {.maxConcurrent = static_cast<int>(row.integer("max_concurrent"_L1)),
                  .requestsPerMinute = static_cast<int>(row.integer("requests_per_minute"_L1)),
                  .tokensPerMinute = static_cast<int>(row.integer("tokens_per_minute"_L1))};
    key.createdAt = row.moment("created_at"_L1);
    key.expiresAt = row.optionalMoment("expires_at"_L1);
    key.revokedAt = row.optionalMoment("revoked_at"_L1);
    return key;
}

SqlBindings bindings(const ApiKey &key)
{
    QStringList scopes;
    for (const Scope scope : key.scopes)
        scopes.append(toString(scope));
    return {{"id", key.id},
            {"name", key.name},
            {"owner", key.owner},
            {"hash", QString::fromLatin1(key.hash.toHex())},
            {"prefix", key.prefix},
            {"scopes", scopes},
            {"models", key.models},
            {"priority", toString(key.priority)},
            {"maxConcurrent", key.limits.maxConcurrent},
            {"requestsPerMinute", key.limits.requestsPerMinute},
            {"tokensPerMinute", key.limits.tokensPerMinute},
            {"createdAt", key.createdAt},
            {"expiresAt", key.expiresAt},
            {"revokedAt", key.revokedAt}};
}

QString described(const ApiKey &key)
{
    return QStringLiteral("The API key '%1'").arg(key.name);
}

Result<void> checkHash(const ApiKey &key)
{
    if (key.hash.size() == hashBytes)
        return {};
    return Error{.code = ErrorCode::InvalidRequest,
                 .message = QStringLiteral("%1 has no SHA-256.").arg(described(key)),
                 .param = QStringLiteral("hash")};
}

QString keyTaken(const ApiKey &key)
{
    return QStringLiteral("An API key with the name '%1', or the same key, exists already.").arg(key.name);
}

} // namespace

Result<QList<ApiKey>> ApiKeyTable::all() const
{
    return m_database.select("api_key_all"_L1, {}, readKey);
}

Result<std::optional<ApiKey>> ApiKeyTable::findByName(const QString &name) const
{
    return m_database.selectOne("api_key_find_by_name"_L1, {{"name", name}}, readKey);
}

Result<QList<ApiKey>> ApiKeyTable::findByPrefix(const QString &prefix) const
{
    return m_database.select("api_key_find_by_prefix"_L1, {{"prefix", prefix}}, readKey);
}

Result<qint64> ApiKeyTable::version() const
{
    const auto asVersion = [](const SqlRow &row) { return row.integer("version"_L1); };
    const auto version = m_database.selectOne("api_key_version"_L1, {}, asVersion);
    if (!version)
        return version.error();
    return version->value_or(0);
}

Result<void> ApiKeyTable::insert(const ApiKey &key)
{
    if (const Result<void> valid = checkHash(key); !valid)
        return valid;
    return change([&]() -> Result<void> {
        const Result<qint64> inserted = m_database.execute("api_key_insert"_L1, bindings(key));
        return inserted ? Result<void>() : Result<void>(explained(inserted.error(), keyTaken(key)));
    });
}

Result<void> ApiKeyTable::update(const ApiKey &key)
{
    if (const Result<void> valid = checkHash(key); !valid)
        return valid;
    return change([&]() -> Result<void> {
        const Result<qint64> updated = m_database.execute("api_key_update"_L1, bindings(key));
        if (!updated)
            return explained(updated.error(), keyTaken(key));
        return requireOneRow(updated, described(key));
    });
}

Result<void> ApiKeyTable::remove(const ApiKeyId &id)
{
    return change([&]() -> Result<void> {
        const Result<qint64> removed = m_database.execute("api_key_remove"_L1, {{"id", id}});
        return requireOneRow(removed, QStringLiteral("This API key"));
    });
}

Result<void> ApiKeyTable::change(const std::function<Result<void>()> &write)
{
    return atomically(m_database, [&]() -> Result<void> {
        if (Result<void> written = write(); !written)
            return written;
        return withoutCount(m_database.execute("api_key_bump_version"_L1));
    });
}

} // namespace hearth::storage
