#include "traywatch.h"

#include "buscall.h"

#include <QDBusServiceWatcher>
#include <QGuiApplication>

#include <xcb/xcb.h>

#include <cstdlib>
#include <memory>

namespace hearth::indicator {

namespace {

// freedesktop.org StatusNotifierItem, as KDE has written it down and others have followed.
const QString watcherService = QStringLiteral("org.kde.StatusNotifierWatcher");
const QString watcherPath = QStringLiteral("/StatusNotifierWatcher");

struct FreeReply
{
    void operator()(void *reply) const { std::free(reply); }
};

/// Hearth's windows and trays are on the first screen: more than one is a thing of the past.
bool hasX11Tray(xcb_connection_t *connection)
{
    const QByteArray name = QByteArrayLiteral("_NET_SYSTEM_TRAY_S0");
    const std::unique_ptr<xcb_intern_atom_reply_t, FreeReply> atom(xcb_intern_atom_reply(
        connection, xcb_intern_atom(connection, true, uint16_t(name.size()), name.constData()), nullptr));
    if (!atom || atom->atom == XCB_ATOM_NONE)
        return false;
    const std::unique_ptr<xcb_get_selection_owner_reply_t, FreeReply> owner(
        xcb_get_selection_owner_reply(connection, xcb_get_selection_owner(connection, atom->atom), nullptr));
    return owner && owner->owner != XCB_WINDOW_NONE;
}

bool hasX11Tray()
{
    const auto *x11 = qGuiApp->nativeInterface<QNativeInterface::QX11Application>();
    // The platform "offscreen" has the interface and no connection.
    xcb_connection_t *connection = x11 ? x11->connection() : nullptr;
    return connection && hasX11Tray(connection);
}

} // namespace

void askDesktopForTray(QObject &context, const std::function<void(bool)> &answer)
{
    // A watcher without a host only keeps the books: the panel that shows the icons comes a moment later.
    QDBusMessage question = platform::readProperty(watcherService, watcherPath, watcherService,
                                                   QStringLiteral("IsStatusNotifierHostRegistered"));
    question.setAutoStartService(false);
    platform::callBus(QDBusConnection::sessionBus(), question, context, [answer](const QDBusMessage &reply) {
        answer(platform::propertyIn(reply).toBool() || hasX11Tray());
    });
}

TrayWatch::TrayWatch(Clock &clock, AskForTray ask, TrayWatchSettings settings, QObject *parent)
    : QObject(parent)
    , m_ask(std::move(ask))
    , m_settings(settings)
    , m_pause(settings.firstPause)
    , m_timer(clock, [this] { look(); })
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    auto *watchers = new QDBusServiceWatcher(watcherService, bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watchers, &QDBusServiceWatcher::serviceOwnerChanged, this, &TrayWatch::announced);
    bus.connect(watcherService, watcherPath, watcherService, QStringLiteral("StatusNotifierHostRegistered"), this,
                SLOT(announced()));
}

void TrayWatch::start()
{
    look();
}

void TrayWatch::announced()
{
    m_pause = m_settings.firstPause;
    look();
}

void TrayWatch::look()
{
    if (std::exchange(m_isAsking, true)) {
        m_looksAgain = true;
        return;
    }
    m_timer.stop();
    m_ask(*this, [this](bool isThere) { answered(isThere); });
}

void TrayWatch::answered(bool isThere)
{
    m_isAsking = false;
    const bool hasChanged = isThere != m_isThere;
    m_isThere = isThere;
    m_pause = hasChanged ? m_settings.firstPause : std::min(2 * m_pause, m_settings.longestPause);
    m_timer.start(m_pause);
    if (hasChanged)
        Q_EMIT changed(isThere);
    if (std::exchange(m_looksAgain, false))
        look();
}

} // namespace hearth::indicator
