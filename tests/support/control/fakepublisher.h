// FakePublisher: a publisher that says what a test tells it to say, at its end of a MemoryChannel.
//
// It keeps what the server sends: messages until next() takes them, request bodies by task, and how the channel ended.
// It obeys no rule by itself: it acknowledges nothing and grants nothing. For the thread of the test.

#pragma once

#include "frame.h"
#include "memorychannel.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

namespace hearth::testsupport {

class FakePublisher final : private channel::ChannelListener
{
public:
    explicit FakePublisher(std::unique_ptr<channel::MemoryChannel> end);

    void send(const channel::Message &message) { m_channel->send(message); }

    /// Any text in place of a message.
    void sendText(const QByteArray &text) { m_channel->sendText(text); }

    /// In frames of at most 64 KiB.
    void sendBody(TaskId task, QByteArrayView bytes);
    /// A whole answer: head, body, end.
    void answer(TaskId task, int status, QByteArrayView body);

    void close() { m_channel->close(channel::CloseCode::Normal, {}); }

    /// The connection breaks without a word.
    void breakOff() { m_channel->breakOff(); }

    /// Registers, and waits for the answer.
    std::optional<channel::Registered> registerLlms(const QList<channel::LlmEntry> &llms,
                                                    const ProviderSessionId &session = {});
    /// The same with agents.
    std::optional<channel::Registered> registerRows(const QList<channel::LlmEntry> &llms,
                                                    const QList<channel::AgentEntry> &agents,
                                                    const ProviderSessionId &session = {});
    /// True when the server answers a heartbeat with these reports: it has then seen all that was sent before, and what
    /// it had to say to that has come.
    bool heartbeat(const QList<channel::LlmReport> &llms = {});

    /// Waits for a message of type M and takes it; nothing when none comes within five seconds.
    template <typename M>
    std::optional<M> next()
    {
        const auto isM = [](const channel::Message &message) { return std::holds_alternative<M>(message); };
        if (!QTest::qWaitFor([&] { return std::any_of(m_messages.begin(), m_messages.end(), isM); }, patience))
            return std::nullopt;
        const auto found = std::find_if(m_messages.begin(), m_messages.end(), isM);
        const M message = std::get<M>(*found);
        m_messages.erase(found);
        return message;
    }

    /// How many messages of type M have come and not been taken.
    template <typename M>
    qsizetype count() const
    {
        return std::count_if(m_messages.begin(), m_messages.end(),
                             [](const channel::Message &message) { return std::holds_alternative<M>(message); });
    }

    /// All messages that have not been taken, in the order in which they came.
    const std::deque<channel::Message> &messages() const { return m_messages; }

    /// What has come of a request's body.
    QByteArray body(TaskId task) const;

    bool isClosed() const { return m_closeReason.has_value(); }

    /// Waits until the server has closed the channel; the code, or 0 when it does not within five seconds.
    int closeCode();

    const std::optional<channel::CloseReason> &closeReason() const { return m_closeReason; }

private:
    static constexpr int patience = 5000;

    void messageReceived(const channel::Message &message) override { m_messages.push_back(message); }

    void bodyReceived(TaskId task, QByteArrayView payload) override { m_bodies[task].append(payload); }

    void writable() override {}

    void closed(const channel::CloseReason &reason) override { m_closeReason = reason; }

    std::unique_ptr<channel::MemoryChannel> m_channel;
    std::deque<channel::Message> m_messages;
    std::map<TaskId, QByteArray> m_bodies;
    std::optional<channel::CloseReason> m_closeReason;
};

} // namespace hearth::testsupport
