#include "authenticator.h"

namespace hearth::api {

namespace {

Error noKey()
{
    return {ErrorCode::InvalidApiKey,
            QStringLiteral(
                "An API key is needed: send it in the field Authorization, behind the word Bearer, or in x-api-key.")};
}

bool isNamed(const HttpField &field, QByteArrayView name)
{
    return field.name.size() == name.size() && field.name.compare(name, Qt::CaseInsensitive) == 0;
}

/// The token behind `Bearer` (RFC 6750 section 2.1; the scheme is compared without regard to case).
QByteArrayView bearerToken(QByteArrayView value)
{
    static constexpr QByteArrayView scheme = "Bearer ";
    if (value.size() <= scheme.size() || value.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return {};
    return value.sliced(scheme.size()).trimmed();
}

/// The key that `field` presents; empty where it presents none.
QByteArrayView keyIn(const HttpField &field)
{
    if (isNamed(field, "authorization"))
        return bearerToken(field.value);
    return isNamed(field, "x-api-key") ? QByteArrayView(field.value) : QByteArrayView();
}

} // namespace

Result<domain::Principal> authenticate(const http::RequestHead &head, std::optional<domain::Scope> scope,
                                       const domain::KeyRing &keys, WallTime now)
{
    QByteArrayView token;
    for (const HttpField &field : head.fields) {
        const QByteArrayView key = keyIn(field);
        if (key.isEmpty())
            continue;
        // Whoever reads another field than we do must not see another caller.
        if (!token.isEmpty() && token != key) {
            return Error{ErrorCode::InvalidApiKey,
                         QStringLiteral("The request carries two different API keys; send one.")};
        }
        token = key;
    }
    if (token.isEmpty())
        return noKey();
    Result<domain::Principal> principal = keys.authenticate(token, now);
    if (principal && scope && !principal->has(*scope)) {
        return Error{
            ErrorCode::ScopeMissing,
            QStringLiteral("This API key lacks the scope \"%1\" that the route needs.").arg(domain::toString(*scope))};
    }
    return principal;
}

} // namespace hearth::api
