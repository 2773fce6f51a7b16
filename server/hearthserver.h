// HearthServer: the rooms of hearthd put together, from the opened database to the last connection.
//
// Daemon has one, made with settings that have been checked. It owns every room in the order in which they depend on
// each other, starts them, and stops them gracefully. Main thread only. It contains no rule of its own.

#pragma once

#include "httpserver.h"
#include "serversettings.h"

#include <QObject>

#include <memory>

namespace hearth::server {

class HearthServer : public QObject
{
    Q_OBJECT

public:
    explicit HearthServer(ServerSettings settings, QObject *parent = nullptr);
    ~HearthServer() override;

    /// Opens the database (which blocks), loads its rows and then listens; started() or failed() tells the outcome.
    void start();
    /// The port that it listens on, once it has started.
    quint16 port() const;
    /// How many requests are being answered.
    int runningRequests() const;
    /// An answer in a chat is still to be stored, be it that nobody waits for it.
    bool hasUnstoredAnswers() const;

    /// Takes over other settings while it runs, as far as the table calls them reloadable; the others must be those
    /// that it has. Who looks next sees the new ones: what runs already goes on as it began. Reads certificate and key
    /// again, and tells what came of that. Errors: Configuration for these files; then nothing has changed.
    Result<http::CertificateChange> apply(const ServerSettings &settings);
    /// What its rooms work with now.
    ServerSettings settings() const;

    /// No new work; publishers are told; running answers go on for up to drainTimeout. Then stopped() is emitted.
    void stop();

Q_SIGNALS:
    void started();
    void failed(const hearth::Error &error);
    void stopped();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::server
