#include "reconnectpolicy.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

bool isForAPerson(const Error &error)
{
    return error.code == ErrorCode::InvalidApiKey || error.code == ErrorCode::ScopeMissing ||
           error.code == ErrorCode::Configuration;
}

} // namespace

ReconnectPolicy::ReconnectPolicy(ReconnectSettings settings, Random random)
    : m_settings(settings)
    , m_random(std::move(random))
{}

Duration ReconnectPolicy::afterFailure(const Error &error)
{
    return isForAPerson(error) ? m_settings.maximum : backoff();
}

Duration ReconnectPolicy::afterLoss(const ChannelLoss &loss)
{
    if (loss.reason.code == static_cast<int>(channel::CloseCode::Replaced))
        return m_settings.replacedWait;
    if (loss.reason.code == static_cast<int>(channel::CloseCode::KeyRefused))
        return m_settings.maximum;
    return loss.goodbye ? randomBelow(m_settings.goodbye) : backoff();
}

Duration ReconnectPolicy::randomBelow(Duration bound) const
{
    return std::chrono::duration_cast<Duration>(bound * m_random());
}

Duration ReconnectPolicy::backoff()
{
    // 2^20 times any minimum is above any maximum; beyond that the shift would only overflow.
    const int doublings = std::min(m_failures++, 20);
    return randomBelow(std::min(m_settings.minimum * (1 << doublings), m_settings.maximum));
}

} // namespace hearth::publisher
