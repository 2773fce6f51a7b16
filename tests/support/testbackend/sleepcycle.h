// SleepCycle: lets a test backend sleep and wake, as a backend that is started on demand does.
//
// Made by hearth-testbackend's main and by tests, on the thread of the backend. Asleep and while it boots, the
// backend's port refuses connections, but stays its own. WakeListener and the signals of the program are its switches;
// it counts how often they were used, for what a test wants to know is how often somebody else has started the backend.

#pragma once

#include "clock.h"
#include "result.h"

#include <QObject>

namespace hearth::testbackend {

class TestBackend;

struct SleepSettings
{
    /// Otherwise the start of the program is what begins the first boot.
    bool startsAsleep = false;
    /// From the beginning of a boot until the backend listens.
    Duration boot = Duration::zero();
    /// No boot ever comes to its end.
    bool bootFails = false;
};

struct SleepCounts
{
    /// Calls of wake(), whatever the backend was doing.
    int wakes = 0;
    /// Calls of sleep().
    int sleeps = 0;
    /// Boots that have come to their end.
    int boots = 0;
};

class SleepCycle : public QObject
{
    Q_OBJECT

public:
    enum class Call { Obeyed, Refused };

    /// `backend` and `clock` must outlive the cycle.
    SleepCycle(TestBackend &backend, SleepSettings settings, Clock &clock, QObject *parent = nullptr);

    /// Takes the backend's port and, unless it is to start asleep, boots. Fails with ErrorCode::Io.
    Result<void> start();

    /// Counts a call that wants the backend awake, and if it is obeyed boots the backend where it is asleep.
    void wake(Call call = Call::Obeyed);
    /// Ends a boot, or stops to listen and drops every connection.
    void sleep();

    bool isAwake() const { return m_awake; }

    const SleepCounts &counts() const { return m_counts; }

Q_SIGNALS:
    void awoke();
    void fellAsleep();

private:
    Result<void> boot();
    Result<void> bootEnded();

    TestBackend &m_backend;
    SleepSettings m_settings;
    SleepCounts m_counts;
    bool m_booting = false;
    bool m_awake = false;
    Timer m_boot;
};

} // namespace hearth::testbackend
