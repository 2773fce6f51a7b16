#include "relaytask.h"

#include "relay.h"

namespace hearth::relay {

namespace {

/// How often a request is sent to a backend that turns out to sleep.
constexpr int maxAttempts = 3;

} // namespace

RelayTask::RelayTask(Relay &relay, const LlmId &llm, InferRequest request, ResponseSink &sink)
    : m_relay(relay)
    , m_llm(llm)
    , m_request(std::move(request))
    , m_sink(sink)
    , m_backendTimer(relay.m_clock, [this] { timedOut(); })
{}

RelayTask::~RelayTask()
{
    if (std::holds_alternative<Waiting>(m_state))
        m_relay.m_slots.leave(m_llm, *this);
    else if (const auto *dispatched = std::get_if<Dispatched>(&m_state))
        dispatched->target->cancel(dispatched->task);
}

Result<void> RelayTask::begin()
{
    const domain::Llm &llm = *m_relay.m_registry.findLlm(m_llm);
    if (std::optional<Slot> slot = m_relay.m_slots.take(llm)) {
        dispatch(std::move(*slot));
        return {};
    }
    return wait(llm);
}

Result<void> RelayTask::wait(const domain::Llm &llm)
{
    const Result<void> waiting = m_relay.m_slots.wait(llm, *this);
    if (!waiting)
        return waiting;
    m_state = Waiting{};
    m_relay.wakeForWaiters(llm);
    return {};
}

void RelayTask::dispatch(Slot slot)
{
    const domain::Llm *const llm = m_relay.m_registry.findLlm(m_llm);
    const std::optional<Error> obstacle =
        llm ? m_relay.obstacle(*llm)
            : Error{ErrorCode::PublisherOffline, QStringLiteral("The Llm was deleted while the request waited.")};
    if (obstacle)
        return fail(*obstacle);
    TaskTarget *const target = m_relay.targetOf(*llm);
    ++m_attempts;
    m_state = Dispatched{target, target->start(*llm, m_request, m_attempts, std::move(slot), *this)};
    m_backendTimer.start(m_relay.m_settings.firstByte);
}

void RelayTask::consumed(qint64 bytes)
{
    const auto *const dispatched = std::get_if<Dispatched>(&m_state);
    if (!dispatched)
        return;
    m_backendTimer.start(m_relay.m_settings.idle);
    dispatched->target->consumed(dispatched->task, bytes);
}

void RelayTask::fail(const Error &error)
{
    m_state = Ended{};
    m_backendTimer.stop();
    m_sink.answerFailed(error);
}

void RelayTask::timedOut()
{
    const Dispatched &dispatched = std::get<Dispatched>(m_state);
    dispatched.target->cancel(dispatched.task);
    fail({ErrorCode::BackendTimeout, m_answering
                                         ? QStringLiteral("The backend fell silent in the middle of its answer.")
                                         : QStringLiteral("The backend did not begin to answer in time.")});
}

void RelayTask::slotGranted(Slot slot)
{
    dispatch(std::move(slot));
}

void RelayTask::slotRefused(const Error &error)
{
    fail(error);
}

void RelayTask::taskHead(int status, const HttpFields &fields)
{
    m_answering = true;
    m_backendTimer.start(m_relay.m_settings.idle);
    m_sink.answerHead(status, fields);
}

void RelayTask::taskBody(QByteArrayView piece)
{
    m_backendTimer.start(m_relay.m_settings.idle);
    m_sink.answerBody(piece);
}

void RelayTask::taskEnded()
{
    m_state = Ended{};
    m_backendTimer.stop();
    m_sink.answerEnded();
}

void RelayTask::taskFailed(const Error &error)
{
    if (!foundAsleep(error)) {
        // What the publisher does not send on is unreachable for the caller.
        return fail(error.code == ErrorCode::BackendAsleep ? Error{ErrorCode::BackendUnreachable, error.message}
                                                           : error);
    }
    m_state = Ended{};
    m_backendTimer.stop();
    const Result<void> waiting = wait(*m_relay.m_registry.findLlm(m_llm));
    if (waiting)
        m_sink.answerDelayed();
    else
        fail(waiting.error());
}

bool RelayTask::foundAsleep(const Error &error) const
{
    const domain::Llm *const llm = m_relay.m_registry.findLlm(m_llm);
    return error.code == ErrorCode::BackendAsleep && !m_answering && m_attempts < maxAttempts && llm &&
           llm->status == domain::LlmStatus::Hibernating && !m_relay.obstacle(*llm);
}

} // namespace hearth::relay
