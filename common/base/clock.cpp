#include "clock.h"

#include <QTimer>

#include <algorithm>

namespace hearth {

// A restart to a later moment only moves `deadline`: when the element surfaces in the heap it finds that it came too
// early and sinks again. So a timer that is restarted for every chunk of a stream touches the heap once per period.
struct Clock::State : std::enable_shared_from_this<Clock::State>
{
    static constexpr size_t notQueued = SIZE_MAX;

    bool before(const State &other) const
    {
        return surfacesAt != other.surfacesAt ? surfacesAt < other.surfacesAt : order < other.order;
    }

    std::function<void()> function;
    MonotonicTime deadline;
    MonotonicTime surfacesAt;
    quint64 order = 0;
    size_t index = notQueued;
};

Clock::~Clock() = default;

MonotonicTime Clock::nextDue() const
{
    return m_heap.empty() ? MonotonicTime::max() : m_heap.front()->surfacesAt;
}

void Clock::runDue()
{
    const MonotonicTime limit = now();
    while (nextDue() <= limit) {
        State &first = *m_heap.front();
        leave(first);
        if (first.deadline > limit) {
            enter(first);
            continue;
        }
        // The function may destroy its timer, and with it the state that holds the function.
        const std::shared_ptr<State> alive = first.shared_from_this();
        alive->function();
    }
}

void Clock::enter(State &state)
{
    state.surfacesAt = state.deadline;
    state.order = m_order++;
    m_heap.push_back(nullptr);
    place(m_heap.size() - 1, &state);
    siftUp(state.index);
    if (state.index == 0)
        dueChanged();
}

void Clock::leave(State &state)
{
    const size_t index = state.index;
    state.index = State::notQueued;
    State *const last = m_heap.back();
    m_heap.pop_back();
    if (last == &state)
        return;
    place(index, last);
    siftUp(index);
    siftDown(last->index);
}

void Clock::place(size_t index, State *state)
{
    m_heap[index] = state;
    state->index = index;
}

void Clock::siftUp(size_t index)
{
    State *const state = m_heap[index];
    while (index > 0) {
        const size_t parent = (index - 1) / 2;
        if (!state->before(*m_heap[parent]))
            break;
        place(index, m_heap[parent]);
        index = parent;
    }
    place(index, state);
}

void Clock::siftDown(size_t index)
{
    State *const state = m_heap[index];
    for (;;) {
        size_t child = 2 * index + 1;
        if (child >= m_heap.size())
            break;
        if (child + 1 < m_heap.size() && m_heap[child + 1]->before(*m_heap[child]))
            ++child;
        if (!m_heap[child]->before(*state))
            break;
        place(index, m_heap[child]);
        index = child;
    }
    place(index, state);
}

Timer::Timer(Clock &clock, std::function<void()> function)
    : m_clock(clock)
    , m_state(std::make_shared<Clock::State>())
{
    m_state->function = std::move(function);
}

Timer::~Timer()
{
    stop();
}

void Timer::start(Duration duration)
{
    m_state->deadline = m_clock.now() + std::max(duration, Duration::zero());
    if (isActive()) {
        if (m_state->deadline >= m_state->surfacesAt)
            return;
        m_clock.leave(*m_state);
    }
    m_clock.enter(*m_state);
}

void Timer::stop()
{
    if (isActive())
        m_clock.leave(*m_state);
}

bool Timer::isActive() const
{
    return m_state->index != Clock::State::notQueued;
}

SystemClock::SystemClock(QObject *parent)
    : QObject(parent)
    , m_timer(new QTimer(this))
{
    m_timer->setSingleShot(true);
    m_timer->setTimerType(Qt::PreciseTimer);
    connect(m_timer, &QTimer::timeout, this, &SystemClock::wake);
}

MonotonicTime SystemClock::now() const
{
    return std::chrono::time_point_cast<Duration>(std::chrono::steady_clock::now());
}

WallTime SystemClock::wallNow() const
{
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

void SystemClock::dueChanged()
{
    m_armedFor = nextDue();
    // Rounded up by one: now() is truncated to milliseconds, and waking early would only mean waking twice.
    m_timer->start(std::max(m_armedFor - now(), Duration::zero()) + Duration(1));
}

void SystemClock::wake()
{
    m_armedFor = MonotonicTime::max();
    runDue();
    if (nextDue() != m_armedFor && nextDue() != MonotonicTime::max())
        dueChanged();
}

void FakeClock::advance(Duration duration)
{
    const MonotonicTime end = m_now + duration;
    while (nextDue() <= end) {
        const Duration step = std::max(nextDue() - m_now, Duration::zero());
        m_now += step;
        m_wall += step;
        runDue();
    }
    m_wall += end - m_now;
    m_now = end;
}

} // namespace hearth
