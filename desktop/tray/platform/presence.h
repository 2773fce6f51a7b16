// Presence: whether the owner wants the box for himself now, by the rules that he has set.
//
// TrayApp owns one and hands its reasons to PublisherHost. It asks the probes at an interval and when they tell of a
// change, and only those that a rule needs; the schedule changes on the minute. The owner comes first: as long as a
// probe has not given its first answer, that is a reason, too. Local time comes from the clock's wall time. Main
// thread.

#pragma once

#include "clock.h"
#include "desktopsettings.h"

#include <QDateTime>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace hearth::platform {

/// What Presence asks. None of it may block. Answers that cannot be had are `false`; nothing means that the first
/// answer is still on its way.
class PresenceProbes
{
public:
    virtual ~PresenceProbes() = default;

    virtual std::optional<bool> isOnBattery() = 0;
    /// Whether another program has a window that covers a whole screen, minimized ones left out.
    virtual std::optional<bool> isFullScreen() = 0;
    /// The names of all executables of this user that run now.
    virtual QStringList programs() = 0;

    /// `changed` is called when one of the answers is another one now than it was when asked, but never from inside a
    /// question; not every change is told. Empty ends that.
    void setListener(std::function<void()> changed) { m_changed = std::move(changed); }

protected:
    void tellChange() const
    {
        if (m_changed)
            m_changed();
    }

private:
    std::function<void()> m_changed;
};

/// UPower over D-Bus, the window manager's hints over X11 (nothing under Wayland, where nobody may ask), /proc.
std::unique_ptr<PresenceProbes> makeDesktopProbes();

struct PresenceSettings
{
    /// Between two questions to the probes.
    Duration interval = std::chrono::seconds(5);
    /// Longest trust in the date, which jumps when the machine was suspended or its clock is set.
    Duration dateCheck = std::chrono::minutes(1);
    /// How long the first answer of a probe is waited for; from then on it counts as `false`.
    Duration firstAnswer = std::chrono::seconds(10);
};

class Presence final : public QObject
{
    Q_OBJECT

public:
    /// Both must outlive it. It is the listener of the probes.
    Presence(PresenceProbes &probes, Clock &clock, PresenceSettings settings = {}, QObject *parent = nullptr);
    ~Presence() override;

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
    /// Until when first answers are waited for.
    MonotonicTime m_patienceEnds{};
    QStringList m_reasons;
    Timer m_timer;
};

} // namespace hearth::platform
