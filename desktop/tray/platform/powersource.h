// PowerSource: whether this machine runs on battery, as UPower says.
//
// DesktopProbes makes one when a rule asks for the first time. The answer is kept up by UPower's signals, so that
// asking costs nothing; without UPower it stays `false`. Main thread.

#pragma once

#include <QObject>
#include <QVariantMap>

namespace hearth::platform {

class PowerSource final : public QObject
{
    Q_OBJECT

public:
    explicit PowerSource(QObject *parent = nullptr);

    bool isOnBattery() const { return m_isOnBattery; }

private Q_SLOTS:
    void propertiesChanged(const QString &interface, const QVariantMap &changed, const QStringList &invalidated);

private:
    bool m_isOnBattery = false;
};

} // namespace hearth::platform
