#include "tasktable.h"

#include "backendwatch.h"
#include "forwarding.h"
#include "logging.h"

#include <algorithm>

namespace hearth::publisher {

namespace {

QString notPublished(const QString &llm)
{
    return QStringLiteral("This publisher does not publish \"%1\".").arg(llm);
}

} // namespace

TaskTable::TaskTable(channel::Channel &channel, const SessionContext &context, RequestEnded requestEnded,
                     WakeEnded wakeEnded)
    : m_session(context)
    , m_sender(channel)
    , m_requestEnded(std::move(requestEnded))
    , m_wakeEnded(std::move(wakeEnded))
    , m_context{channel,
                m_sender,
                context.client,
                context.clock,
                [this](TaskId task, const Result<void> &outcome) { ended(task, outcome); },
                context.requests != nullptr}
    , m_wakeContext{channel, context.wakes, [this](TaskId task) { wakeOver(task); }}
{
    rosterChanged();
}

TaskTable::~TaskTable()
{
    while (!m_requests.empty())
        forget(m_requests.begin(), Error{ErrorCode::PublisherLost, QStringLiteral("The control channel was lost.")});
    if (m_dropped > 0)
        qCInfo(lcPublisher) << m_dropped << "frames for unknown tasks and tasks with used ids were dropped.";
}

void TaskTable::rosterChanged()
{
    int tasks = m_session.settings.extraTasks;
    m_llms.clear();
    // What runs beyond the new settings takes no place of others.
    for (PublishedLlm &llm : m_session.roster.llms()) {
        m_llms.insert(llm.settings.name, &llm);
        tasks += std::max(llm.settings.maxConcurrency, llm.running);
    }
    for (const PublishedLlm &llm : m_session.roster.retired())
        tasks += llm.running;
    m_maxTasks = static_cast<size_t>(tasks);
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
    m_requests.try_emplace(infer.task, infer, *llm, m_context);
    if (m_session.requests)
        m_session.requests->requestTaken();
}

std::optional<Error> TaskTable::refusal(const channel::Infer &infer, const PublishedLlm *llm) const
{
    // The server is being told right now; another member of its pool may take the request.
    if (!llm)
        return Error{ErrorCode::PublisherOffline, notPublished(infer.llm)};
    if (!isModelRoute(infer.path) || !isQuery(infer.query))
        return Error{ErrorCode::InvalidRequest, QStringLiteral("This publisher passes on requests to models only.")};
    // The server has been told, or is being told right now; it wakes the Llm and sends the request again.
    if (llm->state == channel::ReportedState::Hibernating)
        return Error{ErrorCode::BackendAsleep, QStringLiteral("The backend of \"%1\" is asleep.").arg(infer.llm)};
    if (m_requests.size() >= m_maxTasks)
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
        return refuseWake(wake.task, notPublished(wake.llm));
    if (m_session.intake != Intake::Open)
        return refuseWake(wake.task, QStringLiteral("The owner of this box wants nothing to be woken now."));
    if (m_wakes.size() >= m_maxTasks)
        return refuseWake(wake.task, QStringLiteral("This publisher has too many wake tasks and takes no more."));
    m_wakes.try_emplace(wake.task, wake.task, *llm, m_wakeContext).first->second.start();
}

void TaskTable::cancel(TaskId task)
{
    if (const auto request = m_requests.find(task); request != m_requests.end()) {
        const PublishedLlm &llm =
            forget(request, Error{ErrorCode::Cancelled, QStringLiteral("The caller has gone away.")});
        m_context.channel.send(channel::Cancelled{task});
        m_requestEnded(llm);
    } else if (m_wakes.contains(task)) {
        m_context.channel.send(channel::Cancelled{task});
        wakeOver(task);
    }
}

void TaskTable::cancelRequest(TaskId task)
{
    const auto request = m_requests.find(task);
    if (request == m_requests.end())
        return;
    const Error error{ErrorCode::CancelledByOwner,
                      QStringLiteral("The owner of the box that worked on the request has cancelled it.")};
    const PublishedLlm &llm = forget(request, error);
    refuse(task, error);
    m_requestEnded(llm);
}

std::vector<RequestFacts> TaskTable::requests() const
{
    std::vector<RequestFacts> requests;
    for (const auto &[task, request] : m_requests) {
        if (const RequestMeter *meter = request.meter())
            requests.push_back(meter->facts());
    }
    return requests;
}

Result<void> TaskTable::receiveBody(TaskId task, QByteArrayView payload)
{
    const auto found = m_requests.find(task);
    if (found == m_requests.end()) {
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
    while (!m_requests.empty()) {
        const TaskId task = m_requests.begin()->first;
        forget(m_requests.begin(), error);
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

void TaskTable::ended(TaskId task, const Result<void> &outcome)
{
    const bool backendIsGone = !outcome && outcome.error().code == ErrorCode::BackendUnreachable;
    const PublishedLlm &llm = forget(m_requests.find(task), outcome);
    if (backendIsGone)
        m_session.watch.askNow(llm);
    m_requestEnded(llm);
}

void TaskTable::wakeOver(TaskId task)
{
    m_wakes.erase(task);
    m_wakeEnded();
}

const PublishedLlm &TaskTable::forget(Requests::iterator request, const Result<void> &outcome)
{
    const PublishedLlm &llm = request->second.llm();
    std::optional<RequestFacts> facts;
    if (RequestMeter *meter = request->second.meter()) {
        meter->finish();
        facts = meter->facts();
    }
    m_requests.erase(request);
    if (facts)
        m_session.requests->requestFinished(*facts, outcome);
    return llm;
}

} // namespace hearth::publisher
