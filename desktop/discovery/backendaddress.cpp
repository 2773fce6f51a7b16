#include "backendaddress.h"

#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace hearth::discovery {

namespace {

/// People copy the address out of a curl line as often as out of a manual.
QString basePath(QString path)
{
    static const QRegularExpression route(QStringLiteral("(/models|/chat/completions|/completions|/embeddings)?/*$"));
    return path.remove(route);
}

bool isVersioned(const QString &path)
{
    static const QRegularExpression version(QStringLiteral("/v\\d+$"));
    return version.match(path).hasMatch();
}

/// RFC 1918.
bool isPrivate(const QHostAddress &address)
{
    return address.isInSubnet(QHostAddress(QStringLiteral("10.0.0.0")), 8) ||
           address.isInSubnet(QHostAddress(QStringLiteral("172.16.0.0")), 12) ||
           address.isInSubnet(QHostAddress(QStringLiteral("192.168.0.0")), 16);
}

QUrl withPath(QUrl url, const QString &path)
{
    url.setPath(path);
    return url;
}

} // namespace

QList<QUrl> backendUrls(const QString &typed, bool hasKey)
{
    const QString text = typed.trimmed();
    const bool hasScheme = text.contains(QStringLiteral("://"));
    const QString plain = QStringLiteral("http://") + text;
    QStringList spellings{text};
    if (!hasScheme) {
        spellings = {QStringLiteral("https://") + text};
        if (!hasKey || isOnThisNetwork(QUrl(plain).host()))
            spellings.prepend(plain);
    }

    QList<QUrl> urls;
    for (const QString &spelling : spellings) {
        QUrl url(spelling, QUrl::StrictMode);
        const bool isWeb = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
        if (!url.isValid() || !isWeb || url.host().isEmpty())
            return {};
        url = url.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
        const QString path = basePath(url.path());
        if (!isVersioned(path))
            urls.append(withPath(url, path + QStringLiteral("/v1")));
        urls.append(withPath(url, path));
    }
    return urls;
}

bool isOnThisNetwork(const QString &host)
{
    static constexpr std::array domains{QLatin1String(".localhost"), QLatin1String(".local"), QLatin1String(".lan"),
                                        QLatin1String(".internal"), QLatin1String(".home.arpa")};
    const QHostAddress address(host);
    if (!address.isNull())
        return address.isLoopback() || address.isLinkLocal() || address.isUniqueLocalUnicast() || isPrivate(address);
    const auto isBelow = [&host](QLatin1String domain) { return host.endsWith(domain, Qt::CaseInsensitive); };
    return !host.isEmpty() && (!host.contains(u'.') || std::ranges::any_of(domains, isBelow));
}

bool isSameOrigin(const QUrl &one, const QUrl &other)
{
    const auto portOf = [](const QUrl &url) { return url.port(url.scheme() == QLatin1String("https") ? 443 : 80); };
    return one.scheme() == other.scheme() && one.host() == other.host() && portOf(one) == portOf(other);
}

QUrl serverFromText(const QString &typed)
{
    QString text = typed.trimmed();
    if (text.isEmpty())
        return {};
    if (!text.contains(QStringLiteral("://"))) {
        const QString host = QUrl(QStringLiteral("http://") + text).host();
        text.prepend(isOnThisNetwork(host) ? QStringLiteral("http://") : QStringLiteral("https://"));
    }
    while (text.endsWith(u'/'))
        text.chop(1);
    return QUrl(text, QUrl::StrictMode);
}

} // namespace hearth::discovery
