// loadTls: reads a certificate and its key for the server's end of TLS.
//
// Called by HttpServer when it begins to listen, and each time that it is told its settings anew; by hearthd's main for
// `config check`. The only function of this room that opens files.

#pragma once

#include "result.h"

#include <QSslConfiguration>

namespace hearth::http {

/// TLS 1.2 or later with the certificate chain and the unencrypted private key of two PEM files. Fails with
/// ErrorCode::Configuration, naming the file, also when the two do not belong together.
Result<QSslConfiguration> loadTls(const QString &certificateFile, const QString &keyFile);

} // namespace hearth::http
