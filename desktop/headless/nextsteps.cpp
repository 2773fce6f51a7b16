#include "nextsteps.h"

#include "shellword.h"

#include <QFileInfo>
#include <QStringList>

#include <algorithm>
#include <array>
#include <unistd.h>

namespace hearth::headless {

namespace {

/// Where units may lie (systemd.unit(5)).
constexpr std::array unitPlaces{"/etc/systemd", "/run/systemd", "/usr/local/lib/systemd", "/usr/lib/systemd",
                                "/lib/systemd"};

bool hasUnitOf(const QString &manager)
{
    return std::ranges::any_of(unitPlaces, [&manager](const char *place) {
        return QFileInfo::exists(QStringLiteral("%1/%2/hearth-publisher.service").arg(QLatin1String(place), manager));
    });
}

/// sd_booted(3).
bool isSystemdRunning()
{
    return QFileInfo(QStringLiteral("/run/systemd/system")).isDir();
}

QString command(const QString &text)
{
    return QStringLiteral("\n    ") + text;
}

} // namespace

ServiceFacts ServiceFacts::ofThisMachine()
{
    const bool isRoot = ::geteuid() == 0;
    return {.isRoot = isRoot,
            .isBySudo = isRoot && qEnvironmentVariableIsSet("SUDO_USER"),
            .hasUnit = isSystemdRunning() && hasUnitOf(isRoot ? QStringLiteral("system") : QStringLiteral("user"))};
}

QString nextSteps(const ServiceFacts &facts, const QString &file, bool isUsual)
{
    const QString sudo = facts.isBySudo ? QStringLiteral("sudo ") : QString();
    if (!isUsual)
        return QStringLiteral("Start the publisher with this configuration:") +
               command(sudo + QStringLiteral("hearth-publisher --config ") + shellWord(file));
    if (!facts.hasUnit)
        return QStringLiteral("Start the publisher:") + command(sudo + QStringLiteral("hearth-publisher"));
    if (facts.isRoot) {
        return QStringLiteral("Start the publisher, now and whenever this machine starts:") +
               command(sudo + QStringLiteral("systemctl enable --now hearth-publisher"));
    }
    return QStringLiteral("Start the publisher, now and whenever you log in:") +
           command(QStringLiteral("systemctl --user enable --now hearth-publisher")) +
           QStringLiteral("\nIt would end when you log out. Let it go on, and start with the machine:") +
           command(QStringLiteral("sudo loginctl enable-linger $USER"));
}

} // namespace hearth::headless
