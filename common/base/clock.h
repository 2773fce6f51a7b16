// Clock and Timer: the only sources of time in Hearth.
//
// A Clock answers two questions: how much time has passed (monotonic, for every timeout and age) and what the date is
// (wall, only for stamps that people and rows see). A Timer calls a function when a monotonic duration has passed.
// SystemClock drives timers from the Qt event loop; FakeClock lets a test advance time by hand and runs what falls due.
//
// A clock and its timers belong to one thread. A Timer costs no system call to restart: streams restart theirs for
// every chunk. Not for scheduling at a date.

#pragma once

#include <QObject>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

class QTimer;

namespace hearth {

using Duration = std::chrono::milliseconds;
/// Milliseconds since an arbitrary origin; never jumps.
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;
/// Milliseconds since the Unix epoch; may jump when the machine's date is set.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

class Timer;

class Clock
{
public:
    Clock() = default;
    virtual ~Clock();
    Clock(const Clock &) = delete;
    Clock &operator=(const Clock &) = delete;

    virtual MonotonicTime now() const = 0;
    virtual WallTime wallNow() const = 0;

protected:
    /// The earliest moment at which runDue() has something to do; MonotonicTime::max() when no timer is active.
    MonotonicTime nextDue() const;
    /// Runs the functions of all timers that are due at now(), the earliest first.
    void runDue();
    /// Called when nextDue() may have become earlier.
    virtual void dueChanged() = 0;

private:
    friend class Timer;

    struct State;

    // A binary heap whose elements know their place, so that a stopped timer leaves at once.
    void enter(State &state);
    void leave(State &state);
    void siftUp(size_t index);
    void siftDown(size_t index);
    void place(size_t index, State *state);

    std::vector<State *> m_heap;
    quint64 m_order = 0;
};

/// Calls a function once each time it is started and not stopped in time.
///
/// The function may restart, stop or destroy the timer. Destroying the timer stops it.
class Timer
{
public:
    /// `clock` must outlive the timer.
    Timer(Clock &clock, std::function<void()> function);
    ~Timer();
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;

    /// Starts, or starts again, to run out in `duration` from now.
    void start(Duration duration);
    void stop();
    bool isActive() const;

private:
    Clock &m_clock;
    std::shared_ptr<Clock::State> m_state;
};

/// The real time of this machine. Timers need the event loop of the thread that made the clock.
class SystemClock final : public QObject, public Clock
{
    Q_OBJECT

public:
    explicit SystemClock(QObject *parent = nullptr);

    MonotonicTime now() const override;
    WallTime wallNow() const override;

protected:
    void dueChanged() override;

private:
    void wake();

    QTimer *m_timer;
    MonotonicTime m_armedFor = MonotonicTime::max();
};

/// Time that stands still until a test advances it.
class FakeClock final : public Clock
{
public:
    MonotonicTime now() const override { return m_now; }

    WallTime wallNow() const override { return m_wall; }

    /// Moves both times forward and runs what falls due on the way, each at its own moment.
    void advance(Duration duration);

    /// Sets the date alone, as an administrator would.
    void jumpWall(Duration difference) { m_wall += difference; }

protected:
    void dueChanged() override {}

private:
    MonotonicTime m_now{std::chrono::hours(1)};
    WallTime m_wall{std::chrono::seconds(1'800'000'000)};
};

} // namespace hearth
