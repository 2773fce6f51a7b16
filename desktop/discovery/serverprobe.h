// ServerProbe: asks who answers at an address, and sorts the answer into the mistakes that people make.
//
// One GET /livez for one object. It goes through Qt's own HTTP and TLS instead of HttpClient's libcurl: the control
// channel uses the same TLS with the same certificates, and Qt tells which check of a certificate has failed. Used by
// ServerCheck only. One thread, with an event loop.

#pragma once

#include "clock.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QSslError>
#include <QUrl>

namespace hearth::discovery {

struct ServerAnswer
{
    enum class Kind {
        Hearth,
        /// A web server that is none of ours; `status` tells what it said.
        OtherServer,
        /// `detail` is where it points to.
        Redirect,
        NameNotFound,
        Refused,
        Timeout,
        /// Nobody whom we know has signed the certificate.
        UnknownIssuer,
        /// The certificate is for another name.
        WrongName,
        /// The certificate is not valid now.
        WrongDate,
        /// Any other trouble with TLS; `detail` is the library's word.
        TlsFailed,
        /// Somebody took the connection and did not speak HTTP.
        NoHttp,
        /// `detail` is the system's word.
        Unreachable,
    };

    Kind kind = Kind::Unreachable;
    int status = 0;
    QString detail = {};

    /// Whether this shows that TLS is spoken there.
    bool speaksTls() const;
    /// Whether this shows that plain HTTP is spoken there.
    bool speaksHttp() const;
};

class ServerProbe final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the probe.
    explicit ServerProbe(Clock &clock, QObject *parent = nullptr);

    /// To be called once. `server` is http or https. `caFile` may be empty.
    void start(const QUrl &server, const QString &caFile, Duration deadline);

Q_SIGNALS:
    /// Once; never from inside start().
    void finished(const hearth::discovery::ServerAnswer &answer);

private:
    void conclude(const ServerAnswer &answer);
    ServerAnswer judge() const;

    QNetworkAccessManager m_network;
    QNetworkReply *m_reply = nullptr;
    QList<QSslError> m_sslErrors;
    Timer m_deadline;
};

} // namespace hearth::discovery
