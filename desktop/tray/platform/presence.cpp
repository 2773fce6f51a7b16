#include "presence.h"

#include <algorithm>

namespace hearth::platform {

namespace {

QDateTime localTime(WallTime time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
}

bool needsProbes(const publisher::PauseRules &rules)
{
    return rules.onBattery || rules.fullScreen || !rules.programs.isEmpty();
}

} // namespace

Presence::Presence(PresenceProbes &probes, Clock &clock, PresenceSettings settings, QObject *parent)
    : QObject(parent)
    , m_probes(probes)
    , m_clock(clock)
    , m_settings(settings)
    , m_timer(clock, [this] { look(); })
{
    m_probes.setListener([this] { look(); });
}

Presence::~Presence()
{
    m_probes.setListener({});
}

void Presence::setRules(const publisher::PauseRules &rules)
{
    m_rules = rules;
    m_patienceEnds = m_clock.now() + m_settings.firstAnswer;
    look();
}

void Presence::look()
{
    const QDateTime now = localTime(m_clock.wallNow());
    scheduleNextLook(now);
    QStringList reasons = reasonsAt(now);
    if (reasons == m_reasons)
        return;
    m_reasons = std::move(reasons);
    Q_EMIT reasonsChanged();
}

QStringList Presence::reasonsAt(const QDateTime &now) const
{
    QStringList reasons;
    bool isUnknown = false;
    const auto holds = [&isUnknown](std::optional<bool> answer) {
        isUnknown = isUnknown || !answer;
        return answer.value_or(false);
    };
    if (m_rules.schedule.contains(now))
        reasons.append(tr("The schedule keeps this hour free"));
    if (m_rules.onBattery && holds(m_probes.isOnBattery()))
        reasons.append(tr("This machine runs on battery"));
    if (m_rules.fullScreen && holds(m_probes.isFullScreen()))
        reasons.append(tr("A program fills the screen"));
    if (isUnknown && m_clock.now() < m_patienceEnds)
        reasons.append(tr("It is being found out whether you need this machine"));
    if (m_rules.programs.isEmpty())
        return reasons;
    const QStringList running = m_probes.programs();
    for (const QString &program : m_rules.programs) {
        if (running.contains(program, Qt::CaseInsensitive))
            reasons.append(tr("%1 is running").arg(program));
    }
    return reasons;
}

void Presence::scheduleNextLook(const QDateTime &now)
{
    Duration wait = Duration::max();
    if (needsProbes(m_rules))
        wait = m_settings.interval;
    if (const QDateTime change = m_rules.schedule.nextChange(now); change.isValid())
        wait = std::min({wait, Duration(now.msecsTo(change)), m_settings.dateCheck});
    if (wait == Duration::max())
        m_timer.stop();
    else
        m_timer.start(std::max(wait, Duration(1)));
}

} // namespace hearth::platform
