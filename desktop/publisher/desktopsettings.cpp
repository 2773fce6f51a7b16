#include "desktopsettings.h"

#include "configreading.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

void checkPrograms(const Reading &in, const QStringList &programs)
{
    const auto isName = [](const QString &name) { return !name.isEmpty() && !name.contains(u'/'); };
    if (!std::ranges::all_of(programs, isName))
        in.complain("desktop.pause.programs", QStringLiteral("must be names of executables, without a path"));
}

PauseSchedule readSchedule(const Reading &in)
{
    const Result<PauseSchedule> schedule = PauseSchedule::parse(in.values.list("desktop.pause.schedule"));
    if (schedule)
        return *schedule;
    in.complain("desktop.pause.schedule", schedule.error().message);
    return {};
}

} // namespace

std::vector<Setting> desktopSettingTable()
{
    const DesktopSettings desktop;
    const NotificationSettings &notifications = desktop.notifications;
    const PauseRules &pause = desktop.pause;
    return {
        Setting::boolean("desktop.closeToTray", desktop.closeToTray,
                         "Whether closing the window of hearth-tray leaves it running in the tray."),
        Setting::boolean("desktop.notifications.keyRefused", notifications.keyRefused,
                         "Whether to notify when the server refuses the key."),
        Setting::boolean("desktop.notifications.nameTaken", notifications.nameTaken,
                         "Whether to notify when the name of a model or agent is taken."),
        Setting::boolean("desktop.notifications.wakeFailed", notifications.wakeFailed,
                         "Whether to notify when a backend could not be woken."),
        Setting::boolean("desktop.notifications.backendLost", notifications.backendLost,
                         "Whether to notify when a backend that nothing can wake is gone."),
        Setting::boolean("desktop.pause.onBattery", pause.onBattery,
                         "Whether nothing new is taken while the machine runs on battery."),
        Setting::boolean("desktop.pause.fullScreen", pause.fullScreen,
                         "Whether nothing new is taken while a program fills the screen."),
        Setting::textList("desktop.pause.programs", pause.programs,
                          "Nothing new is taken while one of these executables runs."),
        Setting::textList("desktop.pause.schedule", {},
                          "Nothing new is taken in these hours, for example \"Mon-Fri 09:00-17:30\"."),
    };
}

DesktopSettings readDesktopSettings(const SettingValues &values, QList<ConfigProblem> &problems)
{
    const Reading in{values, problems};
    DesktopSettings desktop;
    desktop.closeToTray = values.boolean("desktop.closeToTray");
    desktop.notifications = {.keyRefused = values.boolean("desktop.notifications.keyRefused"),
                             .nameTaken = values.boolean("desktop.notifications.nameTaken"),
                             .wakeFailed = values.boolean("desktop.notifications.wakeFailed"),
                             .backendLost = values.boolean("desktop.notifications.backendLost")};
    desktop.pause = {.onBattery = values.boolean("desktop.pause.onBattery"),
                     .fullScreen = values.boolean("desktop.pause.fullScreen"),
                     .programs = values.list("desktop.pause.programs"),
                     .schedule = readSchedule(in)};
    checkPrograms(in, desktop.pause.programs);
    return desktop;
}

} // namespace hearth::publisher
