#include "pausepolicy.h"

namespace hearth::host {

using publisher::Intake;

void PausePolicy::resume()
{
    m_wanted = Intake::Open;
    m_overruled = m_reasons;
}

void PausePolicy::setReasons(const QStringList &reasons)
{
    m_reasons = reasons;
    // One that comes again is a new one.
    m_overruled.removeIf([&reasons](const QString &reason) { return !reasons.contains(reason); });
}

Intake PausePolicy::intake() const
{
    if (m_wanted != Intake::Open)
        return m_wanted;
    return m_isLeaving || !standing().isEmpty() ? Intake::Draining : Intake::Open;
}

QString PausePolicy::reason() const
{
    return m_wanted == Intake::Open ? standing().join(QStringLiteral(", ")) : QString();
}

QStringList PausePolicy::standing() const
{
    QStringList standing;
    for (const QString &reason : m_reasons) {
        if (!m_overruled.contains(reason))
            standing.append(reason);
    }
    return standing;
}

} // namespace hearth::host
