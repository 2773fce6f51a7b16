#include "publisherlink.h"

#include "logging.h"

#include <algorithm>
#include <array>

namespace hearth::relay {

namespace {

/// Bodies up to this size leave as one frame, copied once; larger ones are sent from where they are.
constexpr qint64 singleFrameBytes = 32 * 1024;
/// Of what a publisher says about a failure, in characters.
constexpr qsizetype maxMessageLength = 1000;

Error publisherLost()
{
    return {ErrorCode::PublisherLost,
            QStringLiteral("The connection to the publisher was lost while it worked on the request.")};
}

/// What a publisher may say about a task; anything else it claims is a failure of the backend.
ErrorCode taskErrorCode(const QString &code)
{
    static constexpr std::array credible{ErrorCode::BackendUnreachable, ErrorCode::BackendAsleep,
                                         ErrorCode::BackendTimeout,     ErrorCode::CancelledByOwner,
                                         ErrorCode::InvalidRequest,     ErrorCode::Overloaded,
                                         ErrorCode::PublisherLost,      ErrorCode::PublisherOffline};
    const auto known = errorCodeFromString(code.toLatin1());
    return known && std::ranges::find(credible, *known) != credible.end() ? *known : ErrorCode::BackendError;
}

} // namespace

PublisherLink::PublisherLink(channel::Channel &channel, Clock &clock, const RelaySettings &settings,
                             ViolationHandler violation)
    : m_channel(channel)
    , m_clock(clock)
    , m_settings(settings)
    , m_violation(std::move(violation))
    , m_requestBodies(channel)
{}

PublisherLink::~PublisherLink()
{
    // One by one: an observer may cancel other tasks when it is told.
    while (!m_tasks.isEmpty()) {
        const TaskId next = m_tasks.constBegin().key();
        const std::shared_ptr<Task> task = m_tasks.take(next);
        if (task->observer)
            task->observer->taskFailed(publisherLost());
    }
    while (!m_wakes.isEmpty()) {
        const std::shared_ptr<Wake> wake = m_wakes.take(m_wakes.constBegin().key());
        if (wake->observer)
            wake->observer->channelLost();
    }
}

TaskId PublisherLink::start(const domain::Llm &llm, const InferRequest &request, int attempt, Slot slot,
                            TaskObserver &observer)
{
    const TaskId id{++m_lastTask};
    auto task = std::make_shared<Task>();
    task->observer = &observer;
    task->slot = std::move(slot);
    m_tasks.insert(id, std::move(task));

    const BodyPieces body = request.bodyFor(llm);
    m_channel.send(channel::Infer{id, llm.name, request.path, request.query, request.fields, body.size(), attempt});
    m_requestBodies.open(id);
    if (body.size() <= singleFrameBytes) {
        m_requestBodies.append(id, body.joined());
    } else {
        for (const BodyPieces::Piece &piece : body)
            m_requestBodies.append(id, piece.source, piece.bytes);
    }
    m_requestBodies.finish(id);
    return id;
}

TaskId PublisherLink::wake(const QString &llm, WakeObserver &observer)
{
    const TaskId id{++m_lastTask};
    m_wakes.insert(id, std::make_shared<Wake>(Wake{&observer, nullptr}));
    m_channel.send(channel::Wake{id, llm});
    return id;
}

void PublisherLink::cancel(TaskId id)
{
    if (const std::shared_ptr<Wake> wake = findWake(id)) {
        if (std::exchange(wake->observer, nullptr))
            wake->confirmTimer = sendCancel(id);
        return;
    }
    const auto found = m_tasks.constFind(id);
    if (found == m_tasks.constEnd() || !(*found)->observer)
        return;
    (*found)->observer = nullptr;
    m_requestBodies.drop(id);
    (*found)->confirmTimer = sendCancel(id);
}

std::unique_ptr<Timer> PublisherLink::sendCancel(TaskId id)
{
    m_channel.send(channel::Cancel{id});
    auto timer = std::make_unique<Timer>(
        m_clock, [this] { violate(QStringLiteral("The publisher did not confirm a cancel in time.")); });
    timer->start(m_settings.cancelConfirm);
    return timer;
}

void PublisherLink::consumed(TaskId id, qint64 bytes)
{
    // A client may take the last bytes after the publisher has ended the task.
    const auto task = m_tasks.constFind(id);
    if (task == m_tasks.constEnd())
        return;
    if (const qint64 grant = (*task)->credit.consume(bytes))
        m_channel.send(channel::Window{id, grant});
}

void PublisherLink::receive(const channel::ResponseHead &message)
{
    Task *const task = find(message.task);
    if (!task)
        return;
    if (std::exchange(task->headReceived, true))
        return violate(QStringLiteral("The publisher sent a second head for one task."));
    if (task->observer)
        task->observer->taskHead(message.status, message.headers);
}

void PublisherLink::receiveBody(TaskId id, QByteArrayView payload)
{
    Task *const task = find(id);
    if (!task)
        return;
    if (!task->headReceived)
        return violate(QStringLiteral("The publisher sent a body before its head."));
    if (!task->credit.receive(payload.size()))
        return violate(QStringLiteral("The publisher sent more than it had credit for."));
    if (task->observer)
        task->observer->taskBody(payload);
}

void PublisherLink::receive(const channel::ResponseEnd &message)
{
    const std::shared_ptr<Task> task = take(message.task);
    if (!task || !task->observer)
        return;
    if (task->headReceived)
        task->observer->taskEnded();
    else
        task->observer->taskFailed(
            {ErrorCode::BackendError, QStringLiteral("The publisher ended the answer before its head.")});
}

void PublisherLink::receive(const channel::WakeProgress &message)
{
    const std::shared_ptr<Wake> wake = m_broken ? nullptr : findWake(message.task);
    if (!wake)
        noteStray();
    else if (wake->observer)
        wake->observer->wakeProgressed(message);
}

void PublisherLink::receive(const channel::WakeResult &message)
{
    const std::shared_ptr<Wake> wake = takeWake(message.task);
    if (!wake)
        return noteStray();
    if (!wake->observer)
        return;
    if (message.ok)
        return wake->observer->wakeEnded(Duration(message.durationMs));
    const bool ranOut = errorCodeFromString(message.code.toLatin1()) == ErrorCode::WakeTimeout;
    wake->observer->wakeEnded(
        Error{ranOut ? ErrorCode::WakeTimeout : ErrorCode::WakeFailed, message.message.left(maxMessageLength)});
}

void PublisherLink::receive(const channel::TaskError &message)
{
    const Error error{taskErrorCode(message.code), message.message.left(maxMessageLength)};
    if (const std::shared_ptr<Wake> wake = takeWake(message.task)) {
        if (wake->observer)
            wake->observer->wakeEnded(error);
        return;
    }
    const std::shared_ptr<Task> task = take(message.task);
    if (task && task->observer)
        task->observer->taskFailed(error);
}

void PublisherLink::receive(const channel::Cancelled &message)
{
    if (const std::shared_ptr<Wake> wake = takeWake(message.task)) {
        if (wake->observer)
            wake->observer->wakeEnded(
                Error{ErrorCode::WakeFailed, QStringLiteral("The publisher has cancelled the wake.")});
        return;
    }
    const std::shared_ptr<Task> task = take(message.task);
    if (task && task->observer)
        task->observer->taskFailed({ErrorCode::BackendError, QStringLiteral("The publisher cancelled the request.")});
}

void PublisherLink::receive(const channel::Window &message)
{
    if (find(message.task) && !m_requestBodies.grant(message.task, message.bytes))
        violate(QStringLiteral("The publisher granted more credit than there can be."));
}

void PublisherLink::violate(const QString &reason)
{
    if (!std::exchange(m_broken, true))
        m_violation(reason);
}

PublisherLink::Task *PublisherLink::find(TaskId task)
{
    if (m_broken)
        return nullptr;
    const auto found = m_tasks.constFind(task);
    if (found != m_tasks.constEnd())
        return found->get();
    noteStray();
    return nullptr;
}

void PublisherLink::noteStray()
{
    ++m_strays;
    qCDebug(lcRelay) << "dropped a message for an unknown task";
}

std::shared_ptr<PublisherLink::Wake> PublisherLink::findWake(TaskId task) const
{
    return m_wakes.value(task);
}

std::shared_ptr<PublisherLink::Wake> PublisherLink::takeWake(TaskId task)
{
    return m_broken ? nullptr : m_wakes.take(task);
}

std::shared_ptr<PublisherLink::Task> PublisherLink::take(TaskId task)
{
    if (!find(task))
        return nullptr;
    m_requestBodies.drop(task);
    return m_tasks.take(task);
}

} // namespace hearth::relay
