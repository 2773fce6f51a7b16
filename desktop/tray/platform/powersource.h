// PowerSource: whether this machine runs on battery, as UPower says.
//
// DesktopProbes makes one when a rule asks for the first time. The answer is kept up by UPower's signals, so that
// asking costs nothing; without UPower it is `false`. Main thread.

#pragma once

#include <QObject>
#include <QVariantMap>

#include <optional>

namespace hearth::platform {

class PowerSource final : public QObject
{
    Q_OBJECT

public:
    explicit PowerSource(QObject *parent = nullptr);

    /// Nothing before the first answer, which comes, or fails to come, within busPatience (buscall.h).
    std::optional<bool> isOnBattery() const { return m_isOnBattery; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void propertiesChanged(const QString &interface, const QVariantMap &properties, const QStringList &invalidated);

private:
    void set(bool isOnBattery);

    std::optional<bool> m_isOnBattery;
};

} // namespace hearth::platform
