// Credit: how much of a task's body one end may send before the other has consumed some (per task and direction).
//
// The sender spends credit, the receiver consumes bytes and grants them back in portions, so one stalled client costs
// one window and delays nobody else. Payload bytes count, headers do not. Plain values, one per task and direction.

#pragma once

#include <QtGlobal>

namespace hearth::channel {

/// What a sender may send before the first grant, in bytes. Both ends know it without telling each other.
inline constexpr qint64 initialCredit = 256 * 1024;
/// A receiver grants when it has consumed at least this much since the last grant, in bytes.
inline constexpr qint64 grantThreshold = 64 * 1024;

/// The receiving side.
class ReceiveCredit
{
public:
    /// Takes received bytes into account. False when the sender had no credit for them: a protocol violation.
    [[nodiscard]] bool receive(qint64 bytes)
    {
        m_outstanding += bytes;
        return m_outstanding <= initialCredit;
    }

    /// Received bytes have left for good. Returns what to grant now, 0 for nothing yet.
    [[nodiscard]] qint64 consume(qint64 bytes)
    {
        m_consumed += bytes;
        if (m_consumed < grantThreshold)
            return 0;
        const qint64 grant = m_consumed;
        m_outstanding -= grant;
        m_consumed = 0;
        return grant;
    }

private:
    /// Received and not yet granted back.
    qint64 m_outstanding = 0;
    /// Consumed and not yet granted back.
    qint64 m_consumed = 0;
};

} // namespace hearth::channel
