// Channel: one control channel between a publisher and a server, whatever carries it.
//
// WebSocketChannel carries it in production, MemoryChannel in tests. The server's control room and the publisher hold
// one end each. A channel transports whole messages and frames in order; it knows nothing of sessions, tasks or credit.
//
// An end belongs to one thread. Its listener may destroy the channel in any call, and is never called from inside one
// of the channel's own functions.

#pragma once

#include "codec.h"

#include <QByteArrayView>
#include <QString>

#include <functional>

namespace hearth::channel {

/// Why a channel closed; the numbers are the close codes of RFC 6455 section 7.4 and our own above 4000.
enum class CloseCode {
    Normal = 1000,
    GoingAway = 1001,
    ProtocolError = 1002,
    /// No close frame came: the connection broke.
    Abnormal = 1006,
    InvalidPayload = 1007,
    PolicyViolation = 1008,
    TooBig = 1009,
    /// Another socket has bound the same provider session.
    Replaced = 4001,
    /// The key was revoked, expired or changed.
    KeyRefused = 4003,
    /// Nothing is wrong with the peer; the database is away, say. QWebSocket takes the registered 1013 for illegal.
    TryAgainLater = 4013,
};

struct CloseReason
{
    /// As received; codes of other versions may be none of CloseCode's.
    int code = static_cast<int>(CloseCode::Abnormal);
    QString text;
};

class ChannelListener
{
public:
    virtual ~ChannelListener() = default;

    virtual void messageReceived(const Message &message) = 0;
    /// A piece of a task's body; `payload` is valid during the call only.
    virtual void bodyReceived(TaskId task, QByteArrayView payload) = 0;
    /// bytesToWrite() has fallen below bodyWatermark.
    virtual void writable() = 0;
    /// The end, called exactly once and last, unless this end called close() or destroyed the channel.
    virtual void closed(const CloseReason &reason) = 0;
};

class Channel
{
public:
    virtual ~Channel() = default;

    /// Body frames are only handed over while less than this many bytes wait in the channel, so that a control message
    /// never waits behind more.
    static constexpr qint64 bodyWatermark = 256 * 1024;

    /// Whoever gets a channel sets its listener before returning to the event loop: nothing is delivered earlier, and
    /// what comes until then may be lost. `listener` must outlive the channel.
    virtual void setListener(ChannelListener &listener) = 0;
    virtual void send(const Message &message) = 0;
    /// Sends a whole frame, header included.
    virtual void sendFrame(const QByteArray &frame) = 0;
    /// What has been sent and not yet been taken by the network.
    virtual qint64 bytesToWrite() const = 0;
    /// Sends what waits, then a close frame. The listener hears nothing any more.
    virtual void close(CloseCode code, const QString &text) = 0;
    /// The same, for a program that is about to end: calls `gone` once when the peer has read all that was sent or the
    /// channel has been given up (ChannelSettings::closeTimeout). Never from inside this call, and also when the
    /// channel has been destroyed meanwhile.
    virtual void closeThen(CloseCode code, const QString &text, std::function<void()> gone) = 0;
    /// Messages of unknown types and frames of unknown kinds that were ignored so far.
    virtual quint64 ignoredCount() const = 0;
};

} // namespace hearth::channel
