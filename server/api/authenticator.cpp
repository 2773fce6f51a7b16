#include "authenticator.h"

namespace hearth::api {

namespace {

Error noKey()
{
    return {ErrorCode::InvalidApiKey,
            QStringLiteral("An API key is needed: send \"Authorization: Bearer hk_…\" or \"x-api-key: hk_…\".")};
}

/// The token behind `Bearer` (RFC 6750 section 2.1; the scheme is compared without regard to case).
QByteArrayView bearerToken(QByteArrayView value)
{
    static constexpr QByteArrayView scheme = "Bearer ";
    if (value.size() <= scheme.size() || value.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return {};
    return value.sliced(scheme.size()).trimmed();
}

} // namespace

Result<domain::Principal> authenticate(const http::RequestHead &head, domain::Scope scope, const domain::KeyRing &keys,
                                       WallTime now)
{
    QByteArrayView token;
    if (const QByteArray *authorization = head.fields.find("authorization"))
        token = bearerToken(*authorization);
    if (const QByteArray *apiKey = head.fields.find("x-api-key")) {
        if (!token.isEmpty() && token != *apiKey)
            return Error{ErrorCode::InvalidApiKey, QStringLiteral("The request carries two different API keys; send one.")};
        token = *apiKey;
    }
    if (token.isEmpty())
        return noKey();
    Result<domain::Principal> principal = keys.authenticate(token, now);
    if (principal && !principal->has(scope)) {
        return Error{ErrorCode::ScopeMissing,
                     QStringLiteral("This API key lacks the scope \"%1\" that the route needs.").arg(domain::toString(scope))};
    }
    return principal;
}

} // namespace hearth::api
