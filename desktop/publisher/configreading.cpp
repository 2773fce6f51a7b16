#include "configreading.h"

#include <QRegularExpression>

namespace hearth::publisher {

bool isName(const QString &text)
{
    static const QRegularExpression namePattern(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9._:/@-]{0,127}\\z"));
    return namePattern.match(text).hasMatch();
}

void checkName(const Reading &in, QByteArrayView key, const QString &name)
{
    if (!isName(name)) {
        in.complain(key,
                    QStringLiteral("must be 1 to 128 letters, digits and ._:/@-, and begin with a letter or digit"));
    }
}

void checkLength(const Reading &in, QByteArrayView key, const QString &text, qsizetype maxLength)
{
    if (text.size() > maxLength)
        in.complain(key, QStringLiteral("must not be longer than %1 characters").arg(maxLength));
}

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
