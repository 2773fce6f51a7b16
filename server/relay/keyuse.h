// KeyUse: one request that counts for its key, from its acceptance until nobody works on it any more.
//
// RelayTask makes one when the key's limits let the request in. The task has it until the request is over, and the
// relay for each slot that the request has taken, until that is free again. Main thread only.

#pragma once

#include "keymeter.h"

namespace hearth::relay {

class KeyUse
{
public:
    /// Of a request that `meter` has let in. The meter must outlive the use.
    KeyUse(scheduling::KeyMeter &meter, ApiKeyId key)
        : m_meter(meter)
        , m_key(std::move(key))
    {}

    ~KeyUse() { m_meter.ended(m_key); }

    KeyUse(const KeyUse &) = delete;
    KeyUse &operator=(const KeyUse &) = delete;

private:
    scheduling::KeyMeter &m_meter;
    const ApiKeyId m_key;
};

} // namespace hearth::relay
