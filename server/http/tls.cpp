#include "tls.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

namespace hearth::http {

namespace {

Error configurationError(const QString &message)
{
    return {ErrorCode::Configuration, message};
}

Result<QByteArray> readFile(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return configurationError(QStringLiteral("Cannot read '%1': %2.").arg(name, file.errorString()));
    return file.readAll();
}

QSslKey parseKey(const QByteArray &pem)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec}) {
        if (QSslKey key(pem, algorithm); !key.isNull())
            return key;
    }
    return {};
}

/// Whether the key is the certificate's, which Qt finds out when it prepares the server's end of a connection.
bool belongTogether(const QSslConfiguration &configuration)
{
    QSslSocket probe;
    probe.setSslConfiguration(configuration);
    probe.startServerEncryption();
    return probe.error() != QAbstractSocket::SslInvalidUserDataError;
}

} // namespace

Result<QSslConfiguration> loadTls(const QString &certificateFile, const QString &keyFile)
{
    if (certificateFile.isEmpty() || keyFile.isEmpty())
        return configurationError(QStringLiteral("TLS needs both a certificate file and a key file."));
    if (!QSslSocket::supportsSsl())
        return configurationError(QStringLiteral("This installation of Qt has no TLS backend."));
    const Result<QByteArray> certificatePem = readFile(certificateFile);
    if (!certificatePem)
        return certificatePem.error();
    const Result<QByteArray> keyPem = readFile(keyFile);
    if (!keyPem)
        return keyPem.error();

    const QList<QSslCertificate> chain = QSslCertificate::fromData(*certificatePem, QSsl::Pem);
    if (chain.isEmpty())
        return configurationError(QStringLiteral("'%1' contains no PEM certificate.").arg(certificateFile));
    const QSslKey key = parseKey(*keyPem);
    if (key.isNull())
        return configurationError(
            QStringLiteral("'%1' contains no unencrypted RSA or EC private key in PEM form.").arg(keyFile));

    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
    if (!belongTogether(configuration))
        return configurationError(
            QStringLiteral("The key in '%1' is not the key of the certificate in '%2'.").arg(keyFile, certificateFile));
    return configuration;
}

} // namespace hearth::http
