// TrayWatch: tells whether this desktop has a tray, now and whenever that changes.
//
// TrayApp owns one. Trays come late at login, and come and go with their panels, so it looks again with growing pauses,
// and at once when a tray announces itself on D-Bus. It asks desktopHasTray() and not Qt: on X11 Qt 6.4 decides on the
// first question whether icons go over D-Bus, and keeps to that, so the first question must wait until there is a
// tray. Main thread.

#pragma once

#include "clock.h"

#include <QObject>

#include <functional>

namespace hearth::indicator {

/// Whether somebody shows status icons now: a host known to the StatusNotifierWatcher on the session bus or, under X11,
/// the owner of the screen's tray selection (freedesktop.org System Tray Protocol).
bool desktopHasTray();

struct TrayWatchSettings
{
    /// Until the second look; doubled after each one that finds what the one before it has found.
    Duration firstPause = std::chrono::seconds(1);
    Duration longestPause = std::chrono::seconds(30);
};

class TrayWatch final : public QObject
{
    Q_OBJECT

public:
    explicit TrayWatch(Clock &clock, std::function<bool()> hasTray = &desktopHasTray, TrayWatchSettings settings = {},
                       QObject *parent = nullptr);

    bool isThere() const { return m_isThere; }

Q_SIGNALS:
    void changed(bool isThere);

private Q_SLOTS:
    void announced();

private:
    void look();

    std::function<bool()> m_hasTray;
    const TrayWatchSettings m_settings;
    bool m_isThere;
    Duration m_pause;
    Timer m_timer;
};

} // namespace hearth::indicator
