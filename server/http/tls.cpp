#include "tls.h"

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

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

template <auto function>
struct Deleter
{
    template <typename T>
    void operator()(T *pointer) const
    {
        function(pointer);
    }
};

using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;

/// Whether the key is that of the first certificate. Qt finds out only when a client comes, and tells nobody.
bool belongTogether(const QByteArray &certificatePem, const QByteArray &keyPem)
{
    const Bio certificateText(BIO_new_mem_buf(certificatePem.constData(), static_cast<int>(certificatePem.size())));
    const Bio keyText(BIO_new_mem_buf(keyPem.constData(), static_cast<int>(keyPem.size())));
    const std::unique_ptr<X509, Deleter<X509_free>> certificate(
        PEM_read_bio_X509(certificateText.get(), nullptr, nullptr, nullptr));
    char noPassphrase[] = "";
    const std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>> key(
        PEM_read_bio_PrivateKey(keyText.get(), nullptr, nullptr, noPassphrase));
    const bool matching = certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1;
    ERR_clear_error();
    return matching;
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

    if (!belongTogether(*certificatePem, *keyPem))
        return configurationError(
            QStringLiteral("The key in '%1' is not the key of the certificate in '%2'.").arg(keyFile, certificateFile));

    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(key);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setAllowedNextProtocols({QSslConfiguration::NextProtocolHttp1_1});
    return configuration;
}

} // namespace hearth::http
