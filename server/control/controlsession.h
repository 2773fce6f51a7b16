// ControlSession: the server's end of one control channel.
//
// Made by ControlServer for each accepted channel, before it is known which provider session it belongs to. It says
// hello, takes registers and heartbeats, and passes task messages to the relay's link while it is bound. A session that
// was replaced by a newer socket is deaf from that moment on. Main thread only.

#pragma once

#include "channel.h"
#include "keyring.h"
#include "lifecycle.h"
#include "publisherlink.h"
#include "registrationplan.h"

#include <QObject>
#include <QSet>

#include <memory>

namespace hearth::control {

class ControlServer;

class ControlSession final : public QObject, private channel::ChannelListener
{
    Q_OBJECT

public:
    /// `server` owns the session: it is its parent.
    ControlSession(ControlServer &server, std::unique_ptr<channel::Channel> channel, domain::Principal principal);
    ~ControlSession() override;

    const domain::Principal &principal() const { return m_principal; }

    /// The provider session that this socket is bound to; empty before the first register was confirmed.
    const ProviderSessionId &providerSession() const { return m_providerSession; }

    void sayGoodbye();
    /// Closes the channel and forgets the binding without touching rows: a newer socket has taken over.
    void replaced();
    /// Closes the channel; if bound, its rows become inactive.
    void end(channel::CloseCode code, const QString &reason);

private:
    void messageReceived(const channel::Message &message) override;
    void bodyReceived(TaskId task, QByteArrayView payload) override;
    void writable() override;
    void closed(const channel::CloseReason &reason) override;

    void handle(const channel::Register &message);
    void handle(const channel::Heartbeat &message);
    template <typename TaskMessage>
    void toLink(const TaskMessage &message);
    void registered(const Result<domain::RegistrationPlan> &plan);
    void refused(const Error &error);
    void makeLink(const domain::ProviderSession &session);
    void noteLife();
    /// The channel is of no use any more: unbinds, and asks the server to delete this.
    void finish();

    ControlServer &m_server;
    std::unique_ptr<channel::Channel> m_channel;
    domain::Principal m_principal;
    ProviderSessionId m_providerSession;
    /// Present while bound.
    std::unique_ptr<relay::PublisherLink> m_link;
    /// The Llms that the latest register was granted; reports on others do not count.
    QSet<QString> m_publishedLlms;
    /// The agents that the latest register was granted; a heartbeat speaks for them.
    QSet<QString> m_publishedAgents;
    /// Until the first register.
    Timer m_registerTimer;
    MonotonicTime m_lastLife{};
    /// A register is being stored; another one has to wait for its answer.
    bool m_registering = false;
    bool m_ended = false;
};

} // namespace hearth::control
