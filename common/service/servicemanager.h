// ServiceManager: what a program tells the manager that runs it as a service, which is systemd (sd_notify(3)).
//
// The program's main part makes one and says when its work begins, what it is doing, when it reads its configuration
// again and when it ends. In between, from ready to stopping, the manager's watchdog hears of it as long as the event
// loop turns; when the loop hangs, the watchdog does not, and the manager starts the program anew. Start and end have
// limits of their own, and may block the loop. Where no manager listens nothing of this does anything. Main thread
// only, and to be made before there is another: it changes the environment.
//
// NOTIFY_SOCKET stays in the environment, because every message needs it. Whoever starts children must not hand the
// environment on as it is; the recipes of a publisher get one of their own.

#pragma once

#include "clock.h"

#include <QString>

namespace hearth::service {

/// The status of a program that takes nothing new and lets this finish: `draining: 2 requests still running`. Empty
/// when nothing is left.
QString drainStatus(int requests, int wakes = 0);

/// The texts are one line for people: `systemctl status` shows the last one. Secrets are taken out, and what is too
/// long for the manager is cut.
class ServiceManager final
{
public:
    /// `clock` must outlive it.
    explicit ServiceManager(Clock &clock);

    /// The program does its work from now on; also ends what sayReloading() has begun, be it that nothing has changed.
    void sayReady(const QString &status);
    void sayReloading() const;
    /// The program does no more than to finish, and has ended after `limit` at the latest, however short a time the
    /// manager would have given it. Only sayStatus() may follow.
    void sayStopping(Duration limit, const QString &status);
    /// What the program is doing has changed.
    void sayStatus(const QString &status) const;

private:
    void feedWatchdog();

    Timer m_watchdog;
    /// Between two messages to the watchdog.
    Duration m_feedInterval{};
};

} // namespace hearth::service
