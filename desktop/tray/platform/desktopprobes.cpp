#include "fullscreenwatch.h"
#include "powersource.h"
#include "presence.h"
#include "runningprograms.h"

#include <optional>

namespace hearth::platform {

namespace {

/// Nothing is connected to before a rule wants to know.
class DesktopProbes final : public PresenceProbes
{
public:
    std::optional<bool> isOnBattery() override
    {
        if (!m_power) {
            m_power.emplace();
            QObject::connect(&*m_power, &PowerSource::changed, &*m_power, [this] { tellChange(); });
        }
        return m_power->isOnBattery();
    }

    std::optional<bool> isFullScreen() override
    {
        if (!m_screen) {
            m_screen.emplace();
            QObject::connect(&*m_screen, &FullScreenWatch::changed, &*m_screen, [this] { tellChange(); });
        }
        return m_screen->isFullScreen();
    }

    QStringList programs() override { return runningPrograms(); }

private:
    std::optional<PowerSource> m_power;
    std::optional<FullScreenWatch> m_screen;
};

} // namespace

std::unique_ptr<PresenceProbes> makeDesktopProbes()
{
    return std::make_unique<DesktopProbes>();
}

} // namespace hearth::platform
