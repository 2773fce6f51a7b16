#include "buscall.h"

#include <QDBusError>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>

namespace hearth::platform {

void callBus(const QDBusConnection &bus, const QDBusMessage &call, QObject &context,
             std::function<void(const QDBusMessage &)> done, Duration patience)
{
    if (!bus.isConnected()) {
        // A call on a bus that is not there is never answered by QtDBus, not even with an error.
        const auto answer = [call, done = std::move(done)] {
            done(call.createErrorReply(QDBusError::Disconnected, QStringLiteral("There is no such bus.")));
        };
        QMetaObject::invokeMethod(&context, answer, Qt::QueuedConnection);
        return;
    }
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, static_cast<int>(patience.count())), &context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, &context, [watcher, done = std::move(done)] {
        watcher->deleteLater();
        done(watcher->reply());
    });
}

QDBusMessage readProperty(const QString &service, const QString &path, const QString &interface, const QString &name)
{
    QDBusMessage call = QDBusMessage::createMethodCall(service, path, QStringLiteral("org.freedesktop.DBus.Properties"),
                                                       QStringLiteral("Get"));
    call << interface << name;
    return call;
}

QVariant propertyIn(const QDBusMessage &reply)
{
    if (reply.type() != QDBusMessage::ReplyMessage || reply.arguments().isEmpty())
        return {};
    return reply.arguments().constFirst().value<QDBusVariant>().variant();
}

} // namespace hearth::platform
