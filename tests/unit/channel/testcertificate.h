// TestCertificate: a self-signed certificate for 127.0.0.1 with its key, made anew for each test run.

#pragma once

#include <QSslCertificate>
#include <QSslKey>

namespace hearth::channel {

struct TestCertificate
{
    QSslCertificate certificate;
    QSslKey key;

    /// Null certificate and key when OpenSSL fails.
    static TestCertificate make();
};

} // namespace hearth::channel
