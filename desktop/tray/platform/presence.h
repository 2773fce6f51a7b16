// Presence: whether the owner wants the box for himself now, by the rules that he has set.
//
// TrayApp owns one and hands its reasons to PublisherHost. It asks the probes at an interval, and only those that a
// rule needs; the schedule changes on the minute. Local time comes from the clock's wall time. Main thread.

#pragma once

#include "clock.h"
#include "desktopsettings.h"

#include <QDateTime>
#include <QObject>

#include <memory>

namespace hearth::platform {

/// What Presence asks. None of it may block. Answers that cannot be had are `false`.
class PresenceProbes
{
public:
    virtual ~PresenceProbes() = default;

    virtual bool isOnBattery() = 0;
    /// Whether a window of another program covers a whole screen.
    virtual bool isFullScreen() = 0;
    /// The names of all executables of this user that run now.
    virtual QStringList programs() = 0;
};

/// UPower over D-Bus, the window manager's hints over X11 (nothing under Wayland, where nobody may ask), /proc.
std::unique_ptr<PresenceProbes> makeDesktopProbes();

struct PresenceSettings
{
    /// Between two questions to the probes.
    Duration interval = std::chrono::seconds(5);
    /// Longest trust in the date, which jumps when the machine was suspended or its clock is set.
    Duration dateCheck = std::chrono::minutes(1);
};

class Presence final : public QObject
{
    Q_OBJECT

public:
    Presence(PresenceProbes &probes, Clock &clock, PresenceSettings settings = {}, QObject *parent = nullptr);

    void setRules(const publisher::PauseRules &rules);

    /// Why nothing new should be taken now, in words for people, translated; empty when nothing speaks against it.
    const QStringList &reasons() const { return m_reasons; }

Q_SIGNALS:
    void reasonsChanged();

private:
    void look();
    QStringList reasonsAt(const QDateTime &now) const;
    void scheduleNextLook(const QDateTime &now);

    PresenceProbes &m_probes;
    Clock &m_clock;
    PresenceSettings m_settings;
    publisher::PauseRules m_rules;
    QStringList m_reasons;
    Timer m_timer;
};

} // namespace hearth::platform
