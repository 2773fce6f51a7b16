// Registration: offers the Llms of this publisher to the server and deals with what it says to each.
//
// Session owns one for as long as its channel lives. Llms whose name is taken are offered again at an interval, with
// all others, for a register replaces what the session publishes. Publisher's thread.

#pragma once

#include "channel.h"
#include "clock.h"
#include "publishedllm.h"

#include <span>

namespace hearth::publisher {

class Registration
{
public:
    /// `unanswered` is called when the server does not answer a register in time. It may destroy the registration.
    Registration(channel::Channel &channel, std::span<PublishedLlm> llms, const PublisherSettings &settings,
                 Clock &clock, std::function<void()> unanswered);

    /// Sends a register with the present state of every Llm. `session` is empty for a publisher that has none yet.
    void offer(const ProviderSessionId &session);
    /// Sets the outcome of every Llm and logs what is new. False when no register was waiting for an answer.
    bool answered(const channel::Registered &answer);

private:
    void note(PublishedLlm &llm, const channel::Registered &answer) const;

    channel::Channel &m_channel;
    std::span<PublishedLlm> m_llms;
    const PublisherSettings &m_settings;
    ProviderSessionId m_session;
    Timer m_answerTimer;
    Timer m_offerTimer;
};

} // namespace hearth::publisher
