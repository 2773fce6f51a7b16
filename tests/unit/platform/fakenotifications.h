// FakeNotifications: a notification server as the Desktop Notifications Specification 1.2 describes it, which only
// remembers. A test registers it on a private bus.

#pragma once

#include <QDBusContext>
#include <QDBusMessage>
#include <QObject>
#include <QVariantMap>

namespace hearth::platform {

/// One call of Notify.
struct ShownNotification
{
    uint serverId = 0;
    QString program;
    uint replaces = 0;
    QString icon;
    QString title;
    QString body;
    QStringList actions;
    QVariantMap hints;
};

class FakeNotifications final : public QObject, protected QDBusContext
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    QStringList capabilities{QStringLiteral("actions"), QStringLiteral("body"), QStringLiteral("body-markup")};
    bool isRefusing = false;
    /// Calls of Notify are answered by answerHeld().
    bool isHolding = false;
    QList<ShownNotification> shown;
    QList<uint> closed;

    void answerHeld();

public Q_SLOTS:

    QStringList GetCapabilities() const { return capabilities; }

    uint Notify(const QString &program, uint replaces, const QString &icon, const QString &title, const QString &body,
                const QStringList &actions, const QVariantMap &hints, int timeout);

    void CloseNotification(uint serverId) { closed.append(serverId); }

Q_SIGNALS:
    void ActionInvoked(uint serverId, const QString &action);
    void NotificationClosed(uint serverId, uint reason);

private:
    struct Held
    {
        QDBusMessage call;
        uint serverId = 0;
    };

    uint m_lastId = 0;
    QList<Held> m_held;
};

} // namespace hearth::platform
