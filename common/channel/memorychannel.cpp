#include "memorychannel.h"

#include "delivery.h"

#include <QCoreApplication>
#include <QPointer>

namespace hearth::channel {

MemoryChannel::Pair MemoryChannel::pair()
{
    std::unique_ptr<MemoryChannel> one(new MemoryChannel);
    std::unique_ptr<MemoryChannel> other(new MemoryChannel);
    one->m_peer = other.get();
    other->m_peer = one.get();
    return {std::move(one), std::move(other)};
}

MemoryChannel::~MemoryChannel()
{
    detach({static_cast<int>(CloseCode::GoingAway), {}});
}

void MemoryChannel::setListener(ChannelListener &listener)
{
    m_listener = &listener;
    scheduleDelivery();
}

void MemoryChannel::send(const Message &message)
{
    sendText(encode(message));
}

void MemoryChannel::sendText(const QByteArray &text)
{
    enqueue({Item::Kind::Text, text, {}});
}

void MemoryChannel::sendFrame(const QByteArray &frame)
{
    enqueue({Item::Kind::Frame, frame, {}});
}

void MemoryChannel::close(CloseCode code, const QString &text)
{
    m_listener = nullptr;
    m_held = false;
    transmit();
    detach({static_cast<int>(code), text});
}

void MemoryChannel::closeThen(CloseCode code, const QString &text, std::function<void()> gone)
{
    m_listener = nullptr;
    m_held = false;
    transmit();
    const auto tell = [gone = std::move(gone)](void *) {
        QMetaObject::invokeMethod(QCoreApplication::instance(), gone, Qt::QueuedConnection);
    };
    detach({static_cast<int>(code), text}, std::shared_ptr<void>(this, tell));
}

void MemoryChannel::breakOff()
{
    m_listener = nullptr;
    detach({});
}

void MemoryChannel::setHeld(bool held)
{
    m_held = held;
    const bool wasFull = m_waitingBytes >= bodyWatermark;
    transmit();
    if (wasFull && m_waitingBytes < bodyWatermark && m_listener)
        m_listener->writable();
}

void MemoryChannel::enqueue(Item item)
{
    if (!m_peer)
        return;
    m_waitingBytes += item.bytes.size();
    m_waiting.push_back(std::move(item));
    transmit();
}

void MemoryChannel::transmit()
{
    while (!m_held && m_peer && !m_waiting.empty()) {
        m_waitingBytes -= m_waiting.front().bytes.size();
        m_peer->m_inbox.push_back(std::move(m_waiting.front()));
        m_waiting.pop_front();
        m_peer->scheduleDelivery();
    }
}

void MemoryChannel::scheduleDelivery()
{
    if (m_deliveryScheduled || !m_listener || m_inbox.empty())
        return;
    m_deliveryScheduled = true;
    QMetaObject::invokeMethod(this, &MemoryChannel::deliver, Qt::QueuedConnection);
}

void MemoryChannel::deliver()
{
    m_deliveryScheduled = false;
    const QPointer<MemoryChannel> alive(this);
    while (alive && m_listener && !m_inbox.empty()) {
        const Item item = std::move(m_inbox.front());
        m_inbox.pop_front();
        take(item);
    }
}

void MemoryChannel::take(const Item &item)
{
    std::optional<CloseReason> end;
    switch (item.kind) {
    case Item::Kind::Text:
        end = deliverMessage(item.bytes, *m_listener, m_ignored);
        break;
    case Item::Kind::Frame:
        end = deliverFrame(item.bytes, *m_listener, m_ignored);
        break;
    case Item::Kind::Close:
        end = item.reason;
        break;
    }
    if (!end)
        return;
    detach(*end);
    std::exchange(m_listener, nullptr)->closed(*end);
}

void MemoryChannel::detach(const CloseReason &reason, std::shared_ptr<void> gone)
{
    MemoryChannel *const peer = std::exchange(m_peer, nullptr);
    if (!peer)
        return;
    peer->m_peer = nullptr;
    for (MemoryChannel *end : {this, peer}) {
        end->m_waiting.clear();
        end->m_waitingBytes = 0;
    }
    peer->m_inbox.push_back({Item::Kind::Close, {}, reason, std::move(gone)});
    peer->scheduleDelivery();
}

} // namespace hearth::channel
