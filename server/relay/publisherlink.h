// PublisherLink: the tasks of one bound control channel.
//
// The control room makes one when a publisher registers and hands it the channel's task messages; the relay starts
// tasks on it. It numbers tasks, spends and grants credit, and sees to it that every task ends exactly once and holds
// its slot until then. A publisher that breaks the rules is reported, and its channel closed by the control room. Main
// thread only.

#pragma once

#include "bodysender.h"
#include "channel.h"
#include "clock.h"
#include "relaysettings.h"
#include "tasktarget.h"

#include <QHash>

#include <functional>
#include <memory>

namespace hearth::relay {

/// Told how a wake at the publisher goes. Destroying the link is not allowed in any call.
class WakeObserver
{
public:
    virtual ~WakeObserver() = default;

    virtual void wakeProgressed(const channel::WakeProgress &progress) = 0;
    /// How long the wake has taken, or why it has failed. Nothing is called after this.
    virtual void wakeEnded(const Result<Duration> &result) = 0;
    /// The channel is gone; at the publisher the wake may go on. Nothing is called after this.
    virtual void channelLost() = 0;
};

class PublisherLink final : public TaskTarget
{
public:
    /// Called when the publisher broke the protocol: its channel must be closed, outside of this call.
    using ViolationHandler = std::function<void(const QString &reason)>;

    /// `channel`, `clock` and `settings`, the relay's, must outlive the link.
    PublisherLink(channel::Channel &channel, Clock &clock, const RelaySettings &settings, ViolationHandler violation);
    /// The channel is lost: all tasks fail with PublisherLost and free their slots.
    ~PublisherLink() override;
    PublisherLink(const PublisherLink &) = delete;
    PublisherLink &operator=(const PublisherLink &) = delete;

    TaskId start(const domain::Llm &llm, const InferRequest &request, int attempt, Slot slot,
                 TaskObserver &observer) override;
    /// Lets the publisher wake the Llm of this name, or joins the wake that runs there. `observer` must outlive the
    /// task or cancel it.
    TaskId wake(const QString &llm, WakeObserver &observer);
    /// Of a request or of a wake.
    void cancel(TaskId task) override;
    void consumed(TaskId task, qint64 bytes) override;

    void receive(const channel::ResponseHead &message);
    void receive(const channel::ResponseEnd &message);
    void receive(const channel::TaskError &message);
    void receive(const channel::Cancelled &message);
    void receive(const channel::Window &message);
    void receive(const channel::WakeProgress &message);
    void receive(const channel::WakeResult &message);
    void receiveBody(TaskId task, QByteArrayView payload);

    void channelWritable() { m_requestBodies.channelWritable(); }

    /// Requests that have not ended, cancelled ones included.
    int taskCount() const { return static_cast<int>(m_tasks.size()); }

    /// Messages and frames for unknown tasks that were dropped.
    quint64 strayCount() const { return m_strays; }

private:
    struct Task
    {
        /// Null once the task has been cancelled.
        TaskObserver *observer = nullptr;
        Slot slot;
        channel::ReceiveCredit credit;
        bool headReceived = false;
        /// Runs from the cancel to its confirmation.
        std::unique_ptr<Timer> confirmTimer;
    };

    struct Wake
    {
        /// Null once the task has been cancelled.
        WakeObserver *observer = nullptr;
        std::unique_ptr<Timer> confirmTimer;
    };

    /// The publisher has broken the protocol: nothing that it says counts any more, or an answer with a hole could end
    /// as if it were complete.
    void violate(const QString &reason);
    Task *find(TaskId task);
    std::shared_ptr<Wake> findWake(TaskId task) const;
    /// Removes a task that has ended and returns it, its slot included.
    std::shared_ptr<Task> take(TaskId task);
    /// The same for a wake; null for a task that is none.
    std::shared_ptr<Wake> takeWake(TaskId task);
    /// Sends the cancel, and sees to it that it is confirmed in time.
    std::unique_ptr<Timer> sendCancel(TaskId task);
    void noteStray();

    channel::Channel &m_channel;
    Clock &m_clock;
    const RelaySettings &m_settings;
    ViolationHandler m_violation;
    channel::BodySender m_requestBodies;
    QHash<TaskId, std::shared_ptr<Task>> m_tasks;
    QHash<TaskId, std::shared_ptr<Wake>> m_wakes;
    quint64 m_lastTask = 0;
    quint64 m_strays = 0;
    bool m_broken = false;
};

} // namespace hearth::relay
