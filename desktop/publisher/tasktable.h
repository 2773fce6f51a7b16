// TaskTable: the tasks of one control channel.
//
// Session owns one for as long as its channel lives, and hands it every message about tasks. It decides whether a task
// is begun and keeps it until its terminal message is sent; destroying the table closes all connections to backends and
// sends nothing. Publisher's thread.

#pragma once

#include "infertask.h"

#include <span>
#include <unordered_map>

namespace hearth::publisher {

class BackendWatch;

class TaskTable
{
public:
    /// At most `maxTasks` run at a time. `becameIdle` is called when the last task has ended; it must not destroy the
    /// table. Everything referred to must outlive it.
    TaskTable(channel::Channel &channel, std::span<PublishedLlm> llms, int maxTasks, httpclient::HttpClient &client,
              BackendWatch &watch, std::function<void()> becameIdle);
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

    bool isEmpty() const { return m_tasks.empty(); }

private:
    /// Why the task cannot be begun.
    std::optional<Error> refusal(const channel::Infer &infer, const PublishedLlm *llm) const;
    void refuse(TaskId task, const Error &error);
    void ended(TaskId task, bool backendIsGone);
    void remove(TaskId task);

    channel::BodySender m_sender;
    BackendWatch &m_watch;
    std::function<void()> m_becameIdle;
    TaskContext m_context;
    QHash<QString, PublishedLlm *> m_llms;
    const size_t m_maxTasks;
    /// Frames for tasks that were not there, and tasks that were there already. Logged in the end.
    quint64 m_dropped = 0;
    /// The last member: tasks use all others.
    std::unordered_map<TaskId, InferTask> m_tasks;
};

} // namespace hearth::publisher
