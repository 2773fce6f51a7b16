// ReconnectPolicy: how long to wait before the server is tried again.
//
// Publisher asks it after every failed attempt and every lost channel. Waits are random within a bound that doubles
// ("full jitter"), so that a thousand publishers do not return in one moment. No time and no timers in here.

#pragma once

#include "channel.h"
#include "publishersettings.h"
#include "result.h"

#include <functional>

namespace hearth::publisher {

/// Numbers between 0 (inclusive) and 1 (exclusive).
using Random = std::function<double()>;

/// How a channel was lost.
struct ChannelLoss
{
    channel::CloseReason reason;
    /// Whether the server had said goodbye.
    bool goodbye = false;
};

class ReconnectPolicy
{
public:
    ReconnectPolicy(ReconnectSettings settings, Random random);

    /// What has failed so far still counts.
    void setSettings(const ReconnectSettings &settings) { m_settings = settings; }

    /// The server has taken us: earlier failures are forgotten.
    void succeeded() { m_failures = 0; }

    /// An attempt failed. Where only a person can help, with another key, it waits the maximum.
    Duration afterFailure(const Error &error);
    Duration afterLoss(const ChannelLoss &loss);

private:
    Duration randomBelow(Duration bound) const;
    Duration backoff();

    ReconnectSettings m_settings;
    Random m_random;
    int m_failures = 0;
};

} // namespace hearth::publisher
