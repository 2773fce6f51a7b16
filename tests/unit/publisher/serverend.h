// ServerEnd: the server's end of a control channel in a test, and the Dialer that leads to it.
//
// FakeDialer keeps what the publisher dials; the test accepts or refuses it. ServerEnd keeps what the publisher says.
// Test's thread.

#pragma once

#include "dialer.h"
#include "frame.h"
#include "memorychannel.h"

#include <QTest>

#include <map>
#include <optional>
#include <vector>

class ServerEnd final : public hearth::channel::ChannelListener
{
public:
    explicit ServerEnd(std::unique_ptr<hearth::channel::MemoryChannel> end)
        : channel(std::move(end))
    {
        channel->setListener(*this);
    }

    void send(const hearth::channel::Message &message) { channel->send(message); }

    void sendBody(hearth::TaskId task, QByteArrayView bytes);

    /// All messages of this type, in order.
    template <typename M>
    QList<M> all() const
    {
        QList<M> found;
        for (const hearth::channel::Message &message : messages) {
            if (const M *m = std::get_if<M>(&message))
                found.append(*m);
        }
        return found;
    }

    /// Waits for this many messages of the type; the last of them, nothing after five seconds.
    template <typename M>
    std::optional<M> waitFor(qsizetype count = 1) const
    {
        if (!QTest::qWaitFor([this, count] { return all<M>().size() >= count; }, 5000))
            return std::nullopt;
        return all<M>().at(count - 1);
    }

    /// Where the first message of this type that fits stands among all; -1 where there is none.
    template <typename M>
    qsizetype placeOf(const std::function<bool(const M &)> &fits = [](const M &) { return true; }) const
    {
        const auto found = std::ranges::find_if(messages, [&fits](const hearth::channel::Message &message) {
            const M *m = std::get_if<M>(&message);
            return m && fits(*m);
        });
        return found == messages.end() ? -1 : found - messages.begin();
    }

    QByteArray body(hearth::TaskId task) const
    {
        const auto found = bodies.find(task);
        return found == bodies.end() ? QByteArray() : found->second;
    }

    /// How many terminal messages the task has had.
    int terminals(hearth::TaskId task) const;

    std::unique_ptr<hearth::channel::MemoryChannel> channel;
    std::vector<hearth::channel::Message> messages;
    std::map<hearth::TaskId, QByteArray> bodies;
    std::optional<hearth::channel::CloseReason> closeReason;
    /// Whether body bytes are granted back as they come.
    bool grants = true;

private:
    void messageReceived(const hearth::channel::Message &message) override { messages.push_back(message); }

    void bodyReceived(hearth::TaskId task, QByteArrayView payload) override;

    void writable() override {}

    void closed(const hearth::channel::CloseReason &reason) override { closeReason = reason; }
};

class FakeDialer final : public hearth::publisher::Dialer
{
public:
    void dial(const QUrl &url, const QByteArray &key, Done done) override;

    void cancel() override { m_done = {}; }

    bool isDialing() const { return static_cast<bool>(m_done); }

    /// The publisher gets its channel; what the server has to say is the test's affair.
    std::unique_ptr<ServerEnd> accept();
    /// The same; the server's end is for somebody else.
    std::unique_ptr<hearth::channel::MemoryChannel> acceptEnd();

    void refuse(const hearth::Error &error) { std::exchange(m_done, {})(error); }

    int dialed = 0;
    QUrl lastUrl;
    QByteArray lastKey;

private:
    Done m_done;
};
