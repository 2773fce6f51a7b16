// callBus(): one D-Bus call that never blocks and always ends.
//
// For everything here that asks a service of the desktop or of the machine. Main thread, with an event loop.

#pragma once

#include "clock.h"

#include <QDBusConnection>
#include <QDBusMessage>

namespace hearth::platform {

/// How long a service may take to answer; one that has to be started first included.
constexpr Duration busPatience = std::chrono::seconds(10);

/// `done` gets the reply or an error message, later and once; never after `context` has gone. Without a bus the error
/// is QDBusError::Disconnected.
void callBus(const QDBusConnection &bus, const QDBusMessage &call, QObject &context,
             std::function<void(const QDBusMessage &)> done, Duration patience = busPatience);

/// The call that reads a property; the reply holds it as a QDBusVariant.
QDBusMessage readProperty(const QString &service, const QString &path, const QString &interface, const QString &name);

/// What a reply to readProperty() holds; invalid for an error.
QVariant propertyIn(const QDBusMessage &reply);

} // namespace hearth::platform
