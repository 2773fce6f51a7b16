#include "publicfields.h"

#include <QUrl>

#include <algorithm>

namespace hearth::publicllm {

namespace {

constexpr qsizetype maxUrlLength = 2048;
constexpr qsizetype maxApiKeyLength = 4096;

Error badUrl(const QString &what)
{
    return {ErrorCode::InvalidRequest,
            QStringLiteral("\"url\" %1. It is the base URL of an API, for example https://api.openai.com/v1").arg(what),
            QStringLiteral("url")};
}

} // namespace

Result<QString> checkedUrl(const QString &text, const AddressGuard &guard)
{
    if (text.size() > maxUrlLength)
        return badUrl(QStringLiteral("is longer than %1 characters").arg(maxUrlLength));
    const QUrl url(text, QUrl::StrictMode);
    const bool isHttps = url.scheme() == QLatin1String("https");
    if (!url.isValid() || url.host().isEmpty() || (!isHttps && url.scheme() != QLatin1String("http")))
        return badUrl(QStringLiteral("must be an http or https URL"));
    if (url.authority().contains(u'@'))
        return badUrl(QStringLiteral("must not contain a user or a password; an API key belongs into \"apiKey\""));
    if (url.hasQuery() || url.hasFragment())
        return badUrl(QStringLiteral("must end with its path, without a query and a fragment"));
    if (url.port() == 0)
        return badUrl(QStringLiteral("must not name port 0"));
    const auto port = static_cast<quint16>(url.port(isHttps ? 443 : 80));
    if (const std::optional<QString> objection = guard.objection(url.host(QUrl::EncodeUnicode), port))
        return badUrl(QStringLiteral("leads to %1").arg(*objection));
    QString checked = QString::fromLatin1(url.toEncoded());
    while (checked.endsWith(u'/'))
        checked.chop(1);
    return checked;
}

Result<QByteArray> sealedApiKey(const QString &apiKey, const SecretBox &box)
{
    const auto isVisible = [](QChar c) { return c > u' ' && c < u'\x7f'; };
    if (apiKey.isEmpty() || apiKey.size() > maxApiKeyLength || !std::ranges::all_of(apiKey, isVisible)) {
        return Error{ErrorCode::InvalidRequest,
                     QStringLiteral("\"apiKey\" must be the key itself: visible ASCII characters, at most %1 of them.")
                         .arg(maxApiKeyLength),
                     QStringLiteral("apiKey")};
    }
    const Secret plain(apiKey.toLatin1());
    return box.seal(plain.bytes());
}

} // namespace hearth::publicllm
