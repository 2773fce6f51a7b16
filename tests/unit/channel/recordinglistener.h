// RecordingListener: writes down what a channel delivers, and runs what a test wants to happen inside a call.

#pragma once

#include "channel.h"

#include <QList>

#include <functional>
#include <optional>
#include <utility>

namespace hearth::channel {

class RecordingListener final : public ChannelListener
{
public:
    void messageReceived(const Message &message) override
    {
        messages.append(message);
        if (onMessage)
            onMessage();
    }

    void bodyReceived(TaskId task, QByteArrayView payload) override
    {
        bodies.append({task, payload.toByteArray()});
        if (onBody)
            onBody();
    }

    void writable() override
    {
        ++writables;
        if (onWritable)
            onWritable();
    }

    void closed(const CloseReason &why) override
    {
        ++closings;
        reason = why;
        if (onClosed)
            onClosed();
    }

    bool isClosed() const { return closings > 0; }

    QList<Message> messages;
    QList<std::pair<TaskId, QByteArray>> bodies;
    int writables = 0;
    int closings = 0;
    CloseReason reason{0, {}};
    std::function<void()> onMessage;
    std::function<void()> onBody;
    std::function<void()> onWritable;
    std::function<void()> onClosed;
};

} // namespace hearth::channel
