// The parts of a TrayApp that touch the desktop, in a test's hands.

#pragma once

#include "notifier.h"
#include "presence.h"

namespace hearth::testsupport {

/// Remembers what it is told to show.
class NotifierSpy final : public platform::Notifier
{
public:
    void show(const platform::Notification &notification) override { shown.append(notification); }

    void withdraw(const QString &id) override { withdrawn.append(id); }

    QList<platform::Notification> shown;
    QStringList withdrawn;
};

/// Answers what it has been told to.
class PresenceScript final : public platform::PresenceProbes
{
public:
    std::optional<bool> isOnBattery() override
    {
        ++asked;
        return onBattery;
    }

    std::optional<bool> isFullScreen() override { return fullScreen; }

    QStringList programs() override { return running; }

    /// How often the question for the battery was put.
    int asked = 0;
    bool onBattery = false;
    bool fullScreen = false;
    QStringList running;
};

} // namespace hearth::testsupport
