// ServerCheck: finds out whether there is a Hearth server at an address and whether it takes a key, in plain words.
//
// The wizard and the settings dialog run one whenever address or key have changed. It makes a handshake and registers
// nothing. One thread, with an event loop.

#pragma once

#include "publishersettings.h"
#include "result.h"

#include <QObject>

#include <memory>

namespace hearth::discovery {

struct ServerCheckSettings
{
    /// For the answer of whoever is there, and again for the server's hello.
    Duration answerTimeout = std::chrono::seconds(10);
    channel::ChannelSettings channel = {};
};

class ServerCheck final : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the check.
    explicit ServerCheck(Clock &clock, QObject *parent = nullptr, ServerCheckSettings settings = {});
    ~ServerCheck() override;

    /// Gives up the check that is under way. `key` may be empty: then only the server is looked for. `caFile` may be
    /// empty.
    void start(const QUrl &server, const QByteArray &key, const QString &caFile);
    /// Nothing more is emitted.
    void cancel();

    /// What is wrong with a file of certificates, for a person; nothing when it has at least one.
    static std::optional<QString> objectionToCaFile(const QString &caFile);

Q_SIGNALS:
    /// `text` is for a person: what was found, or what is wrong and what to do. `code` is nothing when all is well;
    /// InvalidApiKey and ScopeMissing are about the key, everything else about the server. Slots may start another
    /// check, but must not destroy this object.
    void finished(std::optional<hearth::ErrorCode> code, const QString &text);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hearth::discovery
