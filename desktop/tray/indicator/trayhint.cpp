#include "trayhint.h"

#include <QStringList>

namespace hearth::indicator {

QString TrayHint::forDesktop(const QString &currentDesktop)
{
    const QStringList names = currentDesktop.split(QLatin1Char(':'));
    if (names.contains(QStringLiteral("GNOME"), Qt::CaseInsensitive)) {
        return tr("GNOME shows no tray icons by itself. Install the package gnome-shell-extension-appindicator, log in "
                  "again and enable the extension; the icon appears by itself. Until then, closing this window quits "
                  "Hearth.");
    }
    const QStringList withPanel = {QStringLiteral("KDE"), QStringLiteral("XFCE"), QStringLiteral("MATE"),
                                   QStringLiteral("LXQt"), QStringLiteral("X-Cinnamon")};
    for (const QString &name : names) {
        if (withPanel.contains(name, Qt::CaseInsensitive)) {
            return tr("The panel of this desktop has no tray. Add its system tray or notification area; the icon "
                      "appears by itself. Until then, closing this window quits Hearth.");
        }
    }
    return tr("This desktop has no tray for icons. A panel with one does: that of waybar under Wayland, say, or the "
              "package trayer under X11; the icon appears by itself. Until then, closing this window quits Hearth.");
}

} // namespace hearth::indicator
