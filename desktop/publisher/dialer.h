// Dialer: opens control channels for a publisher.
//
// WebSocketDialer does it in production; tests put their end of a MemoryChannel behind this interface. One attempt at a
// time. Publisher's thread.

#pragma once

#include "channel.h"

#include <QUrl>

#include <functional>
#include <memory>

namespace hearth::publisher {

class Dialer
{
public:
    using Done = std::function<void(Result<std::unique_ptr<channel::Channel>>)>;

    virtual ~Dialer() = default;

    /// Starts an attempt and gives up the one that is under way. `url` is ws:// or wss://. `done` is called at most
    /// once. Errors: InvalidApiKey or ScopeMissing when the server refuses the key, Io when it cannot be reached.
    virtual void dial(const QUrl &url, const QByteArray &key, Done done) = 0;
    /// Gives up: `done` is not called any more.
    virtual void cancel() = 0;
};

} // namespace hearth::publisher
