// makeCertificate(): a certificate that signs itself, for tests of servers with TLS.
//
// Called from the thread of the test, which it blocks for a moment.

#pragma once

#include <QString>

namespace hearth::testsupport {

/// Writes a new certificate for 127.0.0.1 and localhost, which vouches for itself for a day, and its key to these PEM
/// files; whatever was there is replaced. Stops the program when there is no openssl.
void makeCertificate(const QString &certificateFile, const QString &keyFile);

} // namespace hearth::testsupport
