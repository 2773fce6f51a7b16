// SlotCounter: hands out slots where there is no relay, and counts those that have not come back.
//
// For the thread of the test.

#pragma once

#include "slot.h"

namespace hearth::testsupport {

class SlotCounter final : public relay::SlotOwner
{
public:
    relay::Slot take()
    {
        ++m_taken;
        return relay::Slot(*this, scheduling::Ticket{++m_lastTicket});
    }

    int taken() const { return m_taken; }

    void slotReleased(scheduling::Ticket) override { --m_taken; }

private:
    quint64 m_lastTicket = 0;
    int m_taken = 0;
};

} // namespace hearth::testsupport
