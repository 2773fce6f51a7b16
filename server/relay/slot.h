// Slot: the right to run one task on an Llm.
//
// The relay makes one for each request that the scheduler has granted. It stays with the task until the backend is free
// again, so a cancelled task still counts while its backend is busy. Main thread only.

#pragma once

#include "schedulertypes.h"

#include <utility>

namespace hearth::relay {

/// Gets back what it has handed out.
class SlotOwner
{
public:
    virtual void slotReleased(scheduling::Ticket ticket) = 0;

protected:
    ~SlotOwner() = default;
};

/// Move-only; destroying it frees the slot, upon which other requests may be sent and their sinks be called.
class Slot
{
public:
    Slot() = default;

    /// `owner` must outlive the slot.
    Slot(SlotOwner &owner, scheduling::Ticket ticket)
        : m_owner(&owner)
        , m_ticket(ticket)
    {}

    Slot(Slot &&other) noexcept
        : m_owner(std::exchange(other.m_owner, nullptr))
        , m_ticket(other.m_ticket)
    {}

    Slot &operator=(Slot &&other) noexcept
    {
        // What is given up here is freed when `other` is destroyed.
        std::swap(m_owner, other.m_owner);
        std::swap(m_ticket, other.m_ticket);
        return *this;
    }

    ~Slot()
    {
        if (m_owner)
            m_owner->slotReleased(m_ticket);
    }

private:
    SlotOwner *m_owner = nullptr;
    scheduling::Ticket m_ticket{};
};

} // namespace hearth::relay
