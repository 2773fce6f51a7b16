#include "waketask.h"

namespace hearth::publisher {

WakeTask::WakeTask(TaskId id, const PublishedLlm &llm, const WakeTaskContext &context)
    : m_id(id)
    , m_llm(llm)
    , m_context(context)
{}

WakeTask::~WakeTask()
{
    m_context.wakes.leave(*this);
}

void WakeTask::start()
{
    if (const std::optional<WakeOutcome> outcome = m_context.wakes.wake(m_llm, this))
        wakeEnded(*outcome);
}

void WakeTask::wakeProgressed(const WakeStatus &status)
{
    // A limit must not look shorter than it is.
    const auto elapsed = std::chrono::floor<std::chrono::seconds>(status.elapsed);
    const auto limit = std::chrono::ceil<std::chrono::seconds>(status.limit);
    m_context.channel.send(
        channel::WakeProgress{m_id, status.phase, static_cast<int>(elapsed.count()), static_cast<int>(limit.count())});
}

void WakeTask::wakeEnded(const WakeOutcome &outcome)
{
    channel::WakeResult message{.task = m_id, .ok = outcome.result.ok(), .durationMs = outcome.duration.count()};
    if (!outcome.result) {
        message.code = toString(outcome.result.error().code);
        message.message = outcome.result.error().message;
    }
    m_context.channel.send(message);
    m_context.ended(m_id);
}

} // namespace hearth::publisher
