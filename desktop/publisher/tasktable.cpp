#include "tasktable.h"

#include "backendwatch.h"
#include "forwarding.h"
#include "logging.h"

namespace hearth::publisher {

namespace {

size_t maxTasks(const SessionContext &context)
{
    int count = context.settings.extraTasks;
    for (const PublishedLlm &llm : context.llms)
        count += llm.settings.maxConcurrency;
    return static_cast<size_t>(count);
}

} // namespace

TaskTable::TaskTable(channel::Channel &channel, const SessionContext &context, std::function<void()> becameIdle)
    : m_sender(channel)
    , m_watch(context.watch)
    , m_becameIdle(std::move(becameIdle))
    , m_context{channel, m_sender, context.client, context.clock,
                [this](TaskId task, bool backendIsGone) { ended(task, backendIsGone); }}
    , m_wakeContext{channel, context.wakes, [this](TaskId task) { m_wakes.erase(task); }}
    , m_maxTasks(maxTasks(context))
{
    for (PublishedLlm &llm : context.llms)
        m_llms.insert(llm.settings.name, &llm);
}

TaskTable::~TaskTable()
{
    if (m_dropped > 0)
        qCInfo(lcPublisher) << m_dropped << "frames for unknown tasks and tasks with used ids were dropped.";
}

void TaskTable::infer(const channel::Infer &infer)
{
    if (contains(infer.task)) {
        ++m_dropped;
        return;
    }
    PublishedLlm *const llm = m_llms.value(infer.llm);
    if (const std::optional<Error> error = refusal(infer, llm)) {
        refuse(infer.task, *error);
        return;
    }
    m_tasks.try_emplace(infer.task, infer, *llm, m_context);
}

std::optional<Error> TaskTable::refusal(const channel::Infer &infer, const PublishedLlm *llm) const
{
    if (!llm)
        return Error{ErrorCode::ModelNotFound,
                     QStringLiteral("This publisher does not publish \"%1\".").arg(infer.llm)};
    if (!isModelRoute(infer.path) || !isQuery(infer.query))
        return Error{ErrorCode::InvalidRequest, QStringLiteral("This publisher passes on requests to models only.")};
    // The server has been told, or is being told right now; it wakes the Llm and sends the request again.
    if (llm->state == channel::ReportedState::Hibernating)
        return Error{ErrorCode::BackendAsleep, QStringLiteral("The backend of \"%1\" is asleep.").arg(infer.llm)};
    if (m_tasks.size() >= m_maxTasks)
        return Error{ErrorCode::Overloaded,
                     QStringLiteral("This publisher runs %1 tasks and takes no more.").arg(m_maxTasks)};
    return std::nullopt;
}

void TaskTable::wake(const channel::Wake &wake)
{
    if (contains(wake.task)) {
        ++m_dropped;
        return;
    }
    PublishedLlm *const llm = m_llms.value(wake.llm);
    if (!llm)
        return refuseWake(wake.task, QStringLiteral("This publisher does not publish \"%1\".").arg(wake.llm));
    if (m_wakes.size() >= m_maxTasks)
        return refuseWake(wake.task, QStringLiteral("This publisher has too many wake tasks and takes no more."));
    m_wakes.try_emplace(wake.task, wake.task, *llm, m_wakeContext).first->second.start();
}

void TaskTable::cancel(TaskId task)
{
    const bool wasRequest = m_tasks.erase(task) > 0;
    if (!wasRequest && m_wakes.erase(task) == 0)
        return;
    m_context.channel.send(channel::Cancelled{task});
    if (wasRequest && isIdle())
        m_becameIdle();
}

Result<void> TaskTable::receiveBody(TaskId task, QByteArrayView payload)
{
    const auto found = m_tasks.find(task);
    if (found == m_tasks.end()) {
        ++m_dropped;
        return {};
    }
    return found->second.receiveBody(payload);
}

Result<void> TaskTable::grant(const channel::Window &window)
{
    if (window.bytes >= 0 && m_sender.grant(window.task, window.bytes))
        return {};
    return Error{
        ErrorCode::ProtocolViolation,
        QStringLiteral("Task %1 was granted more than can be outstanding.").arg(static_cast<quint64>(window.task))};
}

void TaskTable::failAll(const Error &error)
{
    while (!m_tasks.empty()) {
        const TaskId task = m_tasks.begin()->first;
        m_tasks.erase(task);
        refuse(task, error);
    }
    while (!m_wakes.empty()) {
        const TaskId task = m_wakes.begin()->first;
        m_wakes.erase(task);
        refuse(task, error);
    }
}

void TaskTable::refuse(TaskId task, const Error &error)
{
    m_context.channel.send(channel::TaskError{task, toString(error.code), error.message});
}

void TaskTable::refuseWake(TaskId task, const QString &reason)
{
    m_context.channel.send(
        channel::WakeResult{.task = task, .code = toString(ErrorCode::WakeFailed), .message = reason});
}

void TaskTable::ended(TaskId task, bool backendIsGone)
{
    const PublishedLlm &llm = m_tasks.find(task)->second.llm();
    m_tasks.erase(task);
    if (backendIsGone)
        m_watch.askNow(llm);
    if (isIdle())
        m_becameIdle();
}

} // namespace hearth::publisher
