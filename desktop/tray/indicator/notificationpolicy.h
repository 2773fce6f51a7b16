// NotificationPolicy: which attentions are told to the owner as notifications, and when.
//
// TrayApp asks it whenever the attentions may be others and does what it says. Each cause is told once while it lasts;
// one that went and came again is told again when enough time has passed since it was last told. Kinds without a
// switch in the settings are always told. Main thread; it shows nothing itself.

#pragma once

#include "attention.h"
#include "clock.h"
#include "desktopsettings.h"
#include "notifier.h"

#include <QCoreApplication>
#include <QHash>

#include <vector>

namespace hearth::indicator {

struct NotificationPolicySettings
{
    /// Until a cause that has gone and come again may be told again.
    Duration quiet = std::chrono::minutes(10);
};

struct NotificationOrders
{
    std::vector<platform::Notification> show;
    /// Ids of those whose cause has gone.
    QStringList withdraw;
};

class NotificationPolicy
{
    Q_DECLARE_TR_FUNCTIONS(hearth::indicator::NotificationPolicy)

public:
    explicit NotificationPolicy(Clock &clock, NotificationPolicySettings settings = {});

    NotificationOrders update(const std::vector<status::Attention> &attentions,
                              const publisher::NotificationSettings &wanted);

private:
    struct Told
    {
        MonotonicTime when{};
        bool isShown = false;
    };

    static QString titleOf(const status::Attention &attention);

    Clock &m_clock;
    const NotificationPolicySettings m_settings;
    QHash<QString, Told> m_told;
};

} // namespace hearth::indicator
