#include "publishersettings.h"

namespace hearth::publisher {

QString toString(BackendType type)
{
    switch (type) {
    case BackendType::OpenAi:
        return QStringLiteral("openai");
    case BackendType::Anthropic:
        return QStringLiteral("anthropic");
    }
    Q_UNREACHABLE();
}

QString toString(KeyStore store)
{
    switch (store) {
    case KeyStore::File:
        return QStringLiteral("file");
    case KeyStore::Keyring:
        return QStringLiteral("keyring");
    }
    Q_UNREACHABLE();
}

QUrl controlChannelUrl(const QUrl &server)
{
    QUrl url = server;
    url.setScheme(server.scheme() == QLatin1String("https") ? QStringLiteral("wss") : QStringLiteral("ws"));
    url.setPath(server.path() + QStringLiteral("/api/v1/publish"));
    return url;
}

} // namespace hearth::publisher
