// DesktopSettings: the section `desktop` of publisher.yaml, which only hearth-tray heeds.
//
// Read together with the rest by checkConfig() (desktop/draft); hearth-publisher accepts the section and passes it
// over, because both programs use the same file. Plain values.

#pragma once

#include "pauseschedule.h"
#include "setting.h"

namespace hearth::publisher {

/// Which notifications the owner wants; each on its own.
struct NotificationSettings
{
    bool keyRefused = true;
    bool nameTaken = true;
    bool wakeFailed = true;
    bool backendLost = true;

    friend bool operator==(const NotificationSettings &, const NotificationSettings &) = default;
};

/// When the owner wants the box for himself: nothing new is taken while any of these holds.
struct PauseRules
{
    bool onBattery = false;
    bool fullScreen = false;
    /// Names of executables, without a path.
    QStringList programs = {};
    PauseSchedule schedule = {};

    friend bool operator==(const PauseRules &, const PauseRules &) = default;
};

struct DesktopSettings
{
    /// Closing the window leaves the program in the tray, where there is one.
    bool closeToTray = true;
    NotificationSettings notifications = {};
    PauseRules pause = {};

    friend bool operator==(const DesktopSettings &, const DesktopSettings &) = default;
};

/// The settings `desktop.…` for publisherSettingTable().
std::vector<Setting> desktopSettingTable();

/// What they mean. Complaints are added to `problems`.
DesktopSettings readDesktopSettings(const SettingValues &values, QList<ConfigProblem> &problems);

} // namespace hearth::publisher
