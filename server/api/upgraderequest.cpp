#include "upgraderequest.h"

#include "channelsettings.h"

#include <algorithm>

namespace hearth::api {

namespace {

/// Whether a comma-separated field contains `token`, without regard to case.
bool listsToken(const QByteArray &value, QByteArrayView token)
{
    const QByteArrayList items = value.split(',');
    return std::any_of(items.begin(), items.end(), [token](const QByteArray &item) {
        return item.trimmed().compare(token, Qt::CaseInsensitive) == 0;
    });
}

Error refused(const QString &why)
{
    return {ErrorCode::InvalidRequest,
            QStringLiteral("This route takes the WebSocket handshake of a publisher: %1.").arg(why)};
}

} // namespace

Result<void> checkUpgrade(const http::RequestHead &head)
{
    const HttpFields &fields = head.fields;
    if (head.method != http::Method::Get || head.minorVersion < 1)
        return refused(QStringLiteral("it must be a GET of HTTP/1.1"));
    if (!listsToken(fields.value("connection"), "upgrade") ||
        fields.value("upgrade").compare("websocket", Qt::CaseInsensitive) != 0)
        return refused(QStringLiteral("it must ask for an upgrade to websocket"));
    if (fields.value("sec-websocket-version") != "13")
        return refused(QStringLiteral("Sec-WebSocket-Version must be 13"));
    const auto key =
        QByteArray::fromBase64Encoding(fields.value("sec-websocket-key"), QByteArray::AbortOnBase64DecodingErrors);
    if (!key || key.decoded.size() != 16)
        return refused(QStringLiteral("Sec-WebSocket-Key must be 16 bytes in base64"));
    if (!listsToken(fields.value("sec-websocket-protocol"), channel::subprotocol))
        return refused(QStringLiteral("it must offer the subprotocol %1").arg(QLatin1String(channel::subprotocol)));
    if (fields.contains("origin"))
        return refused(QStringLiteral("browsers cannot publish"));
    if (fields.contains("content-length") || fields.contains("transfer-encoding"))
        return refused(QStringLiteral("it must not have a body"));
    return {};
}

} // namespace hearth::api
