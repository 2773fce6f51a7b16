#include "infertask.h"

#include "forwardedfields.h"
#include "logging.h"

namespace hearth::publisher {

InferTask::InferTask(const channel::Infer &infer, PublishedLlm &llm, TaskContext &context)
    : m_id(infer.task)
    , m_llm(llm)
    , m_context(context)
    , m_transfer(context.client.start(llm.target.post(infer.path, infer.query, infer.headers, infer.size), *this))
    , m_meter(context.isWatched ? std::make_unique<RequestMeter>(infer, context.clock.now()) : nullptr)
    , m_size(infer.size)
{
    ++m_llm.running;
}

InferTask::~InferTask()
{
    --m_llm.running;
    m_llm.lastActivity = m_context.clock.now();
    m_context.sender.drop(m_id);
}

Result<void> InferTask::receiveBody(QByteArrayView payload)
{
    m_received += payload.size();
    if (m_received > m_size) {
        return Error{ErrorCode::ProtocolViolation,
                     QStringLiteral("Task %1 has a longer body than announced.").arg(static_cast<quint64>(m_id))};
    }
    if (!m_credit.receive(payload.size())) {
        return Error{ErrorCode::ProtocolViolation,
                     QStringLiteral("The body of task %1 exceeds its credit.").arg(static_cast<quint64>(m_id))};
    }
    // The backend may have answered before it had read everything.
    if (m_transfer) {
        m_untaken += payload.size();
        m_transfer->send(payload.toByteArray());
    }
    return {};
}

void InferTask::readyForBody()
{
    const qint64 grant = m_credit.consume(std::exchange(m_untaken, 0));
    if (grant > 0 && m_received < m_size)
        m_context.channel.send(channel::Window{m_id, grant});
}

void InferTask::responseHead(int status, const HttpFields &fields)
{
    if (status < 200 || status > 599) {
        return finished(Error{ErrorCode::BackendError,
                              QStringLiteral("The backend answered with the illegal status %1.").arg(status)});
    }
    m_hasHead = true;
    if (m_meter)
        m_meter->head(fields, m_context.clock.now());
    m_context.channel.send(channel::ResponseHead{m_id, status, channel::fieldsForClient(fields)});
    m_context.sender.open(m_id, [this] { drained(); });
}

void InferTask::responseBody(QByteArrayView piece)
{
    if (m_meter)
        m_meter->body(piece);
    if (m_context.sender.append(m_id, piece))
        return;
    m_isWaiting = true;
    m_transfer->pause();
}

void InferTask::drained()
{
    m_isWaiting = false;
    if (!m_outcome)
        return m_transfer->resume();
    // The task owns `m_outcome`, and ends here.
    const Result<void> outcome = std::move(*m_outcome);
    end(outcome);
}

void InferTask::finished(const Result<void> &result)
{
    // The transfer owns `result`.
    Result<void> outcome = result;
    m_transfer.reset();
    if (m_isWaiting)
        m_outcome = std::move(outcome);
    else
        end(outcome);
}

void InferTask::end(const Result<void> &outcome)
{
    if (m_hasHead)
        m_context.sender.finish(m_id);
    if (outcome)
        m_context.channel.send(channel::ResponseEnd{m_id});
    else
        m_context.channel.send(describe(outcome.error()));
    m_context.ended(m_id, outcome);
}

channel::TaskError InferTask::describe(const Error &error) const
{
    // The caller learns what happened, but not where the backend is; the owner of the box reads that here.
    const QString &name = m_llm.settings.name;
    qCInfo(lcPublisher).noquote() << "A request to" << name << "failed:" << error.message;
    const auto described = [this](ErrorCode code, const QString &text) {
        return channel::TaskError{m_id, toString(code), text};
    };
    if (error.code == ErrorCode::BackendUnreachable)
        return described(error.code, QStringLiteral("The backend of \"%1\" cannot be reached.").arg(name));
    if (error.code == ErrorCode::BackendTimeout)
        return described(error.code, QStringLiteral("The backend of \"%1\" did not answer in time.").arg(name));
    return described(ErrorCode::BackendError,
                     QStringLiteral("The backend of \"%1\" gave no complete answer.").arg(name));
}

} // namespace hearth::publisher
