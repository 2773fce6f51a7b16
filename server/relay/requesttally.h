// RequestTally: what one request has been through, until it is over and a RequestRecord.
//
// RelayTask keeps one and tells it what happens. Main thread only.

#pragma once

#include "apikey.h"
#include "inferrequest.h"
#include "requestrecord.h"

namespace hearth::relay {

class RequestTally
{
public:
    /// The request has come now. `clock` must outlive the tally.
    RequestTally(const Clock &clock, const domain::ApiKey &key, const InferRequest &request);

    /// It waits from now on, until it is sent.
    void waits();
    void sent(const QString &llm);
    void answered(int status, bool isStream);
    /// A piece of the backend's body.
    void received(qint64 bytes);

    /// The name of the Llm that it was sent to last; empty before.
    const QString &llm() const { return m_record.llm; }

    metering::Operation operation() const { return m_record.operation; }

    int attempts() const { return m_record.attempts; }

    /// What the backend has answered; 0 before.
    int status() const { return m_record.status; }

    /// All its waiting until now.
    Duration queued() const;

    RequestRecord record(Outcome outcome, std::optional<ErrorCode> error,
                         std::optional<metering::TokenUsage> usage) const;

private:
    const Clock &m_clock;
    const MonotonicTime m_acceptedAt;
    std::optional<MonotonicTime> m_waitsSince;
    RequestRecord m_record;
};

} // namespace hearth::relay
