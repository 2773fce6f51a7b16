// TrayWatch: tells whether this desktop has a tray, now and whenever that changes.
//
// TrayApp owns one. Trays come late at login, and come and go with their panels, so it looks again with growing pauses,
// and at once when a tray announces itself on D-Bus. It asks askDesktopForTray() and not Qt: on X11 Qt 6.4 decides on
// the first question whether icons go over D-Bus, and keeps to that, so the first question must wait until there is a
// tray. Nothing blocks: until the first answer nothing is known, and afterwards the last answer counts. Main thread.

#pragma once

#include "clock.h"

#include <QObject>

#include <functional>
#include <optional>

namespace hearth::indicator {

/// Calls its second argument once, at once or later, with whether there is a tray; never after the first one has gone.
using AskForTray = std::function<void(QObject &context, const std::function<void(bool)> &answer)>;

/// Whether somebody shows status icons now: a host known to the StatusNotifierWatcher on the session bus or, under X11,
/// the owner of the screen's tray selection (freedesktop.org System Tray Protocol). An AskForTray.
void askDesktopForTray(QObject &context, const std::function<void(bool)> &answer);

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
    explicit TrayWatch(Clock &clock, AskForTray ask = &askDesktopForTray, TrayWatchSettings settings = {},
                       QObject *parent = nullptr);

    /// Begins; the first changed() tells how it is, perhaps at once.
    void start();

    /// False as long as it is not known.
    bool isThere() const { return m_isThere.value_or(false); }

Q_SIGNALS:
    void changed(bool isThere);

private Q_SLOTS:
    void announced();

private:
    void look();
    void answered(bool isThere);

    AskForTray m_ask;
    const TrayWatchSettings m_settings;
    std::optional<bool> m_isThere;
    bool m_isAsking = false;
    /// Something was announced while an answer was awaited.
    bool m_looksAgain = false;
    Duration m_pause;
    Timer m_timer;
};

} // namespace hearth::indicator
