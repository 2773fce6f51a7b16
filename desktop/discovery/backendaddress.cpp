#include "backendaddress.h"

#include <QRegularExpression>

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

QUrl withPath(QUrl url, const QString &path)
{
    url.setPath(path);
    return url;
}

} // namespace

QList<QUrl> backendUrls(const QString &typed)
{
    const QString text = typed.trimmed();
    const bool hasScheme = text.contains(QStringLiteral("://"));
    QStringList spellings{text};
    if (!hasScheme)
        spellings = {QStringLiteral("http://") + text, QStringLiteral("https://") + text};

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

} // namespace hearth::discovery
