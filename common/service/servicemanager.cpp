#include "servicemanager.h"

#include "logging.h"

#include <QStringBuilder>

#include <systemd/sd-daemon.h>

namespace hearth::service {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

/// Each assignment is a line. That nobody listens is the usual case outside of a service, and no failure.
void send(const QByteArray &assignments)
{
    sd_notify(0, assignments.constData());
}

/// Characters of a status. The manager drops every message of more than 4,096 bytes, READY with it; in UTF-8 these are
/// 3,000 at most, and what stands beside them is short.
constexpr qsizetype longestStatus = 1'000;

QString shortened(QString text)
{
    if (text.size() <= longestStatus)
        return text;
    text.truncate(longestStatus);
    // Not half a character.
    if (text.back().isHighSurrogate())
        text.chop(1);
    return text + u'…';
}

/// A second line in the text would be an assignment of its own.
QByteArray statusLine(const QString &status)
{
    return "STATUS=" + shortened(redact(status).simplified()).toUtf8();
}

QByteArray number(microseconds duration)
{
    return QByteArray::number(static_cast<qint64>(duration.count()));
}

QString counted(int count, const QString &thing)
{
    return QString::number(count) % u' ' % thing % QLatin1String(count == 1 ? "" : "s");
}

} // namespace

QString drainStatus(int requests, int wakes)
{
    QStringList running;
    if (requests > 0)
        running.append(counted(requests, QStringLiteral("request")));
    if (wakes > 0)
        running.append(counted(wakes, QStringLiteral("wake")));
    if (running.isEmpty())
        return {};
    return QStringLiteral("draining: ") % running.join(QLatin1String(" and ")) % QLatin1String(" still running");
}

ServiceManager::ServiceManager(Clock &clock)
    : m_watchdog(clock, [this] { feedWatchdog(); })
{
    uint64_t limit = 0;
    // Not for children: they would believe that the watchdog waits for them.
    constexpr int unsetsEnvironment = 1;
    if (sd_watchdog_enabled(unsetsEnvironment, &limit) <= 0)
        return;
    // Half of what the manager waits for, as sd_watchdog_enabled(3) recommends.
    m_feedInterval = std::max(duration_cast<Duration>(microseconds(limit)) / 2, Duration(1));
}

void ServiceManager::sayReady(const QString &status)
{
    send("READY=1\n" + statusLine(status));
    // Not before: the manager's watchdog begins with READY, or with the first sign of life if that comes earlier, as it
    // must not. A start may block the event loop for as long as it needs.
    if (m_feedInterval > Duration::zero() && !m_watchdog.isActive())
        m_watchdog.start(m_feedInterval);
}

void ServiceManager::sayReloading() const
{
    // Not of the injected clock: the manager compares it with its own, to the microsecond.
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    send("RELOADING=1\nMONOTONIC_USEC=" + number(duration_cast<microseconds>(now)));
}

void ServiceManager::sayStopping(Duration limit, const QString &status)
{
    // STOPPING ends the manager's watchdog, and a sign of life would begin it again. The last that is yet to be read is
    // covered by the extension, which holds for the watchdog, too.
    m_watchdog.stop();
    send("STOPPING=1\nEXTEND_TIMEOUT_USEC=" + number(limit) + '\n' + statusLine(status));
}

void ServiceManager::sayStatus(const QString &status) const
{
    send(statusLine(status));
}

void ServiceManager::feedWatchdog()
{
    send("WATCHDOG=1");
    m_watchdog.start(m_feedInterval);
}

} // namespace hearth::service
