#include "sleepcycle.h"

#include "testbackend.h"

namespace hearth::testbackend {

namespace {

/// For a boot whose end no caller waits for.
void warn(const Result<void> &booted)
{
    if (!booted)
        qWarning("%s", qUtf8Printable(booted.error().message));
}

} // namespace

SleepCycle::SleepCycle(TestBackend &backend, SleepSettings settings, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_backend(backend)
    , m_settings(settings)
    , m_boot(clock, [this] { warn(bootEnded()); })
{}

Result<void> SleepCycle::start()
{
    if (const Result<void> reserved = m_backend.reserve(); !reserved)
        return reserved;
    if (!m_settings.startsAsleep)
        return boot();
    Q_EMIT fellAsleep();
    return {};
}

void SleepCycle::wake(Call call)
{
    ++m_counts.wakes;
    if (call == Call::Obeyed && !m_awake && !m_booting)
        warn(boot());
}

void SleepCycle::sleep()
{
    ++m_counts.sleeps;
    m_boot.stop();
    m_booting = false;
    m_awake = false;
    m_backend.stop();
    Q_EMIT fellAsleep();
}

Result<void> SleepCycle::boot()
{
    m_booting = true;
    if (m_settings.bootFails)
        return {};
    if (m_settings.boot == Duration::zero())
        return bootEnded();
    m_boot.start(m_settings.boot);
    return {};
}

Result<void> SleepCycle::bootEnded()
{
    m_booting = false;
    if (const Result<void> listening = m_backend.listen(); !listening)
        return listening;
    m_awake = true;
    ++m_counts.boots;
    Q_EMIT awoke();
    return {};
}

} // namespace hearth::testbackend
