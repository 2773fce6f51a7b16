#include "fakenotifications.h"

#include <QDBusConnection>

namespace hearth::platform {

uint FakeNotifications::Notify(const QString &program, uint replaces, const QString &icon, const QString &title,
                               const QString &body, const QStringList &actions, const QVariantMap &hints,
                               int /*timeout*/)
{
    if (isRefusing) {
        sendErrorReply(QDBusError::LimitsExceeded, QStringLiteral("There are too many."));
        return 0;
    }
    const uint serverId = replaces == 0 ? ++m_lastId : replaces;
    shown.append({serverId, program, replaces, icon, title, body, actions, hints});
    if (isHolding) {
        setDelayedReply(true);
        m_held.append({message(), serverId});
    }
    return serverId;
}

void FakeNotifications::answerHeld()
{
    for (const Held &held : std::exchange(m_held, {})) {
        QDBusConnection bus = QDBusConnection(QStringLiteral("notifications"));
        bus.send(held.call.createReply(held.serverId));
    }
}

} // namespace hearth::platform
