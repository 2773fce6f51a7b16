#include "fakepublisher.h"

namespace hearth::testsupport {

FakePublisher::FakePublisher(std::unique_ptr<channel::MemoryChannel> end)
    : m_channel(std::move(end))
{
    m_channel->setListener(*this);
}

void FakePublisher::sendBody(TaskId task, QByteArrayView bytes)
{
    for (qsizetype sent = 0; sent < bytes.size(); sent += channel::maxFramePayload) {
        QByteArray frame;
        channel::appendFrameHeader(frame, {channel::FrameKind::Body, task});
        frame.append(bytes.sliced(sent, std::min(channel::maxFramePayload, bytes.size() - sent)));
        m_channel->sendFrame(frame);
    }
}

void FakePublisher::answer(TaskId task, int status, QByteArrayView body)
{
    send(channel::ResponseHead{task, status, {}});
    sendBody(task, body);
    send(channel::ResponseEnd{task});
}

std::optional<channel::Registered> FakePublisher::registerLlms(const QList<channel::LlmEntry> &llms,
                                                               const ProviderSessionId &session)
{
    return registerRows(llms, {}, session);
}

std::optional<channel::Registered> FakePublisher::registerRows(const QList<channel::LlmEntry> &llms,
                                                               const QList<channel::AgentEntry> &agents,
                                                               const ProviderSessionId &session)
{
    send(channel::Register{QStringLiteral("gpu-box"), QStringLiteral("0.1.0"), session, llms, agents});
    return next<channel::Registered>();
}

bool FakePublisher::heartbeat(const QList<channel::LlmReport> &llms)
{
    send(channel::Heartbeat{llms});
    return next<channel::HeartbeatAck>().has_value();
}

QByteArray FakePublisher::body(TaskId task) const
{
    const auto found = m_bodies.find(task);
    return found == m_bodies.end() ? QByteArray() : found->second;
}

int FakePublisher::closeCode()
{
    return QTest::qWaitFor([this] { return isClosed(); }, patience) ? m_closeReason->code : 0;
}

} // namespace hearth::testsupport
