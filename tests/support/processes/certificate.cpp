#include "certificate.h"

#include "program.h"

namespace hearth::testsupport {

void makeCertificate(const QString &certificateFile, const QString &keyFile)
{
    QStringList arguments =
        QStringLiteral("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj "
                       "/CN=hearth-test -addext subjectAltName=IP:127.0.0.1,DNS:localhost")
            .split(u' ');
    arguments += {QStringLiteral("-keyout"), keyFile, QStringLiteral("-out"), certificateFile};
    const CommandResult made =
        runCommand(QStringLiteral("openssl"), arguments, QProcessEnvironment::systemEnvironment());
    if (made.exitCode != 0)
        qFatal("openssl makes no certificate: %s", made.errors.constData());
}

} // namespace hearth::testsupport
