#include "keycommands.h"

#include "apikeytable.h"
#include "database.h"
#include "jsonwriter.h"
#include "keyhash.h"
#include "migrations.h"
#include "transaction.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QTextStream>

#include <algorithm>
#include <functional>

namespace hearth::server {

namespace {

using domain::ApiKey;
using domain::Scope;

constexpr int keyBytes = 32;
/// `hk_` and eight characters: enough to recognise a key, far too little to guess it.
constexpr qsizetype prefixLength = 11;

WallTime now()
{
    return SystemClock().wallNow();
}

/// 256 random bits, as URL-safe text behind the mark by which logs recognise keys.
QByteArray randomKey()
{
    QByteArray bytes(keyBytes, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return "hk_" + bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// Opens the database, brings it up to date, and runs `work` in a transaction.
Result<void> withKeys(const storage::DatabaseUrl &url, const std::function<Result<void>(storage::ApiKeyTable &)> &work)
{
    auto database = storage::Database::open({.url = url});
    if (!database)
        return database.error();
    if (const auto migrated = storage::Migrations().apply(**database); !migrated)
        return migrated.error();
    auto transaction = storage::Transaction::begin(**database);
    if (!transaction)
        return transaction.error();
    storage::ApiKeyTable table(**database);
    if (const Result<void> done = work(table); !done)
        return done;
    return transaction->commit();
}

Result<ApiKey> findKey(const storage::ApiKeyTable &table, const QString &nameOrPrefix)
{
    const auto named = table.findByName(nameOrPrefix);
    if (!named)
        return named.error();
    if (*named)
        return **named;
    const auto prefixed = table.findByPrefix(nameOrPrefix);
    if (!prefixed)
        return prefixed.error();
    if (prefixed->size() > 1)
        return Error{ErrorCode::Conflict,
                     QStringLiteral("Several keys begin with \"%1\"; use the name.").arg(nameOrPrefix)};
    if (prefixed->isEmpty()) {
        return Error{ErrorCode::NotFound,
                     QStringLiteral("There is no key \"%1\"; \"hearthd key list\" shows all.").arg(nameOrPrefix)};
    }
    return prefixed->front();
}

QStringList scopeNames(const ApiKey &key)
{
    QStringList names;
    for (const Scope scope : key.scopes)
        names.append(domain::toString(scope));
    return names;
}

QString when(const std::optional<WallTime> &time)
{
    return time ? QDateTime::fromMSecsSinceEpoch(time->time_since_epoch().count(), Qt::UTC).toString(Qt::ISODate)
                : QString();
}

QLatin1String stateOf(const ApiKey &key)
{
    if (key.revokedAt)
        return QLatin1String("revoked");
    return QLatin1String(key.expiresAt && *key.expiresAt <= now() ? "expired" : "valid");
}

void writeJson(json::JsonWriter &writer, const ApiKey &key, const QByteArray &secret)
{
    const auto list = [&writer](QLatin1String name, const QStringList &items) {
        writer.key(name).beginArray();
        for (const QString &item : items)
            writer.value(item);
        writer.endArray();
    };
    const auto time = [&writer](QLatin1String name, const std::optional<WallTime> &moment) {
        writer.key(name);
        if (moment)
            writer.value(when(moment));
        else
            writer.null();
    };
    writer.beginObject().field(QLatin1String("name"), key.name);
    if (!secret.isEmpty())
        writer.field(QLatin1String("key"), secret);
    writer.field(QLatin1String("prefix"), key.prefix).field(QLatin1String("owner"), key.owner);
    list(QLatin1String("scopes"), scopeNames(key));
    list(QLatin1String("models"), key.models);
    writer.field(QLatin1String("priority"), domain::toString(key.priority))
        .field(QLatin1String("maxConcurrent"), key.limits.maxConcurrent)
        .field(QLatin1String("requestsPerMinute"), key.limits.requestsPerMinute)
        .field(QLatin1String("tokensPerMinute"), key.limits.tokensPerMinute);
    writer.field(QLatin1String("state"), stateOf(key));
    time(QLatin1String("createdAt"), key.createdAt);
    time(QLatin1String("expiresAt"), key.expiresAt);
    time(QLatin1String("revokedAt"), key.revokedAt);
    writer.endObject();
}

void print(const QString &text)
{
    QTextStream(stdout) << text << '\n';
}

void printKey(const ApiKey &key, const QByteArray &secret, bool asJson, const QString &sentence)
{
    if (!asJson)
        return print(sentence);
    QByteArray text;
    json::JsonWriter writer(text);
    writeJson(writer, key, secret);
    print(QString::fromUtf8(text));
}

QString limitsInWords(const domain::KeyLimits &limits)
{
    QStringList words;
    if (limits.maxConcurrent > 0)
        words.append(QStringLiteral("%1 at once").arg(limits.maxConcurrent));
    if (limits.requestsPerMinute > 0)
        words.append(QStringLiteral("%1 requests/min").arg(limits.requestsPerMinute));
    if (limits.tokensPerMinute > 0)
        words.append(QStringLiteral("%1 tokens/min").arg(limits.tokensPerMinute));
    return words.isEmpty() ? QStringLiteral("none") : words.join(QStringLiteral(", "));
}

/// One row of cells under each title, in columns as wide as their longest cell.
void printColumns(const QList<QStringList> &rows)
{
    QList<qsizetype> widths(rows.constFirst().size());
    for (const QStringList &row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (const QStringList &row : rows) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += row[i].leftJustified(widths[i] + 2);
        print(line.trimmed());
    }
}

void printTable(const QList<ApiKey> &keys)
{
    QList<QStringList> rows{{QStringLiteral("NAME"), QStringLiteral("PREFIX"), QStringLiteral("OWNER"),
                             QStringLiteral("SCOPES"), QStringLiteral("STATE"), QStringLiteral("EXPIRES"),
                             QStringLiteral("PRIORITY"), QStringLiteral("LIMITS"), QStringLiteral("MODELS")}};
    for (const ApiKey &key : keys) {
        rows.append({key.name, key.prefix, key.owner, scopeNames(key).join(u','), stateOf(key),
                     key.expiresAt ? when(key.expiresAt) : QStringLiteral("never"), domain::toString(key.priority),
                     limitsInWords(key.limits), key.models.isEmpty() ? QStringLiteral("*") : key.models.join(u',')});
    }
    printColumns(rows);
}

} // namespace

Result<void> createKey(const storage::DatabaseUrl &url, const KeyOptions &options)
{
    if (const Result<void> valid = checkLabel(options.name, QStringLiteral("name")); !valid)
        return valid;
    if (options.scopes.isEmpty())
        return Error{ErrorCode::InvalidRequest, QStringLiteral("Give at least one --scope: infer, publish or admin."),
                     QStringLiteral("scope")};
    const QByteArray secret = randomKey();
    ApiKey key;
    key.id = ApiKeyId::create();
    key.name = options.name;
    key.owner = options.name;
    key.hash = domain::keyHash(secret);
    key.prefix = QString::fromLatin1(secret.left(prefixLength));
    key.createdAt = now();
    if (const Result<void> applied = applyOptions(options, now(), key); !applied)
        return applied;
    const Result<void> stored = withKeys(url, [&key](storage::ApiKeyTable &table) { return table.insert(key); });
    if (!stored && stored.error().code == ErrorCode::Conflict) {
        return Error{
            ErrorCode::Conflict,
            QStringLiteral("There is a key \"%1\" already; choose another --name, or change it with \"hearthd key "
                           "update\".")
                .arg(key.name)};
    }
    if (stored) {
        printKey(key, secret, options.json,
                 QStringLiteral("%1\nKeep it: it is shown only this once.").arg(QString::fromLatin1(secret)));
    }
    return stored;
}

Result<void> listKeys(const storage::DatabaseUrl &url, bool asJson)
{
    QList<ApiKey> keys;
    const Result<void> read = withKeys(url, [&keys](storage::ApiKeyTable &table) -> Result<void> {
        auto all = table.all();
        if (!all)
            return all.error();
        keys = std::move(*all);
        return {};
    });
    if (!read)
        return read;
    if (!asJson) {
        printTable(keys);
        return {};
    }
    QByteArray text;
    json::JsonWriter writer(text);
    writer.beginArray();
    for (const ApiKey &key : keys)
        writeJson(writer, key, {});
    writer.endArray();
    print(QString::fromUtf8(text));
    return {};
}

Result<void> updateKey(const storage::DatabaseUrl &url, const KeyOptions &options)
{
    ApiKey key;
    const Result<void> stored = withKeys(url, [&](storage::ApiKeyTable &table) -> Result<void> {
        const Result<ApiKey> found = findKey(table, options.name);
        if (!found)
            return found.error();
        key = *found;
        if (const Result<void> applied = applyOptions(options, now(), key); !applied)
            return applied;
        return table.update(key);
    });
    if (stored)
        printKey(key, {}, options.json, QStringLiteral("Updated the key \"%1\".").arg(key.name));
    return stored;
}

Result<void> revokeKey(const storage::DatabaseUrl &url, const QString &nameOrPrefix, bool asJson)
{
    ApiKey key;
    const Result<void> stored = withKeys(url, [&](storage::ApiKeyTable &table) -> Result<void> {
        const Result<ApiKey> found = findKey(table, nameOrPrefix);
        if (!found)
            return found.error();
        key = *found;
        if (key.revokedAt)
            return {};
        key.revokedAt = now();
        return table.update(key);
    });
    if (stored)
        printKey(key, {}, asJson, QStringLiteral("Revoked the key \"%1\".").arg(key.name));
    return stored;
}

} // namespace hearth::server
