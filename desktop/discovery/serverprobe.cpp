#include "serverprobe.h"

#include <QNetworkProxy>
#include <QNetworkRequest>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <algorithm>

namespace hearth::discovery {

namespace {

using Kind = ServerAnswer::Kind;

/// Of several errors the one that a person has to mend first.
ServerAnswer certificateFault(const QList<QSslError> &errors)
{
    const auto has = [&errors](std::initializer_list<QSslError::SslError> kinds) {
        return std::ranges::any_of(
            errors, [kinds](const QSslError &error) { return std::ranges::find(kinds, error.error()) != kinds.end(); });
    };
    if (has({QSslError::SelfSignedCertificate, QSslError::SelfSignedCertificateInChain,
             QSslError::UnableToGetLocalIssuerCertificate, QSslError::UnableToGetIssuerCertificate,
             QSslError::UnableToVerifyFirstCertificate, QSslError::CertificateUntrusted}))
        return {.kind = Kind::UnknownIssuer};
    if (has({QSslError::CertificateExpired, QSslError::CertificateNotYetValid}))
        return {.kind = Kind::WrongDate};
    if (has({QSslError::HostNameMismatch}))
        return {.kind = Kind::WrongName};
    return {.kind = Kind::TlsFailed, .detail = errors.first().errorString()};
}

} // namespace

bool ServerAnswer::speaksTls() const
{
    switch (kind) {
    case Kind::Hearth:
    case Kind::OtherServer:
    case Kind::Redirect:
    case Kind::UnknownIssuer:
    case Kind::WrongName:
    case Kind::WrongDate:
        return true;
    case Kind::NameNotFound:
    case Kind::Refused:
    case Kind::Timeout:
    case Kind::TlsFailed:
    case Kind::NoHttp:
    case Kind::Unreachable:
        return false;
    }
    Q_UNREACHABLE();
}

bool ServerAnswer::speaksHttp() const
{
    return kind == Kind::Hearth || kind == Kind::OtherServer || kind == Kind::Redirect;
}

ServerProbe::ServerProbe(Clock &clock, QObject *parent)
    : QObject(parent)
    , m_deadline(clock, [this] { conclude({.kind = Kind::Timeout}); })
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

void ServerProbe::start(const QUrl &server, const QString &caFile, Duration deadline)
{
    QUrl url = server;
    url.setPath(server.path() + QStringLiteral("/livez"));
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    if (!caFile.isEmpty()) {
        QSslConfiguration ssl = QSslConfiguration::defaultConfiguration();
        ssl.setCaCertificates(QSslCertificate::fromPath(caFile));
        request.setSslConfiguration(ssl);
    }
    m_reply = m_network.get(request);
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) { m_sslErrors = errors; });
    // The head tells everything; whatever body follows is not waited for.
    connect(m_reply, &QNetworkReply::metaDataChanged, this, [this] { conclude(judge()); });
    connect(m_reply, &QNetworkReply::finished, this, [this] { conclude(judge()); });
    m_deadline.start(deadline);
}

void ServerProbe::conclude(const ServerAnswer &answer)
{
    m_deadline.stop();
    // Qt complains of an abort() in the middle of the reply's own signals.
    m_reply->disconnect(this);
    m_reply->deleteLater();
    Q_EMIT finished(answer);
}

ServerAnswer ServerProbe::judge() const
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 300 && status < 400)
        return {.kind = Kind::Redirect, .detail = m_reply->header(QNetworkRequest::LocationHeader).toUrl().toString()};
    // Other programs have a /livez, too, but none of them this field on every answer.
    if (status == 200 && m_reply->hasRawHeader("x-request-id"))
        return {.kind = Kind::Hearth, .status = status};
    if (status != 0)
        return {.kind = Kind::OtherServer, .status = status};
    if (!m_sslErrors.isEmpty())
        return certificateFault(m_sslErrors);
    switch (m_reply->error()) {
    case QNetworkReply::HostNotFoundError:
        return {.kind = Kind::NameNotFound};
    case QNetworkReply::ConnectionRefusedError:
        return {.kind = Kind::Refused};
    case QNetworkReply::TimeoutError:
        return {.kind = Kind::Timeout};
    case QNetworkReply::SslHandshakeFailedError:
        return {.kind = Kind::TlsFailed, .detail = m_reply->errorString()};
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ProtocolFailure:
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return {.kind = Kind::NoHttp};
    default: // Qt has thirty more, and no two of them mean anything different here.
        return {.kind = Kind::Unreachable, .detail = m_reply->errorString()};
    }
}

} // namespace hearth::discovery
