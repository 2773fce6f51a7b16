// Registration: offers the Llms and agents of this publisher to the server and deals with what it says to each.
//
// Session owns one for as long as its channel lives. Entries whose name is taken are offered again at an interval, with
// all others, for a register replaces what the session publishes. A server takes one register at a time: what is to be
// offered while one waits for its answer is offered behind it. Publisher's thread.

#pragma once

#include "channel.h"
#include "clock.h"
#include "sessioncontext.h"

namespace hearth::publisher {

class Registration
{
public:
    /// `unanswered` is called when the server does not answer a register in time. It may destroy the registration.
    Registration(channel::Channel &channel, const SessionContext &context, std::function<void()> unanswered);

    /// Sends a register with all agents and the present state of every Llm, now or after the answer to another one.
    /// `session` is empty for a publisher that has none yet.
    void offer(const ProviderSessionId &session);
    /// Whether the server has been offered, or will be, what is to be published now. States do not count.
    bool isCurrent() const;
    /// Sets the outcome of every entry that was offered and logs what is new. False when no register was waiting for an
    /// answer.
    bool answered(const channel::Registered &answer);
    /// The server cannot take a register now, and goes on with what it knows: offers again after a while.
    void refused();

    /// A register waits for its answer.
    bool isPending() const { return m_answerTimer.isActive(); }

private:
    void send();
    /// `what` is how the log calls the entry.
    void note(std::optional<channel::EntryOutcome> &known, const channel::EntryOutcome &outcome,
              const QString &what) const;

    channel::Channel &m_channel;
    const SessionContext &m_context;
    ProviderSessionId m_session;
    /// The latest register, without states and session; nothing when the server has not taken it.
    std::optional<channel::Register> m_offered;
    /// Another register is to follow the one that waits for its answer.
    bool m_isOutdated = false;
    Timer m_answerTimer;
    Timer m_offerTimer;
};

} // namespace hearth::publisher
