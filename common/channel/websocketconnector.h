// WebSocketConnector: opens a control channel to a server, for the publisher.
//
// One attempt at a time; the publisher decides when to try again. Lives on the publisher's thread.

#pragma once

#include "channel.h"
#include "channelsettings.h"

#include <QObject>
#include <QUrl>

#include <memory>

class QWebSocket;

namespace hearth::channel {

struct ConnectorSettings
{
    ChannelSettings channel;
    /// PEM bundle for wss; empty uses the system's.
    QString caFile;
};

class WebSocketConnector : public QObject
{
    Q_OBJECT

public:
    /// `clock` must outlive the connector.
    WebSocketConnector(ConnectorSettings settings, Clock &clock, QObject *parent = nullptr);
    ~WebSocketConnector() override;

    /// Starts an attempt, giving up one that is under way. `url` is ws:// or wss://; `key` is sent as a bearer token.
    /// An url that is neither fails at once, from inside the call.
    void open(const QUrl &url, const QByteArray &key);
    /// Gives up the attempt that is under way; nothing is emitted.
    void cancel();
    /// Inside the slot of opened(): the new channel, which may have its first message already waiting. Empty when it
    /// was taken before.
    std::unique_ptr<Channel> takeChannel();

Q_SIGNALS:
    void opened();
    /// InvalidApiKey and ScopeMissing when the server refused the key, Io when it cannot be reached; the
    /// message says what to do.
    void failed(const hearth::Error &error);

private:
    void succeed();
    void fail(const Error &error);
    void drop();
    Error explain() const;

    ConnectorSettings m_settings;
    Clock &m_clock;
    Timer m_timer;
    QUrl m_url;
    QWebSocket *m_socket = nullptr;
    std::unique_ptr<Channel> m_channel;
};

} // namespace hearth::channel
