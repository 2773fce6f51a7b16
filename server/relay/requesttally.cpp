#include "requesttally.h"

namespace hearth::relay {

RequestTally::RequestTally(const Clock &clock, const domain::ApiKey &key, const InferRequest &request)
    : m_clock(clock)
    , m_acceptedAt(clock.now())
{
    m_record.key = key.id;
    m_record.owner = key.owner;
    m_record.keyName = key.name;
    m_record.operation = metering::operationOf(request.path);
    m_record.model = request.model;
    m_record.requestBytes = request.body.originalSize();
}

void RequestTally::waits()
{
    m_waitsSince = m_clock.now();
}

void RequestTally::sent(const QString &llm)
{
    m_record.queued = queued();
    m_waitsSince.reset();
    m_record.llm = llm;
    ++m_record.attempts;
}

void RequestTally::answered(int status, bool isStream)
{
    m_record.status = status;
    m_record.streamed = isStream;
}

void RequestTally::received(qint64 bytes)
{
    m_record.answerBytes += bytes;
    if (!m_record.firstByte && bytes > 0)
        m_record.firstByte = m_clock.now() - m_acceptedAt;
}

Duration RequestTally::queued() const
{
    return m_record.queued + (m_waitsSince ? m_clock.now() - *m_waitsSince : Duration::zero());
}

RequestRecord RequestTally::record(Outcome outcome, std::optional<ErrorCode> error,
                                   std::optional<metering::TokenUsage> usage) const
{
    RequestRecord record = m_record;
    record.outcome = outcome;
    record.error = error;
    record.usage = usage;
    record.queued = queued();
    record.total = m_clock.now() - m_acceptedAt;
    return record;
}

} // namespace hearth::relay
