#include "curlfailure.h"

#include <memory>
#include <system_error>

namespace hearth::httpclient {

namespace {

struct CurlFree
{
    void operator()(char *text) const { curl_free(text); }

    void operator()(CURLU *url) const { curl_url_cleanup(url); }
};

/// `host:port` of a URL, with the port that its scheme implies.
QString authority(const QByteArray &url)
{
    const std::unique_ptr<CURLU, CurlFree> parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.constData(), CURLU_PATH_AS_IS) != CURLUE_OK)
        return QStringLiteral("the backend");
    const auto part = [&](CURLUPart which) {
        char *text = nullptr;
        curl_url_get(parsed.get(), which, &text, CURLU_DEFAULT_PORT);
        const std::unique_ptr<char, CurlFree> owner(text);
        return QString::fromLatin1(text);
    };
    return part(CURLUPART_HOST) % u':' % part(CURLUPART_PORT);
}

QString toText(Duration duration)
{
    const qint64 milliseconds = duration.count();
    return milliseconds % 1000 == 0 ? QStringLiteral("%1 s").arg(milliseconds / 1000)
                                    : QStringLiteral("%1 ms").arg(milliseconds);
}

Error unreachable(const QString &message)
{
    return {.code = ErrorCode::BackendUnreachable, .message = message};
}

Error cannotConnect(const QString &peer, CURL *easy)
{
    long osError = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &osError);
    const QString cause = osError != 0
                              ? QString::fromStdString(std::generic_category().message(static_cast<int>(osError)))
                              : QStringLiteral("no address accepted a connection");
    return unreachable(QStringLiteral("Cannot connect to %1: %2.").arg(peer, cause));
}

/// The connection ended, or could not be used, before the answer was complete.
Error broken(Stage stage, const QString &peer)
{
    if (stage == Stage::Answering)
        return {.code = ErrorCode::BackendError, .message = QStringLiteral("%1 broke off its answer.").arg(peer)};
    return unreachable(QStringLiteral("%1 closed the connection without an answer.").arg(peer));
}

} // namespace

Error curlError(CURLcode code, Stage stage, const QByteArray &url, CURL *easy, const char *detail)
{
    const QString peer = authority(url);
    switch (code) {
    case CURLE_URL_MALFORMAT:
        return {.code = ErrorCode::InvalidRequest,
                .message = QStringLiteral("The request's address is not a valid http or https URL.")};
    case CURLE_COULDNT_RESOLVE_HOST:
        return unreachable(QStringLiteral("Cannot connect to %1: the host name is not known.").arg(peer));
    case CURLE_COULDNT_RESOLVE_PROXY:
        return unreachable(QStringLiteral("Cannot connect to %1: the proxy's host name is not known.").arg(peer));
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_PROXY:
        // In a later stage libcurl was about to repeat the request, and was kept from connecting again.
        return stage == Stage::Connecting ? cannotConnect(peer, easy) : broken(stage, peer);
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return unreachable(QStringLiteral("Cannot make a secure connection to %1: %2.")
                               .arg(peer, QString::fromUtf8(*detail != '\0' ? detail : curl_easy_strerror(code))));
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_FAIL_REWIND:
    case CURLE_ABORTED_BY_CALLBACK:
    case CURLE_PARTIAL_FILE:
        return broken(stage, peer);
    case CURLE_OUT_OF_MEMORY: // Also libcurl's word for a header line over its limit of 100 KiB.
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
        return answerError(url, QStringLiteral("is not valid HTTP"));
    default:
        return {
            .code = ErrorCode::Internal,
            .message =
                QStringLiteral("The request to %1 failed: %2.").arg(peer, QString::fromUtf8(curl_easy_strerror(code)))};
    }
}

Error limitError(Stage stage, const QByteArray &url, Duration limit)
{
    const QString peer = authority(url);
    const QString time = toText(limit);
    switch (stage) {
    case Stage::Idle:
    case Stage::Connecting:
        return unreachable(QStringLiteral("Cannot connect to %1: no connection within %2.").arg(peer, time));
    case Stage::Asking:
        return {.code = ErrorCode::BackendTimeout,
                .message = QStringLiteral("%1 sent no answer within %2.").arg(peer, time)};
    case Stage::Answering:
        return {.code = ErrorCode::BackendTimeout,
                .message = QStringLiteral("%1 sent nothing more for %2.").arg(peer, time)};
    }
    Q_UNREACHABLE();
}

Error addressError(const QByteArray &url)
{
    return unreachable(QStringLiteral("Cannot connect to %1: its address is not allowed.").arg(authority(url)));
}

Error answerError(const QByteArray &url, const QString &fault)
{
    return {.code = ErrorCode::BackendError,
            .message = QStringLiteral("The answer of %1 %2.").arg(authority(url), fault)};
}

} // namespace hearth::httpclient
