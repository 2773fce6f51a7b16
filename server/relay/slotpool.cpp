#include "slotpool.h"

#include <algorithm>

namespace hearth::relay {

Slot::Slot(Slot &&other) noexcept
    : m_pool(std::exchange(other.m_pool, nullptr))
    , m_llm(std::move(other.m_llm))
{}

Slot &Slot::operator=(Slot &&other) noexcept
{
    if (this != &other) {
        release();
        m_pool = std::exchange(other.m_pool, nullptr);
        m_llm = std::move(other.m_llm);
    }
    return *this;
}

Slot::~Slot()
{
    release();
}

void Slot::release()
{
    if (SlotPool *const pool = std::exchange(m_pool, nullptr))
        pool->release(m_llm);
}

SlotPool::SlotPool(const domain::Registry &registry, Clock &clock, RelaySettings settings)
    : m_registry(registry)
    , m_clock(clock)
    , m_settings(settings)
    , m_expiry(clock, [this] { expire(); })
{}

std::optional<Slot> SlotPool::take(const domain::Llm &llm)
{
    if (llm.status != domain::LlmStatus::Active)
        return std::nullopt;
    Lane &lane = m_lanes[llm.id];
    if (lane.running >= llm.maxConcurrency || !lane.waiting.empty())
        return std::nullopt;
    ++lane.running;
    return Slot(this, llm.id);
}

Result<void> SlotPool::wait(const domain::Llm &llm, SlotWaiter &waiter)
{
    Lane &lane = m_lanes[llm.id];
    if (std::ssize(lane.waiting) >= m_settings.maxWaiting) {
        return Error{ErrorCode::QueueFull,
                     QStringLiteral("Llm '%1' is busy and %2 requests are waiting for it already; try again later.")
                         .arg(llm.name)
                         .arg(m_settings.maxWaiting)};
    }
    const bool sleeps = llm.status == domain::LlmStatus::Hibernating;
    lane.waiting.push_back({&waiter, sleeps ? MonotonicTime::max() : m_clock.now() + m_settings.maxWait});
    if (!sleeps && !m_expiry.isActive())
        m_expiry.start(m_settings.maxWait);
    return {};
}

void SlotPool::suspendDeadlines(const LlmId &llm)
{
    const auto lane = m_lanes.find(llm);
    if (lane == m_lanes.end())
        return;
    for (Waiting &entry : lane->waiting)
        entry.deadline = MonotonicTime::max();
}

void SlotPool::resumeDeadlines(Lane &lane)
{
    // They were all suspended together, and whoever came later was, too.
    if (lane.waiting.empty() || lane.waiting.back().deadline != MonotonicTime::max())
        return;
    for (Waiting &entry : lane.waiting)
        entry.deadline = m_clock.now() + m_settings.maxWait;
    if (!m_expiry.isActive())
        m_expiry.start(m_settings.maxWait);
}

void SlotPool::leave(const LlmId &llm, SlotWaiter &waiter)
{
    const auto lane = m_lanes.find(llm);
    if (lane == m_lanes.end())
        return;
    lane->waiting.remove_if([&waiter](const Waiting &entry) { return entry.waiter == &waiter; });
    forgetIfIdle(llm);
}

void SlotPool::serve(const LlmId &llm)
{
    const auto isActive = [](const domain::Llm *row) { return row && row->status == domain::LlmStatus::Active; };
    const auto woken = m_lanes.find(llm);
    if (woken != m_lanes.end() && isActive(m_registry.findLlm(llm)))
        resumeDeadlines(*woken);
    // A waiter that is served may take others along or bring new ones, so everything is looked up again each time.
    for (;;) {
        const auto lane = m_lanes.find(llm);
        const domain::Llm *const row = m_registry.findLlm(llm);
        if (lane == m_lanes.end() || lane->waiting.empty() || !isActive(row) || lane->running >= row->maxConcurrency)
            return;
        SlotWaiter *const next = lane->waiting.front().waiter;
        lane->waiting.pop_front();
        ++lane->running;
        next->slotGranted(Slot(this, llm));
    }
}

void SlotPool::refuseAll(const LlmId &llm, const Error &error)
{
    for (;;) {
        const auto lane = m_lanes.find(llm);
        if (lane == m_lanes.end() || lane->waiting.empty())
            return;
        SlotWaiter *const next = lane->waiting.front().waiter;
        lane->waiting.pop_front();
        forgetIfIdle(llm);
        next->slotRefused(error);
    }
}

void SlotPool::refuseAll(const Error &error)
{
    const QList<LlmId> llms = m_lanes.keys();
    for (const LlmId &llm : llms)
        refuseAll(llm, error);
}

int SlotPool::running(const LlmId &llm) const
{
    const auto lane = m_lanes.constFind(llm);
    return lane == m_lanes.constEnd() ? 0 : lane->running;
}

int SlotPool::waiting(const LlmId &llm) const
{
    const auto lane = m_lanes.constFind(llm);
    return lane == m_lanes.constEnd() ? 0 : static_cast<int>(lane->waiting.size());
}

void SlotPool::release(const LlmId &llm)
{
    --m_lanes[llm].running;
    serve(llm);
    forgetIfIdle(llm);
}

void SlotPool::forgetIfIdle(const LlmId &llm)
{
    const auto lane = m_lanes.find(llm);
    if (lane != m_lanes.end() && lane->running == 0 && lane->waiting.empty())
        m_lanes.erase(lane);
}

void SlotPool::expire()
{
    // All wait equally long, so each lane's first is its oldest.
    const QList<LlmId> llms = m_lanes.keys();
    for (const LlmId &llm : llms) {
        for (;;) {
            const auto lane = m_lanes.find(llm);
            if (lane == m_lanes.end() || lane->waiting.empty() || lane->waiting.front().deadline > m_clock.now())
                break;
            SlotWaiter *const late = lane->waiting.front().waiter;
            lane->waiting.pop_front();
            forgetIfIdle(llm);
            late->slotRefused({ErrorCode::QueueTimeout,
                               QStringLiteral("The request waited %1 s for a free slot; try again later.")
                                   .arg(std::chrono::ceil<std::chrono::seconds>(m_settings.maxWait).count())});
        }
    }
    arm();
}

void SlotPool::arm()
{
    MonotonicTime next = MonotonicTime::max();
    for (const Lane &lane : std::as_const(m_lanes)) {
        if (!lane.waiting.empty())
            next = std::min(next, lane.waiting.front().deadline);
    }
    if (next != MonotonicTime::max())
        m_expiry.start(next - m_clock.now());
}

} // namespace hearth::relay
