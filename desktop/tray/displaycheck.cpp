#include "displaycheck.h"

#include <xcb/xcb.h>

#include <memory>

namespace hearth::tray {

namespace {

struct Disconnect
{
    void operator()(xcb_connection_t *connection) const { xcb_disconnect(connection); }
};

bool canReachX11(const QByteArray &display)
{
    // Never null, even when it fails.
    const std::unique_ptr<xcb_connection_t, Disconnect> connection(xcb_connect(display.constData(), nullptr));
    return xcb_connection_has_error(connection.get()) == 0;
}

} // namespace

QString displayProblem(const QProcessEnvironment &environment)
{
    const QString advice = QStringLiteral(" On a machine without a desktop, run hearth-publisher.");
    const QString platform = environment.value(QStringLiteral("QT_QPA_PLATFORM"));
    const QString display = environment.value(QStringLiteral("DISPLAY"));
    const bool hasWayland = environment.contains(QStringLiteral("WAYLAND_DISPLAY"));
    // Other platforms, offscreen say, need none of these.
    const bool needsDesktop = platform.isEmpty() || platform.startsWith(QStringLiteral("xcb")) ||
                              platform.startsWith(QStringLiteral("wayland"));
    if (!needsDesktop || hasWayland)
        return {};
    if (display.isEmpty())
        return QStringLiteral("There is no desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.") + advice;
    if (!canReachX11(display.toLocal8Bit()))
        return QStringLiteral("The display %1 cannot be reached.").arg(display) + advice;
    return {};
}

} // namespace hearth::tray
