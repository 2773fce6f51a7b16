// KeyRing: all API keys in memory, so that a request is authenticated without the database.
//
// Storage sends the keys once at the start and again within half a second of every change; the api and control rooms
// ask. Main thread only. It never sees a key in clear for longer than one call.

#pragma once

#include "apikey.h"
#include "result.h"

#include <QHash>

#include <memory>

namespace hearth::domain {

/// Who makes a request: a valid key, as it was when the request came.
class Principal
{
public:
    explicit Principal(std::shared_ptr<const ApiKey> key)
        : m_key(std::move(key))
    {}

    const ApiKey &key() const { return *m_key; }

    const QString &owner() const { return m_key->owner; }

    /// Whether the key has `scope`; `Admin` includes the others.
    bool has(Scope scope) const;
    /// Whether the key may call or publish `name`.
    bool mayUse(QStringView name) const;

private:
    std::shared_ptr<const ApiKey> m_key;
};

class KeyRing
{
public:
    void setKeys(const QList<ApiKey> &keys);

    /// Whose key `token` is. Errors: InvalidApiKey, with one message for unknown, revoked and expired keys alike, so
    /// that guessing tells nothing.
    Result<Principal> authenticate(QByteArrayView token, WallTime now) const;
    /// The key as it is now, or the InvalidApiKey error that a new request with it would get.
    Result<Principal> renew(const Principal &principal, WallTime now) const;

    /// Whether there is a key at all with which somebody could ask for something now.
    bool hasValidKey(WallTime now) const;

private:
    Result<Principal> valid(const QByteArray &hash, WallTime now) const;

    /// By SHA-256 of the key.
    QHash<QByteArray, std::shared_ptr<const ApiKey>> m_keys;
};

} // namespace hearth::domain
