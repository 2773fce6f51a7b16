#include "configreading.h"

namespace hearth::publisher {

QUrl readUrl(const Reading &in, QByteArrayView key, Query query)
{
    QUrl url(in.values.text(key), QUrl::StrictMode);
    const bool isHttp = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty()) {
        in.complain(key, QStringLiteral("must be a URL that begins with http:// or https://"));
        return {};
    }
    if (!url.userInfo().isEmpty() || url.hasFragment() || (query == Query::Forbidden && url.hasQuery())) {
        in.complain(key, QStringLiteral("must not contain a user, a password, %1")
                             .arg(query == Query::Forbidden ? QStringLiteral("a query or a fragment")
                                                            : QStringLiteral("or a fragment")));
        return {};
    }
    if (query == Query::Forbidden) {
        QString path = url.path();
        while (path.endsWith(u'/'))
            path.chop(1);
        url.setPath(path);
    }
    return url;
}

} // namespace hearth::publisher
