// Attempt: a WebSocketConnector with its two signals written down.

#pragma once

#include "loopback.h"
#include "websocketconnector.h"

#include <functional>
#include <memory>

namespace hearth::channel {

struct Attempt
{
    explicit Attempt(const ConnectorSettings &settings = {})
        : connector(std::make_unique<WebSocketConnector>(settings, clock))
    {
        QObject::connect(connector.get(), &WebSocketConnector::opened, &context, [this] {
            ++opened;
            channel = connector->takeChannel();
            channel->setListener(listener);
            if (onOpened)
                onOpened();
        });
        QObject::connect(connector.get(), &WebSocketConnector::failed, &context, [this](const Error &why) {
            ++failed;
            error = why;
            if (onFailed)
                onFailed();
        });
    }

    QString code() const { return toString(error.code); }

    FakeClock clock;
    QObject context;
    std::unique_ptr<WebSocketConnector> connector;
    std::unique_ptr<Channel> channel;
    RecordingListener listener;
    int opened = 0;
    int failed = 0;
    Error error;
    std::function<void()> onOpened;
    std::function<void()> onFailed;
};

/// Whatever the request, `bytes`.
inline RawServer::Answer always(const QByteArray &bytes)
{
    return [bytes](const QByteArray &) { return bytes; };
}

} // namespace hearth::channel
