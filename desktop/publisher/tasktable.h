// TaskTable: the tasks of one control channel.
//
// Session owns one for as long as its channel lives, and hands it every message about tasks. It decides whether a task
// is begun and keeps it until its terminal message is sent; destroying the table closes all connections to backends,
// leaves all wakes, and sends nothing. Publisher's thread.

#pragma once

#include "infertask.h"
#include "requestobserver.h"
#include "sessioncontext.h"
#include "waketask.h"

#include <unordered_map>

namespace hearth::publisher {

/// What the server waits for. A wake that only the owner wants does not count.
struct TaskCounts
{
    int requests = 0;
    int wakes = 0;

    bool isZero() const { return requests == 0 && wakes == 0; }
};

class TaskTable
{
public:
    /// A request to this Llm has ended and the server knows it.
    using RequestEnded = std::function<void(const PublishedLlm &)>;
    /// A wake task has ended and the server knows it.
    using WakeEnded = std::function<void()>;

    /// Takes a bounded number of tasks at a time. `requestEnded` and `wakeEnded` must not destroy the table. Everything
    /// referred to must outlive it.
    TaskTable(channel::Channel &channel, const SessionContext &context, RequestEnded requestEnded, WakeEnded wakeEnded);
    ~TaskTable();
    TaskTable(const TaskTable &) = delete;
    TaskTable &operator=(const TaskTable &) = delete;

    /// The roster or the settings have changed. Tasks that run go on, whomever they were meant for.
    void rosterChanged();

    void infer(const channel::Infer &infer);
    void wake(const channel::Wake &wake);
    void cancel(TaskId task);
    // Errors: ProtocolViolation, after which the channel should be closed.
    Result<void> receiveBody(TaskId task, QByteArrayView payload);
    Result<void> grant(const channel::Window &window);

    void channelWritable() { m_sender.channelWritable(); }

    /// Ends this request as its owner wants it. Ignored for a task that is no request.
    void cancelRequest(TaskId task);
    /// Ends every task with this error.
    void failAll(const Error &error);

    /// Nothing where nobody watches the requests.
    std::vector<RequestFacts> requests() const;

    TaskCounts counts() const { return {static_cast<int>(m_requests.size()), static_cast<int>(m_wakes.size())}; }

    /// Whether there is no request. A wake goes on without a channel, so it keeps none open.
    bool isIdle() const { return m_requests.empty(); }

private:
    using Requests = std::unordered_map<TaskId, InferTask>;

    /// Why the task cannot be begun.
    std::optional<Error> refusal(const channel::Infer &infer, const PublishedLlm *llm) const;
    void refuse(TaskId task, const Error &error);
    void refuseWake(TaskId task, const QString &reason);

    bool contains(TaskId task) const { return m_requests.contains(task) || m_wakes.contains(task); }

    void ended(TaskId task, const Result<void> &outcome);
    void wakeOver(TaskId task);
    /// Destroys the task, and tells who watches. Returns its Llm.
    const PublishedLlm &forget(Requests::iterator request, const Result<void> &outcome);

    const SessionContext &m_session;
    channel::BodySender m_sender;
    RequestEnded m_requestEnded;
    WakeEnded m_wakeEnded;
    TaskContext m_context;
    WakeTaskContext m_wakeContext;
    QHash<QString, PublishedLlm *> m_llms;
    /// Of either kind.
    size_t m_maxTasks = 0;
    /// Frames for tasks that were not there, and tasks that were there already. Logged in the end.
    quint64 m_dropped = 0;
    // The last members: tasks use all others.
    Requests m_requests;
    std::unordered_map<TaskId, WakeTask> m_wakes;
};

} // namespace hearth::publisher
