#include "keyring.h"

#include "glob.h"
#include "keyhash.h"

#include <algorithm>

namespace hearth::domain {

namespace {

bool isValid(const ApiKey &key, WallTime now)
{
    return !key.revokedAt && (!key.expiresAt || *key.expiresAt > now);
}

} // namespace

bool Principal::has(Scope scope) const
{
    return m_key->scopes.contains(scope) || m_key->scopes.contains(Scope::Admin);
}

bool Principal::mayUse(QStringView name) const
{
    return allowedBy(m_key->models, name);
}

void KeyRing::setKeys(const QList<ApiKey> &keys)
{
    m_keys.clear();
    for (const ApiKey &key : keys)
        m_keys.insert(key.hash, std::make_shared<const ApiKey>(key));
}

Result<Principal> KeyRing::authenticate(QByteArrayView token, WallTime now) const
{
    return valid(keyHash(token), now);
}

Result<Principal> KeyRing::renew(const Principal &principal, WallTime now) const
{
    return valid(principal.key().hash, now);
}

bool KeyRing::hasValidKey(WallTime now) const
{
    return std::any_of(m_keys.begin(), m_keys.end(), [now](const auto &key) { return isValid(*key, now); });
}

Result<Principal> KeyRing::valid(const QByteArray &hash, WallTime now) const
{
    const auto found = m_keys.constFind(hash);
    if (found == m_keys.constEnd() || !isValid(**found, now)) {
        return Error{
            ErrorCode::InvalidApiKey,
            QStringLiteral("This API key is not valid: it is unknown, revoked or expired. Ask for a current one.")};
    }
    return Principal(*found);
}

} // namespace hearth::domain
