#include "notifier.h"

#include "buscall.h"

#include <QDBusServiceWatcher>

#include <algorithm>

namespace hearth::platform {

namespace {

constexpr auto service = QLatin1String("org.freedesktop.Notifications");
constexpr auto path = QLatin1String("/org/freedesktop/Notifications");
constexpr auto interface = service;

/// The name of the action that a click on the notification itself invokes.
constexpr auto defaultAction = QLatin1String("default");
constexpr uchar normalUrgency = 1;
constexpr int serverDecides = -1;

QDBusMessage methodCall(const QString &method)
{
    return QDBusMessage::createMethodCall(service, path, interface, method);
}

bool isError(const QDBusMessage &reply)
{
    return reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty();
}

} // namespace

DesktopNotifier::DesktopNotifier(QObject *parent, NotifierSettings settings)
    : Notifier(parent)
    , m_settings(settings)
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    bus.connect(service, path, interface, QStringLiteral("ActionInvoked"), this, SLOT(actionInvoked(uint, QString)));
    bus.connect(service, path, interface, QStringLiteral("NotificationClosed"), this,
                SLOT(notificationClosed(uint, uint)));
    auto *watcher = new QDBusServiceWatcher(service, bus, QDBusServiceWatcher::WatchForUnregistration, this);
    connect(watcher, &QDBusServiceWatcher::serviceUnregistered, this, &DesktopNotifier::serverGone);
}

void DesktopNotifier::show(const Notification &notification)
{
    Entry &entry = m_entries[notification.id];
    entry.wanted = notification;
    if (!entry.isUnderWay)
        send(notification.id);
}

void DesktopNotifier::withdraw(const QString &id)
{
    const auto entry = m_entries.find(id);
    if (entry == m_entries.end())
        return;
    entry->wanted.reset();
    if (entry->isUnderWay)
        return;
    const uint serverId = entry->serverId;
    m_entries.erase(entry);
    // Nobody waits for the answer: the owner may just have closed it himself.
    if (serverId != 0)
        QDBusConnection::sessionBus().send(methodCall(QStringLiteral("CloseNotification")) << serverId);
}

void DesktopNotifier::send(const QString &id)
{
    m_entries[id].isUnderWay = true;
    const auto answered = [this, id](const QDBusMessage &reply) {
        if (isError(reply))
            failed(id);
        else
            notify(id, reply.arguments().constFirst().toStringList().contains(QLatin1String("body-markup")));
    };
    callBus(QDBusConnection::sessionBus(), methodCall(QStringLiteral("GetCapabilities")), *this, answered,
            m_settings.patience);
}

void DesktopNotifier::notify(const QString &id, bool isMarkup)
{
    Entry &entry = m_entries[id];
    if (!entry.wanted) {
        shown(id, entry.serverId);
        return;
    }
    entry.sent = *entry.wanted;
    const QVariantMap hints{{QStringLiteral("desktop-entry"), QStringLiteral("hearth-tray")},
                            {QStringLiteral("urgency"), QVariant::fromValue(normalUrgency)}};
    QDBusMessage call = methodCall(QStringLiteral("Notify"));
    call << QStringLiteral("Hearth") << entry.serverId << QStringLiteral("hearth-tray") << entry.sent.title
         << (isMarkup ? entry.sent.text.toHtmlEscaped() : entry.sent.text)
         << QStringList{defaultAction, tr("Open Hearth")} << hints << serverDecides;
    const auto answered = [this, id](const QDBusMessage &reply) {
        if (isError(reply))
            failed(id);
        else
            shown(id, reply.arguments().constFirst().toUInt());
    };
    callBus(QDBusConnection::sessionBus(), call, *this, answered, m_settings.patience);
}

void DesktopNotifier::shown(const QString &id, uint serverId)
{
    Entry &entry = m_entries[id];
    entry.isUnderWay = false;
    entry.serverId = serverId;
    if (!entry.wanted)
        withdraw(id);
    else if (*entry.wanted != entry.sent)
        send(id);
}

void DesktopNotifier::failed(const QString &id)
{
    const Entry entry = m_entries.take(id);
    if (entry.wanted)
        Q_EMIT unavailable(*entry.wanted);
}

void DesktopNotifier::actionInvoked(uint serverId, const QString &action)
{
    const QString id = idOf(serverId);
    if (!id.isEmpty() && action == defaultAction)
        Q_EMIT activated(id);
}

void DesktopNotifier::notificationClosed(uint serverId, uint /*reason*/)
{
    if (const auto entry = m_entries.find(idOf(serverId)); entry != m_entries.end())
        entry->serverId = 0;
}

QString DesktopNotifier::idOf(uint serverId) const
{
    const auto isIt = [serverId](const Entry &entry) { return entry.serverId == serverId; };
    const auto entry = std::find_if(m_entries.begin(), m_entries.end(), isIt);
    return entry == m_entries.end() ? QString() : entry.key();
}

void DesktopNotifier::serverGone()
{
    // The next server counts from 1 again: an old number would replace somebody else's notification.
    for (Entry &entry : m_entries)
        entry.serverId = 0;
}

} // namespace hearth::platform
