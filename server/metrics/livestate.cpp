#include "livestate.h"

#include "relay.h"

namespace hearth::metrics {

using domain::LlmStatus;

QLatin1String toString(SessionState state)
{
    switch (state) {
    case SessionState::Bound:
        return QLatin1String("bound");
    case SessionState::Away:
        return QLatin1String("away");
    }
    Q_UNREACHABLE();
}

LiveState liveState(const domain::Registry &registry, const relay::Relay &relay, const Clock &clock)
{
    LiveState state{.llms = {{LlmStatus::Active, 0}, {LlmStatus::Hibernating, 0}, {LlmStatus::Inactive, 0}},
                    .sessions = {{SessionState::Bound, 0}, {SessionState::Away, 0}},
                    .waiting = relay.waiting(),
                    .inFlight = relay.inFlight()};
    for (const domain::ProviderSession *session : registry.sessions())
        ++state.sessions[relay.isBound(session->id) ? SessionState::Bound : SessionState::Away];
    for (const domain::Registry::LiveLlm *llm : registry.llms()) {
        ++state.llms[llm->row.status];
        if (relay.isBound(llm->row.providerSessionId))
            state.heartbeatAge = std::max(state.heartbeatAge, clock.now() - llm->heartbeatAt);
    }
    return state;
}

} // namespace hearth::metrics
