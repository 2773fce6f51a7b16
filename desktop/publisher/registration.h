// Registration: offers the Llms and agents of this publisher to the server and deals with what it says to each.
//
// Session owns one for as long as its channel lives. Entries whose name is taken are offered again at an interval, with
// all others, for a register replaces what the session publishes. Publisher's thread.

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

    /// Sends a register with all agents and the present state of every Llm. `session` is empty for a publisher that has
    /// none yet.
    void offer(const ProviderSessionId &session);
    /// Sets the outcome of every entry and logs what is new. False when no register was waiting for an answer.
    bool answered(const channel::Registered &answer);

    /// A register waits for its answer.
    bool isPending() const { return m_answerTimer.isActive(); }

private:
    /// `what` is how the log calls the entry.
    void note(std::optional<channel::EntryOutcome> &known, const channel::EntryOutcome &outcome,
              const QString &what) const;

    channel::Channel &m_channel;
    const SessionContext &m_context;
    ProviderSessionId m_session;
    Timer m_answerTimer;
    Timer m_offerTimer;
};

} // namespace hearth::publisher
