#include "tasktable.h"

#include "backendwatch.h"
#include "forwarding.h"
#include "logging.h"

namespace hearth::publisher {

TaskTable::TaskTable(channel::Channel &channel, std::span<PublishedLlm> llms, int maxTasks,
                     httpclient::HttpClient &client, BackendWatch &watch, std::function<void()> becameIdle)
    : m_sender(channel)
    , m_watch(watch)
    , m_becameIdle(std::move(becameIdle))
    , m_context{channel, m_sender, client, [this](TaskId task, bool backendIsGone) { ended(task, backendIsGone); }}
    , m_maxTasks(static_cast<size_t>(maxTasks))
{
    for (PublishedLlm &llm : llms)
        m_llms.insert(llm.settings.name, &llm);
}

TaskTable::~TaskTable()
{
    if (m_dropped > 0)
        qCInfo(lcPublisher) << m_dropped << "frames for unknown tasks and tasks with used ids were dropped.";
}

void TaskTable::infer(const channel::Infer &infer)
{
    if (m_tasks.contains(infer.task)) {
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
    if (m_tasks.size() >= m_maxTasks)
        return Error{ErrorCode::Overloaded,
                     QStringLiteral("This publisher runs %1 tasks and takes no more.").arg(m_maxTasks)};
    return std::nullopt;
}

void TaskTable::wake(const channel::Wake &wake)
{
    m_context.channel.send(channel::WakeResult{
        wake.task, false, 0, toString(ErrorCode::WakeFailed),
        QStringLiteral("This version of the publisher cannot run wake recipes; start the backend of "
                       "\"%1\" by hand.")
            .arg(wake.llm)});
}

void TaskTable::cancel(TaskId task)
{
    if (!m_tasks.contains(task))
        return;
    remove(task);
    m_context.channel.send(channel::Cancelled{task});
    if (isEmpty())
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
        remove(task);
        refuse(task, error);
    }
}

void TaskTable::refuse(TaskId task, const Error &error)
{
    m_context.channel.send(channel::TaskError{task, toString(error.code), error.message});
}

void TaskTable::ended(TaskId task, bool backendIsGone)
{
    const PublishedLlm &llm = m_tasks.find(task)->second.llm();
    remove(task);
    if (backendIsGone)
        m_watch.suspect(llm);
    if (isEmpty())
        m_becameIdle();
}

void TaskTable::remove(TaskId task)
{
    m_tasks.erase(task);
}

} // namespace hearth::publisher
