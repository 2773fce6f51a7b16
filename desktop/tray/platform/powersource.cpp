#include "powersource.h"

#include "buscall.h"

namespace hearth::platform {

namespace {

constexpr auto service = QLatin1String("org.freedesktop.UPower");
constexpr auto path = QLatin1String("/org/freedesktop/UPower");
constexpr auto onBattery = QLatin1String("OnBattery");

} // namespace

PowerSource::PowerSource(QObject *parent)
    : QObject(parent)
{
    QDBusConnection bus = QDBusConnection::systemBus();
    // Before the question, so that no change falls between the two.
    bus.connect(service, path, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("PropertiesChanged"),
                this, SLOT(propertiesChanged(QString, QVariantMap, QStringList)));
    callBus(bus, readProperty(service, path, service, onBattery), *this,
            [this](const QDBusMessage &reply) { set(propertyIn(reply).toBool()); });
}

void PowerSource::propertiesChanged(const QString & /*interface*/, const QVariantMap &properties,
                                    const QStringList & /*invalidated*/)
{
    if (const auto value = properties.constFind(onBattery); value != properties.cend())
        set(value->toBool());
}

void PowerSource::set(bool isOnBattery)
{
    if (std::exchange(m_isOnBattery, isOnBattery) != isOnBattery)
        Q_EMIT changed();
}

} // namespace hearth::platform
