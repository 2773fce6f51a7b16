// Handshake: one attempt to get a channel on which the server has said hello.
//
// Publisher makes one for each attempt, SelfCheck one for its only attempt; destroying it gives up. It registers
// nothing, so a handshake alone changes nothing on the server. Publisher's thread.

#pragma once

#include "clock.h"
#include "dialer.h"

namespace hearth::publisher {

class Handshake final : private channel::ChannelListener
{
public:
    struct Greeting
    {
        /// Without a listener.
        std::unique_ptr<channel::Channel> channel;
        channel::Hello hello;
    };

    using Done = std::function<void(Result<Greeting>)>;

    /// `helloTimeout` begins when the channel is open. `dialer` and `clock` must outlive the handshake.
    Handshake(Dialer &dialer, Clock &clock, Duration helloTimeout);
    ~Handshake() override;
    Handshake(const Handshake &) = delete;
    Handshake &operator=(const Handshake &) = delete;

    /// To be called once. `done` is called at most once and may destroy the handshake. Errors: those of Dialer, and Io
    /// when the server does not say hello.
    void start(const QUrl &url, const QByteArray &key, Done done);

private:
    void dialed(Result<std::unique_ptr<channel::Channel>> result);
    void finish(Result<Greeting> result);

    void messageReceived(const channel::Message &message) override;
    void bodyReceived(TaskId task, QByteArrayView payload) override;

    void writable() override {}

    void closed(const channel::CloseReason &reason) override;

    Dialer &m_dialer;
    Duration m_helloTimeout;
    Timer m_helloTimer;
    std::unique_ptr<channel::Channel> m_channel;
    Done m_done;
};

} // namespace hearth::publisher
