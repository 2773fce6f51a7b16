// HttpServer: listens, accepts, and runs one connection state machine per client.
//
// Made by hearthd's main, used on the main thread only. It knows HTTP, TLS and limits; what a request means is the
// Router's affair. It never opens a file but the certificate and key that its settings name.

#pragma once

#include "clock.h"
#include "exchange.h"
#include "httpsettings.h"
#include "result.h"

#include <QObject>

namespace hearth::http {

/// Whether new connections get another certificate, or chain of certificates, than those before.
enum class CertificateChange { None, Renewed };

class HttpServer : public QObject
{
    Q_OBJECT

public:
    /// `clock` and `router` must outlive the server.
    HttpServer(HttpSettings settings, Clock &clock, Router &router, QObject *parent = nullptr);
    ~HttpServer() override;

    /// Starts to listen. Fails with ErrorCode::Io or ErrorCode::Configuration and says what to do.
    Result<void> listen();
    /// Takes over other settings, for connections that come and for requests that begin from now on; host, port,
    /// backlog and whether there is TLS must stay. Reads certificate and key again, and tells what came of that. Fails
    /// with ErrorCode::Configuration because of these files; then nothing has changed.
    Result<CertificateChange> setSettings(HttpSettings settings);
    const HttpSettings &settings() const;
    /// The port that it listens on, useful when the settings ask for port 0.
    quint16 port() const;

    /// Accepts no more connections, closes idle ones, and closes the others when their answer is complete.
    void drain();
    /// How many connections are open, idle ones included.
    int connectionCount() const;
    /// How many requests are being received or answered.
    int activeRequests() const;

Q_SIGNALS:
    /// After drain(): the last connection has closed.
    void drained();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::http
