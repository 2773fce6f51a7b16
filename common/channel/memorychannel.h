// MemoryChannel: a Channel between two objects of one thread, without a network.
//
// Tests put one end into the room under test and speak the protocol at the other. Everything passes through the real
// codec; deliveries are events, so nothing is delivered from inside send(). What is not taken by the peer's test can be
// held back to play a slow network.

#pragma once

#include "channel.h"

#include <QObject>

#include <deque>
#include <memory>
#include <utility>

namespace hearth::channel {

class MemoryChannel final : public QObject, public Channel
{
    Q_OBJECT

public:
    using Pair = std::pair<std::unique_ptr<MemoryChannel>, std::unique_ptr<MemoryChannel>>;

    /// Two connected ends.
    static Pair pair();
    ~MemoryChannel() override;

    void setListener(ChannelListener &listener) override;
    void send(const Message &message) override;
    void sendFrame(const QByteArray &frame) override;

    qint64 bytesToWrite() const override { return m_waitingBytes; }

    void close(CloseCode code, const QString &text) override;
    void closeThen(CloseCode code, const QString &text, std::function<void()> gone) override;

    quint64 ignoredCount() const override { return m_ignored; }

    /// Sends any text as it is, for tests of bad peers.
    void sendText(const QByteArray &text);
    /// Breaks the connection: the peer hears of it, this end does not.
    void breakOff();
    /// While held, what this end sends waits here and counts in bytesToWrite().
    void setHeld(bool held);

private:
    struct Item
    {
        enum class Kind { Text, Frame, Close } kind;
        QByteArray bytes;
        CloseReason reason;
        /// Of a close: what is called when it has been taken, or nobody will take it.
        std::shared_ptr<void> gone = nullptr;
    };

    MemoryChannel() = default;
    void enqueue(Item item);
    void transmit();
    void scheduleDelivery();
    void deliver();
    void take(const Item &item);
    void detach(const CloseReason &reason, std::shared_ptr<void> gone = nullptr);

    MemoryChannel *m_peer = nullptr;
    ChannelListener *m_listener = nullptr;
    std::deque<Item> m_waiting;
    std::deque<Item> m_inbox;
    qint64 m_waitingBytes = 0;
    quint64 m_ignored = 0;
    bool m_held = false;
    bool m_deliveryScheduled = false;
};

} // namespace hearth::channel
