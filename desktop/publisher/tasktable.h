// TaskTable: the tasks of one control channel.
//
// Session owns one for as long as its channel lives, and hands it every message about tasks. It decides whether a task
// is begun and keeps it until its terminal message is sent; destroying the table closes all connections to backends,
// leaves all wakes, and sends nothing. Publisher's thread.

#pragma once

#include "infertask.h"
#include "sessioncontext.h"
#include "waketask.h"

#include <unordered_map>

namespace hearth::publisher {

class TaskTable
{
public:
    /// Takes a bounded number of tasks at a time. `becameIdle` is called when the last request has ended; it must not
    /// destroy the table. Everything referred to must outlive it.
    TaskTable(channel::Channel &channel, const SessionContext &context, std::function<void()> becameIdle);
    ~TaskTable();
    TaskTable(const TaskTable &) = delete;
    TaskTable &operator=(const TaskTable &) = delete;

    void infer(const channel::Infer &infer);
    void wake(const channel::Wake &wake);
    void cancel(TaskId task);
    // Errors: ProtocolViolation, after which the channel should be closed.
    Result<void> receiveBody(TaskId task, QByteArrayView payload);
    Result<void> grant(const channel::Window &window);

    void channelWritable() { m_sender.channelWritable(); }

    /// Ends every task with this error.
    void failAll(const Error &error);

    /// Whether there is no request. A wake goes on without a channel, so it keeps none open.
    bool isIdle() const { return m_tasks.empty(); }

private:
    /// Why the task cannot be begun.
    std::optional<Error> refusal(const channel::Infer &infer, const PublishedLlm *llm) const;
    void refuse(TaskId task, const Error &error);
    void refuseWake(TaskId task, const QString &reason);

    bool contains(TaskId task) const { return m_tasks.contains(task) || m_wakes.contains(task); }

    void ended(TaskId task, bool backendIsGone);

    channel::BodySender m_sender;
    BackendWatch &m_watch;
    std::function<void()> m_becameIdle;
    TaskContext m_context;
    WakeTaskContext m_wakeContext;
    QHash<QString, PublishedLlm *> m_llms;
    /// Of either kind.
    const size_t m_maxTasks;
    /// Frames for tasks that were not there, and tasks that were there already. Logged in the end.
    quint64 m_dropped = 0;
    // The last members: tasks use all others.
    std::unordered_map<TaskId, InferTask> m_tasks;
    std::unordered_map<TaskId, WakeTask> m_wakes;
};

} // namespace hearth::publisher
