// WakeTask: one wake, on behalf of one task of the control channel.
//
// TaskTable makes one for each wake message that it accepts. It joins the wake in WakeRunner, tells the server how far
// that is, and sends exactly one terminal message, after which it is destroyed; destroying it earlier leaves the wake,
// which goes on, and sends nothing. Publisher's thread.

#pragma once

#include "channel.h"
#include "wakerunner.h"

namespace hearth::publisher {

/// What all wake tasks of a channel share.
struct WakeTaskContext
{
    channel::Channel &channel;
    WakeRunner &wakes;
    /// The terminal message of this task has been sent. Destroys the task.
    std::function<void(TaskId)> ended;
};

class WakeTask final : private WakeListener
{
public:
    /// `llm` must live until start(), `context` must outlive the task.
    WakeTask(TaskId id, const PublishedLlm &llm, const WakeTaskContext &context);
    ~WakeTask() override;
    WakeTask(const WakeTask &) = delete;
    WakeTask &operator=(const WakeTask &) = delete;

    /// To be called once. The task may be gone afterwards.
    void start();

private:
    void wakeProgressed(const WakeStatus &status) override;
    void wakeEnded(const WakeOutcome &outcome) override;

    const TaskId m_id;
    const PublishedLlm &m_llm;
    const WakeTaskContext &m_context;
};

} // namespace hearth::publisher
