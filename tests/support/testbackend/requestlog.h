// RequestLog: what the test backend received and what became of it.
//
// Written by the connections, read by the report routes and by tests that run the backend in-process. One thread. It
// remembers a bounded number of requests, counts all of them, and keeps the bytes of the last body only.

#pragma once

#include "clock.h"
#include "receivedrequest.h"

#include <QLatin1String>

#include <deque>
#include <memory>
#include <optional>

namespace hearth::testbackend {

enum class Outcome {
    Running,
    /// The whole answer, whatever its status, has been handed to the network.
    Complete,
    /// The client left first.
    Aborted,
    /// The backend broke its answer off or garbled it, as it had been told to.
    Failed,
};

QLatin1String toString(Outcome outcome);

struct RequestRecord
{
    quint64 id = 0;
    QByteArray method;
    QByteArray path;
    QByteArray query;
    /// Names in lower case; credentials are replaced by `present`.
    HttpFields fields;
    /// Empty while the body is arriving.
    QByteArray bodySha256;
    qint64 bodyBytes = 0;
    /// The `model` of the body, empty where there is none.
    QByteArray model;
    MonotonicTime startedAt;
    std::optional<MonotonicTime> finishedAt;
    /// Events of a stream that have been handed to the network; 0 for whole bodies.
    qint64 eventsSent = 0;
    Outcome outcome = Outcome::Running;
};

class RequestLog
{
public:
    struct Stats
    {
        qint64 received = 0;
        qint64 running = 0;
        qint64 maxRunning = 0;
        qint64 complete = 0;
        qint64 aborted = 0;
        qint64 failed = 0;
    };

    /// `clock` must outlive the log.
    RequestLog(const Clock &clock, qsizetype capacity)
        : m_clock(clock)
        , m_capacity(capacity)
    {}

    /// Enters a request whose head has arrived. The record stays valid when the log has forgotten it.
    std::shared_ptr<RequestRecord> begin(const ReceivedRequest &request);
    void bodyRead(RequestRecord &record, const ReceivedRequest &request, const QByteArray &model);
    /// Ends a running request; called once for each.
    void finish(RequestRecord &record, Outcome outcome);

    /// Forgets everything but what is running.
    void reset();

    /// The oldest first.
    const std::deque<std::shared_ptr<RequestRecord>> &records() const { return m_records; }

    const Stats &stats() const { return m_stats; }

    const QByteArray &lastBody() const { return m_lastBody; }

private:
    const Clock &m_clock;
    qsizetype m_capacity;
    std::deque<std::shared_ptr<RequestRecord>> m_records;
    quint64 m_lastId = 0;
    Stats m_stats;
    QByteArray m_lastBody;
};

/// The log as `GET /test/requests` shows it.
QByteArray requestsAsJson(const RequestLog &log);
/// The counts as `GET /test/stats` shows them.
QByteArray statsAsJson(const RequestLog::Stats &stats);

} // namespace hearth::testbackend
