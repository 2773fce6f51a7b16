#include "transfercheck.h"

#include <algorithm>
#include <array>

namespace hearth::httpclient {

namespace {

/// Fields that frame the message or belong to the connection: libcurl's alone.
constexpr std::array<QByteArrayView, 6> ownFields = {"Host",       "Content-Length", "Expect", "Transfer-Encoding",
                                                     "Connection", "Upgrade"};

/// Of the method and the URL: well below what libcurl takes (8,000,000).
constexpr qsizetype maxTextSize = 1'000'000;

Error invalid(const QString &message)
{
    return {.code = ErrorCode::InvalidRequest, .message = message};
}

bool isHttpUrl(QByteArrayView url)
{
    const auto startsWith = [&](QByteArrayView scheme) {
        return url.size() > scheme.size() && url.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0;
    };
    return (startsWith("http://") || startsWith("https://")) &&
           std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<void> checkField(const HttpField &field)
{
    if (!isToken(field.name))
        return invalid(QStringLiteral("The name of a header field is not valid."));
    const QString name = QString::fromLatin1(field.name);
    if (!isFieldValue(field.value))
        return invalid(QStringLiteral("The header field %1 contains a control character.").arg(name));
    if (std::any_of(ownFields.begin(), ownFields.end(),
                    [&](QByteArrayView own) { return field.name.compare(own, Qt::CaseInsensitive) == 0; }))
        return invalid(QStringLiteral("The header field %1 cannot be set: it is made for each request.").arg(name));
    return {};
}

} // namespace

Result<void> checkRequest(const TransferRequest &request)
{
    if (!isToken(request.method) || request.method.size() > maxTextSize || request.method == "CONNECT")
        return invalid(QStringLiteral("The request's method is not valid."));
    if (!isHttpUrl(request.url))
        return invalid(QStringLiteral("The request's address is not a valid http or https URL."));
    if (request.bodySize && (*request.bodySize < 0 || request.method == "HEAD"))
        return invalid(QStringLiteral("The request cannot have a body of this size."));
    for (const HttpField &field : request.fields) {
        if (const Result<void> checked = checkField(field); !checked)
            return checked;
    }
    return {};
}

} // namespace hearth::httpclient
